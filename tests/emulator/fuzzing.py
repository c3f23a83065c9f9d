"""Random requests: whole ones that are nearly right, and ways to break them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote, unquote

SETS = ["contacts", "accounts", "tasks", "emails", "incidents", "annotations", "connections",
        "msfsi_banks", "msfsi_financialholdings", "msfsi_customerfinancialholdings", "queues",
        "msfsi_groups", "msfsi_groupmembers", "systemusers", "teams", "knowledgearticles",
        "activitypointers", "activityparties", "transactioncurrencies", "queueitems",
        "appointments", "phonecalls", "duplicaterules", "asyncoperations", "roles",
        "businessunits", "organizations", "connectionroles", "subscriptions", "nothings",
        "contact", "Contacts", "principalobjectaccessset", "bulkdeleteoperations",
        "customeraddresses", "savedqueries", "environmentvariabledefinitions"]  # fmt: skip
COLUMNS = ["fullname", "lastname", "firstname", "contactid", "createdon", "modifiedon", "ownerid",
           "_ownerid_value", "_parentcustomerid_value", "statecode", "statuscode", "birthdate",
           "annualincome", "gendercode", "name", "accountid", "subject", "activityid", "title",
           "versionnumber", "scheduledend", "prioritycode", "revenue", "description", "nothing",
           "msfsi_integrationkey", "overriddencreatedon", "importsequencenumber", "entityimage",
           "donotemail", "numberofchildren", "regardingobjectid", "transactioncurrencyid",
           "exchangerate", "annualincome_base", "address1_composite", "emailaddress1",
           "parentcustomerid_account/name", "FullName", "*"]  # fmt: skip
NAVIGATIONS = ["parentcustomerid_account", "parentcustomerid_contact", "ownerid", "owninguser",
               "contact_customer_accounts", "Contact_Tasks", "regardingobjectid_contact_task",
               "Contact_Annotation", "task_activity_parties", "email_activity_parties",
               "customerid_contact", "createdby", "transactioncurrencyid", "primarycontactid",
               "msfsi_contact_msfsi_groupmember_member", "teammembership_association",
               "systemuserroles_association", "owningbusinessunit", "objectid_contact",
               "msfsi_Customer_contact", "msfsi_FinancialHolding", "nothing",
               "PARENTCUSTOMERID_ACCOUNT", "activitypointer_activity_parties"]  # fmt: skip
OPERATIONS = ["WhoAmI", "WhoAmI()", "RetrieveVersion()", "RetrieveTotalRecordCount",
              "RetrieveTotalRecordCount(EntityNames=@p)", "RetrieveTotalRecordCount(EntityNames="
              '["contact"])', "RetrieveCurrentOrganization(AccessType=@p)", "InitializeFrom",
              "CloseIncident", "Merge", "BulkDelete", "QualifyLead", "ExecuteByIdSavedQuery",
              "RetrieveDuplicates(BusinessEntity=@p,MatchingEntityName=@q,PagingInfo=@r)",
              "RetrieveMetadataChanges(Query=@p)", "GrantAccess", "ModifyAccess", "RevokeAccess",
              "SetState", "msfsi_FHfetch", "msfsi_GFHfetch", "msfsi_GroupAdd", "CreateEntities",
              "InitializeFileBlocksUpload", "UploadBlock", "CommitFileBlocksUpload", "DownloadBlock",
              "InitializeAnnotationBlocksUpload", "RetrieveAllEntities", "Restore", "AddUserToTeam",
              "GetTimeZoneCodeByLocalizedName", "IsValidStateTransition", "PublishAllXml",
              "PublishXml", "UpdateOptionValue", "InsertOptionValue", "DeleteOptionValue",
              "RetrieveTimestamp()", "AddListMembersList", "SendEmail", "RouteTo",
              "CreateCustomerRelationships", "CreateOneToMany"]  # fmt: skip
BOUND = ["CreateMultiple", "UpdateMultiple", "UpsertMultiple", "DeleteMultiple", "Restore",
         "RetrievePrincipalAccessInfo(ObjectId=@p,EntityName='contact')", "AddToQueue",
         "RetrievePrincipalAccess(Target=@t)", "RetrieveUserPrivileges()", "Nothing", "",
         "AddMembersTeam", "RemoveMembersTeam", "PickFromQueue", "GetFileSasUrl",
         "IncrementKnowledgeArticleViewCount", "PublishKnowledgeArticle"]  # fmt: skip
METADATA = ["$metadata", "", "EntityDefinitions", "EntityDefinitions(LogicalName='contact')",
            "EntityDefinitions(LogicalName='nothing')", "EntityDefinitions({id})",
            "EntityDefinitions(LogicalName='contact')/Attributes",
            "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='gendercode')",
            "EntityDefinitions(LogicalName='contact')/Attributes/"
            "Microsoft.Dynamics.CRM.PicklistAttributeMetadata",
            "EntityDefinitions(LogicalName='contact')/Keys",
            "EntityDefinitions(LogicalName='contact')/ManyToOneRelationships",
            "EntityDefinitions(LogicalName='contact')/OneToManyRelationships",
            "RelationshipDefinitions", "RelationshipDefinitions(SchemaName='a')",
            "RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
            "GlobalOptionSetDefinitions", "GlobalOptionSetDefinitions(Name='x')",
            "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='gendercode')/"
            "Microsoft.Dynamics.CRM.PicklistAttributeMetadata/OptionSet", "$batch",
            "ManagedPropertyDefinitions"]  # fmt: skip
ADMIN = ["/emulator/settings", "/emulator/requests", "/emulator/snapshots", "/emulator/health",
         "/emulator/faults", "/emulator/nothing", "/emulator", "/"]  # fmt: skip
ODD = ["", " ", "'", "''", '"', "null", "true", "-1", "0", "1", "2147483648", "9223372036854775808",
       "9" * 60, "1e400", "-1e-400", "NaN", "INF", "\ud83d\ude00".encode("utf-16", "surrogatepass")
       .decode("utf-16"), "\u0000", "%00", "%", "(", ")", "((", "[", "]", "{", "}", "<", ">", "&amp;",
       "a" * 2000, "'" + "a" * 300 + "'", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z",
       "9999-12-31T23:59:59-14:00", "2024-02-30", "2024-02-29T10:00:00+05:30", "1752-12-31",
       "2026-07-01T09:00:00Z", "2026-07-01", "00000000-0000-0000-0000-000000000000",
       "c0000001-5eed-8000-8000-000000000001", "C0000001-5EED-8000-8000-000000000002", "@p", "$1",
       "$it", "$root", "\u2028", "\u0130", "\u00e9", "\\", "/", "//", "..", ";", ",", "=", "#",
       "?", "&", "+", "*", "%25", "W/\"1\"", "_", "[a-z]", "%%%%%%%%%%%%%%%%%%%%"]  # fmt: skip
IDS = [f"c0000001-5eed-8000-8000-{number:012x}" for number in range(6)]
PREFERENCES = ["return=representation", "return=minimal", "odata.maxpagesize=1",
               "odata.maxpagesize=5000", "odata.maxpagesize=0", "odata.maxpagesize=-1",
               "odata.maxpagesize=99999999999999999999", "odata.maxpagesize=x",
               'odata.include-annotations="*"', "odata.include-annotations=*",
               'odata.include-annotations="OData.Community.Display.V1.FormattedValue"',
               "odata.continue-on-error", "odata.track-changes", "respond-async", "", ";;,,=",
               'odata.include-annotations="']  # fmt: skip
HEADERS = [("If-Match", ["*", 'W/"1"', 'W/"99999999999999999999"', '"x"', "", "null", 'W/"']),
           ("If-None-Match", ["*", "null", 'W/"1"', "", 'W/"x"']),
           ("MSCRM.SuppressDuplicateDetection", ["false", "true", "x"]),
           ("MSCRM.MergeLabels", ["true", "x"]),
           ("MSCRM.SolutionUniqueName", ["Default", "x", "'"]),
           ("MSCRM.BypassCustomPluginExecution", ["true"]),
           ("MSCRM.BypassBusinessLogicExecution", ["CustomSync", "x"]),
           ("MSCRMCallerID", [IDS[0], "x", "", "00000000-0000-0000-0000-000000000000"]),
           ("CallerObjectId", [IDS[1], "x"]), ("Authorization", ["Bearer x", "Basic eDp5", "\xff"]),
           ("Accept", ["application/json", "text/xml", "application/json;odata.metadata=full",
                       "*/*", ""]),
           ("OData-Version", ["4.0", "4.01", "3.0", "x"]), ("Consistency", ["Strong", "x"]),
           ("OData-MaxVersion", ["4.0", "4.01", "1.0"]),
           ("x-ms-file-name", ["a.txt", "\xff", "../../a", ""]),
           ("x-ms-transfer-mode", ["chunked", "x"]),
           ("Content-Range", ["bytes 0-3/4", "bytes 0-99999999999/4", "bytes x", "bytes 4-0/1"]),
           ("Range", ["bytes=0-", "bytes=5-1", "bytes=99999-", "x"])]  # fmt: skip
OPERATORS = ["eq", "ne", "gt", "ge", "lt", "le", "and", "or", "in", "add", "has", "not"]
FUNCTIONS = ["contains", "startswith", "endswith", "tolower", "length", "year", "date", "now",
             "indexof", "substring", "concat", "cast", "Microsoft.Dynamics.CRM.LastXDays",
             "Microsoft.Dynamics.CRM.In", "Microsoft.Dynamics.CRM.Between", "nothing",
             "Microsoft.Dynamics.CRM.InFiscalPeriodAndYear", "Microsoft.Dynamics.CRM.Under",
             "Microsoft.Dynamics.CRM.ContainValues", "Microsoft.Dynamics.CRM.NextXYears",
             "Microsoft.Dynamics.CRM.OlderThanXMinutes", "Microsoft.Dynamics.CRM.On",
             "Microsoft.Dynamics.CRM.EqualUserId", "Microsoft.Dynamics.CRM.Today"]  # fmt: skip


@dataclass
class Ask:
    """One request as it goes over the wire; `target` is path and query, already escaped."""

    method: str
    target: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


@dataclass
class Reply:
    """One answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


def send(app: Any, ask: Ask) -> Reply:
    """Send a request straight into an application, as a web server would; raises what it raises."""
    path, _, query = ask.target.partition("?")
    scope = {
        "type": "http", "http_version": "1.1", "method": ask.method, "scheme": "https",
        "path": unquote(path), "raw_path": path.encode("ascii"), "root_path": "",
        "query_string": query.encode("ascii"), "server": ("bank.example", 443),
        "client": ("127.0.0.1", 1), "asgi": {"version": "3.0"}, "state": {},
        "headers": [(b"host", b"bank.example"), *(
            (name.lower().encode(), value.encode("latin-1")) for name, value in ask.headers)],
    }  # fmt: skip
    incoming = iter([{"type": "http.request", "body": ask.body, "more_body": False}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(incoming, {"type": "http.disconnect"})

    async def take(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, take))
    headers = {name.decode().lower(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], headers, b"".join(part.get("body", b"") for part in sent[1:]))


def _some(random: Random, *makers: Callable[[Random], str]) -> str:
    return random.choice(makers)(random)


def _pick(choices: Sequence[str]) -> Callable[[Random], str]:
    return lambda random: random.choice(choices)


def literal(random: Random) -> str:
    if random.random() < 0.5:
        return random.choice(ODD)
    return random.choice(["'a'", "null", "1", "1.5", "true", "2026-07-01", "2026-07-01T09:00:00Z",
                          IDS[1], "'%a_b%'", "'o''brien'"])  # fmt: skip


def condition(random: Random, depth: int = 0) -> str:
    kind = random.randrange(8 if depth < 4 else 3)
    if kind <= 2:
        return f"{random.choice(COLUMNS)} {random.choice(OPERATORS)} {literal(random)}"
    if kind == 3:
        return f"({condition(random, depth + 1)})"
    if kind == 4:
        word = random.choice(["and", "or"])
        return f"{condition(random, depth + 1)} {word} {condition(random, depth + 1)}"
    if kind == 5:
        return f"not {condition(random, depth + 1)}"
    if kind == 6:
        word, name = random.choice(["any", "all"]), random.choice(NAVIGATIONS)
        return f"{name}/{word}(o:o/{condition(random, depth + 1)})"
    parameters = random.choice([
        f"{random.choice(COLUMNS)},{literal(random)}",
        f"PropertyName='{random.choice(COLUMNS)}',PropertyValue={literal(random)}",
        f"PropertyName='{random.choice(COLUMNS)}',PropertyValues=[{literal(random)}]",
        f"PropertyName='{random.choice(COLUMNS)}',PropertyValues=['1','2']",
        f"PropertyName='{random.choice(COLUMNS)}'", "",
        f"PropertyName='{random.choice(COLUMNS)}',PropertyValue1=1,PropertyValue2={literal(random)}",
    ])  # fmt: skip
    tail = random.choice(["", "", " eq true", f" eq {literal(random)}"])
    return f"{random.choice(FUNCTIONS)}({parameters}){tail}"


def expansion(random: Random, depth: int = 0) -> str:
    inner = []
    for option in ("$select", "$filter", "$orderby", "$top", "$expand", "$count", "$skip"):
        if random.random() < 0.25:
            value = option_value(random, option, depth + 1) if depth < 4 else "1"
            inner.append(f"{option}={value}")
    name = random.choice(NAVIGATIONS) + random.choice(["", "", "", "/$ref", "/$count"])
    return f"{name}({';'.join(inner)})" if inner else name


def application(random: Random) -> str:
    column = random.choice(COLUMNS)
    return random.choice([
        f"aggregate({column} with {random.choice(['sum', 'max', 'average', 'countdistinct', 'x'])} "
        f"as {random.choice(['a', 'b', column, '1', ''])})",
        "aggregate($count as n)", f"groupby(({column}))",
        f"groupby(({column},{random.choice(COLUMNS)}),aggregate({column} with sum as s))",
        f"filter({condition(random)})/groupby(({column}),aggregate($count as n))",
        f"groupby((parentcustomerid_account/name),aggregate({column} with max as m))",
        "compute(1 as x)", "topcount(1,name)", "groupby((", "aggregate()", "identity",
    ])  # fmt: skip


def sql(random: Random) -> str:
    table = random.choice(["contact", "account", "nothing", "task", "contact c"])
    column = random.choice(COLUMNS)
    return random.choice([
        f"SELECT {column} FROM {table}", f"SELECT TOP {literal(random)} {column} FROM {table}",
        f"SELECT {column} FROM {table} WHERE {column} LIKE {literal(random)} ORDER BY {column}",
        f"SELECT COUNT(*) AS n, {column} FROM {table} GROUP BY {column}",
        f"SELECT c.{column} FROM contact c JOIN account a ON c.parentcustomerid = a.accountid",
        f"SELECT {column} FROM {table} WHERE {'(' * 40}1=1{')' * 40}",
        f"SELECT {column} FROM {table} WHERE {column} IN ({','.join(['1'] * 500)})",
        f"DELETE FROM {table}", f"SELECT * FROM {table}; DROP TABLE contact", "SELECT", literal(random),
        f"SELECT {column} FROM {table} WHERE {column} BETWEEN {literal(random)} AND {literal(random)}",
        f"SELECT MAX({column}) FROM {table} HAVING COUNT(*) > {literal(random)}",
    ])  # fmt: skip


def fetch(random: Random) -> str:
    column, other, value = random.choice(COLUMNS), random.choice(COLUMNS), literal(random)
    value = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    operator = random.choice(["eq", "like", "in", "last-x-days", "between", "null", "eq-userid",
                              "under", "contain-values", "on", "olderthan-x-years", "nothing"])
    start = random.choice(["", " aggregate='true'", " distinct='true'", " top='1'", " count='2'",
                           " page='2' count='1'", " returntotalrecordcount='true'", " page='-1'",
                           " count='99999999999999'", " datasource='bin'", " top='x'",
                           " paging-cookie='%3ccookie'"])  # fmt: skip
    inside = random.choice([
        f'<attribute name="{column}"/>', "<all-attributes/>", f'<order attribute="{column}"/>',
        f'<attribute name="{column}" alias="a" aggregate="count"/>',
        f'<attribute name="{column}" alias="a" groupby="true" dategrouping="month"/>',
        f'<link-entity name="account" from="accountid" to="parentcustomerid" alias="{other}">'
        f'<attribute name="name"/></link-entity>', "", "<filter/>", "text",
    ])  # fmt: skip
    return (
        f"<fetch{start}><entity name='{random.choice(['contact', 'account', 'nothing', 'task'])}'>"
        f'{inside}<filter type="{random.choice(["and", "or", "x"])}"><condition '
        f'attribute="{column}" operator="{operator}" value="{value}"/></filter></entity></fetch>'
    )


def option_value(random: Random, option: str, depth: int = 0) -> str:
    if random.random() < 0.05:
        return random.choice(ODD)
    if option == "$select":
        return ",".join(random.choice(COLUMNS) for _ in range(random.randrange(1, 4)))
    if option == "$filter":
        return condition(random)
    if option == "$expand":
        return ",".join(expansion(random, depth) for _ in range(random.randrange(1, 3)))
    if option == "$orderby":
        return random.choice(COLUMNS) + random.choice(["", " asc", " desc", " x", ",fullname"])
    if option == "$apply":
        return application(random)
    if option == "fetchXml":
        return mutated(random, fetch(random))
    if option == "sql":
        return mutated(random, sql(random))
    if option in ("@p", "@q", "@r", "@t"):
        return random.choice(['["contact"]', "'contact'", "{}", IDS[1], "1", '{"a":1}',
                              f'{{"@odata.id":"contacts({IDS[1]})"}}', "[" * 50, "[[]]",
                              "Microsoft.Dynamics.CRM.EndpointAccessType'Default'",
                              '{"Criteria":{"Conditions":[{"PropertyName":"LogicalName",'
                              '"ConditionOperator":"Equals","Value":{"Value":"contact"}}]}}',
                              '{"Criteria":[]}', '{"Properties":1}', "null"])  # fmt: skip
    return random.choice(["true", "false", "0", "1", "5000", "1000000000", "-1", "x", *ODD])


OPTIONS = ["$select", "$filter", "$expand", "$orderby", "$top", "$count", "$skip", "$apply",
           "fetchXml", "sql", "$skiptoken", "$format", "savedQuery", "userQuery", "@p", "@q", "@r",
           "@t", "$search", "$id", "tag", "partitionId", "api-version", "$deltatoken", "nothing",
           "$compute", "LabelLanguages"]  # fmt: skip


def mutated(random: Random, text: str) -> str:
    """Return a text as it is, or with a piece left out, doubled or replaced."""
    if random.random() < 0.7 or not text:
        return text
    start = random.randrange(len(text))
    end = min(len(text), start + random.randrange(1, 12))
    middle = random.choice(["", text[start:end] * 2, random.choice(ODD), text[start:end] * 40])
    return text[:start] + middle + text[end:]


def key(random: Random) -> str:
    return random.choice([
        *IDS, IDS[1].upper(), "", "x", "'x'", "msfsi_integrationkey='A'", "name='A',b=1", IDS[1][:-1],
        "msfsi_integrationkey=''", "_msfsi_group_value=" + IDS[1], "contactid=" + IDS[1],
        "LogicalName='contact'", "statecode=0", "msfsi_integrationkey=null", "a=" + "9" * 50,
        "msfsi_integrationkey='o''b'", random.choice(ODD),
        f"_msfsi_group_value={IDS[1]},_msfsi_member_value={IDS[2]}",
    ])  # fmt: skip


def path(random: Random) -> str:
    kind = random.randrange(20)
    if kind < 3:
        found = random.choice(METADATA).replace("{id}", random.choice(IDS))
    elif kind < 5:
        found = random.choice(OPERATIONS)
    else:
        found = random.choice(SETS)
        if random.random() < 0.6:
            found += f"({key(random)})"
        while random.random() < 0.35:
            found += "/" + random.choice([
                random.choice(NAVIGATIONS), random.choice(COLUMNS), "$ref", "$count", "$value",
                f"{random.choice(NAVIGATIONS)}({key(random)})", "$links", "",
                "Microsoft.Dynamics.CRM." + random.choice(BOUND), "Microsoft.Dynamics.CRM.contact",
            ])  # fmt: skip
    return mutated(random, found)


def target(random: Random, root: str = "/api/data/v9.2/") -> str:
    """Return path and query, escaped as clients escape them."""
    chosen = random.sample(OPTIONS, random.choice([0, 0, 0, 1, 1, 2, 3]))
    query = "&".join(
        f"{quote(name, safe='$@')}={quote(option_value(random, name), safe='')}" for name in chosen
    )
    address = root + quote(path(random), safe="/()$',=@%") + (f"?{query}" if query else "")
    return "".join(letter for letter in address if letter.isascii())


def value(random: Random, depth: int = 0) -> Any:
    kind = random.randrange(14)
    if kind == 0 and depth < 3:
        return body(random, depth + 1)
    if kind == 1 and depth < 3:
        return [value(random, depth + 1) for _ in range(random.randrange(3))]
    return random.choice([
        None, True, False, 0, 1, 2, -1, 2**31, 2**63, 2**70, 1.5, 1e308, 0.005, "a", "", "1,2", "x" * 5000,
        "2026-07-01", "2026-07-01T09:00:00Z", "2026-07-01T09:00:00+14:00", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59-12:00", "aGVsbG8=", "\u0000", "\U0001f600" * 30, IDS[1], [], {}, IDS[2],
        *ODD[:20],
    ])  # fmt: skip


def body(random: Random, depth: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _ in range(random.randrange(6)):
        kind = random.randrange(10)
        if kind < 5:
            found[random.choice(COLUMNS)] = value(random, depth)
        elif kind < 7:
            address = f"/{random.choice(SETS)}({key(random)})"
            found[random.choice(NAVIGATIONS) + "@odata.bind"] = random.choice(
                [address, None, [address], "$1", 1, f"https://bank.example/api/data/v9.2{address}"]
            )
        elif kind == 7:
            found[random.choice(NAVIGATIONS)] = value(random, depth)
        else:
            found[random.choice(PARAMETERS)] = value(random, depth)
    return found


PARAMETERS = ["@odata.id", "@odata.type", "Targets", "Target", "value", "data", "IncidentResolution",
              "Status", "Subordinate", "QuerySet", "JobName", "UpdateContent", "EntityName",
              "Entities", "LogicalName", "SchemaName", "Attributes", "Lookup", "KeyAttributes",
              "FileContinuationToken", "BlockList", "FileName", "BlockData", "BlockId", "Members",
              "PrincipalAccess", "@odata.etag", "RequiredLevel", "MaxLength", "DisplayName",
              "Options", "OptionSet", "OptionSetName", "Value", "MergeLabels", "AttributeType",
              "participationtypemask", "partyid_contact@odata.bind", "Query"]  # fmt: skip


def likely(random: Random) -> dict[str, Any]:
    """Return a body that is right more often than not."""
    number = random.randrange(1, 6)
    kind = "Microsoft.Dynamics.CRM."
    return random.choice([
        {"contactid": IDS[number], "lastname": "a", "annualincome": 10},
        {"accountid": IDS[number], "name": "a"},
        {"subject": "a", "regardingobjectid_contact_task@odata.bind": f"/contacts({IDS[1]})"},
        {"lastname": "a", "parentcustomerid_account@odata.bind": f"/accounts({IDS[number]})"},
        {"name": "a", "primarycontactid": {"lastname": "x"}},
        {"statecode": random.randrange(3), "statuscode": random.randrange(7)},
        {"title": "a", "customerid_contact@odata.bind": f"/contacts({IDS[number]})"},
        {"Targets": [{"@odata.type": kind + "contact", "lastname": "x", "contactid": IDS[number]}]},
        {"@odata.id": f"contacts({IDS[number]})"}, {"value": value(random)},
        {"ownerid@odata.bind": f"/teams({IDS[number]})"},
        {"Target": {"@odata.type": kind + "contact", "contactid": IDS[1]}, "Subordinate":
         {"@odata.type": kind + "contact", "contactid": IDS[2]}, "PerformParentingChecks": False},
        {"QuerySet": [{"EntityName": "contact", "Criteria": {"Conditions": [{"AttributeName":
         random.choice(COLUMNS), "Operator": random.choice(["Equal", "In", "Null", "x", 1]),
         "Values": [{"Value": value(random), "Type": "System.String"}]}]}}], "JobName": "j",
         "SendEmailNotification": False, "ToRecipients": [], "CCRecipients": [],
         "RecurrencePattern": "", "StartDateTime": "2026-07-01T09:00:00Z"},
        {"name": "a", "msfsi_integrationkey": random.choice(["A", "B", "", None])},
        {"msfsi_name": "a", "msfsi_integrationkey": random.choice(["A", "B"])},
        {"subject": "a", "email_activity_parties": [{"partyid_contact@odata.bind":
         f"/contacts({IDS[1]})", "participationtypemask": random.randrange(-1, 14)}]},
        {"SchemaName": "new_" + random.choice("abc"), "@odata.type": kind + "StringAttributeMetadata",
         "AttributeType": "String", "MaxLength": value(random), "DisplayName": {"LocalizedLabels": []}},
    ])  # fmt: skip


def json_body(random: Random) -> bytes:
    data: Any = likely(random) if random.random() < 0.6 else body(random)
    if random.random() < 0.3:
        data.update(body(random))
    text = json.dumps(data, ensure_ascii=random.random() < 0.5)
    raw = mutated(random, text).encode("utf-8", "surrogatepass")
    kind = random.randrange(40)
    if kind == 0:
        return random.randbytes(random.randrange(60))
    if kind == 1:
        return b"[" * 5000
    if kind == 2:
        return b'{"a":' * 900 + b"1" + b"}" * 900
    return raw


def batch_body(random: Random) -> tuple[str, bytes]:
    """Return content type and body of a batch, with change sets, sometimes broken."""
    pieces = [_batch_piece(random) for _ in range(random.randrange(5))]
    text = "".join(f"--b\r\n{piece}\r\n" for piece in pieces) + "--b--\r\n"
    kind = random.choice(['multipart/mixed;boundary="b"', "multipart/mixed; boundary=b"] * 4 + [
        "multipart/mixed", "application/json", "multipart/mixed; boundary=c"])  # fmt: skip
    return kind, mutated(random, text).encode("utf-8", "surrogatepass")


def _batch_piece(random: Random) -> str:
    if random.random() < 0.5:
        return _operation(random, "")
    inner = "".join(
        f"--c\r\n{_operation(random, f'Content-ID: {random.randrange(1, 4)}')}\r\n"
        for _ in range(random.randrange(4))
    )
    return f"Content-Type: multipart/mixed; boundary=c\r\n\r\n{inner}--c--\r\n"


def _operation(random: Random, extra: str) -> str:
    method = random.choice(["GET", "POST", "PATCH", "DELETE", "PUT", "post", ""])
    address = random.choice([target(random), target(random, "https://bank.example/api/data/v9.2/"),
                             target(random, ""), "$1", "$2/lastname", "$1/$ref"])  # fmt: skip
    content = "" if method == "GET" else json_body(random).decode("latin-1")
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    lines += [extra] if extra else []
    if random.random() < 0.7:
        wanted = meant(random)
        method, address, content = wanted.method, wanted.target, wanted.body.decode("latin-1")
    head = [f"{name}: {text}" for name, text in headers(random)]
    lines += ["", f"{method} {address} HTTP/1.1", "Content-Type: application/json", *head, ""]
    return "\r\n".join([*lines, content])


def headers(random: Random) -> list[tuple[str, str]]:
    found = []
    if random.random() < 0.4:
        chosen = random.sample(PREFERENCES, random.randrange(1, 4))
        found.append(("Prefer", random.choice([",", ";", ", "]).join(chosen)))
    while random.random() < 0.25:
        name, values = random.choice(HEADERS)
        found.append((name, random.choice(values)))
    return found


# What belongs together: a set, its own columns, its navigation properties, a body it takes.
@dataclass(frozen=True)
class Room:
    """One table with what requests for it need to come through."""

    entity_set: str
    table: str
    row_key: str
    columns: Sequence[str]
    navigations: Sequence[str]
    make: Callable[[Random], dict[str, Any]]


def _contact(random: Random) -> dict[str, Any]:
    return {"lastname": "a" * random.randrange(1, 60), "annualincome": random.choice([1, 2.345, None]),
            "birthdate": "1980-02-29", "parentcustomerid_account@odata.bind":
            random.choice([None, f"/accounts({random.choice(IDS)})"])}  # fmt: skip


def _task(random: Random) -> dict[str, Any]:
    bind = f"regardingobjectid_{random.choice(['contact', 'account', 'incident'])}_task@odata.bind"
    address = f"/{bind.split('_')[1]}s({random.choice(IDS)})"
    return {"subject": "t", "scheduledend": "2026-07-02T10:00:00+02:00", bind: address}


def _email(random: Random) -> dict[str, Any]:
    party = f"partyid_{random.choice(['contact', 'account'])}@odata.bind"
    return {"subject": "e", "email_activity_parties": [
        {party: f"/{party.split('_')[1].split('@')[0]}s({random.choice(IDS)})",
         "participationtypemask": random.randrange(1, 4)}]}  # fmt: skip


def _member(random: Random) -> dict[str, Any]:
    return {"msfsi_group@odata.bind": f"/msfsi_groups({random.choice(IDS)})",
            "msfsi_member_Contact_contact@odata.bind": f"/contacts({random.choice(IDS)})"}  # fmt: skip


ROOMS = [
    Room("contacts", "contact", "contactid",
         ["fullname", "lastname", "annualincome", "birthdate", "createdon", "_ownerid_value",
          "_parentcustomerid_value", "gendercode", "statecode", "msfsi_integrationkey"],
         ["parentcustomerid_account", "Contact_Tasks", "contact_customer_contacts", "ownerid",
          "Contact_Annotation", "owningbusinessunit"], _contact),
    Room("accounts", "account", "accountid",
         ["name", "revenue", "createdon", "_primarycontactid_value", "numberofemployees"],
         ["primarycontactid", "contact_customer_accounts", "parentaccountid", "Account_Tasks"],
         lambda random: {"name": "n", "revenue": random.randrange(9), "numberofemployees": 3}),
    Room("tasks", "task", "activityid",
         ["subject", "scheduledend", "_regardingobjectid_value", "prioritycode", "percentcomplete"],
         ["regardingobjectid_contact_task", "task_activity_parties", "activityid_task"], _task),
    Room("emails", "email", "activityid", ["subject", "description", "directioncode", "torecipients"],
         ["email_activity_parties", "regardingobjectid_contact_email"], _email),
    Room("incidents", "incident", "incidentid", ["title", "ticketnumber", "_customerid_value"],
         ["customerid_contact", "Incident_Tasks"], lambda random: {
             "title": "t", "customerid_contact@odata.bind": f"/contacts({random.choice(IDS)})"}),
    Room("annotations", "annotation", "annotationid", ["subject", "filename", "filesize"],
         ["objectid_contact"], lambda random: {
             "subject": "n", "objectid_contact@odata.bind": f"/contacts({random.choice(IDS)})"}),
    Room("msfsi_banks", "msfsi_bank", "msfsi_bankid", ["msfsi_name", "msfsi_integrationkey"],
         ["ownerid"], lambda random: {"msfsi_name": "b", "msfsi_integrationkey":
                                      random.choice(["A", "B", "C", None])}),
    Room("msfsi_groups", "msfsi_group", "msfsi_groupid", ["msfsi_name", "msfsi_type"],
         ["msfsi_msfsi_group_msfsi_groupmember_group"], lambda random: {"msfsi_name": "g"}),
    Room("msfsi_groupmembers", "msfsi_groupmember", "msfsi_groupmemberid", ["msfsi_role"],
         ["msfsi_group", "msfsi_member_Contact_contact"], _member),
    Room("teams", "team", "teamid", ["name", "teamtype"], ["teammembership_association"],
         lambda random: {"name": "t" * random.randrange(1, 5), "teamtype": 0}),
]  # fmt: skip
ACTIONS: list[Callable[[Random], tuple[str, Any]]] = [
    lambda random: ("CloseIncident", {"IncidentResolution": {
        "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution", "subject": "s",
        "incidentid@odata.bind": f"/incidents({random.choice(IDS)})"}, "Status": 5}),
    lambda random: ("Merge", {
        "Target": {"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": random.choice(IDS)},
        "Subordinate": {"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid":
                        random.choice(IDS)}, "PerformParentingChecks": False}),
    lambda random: ("BulkDelete", {
        "QuerySet": [{"EntityName": "contact", "Criteria": {"FilterOperator": "And", "Conditions": [
            {"AttributeName": "lastname", "Operator": "Equal",
             "Values": [{"Value": "a" * random.randrange(1, 60), "Type": "System.String"}]}]}}],
        "JobName": "j", "SendEmailNotification": False, "ToRecipients": [], "CCRecipients": [],
        "RecurrencePattern": "", "StartDateTime": "2026-07-01T09:00:00Z"}),
    lambda random: ("GrantAccess", {
        "Target": {"@odata.type": "Microsoft.Dynamics.CRM.contact", "contactid": random.choice(IDS)},
        "PrincipalAccess": {"AccessMask": "ReadAccess", "Principal": {
            "@odata.type": "Microsoft.Dynamics.CRM.team", "teamid": random.choice(IDS)}}}),
    lambda random: ("InitializeAnnotationBlocksUpload", {
        "Target": {"@odata.type": "Microsoft.Dynamics.CRM.annotation", "annotationid":
                   random.choice(IDS)}, "FileName": "a.txt", "FileSize": 3}),
    lambda random: ("msfsi_FHfetch", {"data": json.dumps({
        "contactid": random.choice(IDS), "hideShowEntities": {}})}),
]


def _read(random: Random, room: Room) -> Ask:
    column = random.choice(room.columns)
    nav = random.choice(room.navigations)
    tail = random.choice([
        "", f"?$select={','.join(random.choices(room.columns, k=2))}", f"?$orderby={column} desc",
        f"?$filter={quote(condition(random))}", f"?$filter={column} ne null", "?$count=true&$top=2",
        f"?$expand={nav}", f"?$expand={nav}($select=createdon)", "/$count",
        f"?$apply=groupby(({column}),aggregate($count as n))", "?$top=1000000000",
        f"({random.choice(IDS)})", f"({random.choice(IDS)})?$expand={nav}",
        f"({random.choice(IDS)})/{nav}", f"({random.choice(IDS)})/{nav}/$ref",
        f"({random.choice(IDS)})/{column}", f"({random.choice(IDS)})/{column}/$value",
    ])  # fmt: skip
    return Ask("GET", f"/api/data/v9.2/{room.entity_set}{quote(tail, safe='/()$=?&,@%')}")


def _write(random: Random, room: Room) -> Ask:
    data = room.make(random)
    row, method = f"({random.choice(IDS)})", random.choice(["POST", "POST", "PATCH", "DELETE"])
    if random.random() < 0.3:
        data |= {"statecode": random.randrange(3), "statuscode": random.randrange(1, 7)}
    if random.random() < 0.15:
        data["ownerid@odata.bind"] = f"/teams({random.choice(IDS)})"
    if method == "POST":
        data, row = data | {room.row_key: random.choice(IDS)}, ""
    if random.random() < 0.2:
        names = random.choice(["CreateMultiple", "UpdateMultiple", "UpsertMultiple"])
        kind = {"@odata.type": f"Microsoft.Dynamics.CRM.{room.table}"}
        data = {"Targets": [kind | data | {room.row_key: random.choice(IDS)} for _ in range(3)]}
        method, row = "POST", f"/Microsoft.Dynamics.CRM.{names}"
    return Ask(method, f"/api/data/v9.2/{room.entity_set}{row}", [], _spoilt(random, data))


def _link(random: Random, room: Room) -> Ask:
    nav, other = random.choice(room.navigations), random.choice(ROOMS)
    data = {"@odata.id": f"{other.entity_set}({random.choice(IDS)})"}
    address = f"/api/data/v9.2/{room.entity_set}({random.choice(IDS)})/{nav}"
    if random.random() < 0.3:
        return Ask("DELETE", f"{address}({random.choice(IDS)})/$ref")
    return Ask(random.choice(["POST", "PUT"]), f"{address}/$ref", [], json.dumps(data).encode())


def _action(random: Random, _room: Room) -> Ask:
    name, data = random.choice(ACTIONS)(random)
    return Ask("POST", f"/api/data/v9.2/{name}", [], _spoilt(random, data))


def _spoilt(random: Random, data: Any) -> bytes:
    """Return a body, sometimes with another value somewhere inside."""
    if random.random() < 0.25:
        place = data
        while True:
            name = random.choice(list(place) if isinstance(place, dict) else range(len(place)))
            inner = place[name]
            if isinstance(inner, dict | list) and inner and random.random() < 0.8:
                place = inner
                continue
            place[name] = value(random)
            break
    return json.dumps(data).encode()


def meant(random: Random) -> Ask:
    """Return a request that is right more often than not."""
    make = random.choice([_read, _read, _write, _write, _write, _link, _action])
    found = make(random, random.choice(ROOMS))
    if found.body:
        found.headers.append(("Content-Type", "application/json"))
    if random.random() < 0.3:
        found.headers += headers(random)
    return found


METHODS = ["GET"] * 6 + ["POST"] * 4 + ["PATCH"] * 4 + ["DELETE", "PUT", "OPTIONS", "HEAD"]


def ask(random: Random) -> Ask:
    """Return one whole random request."""
    if random.random() < 0.6:
        return meant(random)
    method = random.choice(METHODS)
    found = headers(random)
    if random.random() < 0.12:
        kind, content = batch_body(random)
        return Ask("POST", "/api/data/v9.2/$batch", [("Content-Type", kind), *found], content)
    if random.random() < 0.02:
        return Ask(random.choice(["GET", "OPTIONS", "HEAD"]), random.choice(ADMIN), found)
    if method == "GET":
        return Ask(method, target(random), found)
    kinds = ["application/json"] * 12 + ["application/octet-stream", "text/plain", "", "multipart/mixed"]
    kind = random.choice(kinds)
    return Ask(method, target(random), [("Content-Type", kind), *found], json_body(random))


def furnish(app: Any) -> None:
    """Create rows under the ids that the random requests name."""
    random = Random(1)
    for room in ROOMS:
        for row_id in IDS[1:]:
            data = json.dumps(room.make(random) | {room.row_key: row_id}).encode()
            kind = [("Content-Type", "application/json")]
            send(app, Ask("PATCH", f"/api/data/v9.2/{room.entity_set}({row_id})", kind, data))
