"""Random requests: whole ones that are nearly right, and ways to break them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote, unquote

from .fuzz_texts import condition, json_body, mutated, target, value
from .fuzz_words import ADMIN, HEADERS, IDS, PREFERENCES


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
    return {"lastname": "a" * random.randrange(1, 60), "annualincome": random.choice([1, 2.345,
     None]),
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
    return {
        "msfsi_group@odata.bind": f"/msfsi_groups({random.choice(IDS)})",
        "msfsi_member_Contact_contact@odata.bind": f"/contacts({random.choice(IDS)})",
    }


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
    Room("emails", "email", "activityid", ["subject", "description", "directioncode",
         "torecipients"],
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
    lambda random: (
        "CloseIncident",
        {
            "IncidentResolution": {
                "@odata.type": "Microsoft.Dynamics.CRM.incidentresolution",
                "subject": "s",
                "incidentid@odata.bind": f"/incidents({random.choice(IDS)})",
            },
            "Status": 5,
        },
    ),
    lambda random: (
        "Merge",
        {
            "Target": {
                "@odata.type": "Microsoft.Dynamics.CRM.contact",
                "contactid": random.choice(IDS),
            },
            "Subordinate": {
                "@odata.type": "Microsoft.Dynamics.CRM.contact",
                "contactid": random.choice(IDS),
            },
            "PerformParentingChecks": False,
        },
    ),
    lambda random: (
        "BulkDelete",
        {
            "QuerySet": [
                {
                    "EntityName": "contact",
                    "Criteria": {
                        "FilterOperator": "And",
                        "Conditions": [
                            {
                                "AttributeName": "lastname",
                                "Operator": "Equal",
                                "Values": [
                                    {
                                        "Value": "a" * random.randrange(1, 60),
                                        "Type": "System.String",
                                    }
                                ],
                            }
                        ],
                    },
                }
            ],
            "JobName": "j",
            "SendEmailNotification": False,
            "ToRecipients": [],
            "CCRecipients": [],
            "RecurrencePattern": "",
            "StartDateTime": "2026-07-01T09:00:00Z",
        },
    ),
    lambda random: (
        "GrantAccess",
        {
            "Target": {
                "@odata.type": "Microsoft.Dynamics.CRM.contact",
                "contactid": random.choice(IDS),
            },
            "PrincipalAccess": {
                "AccessMask": "ReadAccess",
                "Principal": {
                    "@odata.type": "Microsoft.Dynamics.CRM.team",
                    "teamid": random.choice(IDS),
                },
            },
        },
    ),
    lambda random: (
        "InitializeAnnotationBlocksUpload",
        {
            "Target": {
                "@odata.type": "Microsoft.Dynamics.CRM.annotation",
                "annotationid": random.choice(IDS),
            },
            "FileName": "a.txt",
            "FileSize": 3,
        },
    ),
    lambda random: (
        "msfsi_FHfetch",
        {"data": json.dumps({"contactid": random.choice(IDS), "hideShowEntities": {}})},
    ),
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
    kinds = ["application/json"] * 12 + [
        "application/octet-stream",
        "text/plain",
        "",
        "multipart/mixed",
    ]
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
