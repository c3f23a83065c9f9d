"""Reading the rows that may be a run's, each with what speaks for it and against it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.listing import among, windows
from seedkit.dataverse.metadata import NUMBER_COLUMN, LiveTable
from seedkit.load.present import mark_of
from seedkit.plan import Plan, TablePlan
from seedkit.purge.memory import Memory
from seedkit.purge.rows import Rows

CREATED_BY, MODIFIED_BY = "createdby", "modifiedby"
CREATED_ON, TRUE_CREATED_ON = "createdon", "overriddencreatedon"
VERSION = "versionnumber"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row with its marks, and the facts about it that nobody can change.

    `number` and `fits`: it has the run's number, and an id of the run and its table; `known`: the
    ledger says that we made it. `made_on` is when it was made, whatever day it pretends. What a
    table does not tell is None.
    """

    id: str
    number: bool
    fits: bool
    known: bool
    made_by: str | None
    made_on: str | None
    changed_by: str | None
    version: int | None


async def read_candidates(
    api: WebApi, plan: Plan, table: TablePlan, live: LiveTable, memory: Memory
) -> AsyncIterator[Candidate]:
    """Return every row of a table for which at least one mark speaks, the numbered ones first."""
    columns, known = _columns(live), memory.rows(table.name)
    seen: list[Rows] = []
    if live.numbered:
        query = {"$select": columns, "$filter": f"{NUMBER_COLUMN} eq {plan.mark}"}
        async for page in api.pages(table.entity_set, query):
            for row in page:
                yield _candidate(plan, table, row, known, number=True)
            seen.append(Rows.of(plan.stamp, table.number, (row[table.primary_id] for row in page)))
    unseen = known - reduce(or_, seen, Rows(plan.stamp, table.number))
    for row in await read_rows(api, live, unseen, columns):
        yield _candidate(plan, table, row, known, number=False)


async def read_rows(
    api: WebApi, live: LiveTable, ids: Iterable[str], columns: str
) -> list[dict[str, Any]]:
    """Return those of some rows that are there, with some columns."""
    found: list[dict[str, Any]] = []
    for window in windows(list(ids)):
        query = {"$select": columns, "$filter": among(live.primary_id, window)}
        found += await api.all(live.entity_set, query)
    return found


def _columns(live: LiveTable) -> str:
    """Return what to ask for of each row; some tables don't tell who made their rows."""
    lookups = [f"_{name}_value" for name in (CREATED_BY, MODIFIED_BY) if name in live.columns]
    plain = (CREATED_ON, TRUE_CREATED_ON, VERSION)
    return ",".join([live.primary_id, *lookups, *(name for name in plain if name in live.columns)])


def _candidate(
    plan: Plan, table: TablePlan, row: dict[str, Any], known: Rows, *, number: bool
) -> Candidate:
    id = row[table.primary_id]
    return Candidate(
        id=id,
        number=number,
        fits=mark_of(id, plan, table) is not None,
        known=id in known,
        made_by=row.get(f"_{CREATED_BY}_value"),
        # A row that is dated back keeps the true time in another column.
        made_on=row.get(TRUE_CREATED_ON) or row.get(CREATED_ON),
        changed_by=row.get(f"_{MODIFIED_BY}_value"),
        version=row.get(VERSION),
    )
