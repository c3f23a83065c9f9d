"""Strangers: rows that are not ours and that deleting ours may delete.

What a cascade does that the environment does not describe is taken for the worst.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from seedkit.dataverse.answers import FORBIDDEN
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.listing import among, windows
from seedkit.dataverse.metadata import NUMBER_COLUMN, LiveRelationship, LiveTable
from seedkit.errors import MissingInTargetError, ServiceError
from seedkit.plan import Plan
from seedkit.purge.companions import strangers_filter
from seedkit.purge.findings import Stranger, TableSurvey, link_to


async def find_strangers(
    api: WebApi,
    plan: Plan,
    parent: LiveTable,
    live: Mapping[str, LiveTable],
    tables: Mapping[str, TableSurvey],
) -> list[Stranger]:
    """Return the rows that are not ours and that deleting our rows of `parent` may delete."""
    searched = await asyncio.gather(
        *(
            _strangers_by(api, plan, parent, relationship, live, tables)
            for relationship in parent.children
            if relationship.takes_child and relationship.child in live
        )
    )
    return [stranger for group in searched for stranger in group]


async def _strangers_by(
    api: WebApi,
    plan: Plan,
    parent: LiveTable,
    relationship: LiveRelationship,
    live: Mapping[str, LiveTable],
    tables: Mapping[str, TableSurvey],
) -> list[Stranger]:
    child = live[relationship.child]
    above, own = tables[parent.name], tables.get(child.name)
    link = f"_{relationship.column}_value"
    names = [name for name in (child.primary_id, child.primary_name, link) if name]
    somebodys = strangers_filter(child.name, parent.name)
    if somebodys is None:
        return []
    rows = [
        row
        for hanging in _below_ours(plan, parent, relationship, above)
        for clause in _perhaps_not_ours(plan, child, own)
        for row in await _read(
            api, child, {"$select": ",".join(names), "$filter": hanging + somebodys + clause}
        )
    ]
    staying = {row.id for row in above.doubtful}
    return [
        _stranger(api, row, child, parent.name, relationship.column)
        for row in rows
        if not (own and row[child.primary_id] in own.ours) and row[link] not in staying
    ]


async def _read(api: WebApi, table: LiveTable, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """Read rows that may be others'; not to be allowed to see them is no proof of none."""
    try:
        return await api.all(table.entity_set, query)
    except ServiceError as error:
        if error.status != FORBIDDEN:
            raise
        raise MissingInTargetError(
            f"This account may not read {table.name}, and rows of it may hang on ours: "
            f"{error.reason}",
            "Give it a role that reads the table, or purge with another account. See what it "
            "lacks with: seedkit check --environment NAME",
        ) from None


def _below_ours(
    plan: Plan, parent: LiveTable, relationship: LiveRelationship, above: TableSurvey
) -> list[str]:
    """Return filters for the rows that hang on ours: by their parents' number, or by id."""
    by_number = [f"{relationship.bind}/{NUMBER_COLUMN} eq {plan.mark}"] if parent.numbered else []
    link = f"_{relationship.column}_value"
    return by_number + [
        "(" + " or ".join(f"{link} eq {id}" for id in window) + ")"
        for window in windows(list(above.without_number))
    ]


def _perhaps_not_ours(plan: Plan, child: LiveTable, own: TableSurvey | None) -> list[str]:
    """Return what to add to a filter so that it finds few rows of ours, and all others."""
    if not child.numbered:
        return [""]
    doubtful = [row.id for row in own.doubtful] if own else []
    found = [f" and {among(child.primary_id, window)}" for window in windows(doubtful)]
    return [f" and ({NUMBER_COLUMN} ne {plan.mark} or {NUMBER_COLUMN} eq null)", *found]


def _stranger(
    api: WebApi, row: Mapping[str, Any], child: LiveTable, parent: str, column: str
) -> Stranger:
    id = row[child.primary_id]
    name = row.get(child.primary_name or "") or ""
    return Stranger(child.name, id, name, parent, column, link_to(api.url, child.name, id))
