"""Deleting rows by id in batches, several at a time, and keeping count of what became of them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from itertools import islice

from seedkit.dataverse.answers import (
    NO_SUCH_ADDRESS,
    NOT_FOUND,
    TRANSIENT,
    asks_for_less,
    is_deadlock,
    took_too_long,
)
from seedkit.dataverse.batch import Operation, Outcome, send_batch
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.gate import Gate
from seedkit.dataverse.metadata import LiveTable
from seedkit.dataverse.sizes import STANDARD_START, Sizes
from seedkit.errors import ConnectionFailedError, SeedkitError, ServiceError
from seedkit.progress import Progress
from seedkit.purge.engines.tally import Leftover, Look, Tally

WAVE_ROWS, WAVE_SECONDS = 5_000, 2.0  # a wave ends when it has had both
LEAST_ROWS = 40  # a request is not made smaller than that only to fill a place
BUSY_ATTEMPTS = 4  # as often as a seed does, a delete is sent again after 1, 2, 4 and 8 s
MOST_STUCK = 3  # rows one after another that never end alone; with more it is not the rows


class BatchEngine:
    """Deletes rows in `$batch`es; a row that is gone already counts as done."""

    def __init__(
        self, api: WebApi, progress: Progress, *, rows_per_request: int, requests: int | None
    ) -> None:
        self._api = api
        self._progress = progress
        self._rows_per_request = rows_per_request
        self._sizes = Sizes(rows_per_request)
        self._stuck = 0
        self._requests = requests
        self._gate = Gate(lambda: self._width)
        self.tally = Tally()

    @property
    def _width(self) -> int:
        return self._requests or self._api.flow.pace.limit + 1

    async def delete(self, table: LiveTable, ids: Collection[str], look: Look) -> None:
        """Delete rows of one table; the places of requests stay taken from wave to wave."""
        stopped: SeedkitError | None = None
        async with asyncio.TaskGroup() as tasks:
            try:
                await self._send_all(tasks, table, ids, look)
            except SeedkitError as error:
                stopped = error  # what is on its way comes to its end first
        if stopped is not None:
            raise stopped

    async def _send_all(
        self, tasks: asyncio.TaskGroup, table: LiveTable, ids: Collection[str], look: Look
    ) -> None:
        rest, left, now = iter(ids), len(ids), self._api.clock
        while left:
            await look()
            end, began = left - WAVE_ROWS, now()
            while left and (left > end or now() < began + WAVE_SECONDS):
                await self._gate.enter()
                part = list(islice(rest, self._cut(table, left)))
                left -= len(part)
                tasks.create_task(self._inside(table, part))

    def _cut(self, table: LiveTable, left: int) -> int:
        """Return how many rows the next request takes: fewer where all places could be filled."""
        most = self._sizes.rows(table.name, STANDARD_START)
        return min(most, max(LEAST_ROWS, -(-left // self._width)))

    async def _inside(self, table: LiveTable, ids: Sequence[str]) -> None:
        """Delete rows in one request that has its place already."""
        try:
            await self._delete(table, ids)
        finally:
            self._gate.leave()

    async def _delete(self, table: LiveTable, ids: Sequence[str], attempt: int = 0) -> None:
        """Delete rows in one request; in smaller ones where that is too much.

        After a pause those are sent again whose own answers say that the service was busy.
        """
        try:
            outcomes = await self._send(table, ids)
        except (ServiceError, ConnectionFailedError) as error:
            if not _too_much(error):
                raise
            if len(ids) == 1:
                self._leave(table.name, ids[0], error)
                return
            self._sizes.shrink(table.name, STANDARD_START, len(ids))
            size = self._sizes.rows(table.name, STANDARD_START)
            for first in range(0, len(ids), size):
                await self._delete(table, ids[first : first + size], attempt)
            return
        self._stuck = 0
        busy = []
        for id, outcome in zip(ids, outcomes, strict=True):
            if attempt < BUSY_ATTEMPTS and _passes(outcome):
                busy.append(id)
            else:
                self._count(table.name, id, outcome)
        self._progress.done(table.name, len(ids) - len(busy))
        if busy:
            await self._api.sleep(self._api.retry.wait(attempt, None))
            await self._delete(table, busy, attempt + 1)

    def _leave(self, table: str, id: str, error: ServiceError | ConnectionFailedError) -> None:
        """Leave a row whose delete never ends, even alone; raise when it is not the row."""
        self._stuck += id not in self.tally.leftovers
        if self._stuck > MOST_STUCK:
            raise error
        self._sizes = Sizes(self._rows_per_request)  # nor was it the size of the requests
        code = error.code if isinstance(error, ServiceError) else ""
        reason = f"its delete never ends: {error.message}"
        self.tally.leftovers[id] = Leftover(table, id, code, reason)
        self._progress.done(table, 1)

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


def _passes(outcome: Outcome) -> bool:
    """Tell whether the same delete may do after a pause."""
    error = ServiceError(outcome.status, outcome.code, outcome.message)
    return outcome.status in TRANSIENT or is_deadlock(error)


def _too_much(error: ServiceError | ConnectionFailedError) -> bool:
    """Tell whether fewer deletes in one request may do."""
    return took_too_long(error) or (isinstance(error, ServiceError) and asks_for_less(error))
