"""What must stay so that rows which stay are whole: everything that they point at, and so on."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.listing import windows
from seedkit.dataverse.metadata import LiveTable
from seedkit.purge.candidates import read_rows
from seedkit.purge.companions import ACTIVITY_KEY
from seedkit.purge.rows import Rows

PARTIES = "activityparties"

Ids = dict[str, set[str]]


@dataclass(frozen=True, slots=True)
class Keeper:
    """Follows lookups from rows that stay to rows that were to go; `going` are these, by table."""

    api: WebApi
    live: Mapping[str, LiveTable]
    going: Mapping[str, tuple[Rows | frozenset[str], ...]]

    async def needed_by(self, rows: Mapping[str, Iterable[str]]) -> Ids:
        """Return which rows that were to go must stay for the sake of some rows, at any remove."""
        needed: Ids = defaultdict(set)
        level: Mapping[str, Iterable[str]] = rows
        while level:
            groups = await asyncio.gather(
                *(self._pointed_at(table, list(ids)) for table, ids in level.items())
            )
            new: Ids = defaultdict(set)
            for target, id in (pair for group in groups for pair in group):
                if id not in needed[target] and id not in rows.get(target, ()):
                    new[target].add(id)
                    needed[target].add(id)
            level = new
        return {table: ids for table, ids in needed.items() if ids}

    async def _pointed_at(self, table: str, ids: list[str]) -> list[tuple[str, str]]:
        lookups = self._lookups(self.live[table])
        columns = [self.live[table].primary_id, *(f"_{column}_value" for column in lookups)]
        rows = read_rows(self.api, self.live[table], ids, ",".join(columns))
        found = [pair async for row in rows for pair in self._targets(row, lookups)]
        if self.live[table].primary_id == ACTIVITY_KEY:
            found += await self._parties(ids)
        return found

    def _lookups(self, table: LiveTable) -> Mapping[str, list[str]]:
        """Return the lookups that may point at rows that were to go, with their targets."""
        found: dict[str, list[str]] = defaultdict(list)
        for lookup in table.lookups:
            if lookup.parent in self.going and lookup.column in table.columns:
                found[lookup.column].append(lookup.parent)
        return found

    def _targets(
        self, row: Mapping[str, Any], lookups: Mapping[str, list[str]]
    ) -> Iterator[tuple[str, str]]:
        for column, targets in lookups.items():
            id = row.get(f"_{column}_value")
            if id is not None:
                yield from ((target, id) for target in targets if self._goes(target, id))

    async def _parties(self, activities: list[str]) -> list[tuple[str, str]]:
        """Return who takes part in activities, of those that were to go."""
        found: list[tuple[str, str]] = []
        for window in windows(activities):
            query = {
                "$select": "_partyid_value",
                "$filter": " or ".join(f"_activityid_value eq {id}" for id in window),
            }
            for row in await self.api.all(PARTIES, query):
                id = row["_partyid_value"]
                found += [(table, id) for table in self.going if id and self._goes(table, id)]
        return found

    def _goes(self, table: str, id: str) -> bool:
        return any(id in rows for rows in self.going[table])
