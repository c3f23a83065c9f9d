"""Reading the rows that may be a run's, each with what speaks for it and against it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.listing import among, windows
from seedkit.dataverse.metadata import NUMBER_COLUMN, LiveTable
from seedkit.load.present import mark_of
from seedkit.plan import Plan, TablePlan
from seedkit.purge.memory import Memory
from seedkit.purge.rows import Gatherer, Rows

CREATED_BY, MODIFIED_BY = "createdby", "modifiedby"
CREATED_ON, TRUE_CREATED_ON = "createdon", "overriddencreatedon"
VERSION = "versionnumber"
DAY = len("2026-06-30")
QUARTER = 15  # minutes: zones differ by whole quarters of an hour
PAGE = 2_000  # rows of a page; several tables are read at once, and a row takes 700 bytes


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
    seen = Gatherer(plan.stamp, table.number)
    if live.numbered:
        query = {"$select": columns, "$filter": f"{NUMBER_COLUMN} eq {plan.mark}"}
        async for page in api.pages(table.entity_set, query, PAGE):
            for row in page:
                seen.add(row[table.primary_id])
                yield _candidate(plan, table, row, known, number=True)
    async for row in read_rows(api, live, known - seen.rows, columns):
        yield _candidate(plan, table, row, known, number=False)


async def read_rows(
    api: WebApi, live: LiveTable, ids: Iterable[str], columns: str, *, worded: bool = False
) -> AsyncIterator[dict[str, Any]]:
    """Return those of some rows that are there, with some columns; `worded` as in `WebApi.get`."""
    for window in windows(ids):
        query = {"$select": columns, "$filter": among(live.primary_id, window)}
        for row in await api.all(live.entity_set, query, worded=worded):
            yield row


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
        made_on=made(row),
        changed_by=row.get(f"_{MODIFIED_BY}_value"),
        version=row.get(VERSION),
    )


def made(row: Mapping[str, Any]) -> str | None:
    """Return when a row was made, whatever day it pretends; a day where no more is known.

    A row that is dated back keeps the true time in another column. Its format is that of a day, and
    whether the service keeps the moment is not documented: midnight of a zone says only the day.
    """
    kept: str | None = row.get(TRUE_CREATED_ON) or None
    if kept is None:
        return row.get(CREATED_ON)
    moment = datetime.fromisoformat(kept)
    exact = moment.minute % QUARTER or moment.second or moment.microsecond
    return kept if exact else kept[:DAY]
