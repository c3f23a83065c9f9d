// Everyday flows of the npm package dataverse-webapi, whose Node flavour always dials port 443:
// its connections are led to the served environment's port.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { URL, guid, isGuid, tag } from "./rows.mjs";

const https = createRequire(import.meta.url)("node:https");
const port = new globalThis.URL(URL).port;
const dial = https.request;
https.request = (options, ...rest) => dial({ ...options, port }, ...rest);

const api = await import("dataverse-webapi/lib/node").then((found) => found.default ?? found);
// A new one for each call: following a next link leaves its address in the configuration.
const config = () => new api.WebApiConfig("9.2", "local", URL);

const id = (address) => /\(([^)]+)\)/.exec(address)?.[1] ?? address;
const contact = async (values) => id(await api.create(config(), "contacts", values));
const account = async (name) => id(await api.create(config(), "accounts", { name }));
const read = (key, query = "") => api.retrieve(config(), "contacts", key, query);
const list = (query, options) => api.retrieveMultiple(config(), "contacts", query, options);
const names = (found) => found.value.map((row) => row.lastname);

async function five() {
    const number = tag();
    for (let n = 1; n <= 5; n++) await contact({ lastname: `P${n}`, importsequencenumber: number });
    return `importsequencenumber eq ${number}`;
}

const failing = async (promise) => {
    try {
        await promise;
    } catch (error) {
        return error;
    }
    throw new Error("it went through");
};

test("a row is created and read", async () => {
    const key = await contact({ firstname: "Ada", lastname: "Okafor" });
    assert.ok(isGuid(key));
    assert.equal((await read(key, "$select=fullname")).fullname, "Ada Okafor");
});

test("a create can answer with the row", async () => {
    const values = { lastname: "Whole" };
    const row = await api.createWithReturnData(config(), "contacts", values, "$select=lastname");
    assert.equal(row.lastname, "Whole");
});

test("values are annotated", async () => {
    const key = await contact({ lastname: "Shown", familystatuscode: 1 });
    const row = await read(key, "$select=familystatuscode");
    assert.equal(row["familystatuscode@OData.Community.Display.V1.FormattedValue"], "Single");
});

test("a row is read by its key", async () => {
    const key = guid();
    const values = { msfsi_name: "By key", msfsi_integrationkey: key };
    await api.create(config(), "msfsi_banks", values);
    const where = `msfsi_integrationkey='${key}'`;
    const row = await api.retrieveAlternateKey(config(), "msfsi_banks", where);
    assert.equal(row.msfsi_name, "By key");
});

test("rows are listed", async () => {
    const filter = await five();
    const found = await list(`$select=lastname&$filter=${filter}&$orderby=lastname desc&$top=2`);
    assert.deepEqual(names(found), ["P5", "P4"]);
});

test("pages follow one another", async () => {
    const filter = await five();
    const query = `$select=lastname&$filter=${filter}&$orderby=lastname`;
    const first = await list(query, { maxPageSize: 3 });
    const link = first["@odata.nextLink"];
    const second = await api.retrieveMultipleNextPage(config(), link, { maxPageSize: 3 });
    assert.deepEqual([...names(first), ...names(second)], ["P1", "P2", "P3", "P4", "P5"]);
});

test("FetchXML is a query like any other", async () => {
    const filter = await five();
    const number = filter.split(" ").at(-1);
    const xml =
        `<fetch><entity name="contact"><attribute name="lastname"/><filter><condition ` +
        `attribute="importsequencenumber" operator="eq" value="${number}"/></filter></entity></fetch>`;
    assert.equal((await list(`fetchXml=${encodeURIComponent(xml)}`)).value.length, 5);
});

test("collections are expanded", async () => {
    const key = await account("Parent");
    await contact({ lastname: "Kid", "parentcustomerid_account@odata.bind": `/accounts(${key})` });
    const query = "$select=name&$expand=contact_customer_accounts($select=lastname)";
    const row = await api.retrieve(config(), "accounts", key, query);
    assert.equal(row.contact_customer_accounts[0].lastname, "Kid");
});

test("a row is updated", async () => {
    const key = await contact({ lastname: "Before" });
    await api.update(config(), "contacts", key, { lastname: "After" });
    assert.equal((await read(key)).lastname, "After");
});

test("an update can answer with the row", async () => {
    const key = await contact({ lastname: "Before" });
    const change = { lastname: "After" };
    const row = await api.updateWithReturnData(config(), "contacts", key, change, "$select=lastname");
    assert.equal(row.lastname, "After");
});

test("one property is set and cleared", async () => {
    const key = await contact({ lastname: "One" });
    await api.updateProperty(config(), "contacts", key, "jobtitle", "Baker");
    assert.equal((await read(key)).jobtitle, "Baker");
    await api.deleteProperty(config(), "contacts", key, "jobtitle");
    assert.equal((await read(key)).jobtitle, null);
});

test("a row is deleted", async () => {
    const key = await contact({ lastname: "Gone" });
    await api.deleteRecord(config(), "contacts", key);
    const error = await failing(read(key));
    assert.equal(error.code ?? error.error?.code, "0x80040217");
});

test("rows are associated with a collection and let go", async () => {
    const parent = await account("Keeper");
    const kept = await contact({ lastname: "Kept" });
    const relation = "contact_customer_accounts";
    await api.associate(config(), "accounts", parent, relation, "contacts", kept);
    assert.equal((await read(kept))._parentcustomerid_value, parent);
    await api.disassociate(config(), "accounts", parent, relation, kept);
    assert.equal((await read(kept))._parentcustomerid_value, null);
});

test("a lookup is cleared", async () => {
    const parent = await account("Parent");
    const bind = { "parentcustomerid_account@odata.bind": `/accounts(${parent})` };
    const key = await contact({ lastname: "Child", ...bind });
    await api.disassociate(config(), "contacts", key, "parentcustomerid_account");
    assert.equal((await read(key))._parentcustomerid_value, null);
});

test("functions without parameters", async () => {
    assert.ok(isGuid((await api.unboundFunction(config(), "WhoAmI")).UserId));
});

test("a function with a parameter", async () => {
    const value = "Microsoft.Dynamics.CRM.EndpointAccessType'Default'";
    const inputs = [{ name: "AccessType", value, alias: "p1" }];
    const answer = await api.unboundFunction(config(), "RetrieveCurrentOrganization", inputs);
    assert.ok(isGuid(answer.Detail.OrganizationId));
});

test("a function on a row", async () => {
    const { UserId } = await api.unboundFunction(config(), "WhoAmI");
    const key = await contact({ lastname: "Accessible" });
    const inputs = [
        { name: "ObjectId", value: key },
        { name: "EntityName", value: "'contact'" },
    ];
    // The package puts the namespace before the name itself.
    const name = "RetrievePrincipalAccessInfo";
    const answer = await api.boundFunction(config(), "systemusers", UserId, name, inputs);
    assert.match(JSON.parse(answer.AccessInfo).GrantedAccessRights, /WriteAccess/);
});

test("an unknown action is an error with a code", async () => {
    const error = await failing(api.unboundAction(config(), "new_Nothing", {}));
    assert.match(JSON.stringify(error.error ?? error), /0x|Resource not found/);
});

test("an action of the application", async () => {
    const key = await contact({ lastname: "Without holdings" });
    const data = JSON.stringify({ contactid: key, hideShowEntities: {} });
    const answer = await api.unboundAction(config(), "msfsi_FHfetch", { data });
    assert.deepEqual(JSON.parse(JSON.parse(answer.result).entities), []);
});

test("a batch writes in a change set and reads", async () => {
    const number = tag();
    const sets = ["A", "B"].map((lastname) => ({
        queryString: "contacts",
        method: "POST",
        entity: { lastname, importsequencenumber: number },
    }));
    const gets = ["accounts?$select=name&$top=1"];
    const answer = await api.batchOperation(config(), guid(), guid(), sets, gets);
    assert.ok(answer);
    assert.equal((await list(`$filter=importsequencenumber eq ${number}`)).value.length, 2);
});

test("an unknown column is refused", async () => {
    const error = await failing(api.create(config(), "contacts", { favouritebank: 1 }));
    assert.match(JSON.stringify(error.error ?? error) + error.message, /favouritebank/);
});
