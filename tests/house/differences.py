"""What the Web API of the platform has and the local environment lacks, with a request for each."""

from __future__ import annotations

from dataclasses import dataclass

from tests.house.probing import CONTACT, Ask

_CRM = "Microsoft.Dynamics.CRM."
_ROW = "contacts(<contact>)"


@dataclass(frozen=True)
class Difference:
    """One thing of the platform's that isn't here. `instead` tells what to do, or why."""

    what: str
    ask: Ask
    instead: str = ""


def _get(what: str, address: str, instead: str = "") -> Difference:
    return Difference(what, Ask("GET", address), instead)


def _post(what: str, address: str, instead: str = "") -> Difference:
    return Difference(what, Ask("POST", address, {}), instead)


REFUSED = (
    Difference(
        "a new related row posted to a collection",
        Ask("POST", f"{_ROW}/Contact_Annotation", {"subject": "Note"}),
        "post it to its own set, with `@odata.bind`",
    ),
    _get(
        "counting a collection by its address",
        f"{_ROW}/Contact_Annotation/$count",
        "`$count=true` on the collection",
    ),
    _get(
        "a row out of a collection",
        f"{_ROW}/Contact_Annotation(<note>)",
        "the row's own address",
    ),
    _get(
        "what lies behind a lookup, step by step",
        f"{_ROW}/parentcustomerid_account/name",
        "`$expand`",
    ),
    _get("a cast in the address of a row", f"{_ROW}/{CONTACT}"),
    _get("a cast in the address of a set", f"activitypointers/{_CRM}task"),
    _get("`$skip`", "contacts?$skip=1", "the platform refuses it, too [documented]"),
    _get("`$search`", "contacts?$search=roe", "the platform refuses it, too [documented]"),
    _get("`$format`", "contacts?$format=json"),
    _get("`$compute`", "contacts?$compute=1 as x"),
    _get("`$deltatoken`", "contacts?$deltatoken=1"),
    _get("`partitionId` and elastic tables", "contacts?partitionId=a"),
    _get("`$expand=*`", "contacts?$expand=*"),
    _get("the operator `in`", "contacts?$filter=lastname in ('Roe')", f"`{_CRM}In`"),
    _get("arithmetic in `$filter`", "contacts?$filter=creditlimit add 1 gt 2"),
    _get("functions such as `tolower`, `year`", "contacts?$filter=tolower(lastname) eq 'roe'"),
    _get(
        "full-text search",
        f"contacts?$filter={_CRM}Contains(PropertyName='lastname',PropertyValue='roe')",
    ),
    _get(
        "columns of two tables compared",
        "contacts?$filter=lastname eq parentcustomerid_account/name",
    ),
    _get(
        "conditions on collections behind a lookup",
        "contacts?$filter=parentcustomerid_account/Account_Annotation/any()",
        "the platform refuses it, too [documented]",
    ),
    _get(
        "`$apply` beside `$filter`",
        "contacts?$filter=statecode eq 0&$apply=aggregate($count as n)",
        "`$apply=filter(...)/...`",
    ),
    _get("other transformations in `$apply`", "contacts?$apply=topcount(1,creditlimit)"),
    _get("`$apply` on related rows", f"{_ROW}/Contact_Annotation?$apply=aggregate($count as n)"),
    Difference(
        "`$query`: options in the body",
        Ask("POST", "contacts/$query", "$top=1", {"Content-Type": "text/plain"}),
        "`$batch`",
    ),
    _post("`DeleteMultiple`", f"contacts/{_CRM}DeleteMultiple", "elastic tables only, as there"),
    _post("custom APIs and custom actions", "new_DoSomething"),
    _post("starting a workflow", f"workflows/{_CRM}ExecuteWorkflow"),
    _post("`InitializeFrom`", "InitializeFrom"),
    _post("`SetState`, `Assign` and other messages of old", "SetState", "PATCH the columns"),
    _post("`QualifyLead`, `WinOpportunity` and other Sales messages", "QualifyLead"),
    _post("`SendEmail`", "SendEmail"),
    _get("`RetrieveAuditDetails`, `RetrieveRecordChangeHistory`", "RetrieveRecordChangeHistory()"),
    _get("auditing: the table `audit`", "audits"),
    Difference(
        "registering plug-ins of one's own",
        Ask("POST", "pluginassemblies", {"name": "Own"}),
        "faults act refusals out",
    ),
    _post("solutions: `ImportSolution`, `ExportSolution`", "ImportSolution"),
    _get("the search service", "/api/search/v2.0/query"),
    _get("the discovery service", "/api/discovery/v2.0/Instances"),
    _get("the Organization service (SOAP)", "/XRMServices/2011/Organization.svc"),
    _get("images and files by their page's address", "/Image/download.aspx?Entity=contact"),
    _get("metadata: `ManagedPropertyDefinitions`", "ManagedPropertyDefinitions"),
    Difference(
        "new calculated, rollup or formula columns",
        Ask(
            "POST",
            "EntityDefinitions(LogicalName='contact')/Attributes",
            {
                "@odata.type": f"{_CRM}StringAttributeMetadata",
                "SchemaName": "new_Sum",
                "MaxLength": 10,
                "FormulaDefinition": "1",
                "SourceType": 1,
            },
        ),
    ),
)

# Answered, but otherwise than by the platform; the mark tells how the platform's way is known.
OTHERWISE = (
    (
        "sharing or reparenting a row",
        "its children keep their owner and shares, also where metadata shows Cascade",
        "documented",
    ),
    ("rows of `sdkmessageprocessingsteps`", "kept; no plug-in is run", "documented"),
    ("rows of `workflows` and `callbackregistrations`", "kept; nothing starts", "documented"),
    ("rows of `importjobs`", "kept; nothing is imported, so none ever ends", "documented"),
    ("rows of `recyclebinconfigs`", "tell of the bin; its switch is a setting", "documented"),
    ("e-mails", "kept; none is sent", "documented"),
    ("changes of the schema", "there at once: no publishing, no caches", "documented"),
    ("times in formatted values", "UTC, in the manner of US English, for everybody", "expected"),
    ("the order of texts", "by bytes with ASCII case ignored, no collation", "expected"),
    ("web servers", "one, so no affinity cookie; limits are counted once", "documented"),
)

# Sent by clients, taken without complaint, without effect here.
WITHOUT_EFFECT = (
    ("`Prefer: odata.track-changes`", "no delta link is given", "documented"),
    ("`Prefer: respond-async`", "answered at once", "documented"),
    ("`Consistency: Strong`", "nothing is cached here, every answer is consistent", "documented"),
    ("`MSCRM.SolutionUniqueName`", "new definitions belong to no solution", "documented"),
    ("`MSCRM.SuppressCallbackRegistrationExpanderJob`", "there are no flows", "documented"),
    ("`MSCRM.MergeLabels`", "there is one language", "documented"),
    ("`MSCRM.SessionToken`", "there are no elastic tables", "documented"),
    ("`tag=...` in an address", "reaches plug-ins only", "documented"),
    ("`x-ms-client-request-id`, `x-ms-correlation-id`", "not noted down", "documented"),
    ("`Accept`", "JSON is answered, whatever it says", "inferred"),
    ("`OData-Version`, `OData-MaxVersion`", "4.0 is answered, whatever they say", "inferred"),
)
