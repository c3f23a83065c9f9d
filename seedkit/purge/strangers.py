"""Strangers: rows that are not ours and that deleting ours may delete, block on, or cripple.

What a cascade does that the environment does not describe is taken for the worst. Below a stranger
the search goes on, as deep as the cascade reaches.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.listing import among, windows
from seedkit.dataverse.metadata import NUMBER_COLUMN, LiveTable, look_up_tables
from seedkit.ledger import Origin
from seedkit.plan import Plan
from seedkit.progress import UNWATCHED, Progress
from seedkit.purge.companions import ACTIVITY_KEY, Circumstances, strangers_filter
from seedkit.purge.findings import Harm, Stranger, TableSurvey, shown_at
from seedkit.purge.posts import posts_on
from seedkit.purge.reading import read_others
from seedkit.purge.ways import Way, tables_below, tables_between, ways_to


@dataclass(frozen=True, slots=True)
class Search:
    """Where strangers are looked for; `live` grows by the tables in which the search goes on."""

    api: WebApi
    plan: Plan
    run: Circumstances
    live: dict[str, LiveTable]
    tables: Mapping[str, TableSurvey]

    async def everywhere(self, progress: Progress = UNWATCHED) -> list[Stranger]:
        """Return the rows of others that a delete of all our rows would harm, at any depth."""
        await self._prepare()
        parents = {name: len(rows.ours) for name, rows in self.tables.items() if len(rows.ours)}
        for parent, rows in parents.items():
            progress.expect(parent, rows)

        async def watched(parent: str) -> list[Stranger]:
            found = await self.below(parent)
            progress.done(parent, parents[parent])
            return found

        searched = await asyncio.gather(*map(watched, parents))
        found = [stranger for group in searched for stranger in group]
        return found + await self.deeper(found)

    async def below(self, parent: str) -> list[Stranger]:
        """Return the rows of others that a delete of our rows of a table would harm."""
        table, ours = self.live[parent], self.tables[parent].ours
        searched = await asyncio.gather(
            *(self._by(parent, way) for way in ways_to(self.live, table, self.run)),
            posts_on(self.api, self.live, table, ours, self.run.origin.began),
        )
        return [stranger for group in searched for stranger in group]

    async def deeper(self, found: Iterable[Stranger]) -> list[Stranger]:
        """Return what a delete of strangers would harm in turn, level by level."""
        seen = {(one.table, one.id) for one in found}
        level = [one for one in found if one.harm is Harm.DELETED]
        deep: list[Stranger] = []
        while level:
            await self._describe(_hanging_on(self.live[one.table] for one in level))
            await self._prepare()
            found_below = await asyncio.gather(
                *(self._below_rows(table, ids) for table, ids in _ids(level).items())
            )
            new = {(one.table, one.id): one for group in found_below for one in group}
            level = [one for key, one in new.items() if key not in seen]
            seen |= new.keys()
            deep += level
            level = [one for one in level if one.harm is Harm.DELETED]
        return deep

    async def _prepare(self) -> None:
        """Read what the environment says of rows between ours and others."""
        await self._describe(tables_between(self.live))
        await self._describe(tables_below(self.live))

    async def _describe(self, tables: Iterable[str]) -> None:
        """Read what the environment says of tables of which that is not known yet."""
        read = await look_up_tables(self.api, sorted(set(tables) - self.live.keys()))
        self.live.update((name, table) for name, table in read.items() if table is not None)

    async def _below_rows(self, table: str, ids: list[str]) -> list[Stranger]:
        searches = (
            self._read(table, way, [_any(way.parent, window) for window in windows(ids)])
            for way in ways_to(self.live, self.live[table], self.run)
            if way.harm is not Harm.EMPTIED
        )
        return [one for group in await asyncio.gather(*searches) for one in group]

    async def _by(self, parent: str, way: Way) -> list[Stranger]:
        above = self.tables[parent]
        perhaps = _perhaps_not_ours(self.plan, way.child, self.tables.get(way.child.name))
        found = await self._read(parent, way, self._below_ours(parent, way), perhaps)
        if way.by_pointer:
            return [one for one in found if one.parent_id in above.ours]
        doubtful = {row.id for row in above.doubtful}
        certain = [one for one in found if one.parent_id not in doubtful]
        taken = [id for id in sorted(doubtful) if id in above.ours]
        return certain + await self._below_doubtful(parent, way, taken)

    async def _below_doubtful(self, parent: str, way: Way, ids: list[str]) -> list[Stranger]:
        """Look below doubtful rows that go all the same.

        What the platform made under such a row was made by whoever made that row, and whenever.
        """
        above = way.between.child if way.between else parent
        anybodys = Circumstances(self.run.mark, Origin())
        somebodys = strangers_filter(way.child.name, above, anybodys)
        if somebodys is None:
            return []
        hanging = [_any(way.parent, window) for window in windows(ids)]
        return await self._read(parent, replace(way, somebodys=somebodys), hanging)

    def _below_ours(self, parent: str, way: Way) -> Iterator[str]:
        """Return filters for the rows that hang on ours: by their parents' number, or by id.

        In the table of all activities there is no number; who made ours is known.
        """
        if way.by_pointer:
            bind, makers = way.link.bind, sorted(self.run.origin.makers)
            made = " or ".join(f"{bind}/_createdby_value eq {maker}" for maker in makers)
            yield f"({made or f'{bind}/{ACTIVITY_KEY} ne null'})"
            return
        if self.live[parent].numbered:
            yield f"{way.number} eq {self.plan.mark}"
        for window in windows(self.tables[parent].without_number):
            yield _any(way.parent, window)

    async def _read(
        self, parent: str, way: Way, hanging: Iterable[str], perhaps: Iterable[str] = ("",)
    ) -> list[Stranger]:
        own, clauses = self.tables.get(way.child.name), list(perhaps)
        filters = (
            " and ".join(part for part in (below, way.somebodys, clause) if part)
            for below in hanging
            for clause in clauses
        )
        return [
            self._stranger(row, parent, way)
            for chosen in filters
            async for row in read_others(self.api, way.child, {**way.query, "$filter": chosen})
            if own is None or row[way.child.primary_id] not in own.ours
        ]

    def _stranger(self, row: Mapping[str, Any], parent: str, way: Way) -> Stranger:
        id = row[way.child.primary_id]
        return Stranger(
            table=way.child.name,
            id=id,
            name=row.get(way.child.primary_name or "") or "",
            parent=parent,
            column=way.link.column,
            link=shown_at(self.api.url, way.child, id),
            parent_id=way.parent_of(row),
            harm=way.harm,
            through=way.through,
        )


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


def _hanging_on(tables: Iterable[LiveTable]) -> set[str]:
    return {
        link.child for table in tables for link in table.children if link.takes_child or link.blocks
    }
