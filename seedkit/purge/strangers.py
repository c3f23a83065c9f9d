"""Strangers: rows that are not ours and that deleting ours may delete, block on, or cripple.

What a cascade does that the environment does not describe is taken for the worst. Below a stranger
the search goes on, as deep as the cascade reaches.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from seedkit.dataverse.answers import FORBIDDEN
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.listing import among, windows
from seedkit.dataverse.metadata import (
    NUMBER_COLUMN,
    LiveRelationship,
    LiveTable,
    look_up_tables,
)
from seedkit.errors import MissingInTargetError, ServiceError
from seedkit.plan import Plan
from seedkit.purge.companions import Circumstances, strangers_filter
from seedkit.purge.findings import Harm, Stranger, TableSurvey, link_to

REQUIRED = frozenset({"ApplicationRequired", "SystemRequired"})


@dataclass(frozen=True, slots=True)
class Search:
    """Where strangers are looked for; `live` grows by the tables in which the search goes on."""

    api: WebApi
    plan: Plan
    run: Circumstances
    live: dict[str, LiveTable]
    tables: Mapping[str, TableSurvey]

    async def everywhere(self) -> list[Stranger]:
        """Return the rows of others that a delete of all our rows would harm, at any depth."""
        parents = [name for name, rows in self.tables.items() if len(rows.ours)]
        searched = await asyncio.gather(*(self.below(parent) for parent in parents))
        found = [stranger for group in searched for stranger in group]
        return found + await self.deeper(found)

    async def below(self, parent: str) -> list[Stranger]:
        """Return the rows of others that a delete of our rows of a table would harm."""
        searched = await asyncio.gather(
            *(
                self._by(self.live[parent], relationship, harm)
                for relationship in self.live[parent].children
                if (harm := harm_by(relationship, self.live.get(relationship.child))) is not None
            )
        )
        return [stranger for group in searched for stranger in group]

    async def deeper(self, found: Iterable[Stranger]) -> list[Stranger]:
        """Return what a delete of strangers would harm in turn, level by level."""
        seen = {(one.table, one.id) for one in found}
        level = [one for one in found if one.harm is Harm.DELETED]
        deep: list[Stranger] = []
        while level:
            await self._describe(level)
            found_below = await asyncio.gather(
                *(self._below_rows(table, ids) for table, ids in _ids(level).items())
            )
            new = {(one.table, one.id): one for group in found_below for one in group}
            level = [one for key, one in new.items() if key not in seen]
            seen |= new.keys()
            deep += level
            level = [one for one in level if one.harm is Harm.DELETED]
        return deep

    async def _describe(self, level: Iterable[Stranger]) -> None:
        """Read what the environment says of the tables below a level."""
        children = {
            relationship.child
            for one in level
            for relationship in self.live[one.table].children
            if relationship.takes_child or relationship.blocks
        }
        read = await look_up_tables(self.api, sorted(children - self.live.keys()))
        self.live.update((name, table) for name, table in read.items() if table is not None)

    async def _below_rows(self, table: str, ids: list[str]) -> list[Stranger]:
        searches = []
        for relationship in self.live[table].children:
            child = self.live.get(relationship.child)
            harm = harm_by(relationship, child)
            if child is None or harm in (None, Harm.EMPTIED):
                continue
            somebodys = strangers_filter(child.name, table, self.run)
            if somebodys is not None:
                searches.append(self._rows_below(child, relationship, Harm(harm), ids, somebodys))
        return [one for group in await asyncio.gather(*searches) for one in group]

    async def _rows_below(
        self,
        child: LiveTable,
        relationship: LiveRelationship,
        harm: Harm,
        ids: list[str],
        somebodys: str,
    ) -> list[Stranger]:
        link = f"_{relationship.column}_value"
        hanging = (_any(link, window) for window in windows(ids))
        return await self._read_strangers(child, relationship, harm, hanging, [somebodys])

    async def _by(
        self, parent: LiveTable, relationship: LiveRelationship, harm: Harm
    ) -> list[Stranger]:
        child = self.live[relationship.child]
        somebodys = strangers_filter(child.name, parent.name, self.run)
        if somebodys is None:
            return []
        own = self.tables.get(child.name)
        hanging = _below_ours(self.plan, parent, relationship, self.tables[parent.name])
        clauses = [
            " and ".join(filter(None, (somebodys, clause)))
            for clause in _perhaps_not_ours(self.plan, child, own)
        ]
        found = await self._read_strangers(child, relationship, harm, hanging, clauses)
        staying = {row.id for row in self.tables[parent.name].doubtful}
        staying -= {id for id in staying if id in self.tables[parent.name].ours}
        return [one for one in found if one.parent_id not in staying]

    async def _read_strangers(
        self,
        child: LiveTable,
        relationship: LiveRelationship,
        harm: Harm,
        hanging: Iterable[str],
        clauses: list[str],
    ) -> list[Stranger]:
        link, own = f"_{relationship.column}_value", self.tables.get(child.name)
        names = [name for name in (child.primary_id, child.primary_name, link) if name]
        queries = (
            {"$select": ",".join(names), "$filter": f"{below} and {clause}" if clause else below}
            for below in hanging
            for clause in clauses
        )
        return [
            self._stranger(row, child, relationship, harm)
            for query in queries
            async for row in _read(self.api, child, query)
            if own is None or row[child.primary_id] not in own.ours
        ]

    def _stranger(
        self, row: Mapping[str, Any], child: LiveTable, by: LiveRelationship, harm: Harm
    ) -> Stranger:
        id = row[child.primary_id]
        return Stranger(
            table=child.name,
            id=id,
            name=row.get(child.primary_name or "") or "",
            parent=by.parent,
            column=by.column,
            link=link_to(self.api.url, child.name, id),
            parent_id=row[f"_{by.column}_value"],
            harm=harm,
        )


def harm_by(relationship: LiveRelationship, child: LiveTable | None) -> Harm | None:
    """Return what deleting the parent does to a child that is somebody's; None if no harm."""
    if child is None:
        return None
    if relationship.takes_child:
        return Harm.DELETED
    if relationship.blocks:
        return Harm.BLOCKS
    column = child.columns.get(relationship.column)
    needed = column is not None and column.required in REQUIRED
    return Harm.EMPTIED if relationship.unlinks and needed else None


async def _read(
    api: WebApi, table: LiveTable, query: Mapping[str, str]
) -> AsyncIterator[dict[str, Any]]:
    """Read rows that may be others'; not to be allowed to see them is no proof of none."""
    try:
        async for page in api.pages(table.entity_set, query):
            for row in page:
                yield row
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
) -> Iterator[str]:
    """Return filters for the rows that hang on ours: by their parents' number, or by id."""
    if parent.numbered:
        yield f"{relationship.bind}/{NUMBER_COLUMN} eq {plan.mark}"
    for window in windows(above.without_number):
        yield _any(f"_{relationship.column}_value", window)


def _any(column: str, ids: Iterable[str]) -> str:
    return "(" + " or ".join(f"{column} eq {id}" for id in ids) + ")"


def _perhaps_not_ours(plan: Plan, child: LiveTable, own: TableSurvey | None) -> list[str]:
    """Return conditions that find few rows of ours, and all others."""
    if not child.numbered:
        return [""]
    doubtful = [row.id for row in own.doubtful] if own else []
    found = [among(child.primary_id, window) for window in windows(doubtful)]
    return [f"({NUMBER_COLUMN} ne {plan.mark} or {NUMBER_COLUMN} eq null)", *found]


def _ids(rows: Iterable[Stranger]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        found[row.table][row.id] = None
    return {table: list(ids) for table, ids in found.items()}
