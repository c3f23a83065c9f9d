"""Which rows of a run are in the environment, read by their number and by their ids."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.listing import among, windows
from seedkit.dataverse.metadata import NUMBER_COLUMN
from seedkit.marks import RowMark, read_id
from seedkit.plan import Plan, TablePlan


async def numbered_pages(api: WebApi, plan: Plan, table: TablePlan) -> AsyncIterator[list[str]]:
    """Return, page by page, the ids of all rows of a table that carry the run's number."""
    query = {"$select": table.primary_id, "$filter": f"{NUMBER_COLUMN} eq {plan.mark}"}
    async for page in api.pages(table.entity_set, query):
        yield [row[table.primary_id] for row in page]


def mark_of(id: str, plan: Plan, table: TablePlan) -> RowMark | None:
    """Return what an id says, or None when it is none of the run's and the table's."""
    read = read_id(id)
    if read is None:
        return None
    own = (plan.mark, plan.started, table.number)
    return read if (read.mark, read.started, read.table_number) == own else None


async def marked_rows(
    api: WebApi, plan: Plan, table: TablePlan, *columns: str
) -> AsyncIterator[dict[str, Any]]:
    """Return all rows of a table that carry the run's number and a fitting id, in words too."""
    query = {
        "$select": ",".join((table.primary_id, *columns)),
        "$filter": f"{NUMBER_COLUMN} eq {plan.mark}",
    }
    async for page in api.pages(table.entity_set, query, worded=bool(columns)):
        for row in page:
            if mark_of(row[table.primary_id], plan, table):
                yield row


async def present_ids(api: WebApi, table: TablePlan, ids: list[str]) -> list[str]:
    """Return those of some ids that are there."""
    found: list[str] = []
    for window in windows(ids):
        query = {"$select": table.primary_id, "$filter": among(table.primary_id, window)}
        found += [row[table.primary_id] for row in await api.all(table.entity_set, query)]
    return found
