// What both suites share: names and numbers that no other test's rows carry.

import { randomUUID } from "node:crypto";

export const URL = process.env.SEEDKIT_URL;

let last = 0;

/** A number for the rows of one test. */
export const tag = () => -2_000_000 - process.pid * 100 - ++last;

export const guid = () => randomUUID();

export const isGuid = (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
