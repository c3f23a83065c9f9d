"""The header note: a run's plan, kept in the environment itself.

It is the first row of a run and the last that a purge deletes; from it a machine without the
ledger can purge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import NUMBER_COLUMN
from seedkit.errors import ServiceError, UsageError
from seedkit.marks import read_id
from seedkit.plan import Plan

NOTE_TABLE = "annotation"
NOTE_SET = "annotations"
SUBJECT = "seedkit run "
NOT_FOUND = 404
ALREADY_THERE = 412


def note_id(plan: Plan) -> str:
    """Return the id of a run's header note: the first row of its table."""
    return plan.stamp.ids(plan.table(NOTE_TABLE).number, block=0, count=1)[0]


async def write_header(api: WebApi, plan: Plan) -> None:
    """Write the header note; one that is there already is left as it is."""
    body = {
        "annotationid": note_id(plan),
        NUMBER_COLUMN: plan.mark,
        "subject": SUBJECT + plan.run_id,
        "notetext": _text(plan, {"state": "seeding"}),
    }
    try:
        await api.send("POST", NOTE_SET, orjson.dumps(body), repeatable=True)
    except ServiceError as error:
        if error.status != ALREADY_THERE:
            raise


async def is_there(api: WebApi, plan: Plan) -> bool:
    """Tell whether the header note is in the environment."""
    try:
        await api.get(f"{NOTE_SET}({note_id(plan)})", {"$select": "annotationid"})
    except ServiceError as error:
        if error.status == NOT_FOUND:
            return False
        raise
    return True


async def finish_header(api: WebApi, plan: Plan, rows: dict[str, int]) -> int:
    """Complete the header note; return its row version, the highest of the run."""
    address = f"{NOTE_SET}({note_id(plan)})"
    body = orjson.dumps({"notetext": _text(plan, {"state": "seeded", "rows": rows})})
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
class Headers:
    """The header notes of an environment: plans, oldest first, and runs whose note is damaged."""

    plans: tuple[Plan, ...]
    damaged: tuple[str, ...]


async def find_headers(api: WebApi) -> Headers:
    """Return the header notes that are in the environment."""
    query = {
        "$select": "annotationid,subject,notetext",
        "$filter": f"startswith(subject,'{SUBJECT}')",
        "$orderby": "createdon asc",
    }
    rows = await api.all(NOTE_SET, query)
    plans = [_read(row) for row in rows]
    return Headers(
        plans=tuple(plan for plan in plans if plan is not None),
        # A person's own note may begin with the same words; its id does not carry a mark.
        damaged=tuple(
            row["subject"].removeprefix(SUBJECT)
            for row, plan in zip(rows, plans, strict=True)
            if plan is None and read_id(row["annotationid"])
        ),
    )


def _text(plan: Plan, status: dict[str, Any]) -> str:
    return orjson.dumps({**status, "digest": plan.digest, "plan": plan.to_json()}).decode()


# What comes of reading a note that a person wrote or changed.
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, UsageError)


def _status(row: dict[str, Any]) -> Any:
    return orjson.loads(row["notetext"] or "")


def _read(row: dict[str, Any]) -> Plan | None:
    """Return the plan in a note, or None when a person wrote or changed the note."""
    try:
        status = _status(row)
        plan = Plan.from_json(status["plan"])
        whole = plan.digest == status["digest"] and note_id(plan) == row["annotationid"]
        return plan if whole else None
    except _UNREADABLE:
        return None
