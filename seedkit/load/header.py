"""The header note: a run's plan, kept in the environment itself.

It is the first row of a run and the last that a purge deletes; from it a machine without the
ledger can purge, or go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import NUMBER_COLUMN
from seedkit.errors import ServiceError, UsageError
from seedkit.ledger import Range, Step
from seedkit.marks import read_id
from seedkit.plan import FORMAT, Plan, digest_of
from seedkit.records.batch import BANK_BLOCK

NOTE_TABLE = "annotation"
NOTE_SET = "annotations"
SUBJECT = "seedkit run "
NOT_FOUND = 404
ALREADY_THERE = 412
HEADER = Range(Step.CREATE, NOTE_TABLE, BANK_BLOCK, 0, 1)
SEEDING, SEEDED = "seeding", "seeded"  # the states that a note tells of


def note_id(plan: Plan) -> str:
    """Return the id of a run's header note: the first row of its table."""
    return plan.stamp.ids(plan.table(NOTE_TABLE).number, block=0, count=1)[0]


async def write_header(api: WebApi, plan: Plan) -> None:
    """Write the header note; one that is there already is left as it is."""
    body = {
        "annotationid": note_id(plan),
        NUMBER_COLUMN: plan.mark,
        "subject": SUBJECT + plan.run_id,
        "notetext": _text(plan, {"state": SEEDING}),
    }
    try:
        await api.send("POST", NOTE_SET, orjson.dumps(body), repeatable=True)
    except ServiceError as error:
        if error.status != ALREADY_THERE:
            raise


async def finish_header(api: WebApi, plan: Plan, rows: dict[str, int]) -> int:
    """Complete the header note; return its row version, the highest of the run."""
    address = f"{NOTE_SET}({note_id(plan)})"
    body = orjson.dumps({"notetext": _text(plan, {"state": SEEDED, "rows": rows})})
    try:
        await api.send("PATCH", address, body, {"If-Match": "*"}, repeatable=True)
    except ServiceError as error:
        if error.status != NOT_FOUND:
            raise
        await write_header(api, plan)  # somebody deleted it meanwhile
        await api.send("PATCH", address, body, {"If-Match": "*"}, repeatable=True)
    row = await api.get(address, {"$select": "versionnumber"})
    return int(row["versionnumber"])


async def expected_rows(api: WebApi, plan: Plan) -> dict[str, int]:
    """Return the rows per table that the finished header note tells of.

    Empty before that, and when the note is gone or a person changed it.
    """
    try:
        row = await api.get(f"{NOTE_SET}({note_id(plan)})", {"$select": "notetext"})
        return {str(table): int(count) for table, count in _status(row)["rows"].items()}
    except _UNREADABLE:
        return {}
    except ServiceError as error:
        if error.status == NOT_FOUND:
            return {}
        raise


@dataclass(frozen=True, slots=True)
class Noted:
    """A run as its header note tells of it."""

    plan: Plan
    finished: bool


@dataclass(frozen=True, slots=True)
class Headers:
    """The header notes of an environment, oldest first.

    `damaged` are the ids of runs whose note a person changed; `later` maps the ids of those that
    a later version of seedkit wrote to that version.
    """

    runs: tuple[Noted, ...]
    damaged: tuple[str, ...]
    later: Mapping[str, str]

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Return the plans in the notes."""
        return tuple(run.plan for run in self.runs)


async def find_headers(api: WebApi) -> Headers:
    """Return the header notes that are in the environment."""
    query = {
        "$select": "annotationid,subject,notetext",
        "$filter": f"startswith(subject,'{SUBJECT}')",
        "$orderby": "createdon asc",
    }
    runs: list[Noted] = []
    damaged: list[str] = []
    later: dict[str, str] = {}
    for row in await api.all(NOTE_SET, query):
        run_id = row["subject"].removeprefix(SUBJECT)
        if (noted := _read(row)) is not None:
            runs.append(noted)
        elif (version := _later(row)) is not None:
            later[run_id] = version
        elif read_id(row["annotationid"]):
            # A person's own note may begin with the same words; its id does not carry a mark.
            damaged.append(run_id)
    return Headers(tuple(runs), tuple(damaged), later)


def _text(plan: Plan, status: dict[str, Any]) -> str:
    return orjson.dumps({**status, "digest": plan.digest, "plan": plan.to_json()}).decode()


# What comes of reading a note that a person wrote or changed.
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, UsageError)


def _status(row: dict[str, Any]) -> Any:
    return orjson.loads(row["notetext"] or "")


def _read(row: dict[str, Any]) -> Noted | None:
    """Return what a note tells of, or None when a person wrote or changed it."""
    try:
        status = _whole(row)
        plan = Plan.from_json(status["plan"])
        finished = status["state"] == SEEDED
        return Noted(plan, finished) if note_id(plan) == row["annotationid"] else None
    except _UNREADABLE:
        return None


def _later(row: dict[str, Any]) -> str | None:
    """Return the version of seedkit that wrote a whole note which this one can't read."""
    try:
        plan = _whole(row)["plan"]
        return str(plan["fingerprint"]["seedkit"]) if plan["format"] > FORMAT else None
    except _UNREADABLE:
        return None


def _whole(row: dict[str, Any]) -> Any:
    """Return what a note holds; ValueError when its plan is not the one that was written."""
    status = _status(row)
    if digest_of(status["plan"]) != status["digest"]:
        raise ValueError("somebody changed the plan")
    return status
