// Everyday flows of the npm package dynamics-web-api.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DynamicsWebApi } from "dynamics-web-api";
import { URL, guid, isGuid, tag } from "./rows.mjs";

const api = new DynamicsWebApi({
    serverUrl: URL,
    dataApi: { version: "9.2" },
    onTokenRefresh: async () => "local",
});

const contact = (data, more = {}) => api.create({ collection: "contacts", data, ...more });
const read = (key, more = {}) => api.retrieve({ collection: "contacts", key, ...more });
const mine = (number, more = {}) =>
    api.retrieveMultiple({
        collection: "contacts",
        filter: `importsequencenumber eq ${number}`,
        orderBy: ["lastname"],
        ...more,
    });
const names = (found) => found.value.map((row) => row.lastname);
const refused = (promise, status, code) =>
    assert.rejects(promise, (error) => {
        assert.equal(error.status, status);
        if (code) assert.equal(error.code, code);
        return true;
    });

async function seven() {
    const number = tag();
    for (let n = 1; n <= 7; n++) {
        const row = { lastname: `P${n}`, numberofchildren: n, importsequencenumber: number };
        await contact(row);
    }
    return number;
}

async function account(name) {
    return api.create({ collection: "accounts", data: { name } });
}

const child = (key) => ({ "parentcustomerid_account@odata.bind": `accounts(${key})` });

test("a create answers with the id", async () => {
    assert.ok(isGuid(await contact({ lastname: "Okafor" })));
});

test("a create can answer with the row", async () => {
    const data = { firstname: "Ada", lastname: "Okafor" };
    const row = await contact(data, { returnRepresentation: true, select: ["fullname"] });
    assert.equal(row.fullname, "Ada Okafor");
});

test("a create takes a parent along", async () => {
    const data = { lastname: "Deep", parentcustomerid_account: { name: "Made with it" } };
    const key = await contact(data);
    const expand = [{ property: "parentcustomerid_account", select: ["name"] }];
    const row = await read(key, { expand });
    assert.equal(row.parentcustomerid_account.name, "Made with it");
});

test("letters beyond ASCII survive", async () => {
    const key = await contact({ lastname: "Øyen 東京 😀" });
    assert.equal((await read(key)).lastname, "Øyen 東京 😀");
});

test("selected columns come with etag and key", async () => {
    const key = await contact({ lastname: "Chosen" });
    const row = await read(key, { select: ["lastname"] });
    assert.match(row["@odata.etag"], /^W\/"\d+"$/);
    assert.equal(row.contactid, key);
});

test("annotations tell texts", async () => {
    const key = await contact({ lastname: "Shown", familystatuscode: 1 });
    const row = await read(key, { select: ["familystatuscode"], includeAnnotations: "*" });
    assert.equal(row["familystatuscode@OData.Community.Display.V1.FormattedValue"], "Single");
});

test("an unchanged row is not sent again", async () => {
    const key = await contact({ lastname: "Same" });
    const { "@odata.etag": etag } = await read(key);
    // The client hands nothing over for 304.
    assert.ok(!(await read(key, { ifnonematch: etag })));
    await api.update({ collection: "contacts", key, data: { lastname: "Other" } });
    assert.equal((await read(key, { ifnonematch: etag })).lastname, "Other");
});

test("a row is read by its key", async () => {
    const integration = guid();
    const data = { msfsi_name: "By key", msfsi_integrationkey: integration };
    await api.create({ collection: "msfsi_banks", data });
    const key = `msfsi_integrationkey='${integration}'`;
    const row = await api.retrieve({ collection: "msfsi_banks", key });
    assert.equal(row.msfsi_name, "By key");
});

test("a missing row is an error with the platform's code", async () => {
    await refused(read(guid()), 404, "0x80040217");
});

test("a row is updated", async () => {
    const key = await contact({ lastname: "Before" });
    await api.update({ collection: "contacts", key, data: { lastname: "After" } });
    assert.equal((await read(key)).lastname, "After");
});

test("an update can answer with the row", async () => {
    const key = await contact({ lastname: "Before" });
    const request = { collection: "contacts", key, data: { lastname: "After" } };
    const row = await api.update({ ...request, returnRepresentation: true, select: ["lastname"] });
    assert.equal(row.lastname, "After");
});

test("a missing row is not updated", async () => {
    const data = { lastname: "Nobody" };
    await refused(api.update({ collection: "contacts", key: guid(), data }), 404);
});

test("a changed row is not overwritten", async () => {
    const key = await contact({ lastname: "First" });
    const { "@odata.etag": etag } = await read(key);
    await api.update({ collection: "contacts", key, data: { lastname: "Second" } });
    const result = await api
        .update({ collection: "contacts", key, data: { lastname: "Third" }, ifmatch: etag })
        .catch((error) => error.status);
    assert.ok(result === false || result === 412);
    assert.equal((await read(key)).lastname, "Second");
});

test("one property is set and cleared", async () => {
    const key = await contact({ lastname: "One" });
    const fieldValuePair = { jobtitle: "Baker" };
    await api.updateSingleProperty({ collection: "contacts", key, fieldValuePair });
    assert.equal((await read(key)).jobtitle, "Baker");
    await api.deleteRecord({ collection: "contacts", key, property: "jobtitle" });
    assert.equal((await read(key)).jobtitle, null);
});

test("an upsert creates, updates, and can be kept from either", async () => {
    const key = guid();
    const upsert = (lastname, more = {}) =>
        api.upsert({ collection: "contacts", key, data: { lastname }, ...more });
    await upsert("Made");
    await upsert("Changed");
    assert.equal((await read(key)).lastname, "Changed");
    const second = await upsert("Never", { ifnonematch: "*" }).catch((error) => error.status);
    assert.ok(second === null || second === 412);
    assert.equal((await read(key)).lastname, "Changed");
});

test("a row is deleted", async () => {
    const key = await contact({ lastname: "Gone" });
    await api.deleteRecord({ collection: "contacts", key });
    await refused(read(key), 404);
});

test("rows are filtered, ordered and cut", async () => {
    const number = await seven();
    const filter = `importsequencenumber eq ${number} and numberofchildren gt 2`;
    const found = await mine(number, { filter, orderBy: ["lastname desc"], top: 2 });
    assert.deepEqual(names(found), ["P7", "P6"]);
});

test("rows are counted beside the page", async () => {
    const number = await seven();
    const found = await mine(number, { count: true, maxPageSize: 3 });
    assert.equal(found.oDataCount ?? found["@odata.count"], 7);
    assert.equal(found.value.length, 3);
});

test("pages follow one another", async () => {
    const number = await seven();
    const first = await mine(number, { maxPageSize: 4 });
    const more = { collection: "contacts", maxPageSize: 4 };
    const second = await api.retrieveMultiple(more, first.oDataNextLink);
    assert.deepEqual(names(second), ["P5", "P6", "P7"]);
    assert.equal(second.oDataNextLink, undefined);
});

test("all pages are read at once", async () => {
    const number = await seven();
    const filter = `importsequencenumber eq ${number}`;
    const found = await api.retrieveAll({ collection: "contacts", filter, maxPageSize: 2 });
    assert.equal(found.value.length, 7);
});

test("a collection and a filter are counted", async () => {
    const number = await seven();
    const filter = `importsequencenumber eq ${number}`;
    assert.equal(await api.count({ collection: "contacts", filter }), 7);
    assert.ok((await api.count({ collection: "contacts" })) >= 7);
    assert.equal(await api.countAll({ collection: "contacts", filter, select: ["lastname"] }), 7);
});

test("collections are expanded with options", async () => {
    const key = await account("Parent");
    for (const lastname of ["A", "B", "C"]) await contact({ lastname, ...child(key) });
    const property = "contact_customer_accounts";
    const expand = [{ property, select: ["lastname"], orderBy: ["lastname desc"], top: 2 }];
    const row = await api.retrieve({ collection: "accounts", key, select: ["name"], expand });
    assert.deepEqual(row[property].map((item) => item.lastname), ["C", "B"]);
});

test("rows are grouped", async () => {
    const number = await seven();
    const apply =
        `filter(importsequencenumber eq ${number})/` +
        "aggregate(numberofchildren with sum as total,$count as n)";
    const found = await api.retrieveMultiple({ collection: "contacts", apply });
    assert.deepEqual([found.value[0].total, found.value[0].n], [28, 7]);
});

const fetchXml = (number, more = "") =>
    `<fetch ${more}><entity name="contact"><attribute name="lastname"/>` +
    `<order attribute="lastname"/><filter><condition attribute="importsequencenumber" ` +
    `operator="eq" value="${number}"/></filter></entity></fetch>`;

test("FetchXML reads", async () => {
    const number = await seven();
    const found = await api.fetch({ collection: "contacts", fetchXml: fetchXml(number) });
    assert.equal(found.value.length, 7);
});

test("FetchXML pages by its cookie", async () => {
    const number = await seven();
    const request = { collection: "contacts", fetchXml: fetchXml(number, 'count="3"') };
    const first = await api.fetch({ ...request, includeAnnotations: "*" });
    assert.equal(first.PagingInfo.nextPage, 2);
    const { cookie, nextPage } = first.PagingInfo;
    const second = await api.fetch({ ...request, pageNumber: nextPage, pagingCookie: cookie });
    assert.deepEqual(names(second), ["P4", "P5", "P6"]);
});

test("FetchXML reads all pages", async () => {
    const number = await seven();
    const request = { collection: "contacts", fetchXml: fetchXml(number, 'count="2"') };
    const found = await api.fetchAll({ ...request, includeAnnotations: "*" });
    assert.equal(found.value.length, 7);
});

test("FetchXML joins under aliases", async () => {
    const key = await account("Joined");
    const number = tag();
    await contact({ lastname: "Inner", importsequencenumber: number, ...child(key) });
    const xml =
        `<fetch><entity name="contact"><attribute name="lastname"/><filter><condition ` +
        `attribute="importsequencenumber" operator="eq" value="${number}"/></filter>` +
        `<link-entity name="account" from="accountid" to="parentcustomerid" alias="a">` +
        `<attribute name="name"/></link-entity></entity></fetch>`;
    const found = await api.fetch({ collection: "contacts", fetchXml: xml });
    assert.equal(found.value[0]["a.name"] ?? found.value[0]["a_name"], "Joined");
});

test("rows are associated with a collection and let go", async () => {
    const primaryKey = await account("Keeper");
    const relatedKey = await contact({ lastname: "Kept" });
    const pair = { primaryKey, relationshipName: "contact_customer_accounts", relatedKey };
    await api.associate({ collection: "accounts", relatedCollection: "contacts", ...pair });
    assert.equal((await read(relatedKey))._parentcustomerid_value, primaryKey);
    await api.disassociate({ collection: "accounts", ...pair });
    assert.equal((await read(relatedKey))._parentcustomerid_value, null);
});

test("a lookup is set and cleared", async () => {
    const primaryKey = await contact({ lastname: "Child" });
    const relatedKey = await account("Parent");
    const one = { collection: "contacts", primaryKey };
    const navigationProperty = "parentcustomerid_account";
    const related = { relatedCollection: "accounts", relatedKey };
    await api.associateSingleValued({ ...one, navigationProperty, ...related });
    assert.equal((await read(primaryKey))._parentcustomerid_value, relatedKey);
    await api.disassociateSingleValued({ ...one, navigationProperty });
    assert.equal((await read(primaryKey))._parentcustomerid_value, null);
});

test("functions without parameters", async () => {
    assert.ok(isGuid((await api.callFunction({ name: "WhoAmI" })).UserId));
    assert.match((await api.callFunction("RetrieveVersion")).Version, /^9\./);
});

test("a function with a list", async () => {
    const parameters = { EntityNames: ["contact"] };
    const answer = await api.callFunction({ name: "RetrieveTotalRecordCount", parameters });
    assert.deepEqual(answer.EntityRecordCountCollection.Keys, ["contact"]);
});

test("an unknown action or table is an error with a code", async () => {
    await refused(api.callAction({ actionName: "new_Nothing", action: {} }), 404);
    await refused(api.retrieveMultiple({ collection: "new_nowheres" }), 404, "0x80060888");
});

test("an unknown column is refused", async () => {
    await refused(contact({ lastname: "X", favouritebank: 1 }), 400);
    await refused(read(guid(), { select: ["favouritebank"] }), 400);
});

test("bulk creation", async () => {
    const number = tag();
    const type = "Microsoft.Dynamics.CRM.contact";
    const Targets = ["A", "B"].map((lastname) => ({
        "@odata.type": type,
        lastname,
        importsequencenumber: number,
    }));
    const request = { collection: "contacts", action: { Targets } };
    const answer = await api.callAction({
        ...request,
        actionName: "Microsoft.Dynamics.CRM.CreateMultiple",
    });
    assert.equal(answer.Ids.length, 2);
    assert.deepEqual(names(await mine(number)), ["A", "B"]);
});

test("a batch puts writes into a change set", async () => {
    const number = tag();
    api.startBatch();
    contact({ lastname: "A", importsequencenumber: number });
    contact({ lastname: "B", importsequencenumber: number });
    const answers = await api.executeBatch();
    assert.ok(answers.every(isGuid));
    assert.deepEqual(names(await mine(number)), ["A", "B"]);
});

test("a change set refers to its own rows", async () => {
    api.startBatch();
    api.create({ collection: "accounts", data: { name: "Parent" }, contentId: "1" });
    const bind = { "parentcustomerid_account@odata.bind": "$1" };
    contact({ lastname: "Child", ...bind }, { contentId: "2" });
    api.update({ collection: "$2", data: { jobtitle: "Heir" }, contentId: "3" });
    const [parent, key] = await api.executeBatch();
    const row = await read(key);
    assert.deepEqual([row._parentcustomerid_value, row.jobtitle], [parent, "Heir"]);
});

test("a batch reads between its writes", async () => {
    const number = tag();
    const key = await contact({ lastname: "Read", importsequencenumber: number });
    api.startBatch();
    read(key, { select: ["lastname"] });
    mine(number);
    contact({ lastname: "Written", importsequencenumber: number });
    const [one, many, made] = await api.executeBatch();
    assert.equal(one.lastname, "Read");
    assert.equal(many.value.length, 1);
    assert.ok(isGuid(made));
});

test("a change set happens whole or not at all", async () => {
    const number = tag();
    api.startBatch();
    contact({ lastname: "First", importsequencenumber: number });
    api.deleteRecord({ collection: "contacts", key: guid() });
    await assert.rejects(api.executeBatch());
    assert.deepEqual(names(await mine(number)), []);
});

test("tables are described", async () => {
    const found = await api.retrieveEntities({ select: ["LogicalName", "EntitySetName"] });
    const sets = Object.fromEntries(found.value.map((t) => [t.LogicalName, t.EntitySetName]));
    assert.equal(sets.msfsi_branch, "msfsi_branchs");
    const key = "LogicalName='contact'";
    const expand = [{ property: "Attributes", select: ["LogicalName"] }];
    const table = await api.retrieveEntity({ key, select: ["LogicalName"], expand });
    assert.ok(table.Attributes.some((column) => column.LogicalName === "lastname"));
});

test("columns are described with their types", async () => {
    const entityKey = "LogicalName='contact'";
    const castType = "Microsoft.Dynamics.CRM.PicklistAttributeMetadata";
    const expand = [{ property: "OptionSet" }];
    const request = { entityKey, castType, select: ["LogicalName"], expand };
    const found = await api.retrieveAttributes(request);
    const family = found.value.find((c) => c.LogicalName === "familystatuscode");
    assert.equal(family.OptionSet.Options[0].Label.UserLocalizedLabel.Label, "Single");
    const attributeKey = family.MetadataId;
    const one = await api.retrieveAttribute({ entityKey, attributeKey, castType });
    assert.equal(one.LogicalName, "familystatuscode");
});

test("relationships are described", async () => {
    const castType = "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata";
    const found = await api.retrieveRelationships({ castType, select: ["SchemaName"] });
    assert.ok(found.value.some((r) => r.SchemaName === "contact_customer_accounts"));
    const key = "SchemaName='contact_customer_accounts'";
    const one = await api.retrieveRelationship({ key, castType });
    assert.equal(one.ReferencingEntity, "contact");
});

test("global choices are described", async () => {
    const found = await api.retrieveGlobalOptionSets();
    assert.ok(found.value.length > 0);
    const key = `Name='${found.value[0].Name}'`;
    assert.equal((await api.retrieveGlobalOptionSet({ key })).Name, found.value[0].Name);
});

test("the schema is told as CSDL", async () => {
    const text = await api.retrieveCsdlMetadata();
    assert.match(text, /<edmx:Edmx [^>]*Version="4\.0"/);
    assert.match(text, /EntityType Name="contact"/);
});

const label = (text) => ({
    "@odata.type": "Microsoft.Dynamics.CRM.Label",
    LocalizedLabels: [
        {
            "@odata.type": "Microsoft.Dynamics.CRM.LocalizedLabel",
            Label: text,
            LanguageCode: 1033,
        },
    ],
});

const column = (kind, name, more = {}) => ({
    "@odata.type": `Microsoft.Dynamics.CRM.${kind}AttributeMetadata`,
    SchemaName: name,
    DisplayName: label(name),
    RequiredLevel: { Value: "None", CanBeChanged: true, ManagedPropertyLogicalName: "x" },
    ...more,
});

async function table() {
    const name = `new_Node${Math.abs(tag())}`;
    const primary = column("String", "new_Name", {
        IsPrimaryName: true,
        MaxLength: 100,
        FormatName: { Value: "Text" },
    });
    await api.createEntity({
        data: {
            "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata",
            SchemaName: name,
            DisplayName: label(name),
            DisplayCollectionName: label(`${name}s`),
            OwnershipType: "UserOwned",
            IsActivity: false,
            HasNotes: false,
            HasActivities: false,
            Attributes: [primary],
        },
    });
    const key = `LogicalName='${name.toLowerCase()}'`;
    return api.retrieveEntity({ key, select: ["EntitySetName", "LogicalName"] });
}

test("a table is made with a deep definition, and takes rows", async () => {
    const { EntitySetName } = await table();
    const key = await api.create({ collection: EntitySetName, data: { new_name: "First" } });
    const row = await api.retrieve({ collection: EntitySetName, key });
    assert.equal(row.new_name, "First");
});

test("a column is added and changed", async () => {
    const { EntitySetName, MetadataId } = await table();
    const data = column("Integer", "new_Count", { MinValue: 0, MaxValue: 5, Format: "None" });
    const attributeKey = await api.createAttribute({ entityKey: MetadataId, data });
    assert.ok(isGuid(attributeKey));
    const create = (count) =>
        api.create({ collection: EntitySetName, data: { new_name: "x", new_count: count } });
    await refused(create(6), 400, "0x8004432f");
    const castType = "Microsoft.Dynamics.CRM.IntegerAttributeMetadata";
    const where = { entityKey: MetadataId, attributeKey, castType };
    const found = await api.retrieveAttribute(where);
    await api.updateAttribute({ ...where, data: { ...found, MaxValue: 6 } });
    assert.ok(isGuid(await create(6)));
});

test("a relationship is made and deleted", async () => {
    const { LogicalName } = await table();
    const SchemaName = `new_rel${Math.abs(tag())}`;
    const data = {
        "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
        SchemaName,
        ReferencedEntity: "contact",
        ReferencedAttribute: "contactid",
        ReferencingEntity: LogicalName,
        CascadeConfiguration: {
            Assign: "NoCascade",
            Delete: "RemoveLink",
            Merge: "NoCascade",
            Reparent: "NoCascade",
            Share: "NoCascade",
            Unshare: "NoCascade",
        },
        Lookup: column("Lookup", "new_ContactId"),
    };
    const key = await api.createRelationship({ data });
    assert.equal((await api.retrieveRelationship({ key })).SchemaName, SchemaName);
    await api.deleteRelationship({ key });
    await refused(api.retrieveRelationship({ key }), 404);
});

test("a global choice is made, changed and deleted", async () => {
    const Name = `new_choice${Math.abs(tag())}`;
    const option = (Value) => ({ Value, Label: label(`Option ${Value}`) });
    const data = {
        "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
        Name,
        DisplayName: label(Name),
        IsGlobal: true,
        OptionSetType: "Picklist",
        Options: [option(1), option(2)],
    };
    await api.createGlobalOptionSet({ data });
    const castType = "Microsoft.Dynamics.CRM.OptionSetMetadata";
    const found = await api.retrieveGlobalOptionSet({ key: `Name='${Name}'`, castType });
    assert.deepEqual(found.Options.map((item) => item.Value), [1, 2]);
    await api.deleteGlobalOptionSet({ key: found.MetadataId });
    await refused(api.retrieveGlobalOptionSet({ key: `Name='${Name}'` }), 404);
});
