"""Which rows a job would find, and how it is asked to find them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.listing import among, windows
from seedkit.dataverse.metadata import NUMBER_COLUMN, LiveTable

IDS_PER_QUERY = 500
QUERIES_PER_JOB = 20
Query = dict[str, Any]


def by_number(table: LiveTable, mark: int) -> Query:
    """Return the query for all rows of a table that carry a run's number."""
    return _query(table, NUMBER_COLUMN, "Equal", [str(mark)], "System.Int32")


def by_ids(table: LiveTable, ids: Iterable[str]) -> Iterator[list[Query]]:
    """Return the queries for some rows of a table, a list for each job."""
    rest = iter(ids)
    while part := list(islice(rest, IDS_PER_QUERY * QUERIES_PER_JOB)):
        yield [
            _query(table, table.primary_id, "In", part[at : at + IDS_PER_QUERY], "System.Guid")
            for at in range(0, len(part), IDS_PER_QUERY)
        ]


async def numbered(api: WebApi, table: LiveTable, mark: int) -> AsyncIterator[list[str]]:
    """Return, page by page, the ids of the rows that a query by number would find."""
    query = {"$select": table.primary_id, "$filter": f"{NUMBER_COLUMN} eq {mark}"}
    async for page in api.pages(table.entity_set, query):
        yield [row[table.primary_id] for row in page]


async def still_there(api: WebApi, table: LiveTable, ids: Collection[str]) -> list[str]:
    """Return those of some ids that are there."""
    found: list[str] = []
    for window in windows(ids):
        query = {"$select": table.primary_id, "$filter": among(table.primary_id, window)}
        found += [row[table.primary_id] for row in await api.all(table.entity_set, query)]
    return found


def _query(table: LiveTable, column: str, operator: str, values: Sequence[str], kind: str) -> Query:
    listed = [{"Value": value, "Type": kind} for value in values]
    condition = {"AttributeName": column, "Operator": operator, "Values": listed}
    return {
        "@odata.type": "Microsoft.Dynamics.CRM.QueryExpression",
        "EntityName": table.name,
        "ColumnSet": {"AllColumns": False, "Columns": []},
        "Criteria": {"FilterOperator": "And", "Conditions": [condition]},
    }
