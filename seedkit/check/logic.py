"""Logic of the customer that fires on our tables, and what skipping it would skip."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from seedkit.check.model import Area, Finding, Look, Probe, State, several
from seedkit.check.solutions import installed

_AREA = Area.LOGIC
WRITES = ("Create", "Update", "Delete", "CreateMultiple", "UpdateMultiple", "DeleteMultiple")
PUBLISHED = 2  # statuscode of a duplicate detection rule
WORKFLOW, ACTIVATED, DEFINITION = 0, 1, 1  # category, statecode and type of a workflow
_ASYNCHRONOUS, _REAL_TIME = 1, 1
# What a flow is triggered by, by the message of its registration [table reference].
_FLOW_MESSAGES = {
    1: "create",
    2: "delete",
    3: "update",
    4: "create, update",
    5: "create, delete",
    6: "update, delete",
    7: "create, update, delete",
}


async def duplicates(look: Look) -> list[Finding]:
    """Tell of published rules that look for duplicates in our tables."""
    rows = await look.rows(
        "duplicaterules",
        {"$select": "name,baseentityname,statuscode", "$filter": f"statuscode eq {PUBLISHED}"},
    )
    named = [
        f"{row['name']} ({row['baseentityname']})"
        for row in rows
        if row["baseentityname"] in look.uses.tables
    ]
    if not named:
        return [Finding(_AREA, "duplicate rules", State.OK, "none is published for our tables")]
    detail = f"{several(named)}: they don't refuse our rows, but the app may call them duplicates"
    remedy = "Nothing to do: a seed does not ask for duplicate detection."
    return [Finding(_AREA, "duplicate rules", State.NOTE, detail, remedy)]


async def steps(look: Look) -> list[Finding]:
    """Tell of plug-in steps on writes of our tables that are not Microsoft's."""
    rows = await look.rows(
        "sdkmessageprocessingsteps",
        {
            "$select": "name,mode,solutionid",
            "$filter": "statecode eq 0 and customizationlevel eq 1",
            "$expand": "sdkmessageid($select=name),"
            "sdkmessagefilterid($select=primaryobjecttypecode)",
        },
    )
    microsofts = await _microsofts(look)
    own = [row for row in rows if _fires(look, row) and row["solutionid"] not in microsofts]
    named = [_step(row) for row in own]
    return _customers("plug-in steps", named, _skip(look))


async def _microsofts(look: Look) -> set[str]:
    """Return the ids of solutions that Microsoft publishes: their logic always runs."""
    rows = await installed(look)
    return {
        row["solutionid"]
        for row in rows.values()
        if row["ismanaged"] and "microsoft" in _publisher(row.get("publisherid") or {})
    }


def _publisher(row: dict[str, Any]) -> str:
    names = (str(row.get("uniquename")), str(row.get("friendlyname")))
    return " ".join(names).lower().replace("dynamics 365", "microsoft")


def _fires(look: Look, row: dict[str, Any]) -> bool:
    table = (row.get("sdkmessagefilterid") or {}).get("primaryobjecttypecode", "none")
    # A step without a table, or on «none», fires on every one.
    ours = table in look.uses.tables or table == "none"
    return ours and row["sdkmessageid"]["name"] in WRITES


def _step(row: dict[str, Any]) -> str:
    table = (row.get("sdkmessagefilterid") or {}).get("primaryobjecttypecode", "every table")
    when = "afterwards" if row["mode"] == _ASYNCHRONOUS else "at once"
    return f"{row['name']} ({row['sdkmessageid']['name']} of {table}, {when})"


async def workflows(look: Look) -> list[Finding]:
    """Tell of classic workflows that start with writes of our tables."""
    rows = await look.rows(
        "workflows",
        {
            "$select": "name,mode,primaryentity,triggeroncreate,triggerondelete,"
            "triggeronupdateattributelist,solutionid",
            "$filter": f"category eq {WORKFLOW} and statecode eq {ACTIVATED} "
            f"and type eq {DEFINITION}",
        },
    )
    microsofts = await _microsofts(look)
    named = [
        f"{row['name']} ({when} of {row['primaryentity']}, "
        f"{'at once' if row['mode'] == _REAL_TIME else 'afterwards'})"
        for row in rows
        if row["primaryentity"] in look.uses.tables
        and row["solutionid"] not in microsofts
        and (when := ", ".join(_triggers(row)))
    ]
    return _customers("workflows", named, _skip(look))


def _triggers(row: dict[str, Any]) -> Iterable[str]:
    if row["triggeroncreate"]:
        yield "create"
    if row["triggeronupdateattributelist"]:
        yield "update"
    if row["triggerondelete"]:
        yield "delete"


async def flows(look: Look) -> list[Finding]:
    """Tell of flows that start with writes of our tables, as they are registered for callback."""
    rows = await look.rows("callbackregistrations", {"$select": "name,entityname,message"})
    ours = [row for row in rows if row["entityname"] in look.uses.tables]
    names = await _flow_names(look) if ours else {}
    named = [
        f"{names.get(str(row['name']).lower(), row['name'])} "
        f"({_FLOW_MESSAGES.get(row['message'], 'a write')} of {row['entityname']})"
        for row in ours
    ]
    return _customers("flows", named, f"{_skip(look)} (their owners are not told)")


async def _flow_names(look: Look) -> dict[str, str]:
    """Return the names of flows by id: a registration bears the flow's id for its name."""
    rows = await look.rows("workflows", {"$select": "workflowid,name", "$filter": "category eq 5"})
    return {row["workflowid"]: row["name"] for row in rows}


def _skip(look: Look) -> str:
    return f"Let them run, or skip them: {look.place.seed('--bypass-logic')}"


def _customers(subject: str, named: list[str], remedy: str) -> list[Finding]:
    if not named:
        return [Finding(_AREA, subject, State.OK, "none but Microsoft's on our tables")]
    detail = f"{len(named)} will run: {several(sorted(named))}"
    return [Finding(_AREA, subject, State.NOTE, detail, remedy)]


PROBES = (
    Probe(_AREA, "duplicate rules", duplicates),
    Probe(_AREA, "plug-in steps", steps),
    Probe(_AREA, "workflows", workflows),
    Probe(_AREA, "flows", flows),
)
