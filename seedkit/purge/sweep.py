"""Deleting rows by id in batches, several at a time, and keeping count of what became of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from seedkit.dataverse.batch import Operation, Outcome, send_batch
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import LiveTable
from seedkit.progress import Progress

NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Leftover:
    """A row that could not be deleted, and why."""

    table: str
    id: str
    code: str
    reason: str


@dataclass(slots=True)
class Tally:
    """What became of the rows so far, by table."""

    deleted: Counter[str] = field(default_factory=Counter)
    already_gone: Counter[str] = field(default_factory=Counter)
    leftovers: dict[str, Leftover] = field(default_factory=dict)


class Sweeper:
    """Deletes rows in `$batch`es; a row that is gone already counts as done."""

    def __init__(
        self, api: WebApi, progress: Progress, *, rows_per_request: int, requests: int
    ) -> None:
        self._api = api
        self._progress = progress
        self._size = rows_per_request
        self._slots = asyncio.Semaphore(requests)
        self.tally = Tally()

    def left_in(self, table: str) -> list[str]:
        """Return the ids of a table's rows that could not be deleted."""
        return [row.id for row in self.tally.leftovers.values() if row.table == table]

    async def delete(self, table: LiveTable, ids: Sequence[str]) -> None:
        """Delete rows of one table."""
        async with asyncio.TaskGroup() as tasks:
            for first in range(0, len(ids), self._size):
                tasks.create_task(self._delete(table, ids[first : first + self._size]))

    async def _delete(self, table: LiveTable, ids: Sequence[str]) -> None:
        operations = [Operation("DELETE", f"{table.entity_set}({id})") for id in ids]
        async with self._slots:
            outcomes = await send_batch(self._api, operations, repeatable=True)
        for id, outcome in zip(ids, outcomes, strict=True):
            self._count(table.name, id, outcome)
        self._progress.done(table.name, len(ids))

    def _count(self, table: str, id: str, outcome: Outcome) -> None:
        if outcome.ok:
            self.tally.deleted[table] += 1
        elif outcome.status == NOT_FOUND:
            self.tally.already_gone[table] += 1
        else:
            self.tally.leftovers[id] = Leftover(table, id, outcome.code, outcome.message)
            return
        self.tally.leftovers.pop(id, None)
