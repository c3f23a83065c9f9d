"""Deleting rows by id in batches, several at a time, and keeping count of what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from seedkit.dataverse.answers import NO_SUCH_ADDRESS, NOT_FOUND, asks_for_less, took_too_long
from seedkit.dataverse.batch import Operation, Outcome, send_batch
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.gate import Gate
from seedkit.dataverse.metadata import LiveTable
from seedkit.dataverse.sizes import STANDARD_START, Sizes
from seedkit.errors import ConnectionFailedError, ServiceError
from seedkit.progress import Progress
from seedkit.purge.engines.tally import Leftover, Tally

WAVE = 5000


class BatchEngine:
    """Deletes rows in `$batch`es; a row that is gone already counts as done."""

    wave = WAVE

    def __init__(
        self, api: WebApi, progress: Progress, *, rows_per_request: int, requests: int | None
    ) -> None:
        self._api = api
        self._progress = progress
        self._sizes = Sizes(rows_per_request)
        self._gate = Gate(lambda: requests or api.flow.pace.limit + 1)
        api.flow.pause.told = progress.paused
        self.tally = Tally()

    async def delete(self, table: LiveTable, ids: Sequence[str]) -> None:
        """Delete rows of one table."""
        async with asyncio.TaskGroup() as tasks:
            for part in self._parts(table, ids):
                tasks.create_task(self._delete(table, part))

    def _parts(self, table: LiveTable, ids: Sequence[str]) -> list[Sequence[str]]:
        size = self._sizes.rows(table.name, STANDARD_START)
        return [ids[first : first + size] for first in range(0, len(ids), size)]

    async def _delete(self, table: LiveTable, ids: Sequence[str]) -> None:
        """Delete rows in one request; in smaller ones where that is too much."""
        try:
            async with self._gate.passed():
                outcomes = await self._send(table, ids)
        except (ServiceError, ConnectionFailedError) as error:
            if len(ids) == 1 or not _too_much(error):
                raise
            self._sizes.shrink(table.name, STANDARD_START, len(ids))
            for part in self._parts(table, ids):
                await self._delete(table, part)
            return
        for id, outcome in zip(ids, outcomes, strict=True):
            self._count(table.name, id, outcome)
        self._progress.done(table.name, len(ids))

    async def _send(self, table: LiveTable, ids: Sequence[str]) -> list[Outcome]:
        operations = [Operation("DELETE", f"{table.entity_set}({id})") for id in ids]

        def took(seconds: float) -> None:
            self._sizes.took(table.name, STANDARD_START, len(ids), seconds)

        return await send_batch(self._api, operations, repeatable=True, took=took)

    def _count(self, table: str, id: str, outcome: Outcome) -> None:
        if outcome.ok:
            self.tally.deleted[table] += 1
        elif outcome.status == NOT_FOUND and outcome.code != NO_SUCH_ADDRESS:
            self.tally.already_gone[table] += 1
        else:
            self.tally.leftovers[id] = Leftover(table, id, outcome.code, outcome.message)
            return
        self.tally.leftovers.pop(id, None)


def _too_much(error: ServiceError | ConnectionFailedError) -> bool:
    """Tell whether fewer deletes in one request may do."""
    return took_too_long(error) or (isinstance(error, ServiceError) and asks_for_less(error))
