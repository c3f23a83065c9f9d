"""Deleting rows by the platform's own background jobs, table by table.

A job can't tell our rows from others with the same number, so it is asked for the number only
where all rows that carry it are to go, and for ids everywhere else. What a job leaves, the other
engine takes, and tells why it can't.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import LiveTable
from seedkit.errors import ServiceError
from seedkit.plan import Plan
from seedkit.progress import Progress
from seedkit.purge.engines.batches import BatchEngine
from seedkit.purge.engines.platform import BAD_REQUEST, Ended, Platform, job_name
from seedkit.purge.engines.questions import (
    Query,
    by_ids,
    by_number,
    numbered,
    still_there,
)
from seedkit.purge.engines.tally import JobRecord, Look, Tally

FEW = 500  # rows of a table that go by requests: a job waits longer for its turn than they take
ONE = 2  # where jobs are asked for, only a row alone goes by a request


@dataclass(frozen=True, slots=True)
class JobOrder:
    """How jobs are made: when, whether they are asked for (None: by the number of rows), how.

    `skip_bin` deletes past the recycle bin, where the environment can do that.
    """

    now: datetime
    wanted: bool | None = None
    skip_bin: bool = False

    @property
    def insists(self) -> bool | None:
        """Tell whether it must be jobs: they alone can skip the bin. None: the rows decide."""
        return True if self.wanted is None and self.skip_bin else self.wanted


class JobEngine:
    """Deletes rows by bulk delete jobs, and the rest in batches."""

    def __init__(
        self, api: WebApi, plan: Plan, progress: Progress, order: JobOrder, batches: BatchEngine
    ) -> None:
        self._api = api
        self._progress = progress
        self._mark = plan.mark
        self._name = job_name(plan)
        self._forced = bool(order.insists)
        self._batches = batches
        self._platform = Platform(api)
        self._now = order.now
        self._moment = order.now.isoformat(timespec="seconds")
        self._refused = False
        self._skip_bin = order.skip_bin
        self._count = 0

    @property
    def tally(self) -> Tally:
        """Return what became of the rows so far."""
        return self._batches.tally

    async def delete(self, table: LiveTable, ids: Collection[str], look: Look) -> None:
        """Delete rows of one table; a job is one wave."""
        if self._refused or len(ids) < (ONE if self._forced else FEW):
            await self._batches.delete(table, ids, look)
            return
        if table.numbered and await self._number_finds(table, ids):
            done = await self._by_number(table, look)
            pages = numbered(self._api, table, self._mark)
            rest = [id async for page in pages for id in page if id in ids]
        else:
            done = await self._by_ids(table, ids, look)
            rest = await still_there(self._api, table, ids)
        there = frozenset(rest)
        self.tally.settle(table.name, lambda id: id in ids and id not in there)
        gone = len(ids) - len(rest)
        if gone:
            deleted = min(gone, done)
            self.tally.deleted[table.name] += deleted
            self.tally.already_gone[table.name] += gone - deleted
            self._progress.done(table.name, gone - deleted)
        await self._batches.delete(table, rest, look)

    async def _by_number(self, table: LiveTable, look: Look) -> int:
        """Run the job that the number asks for; return how many rows it deleted."""
        await look()
        return await self._job(table, [by_number(table, self._mark)], "number")

    async def _by_ids(self, table: LiveTable, ids: Collection[str], look: Look) -> int:
        """Run the jobs that ids ask for, one after another; return how many rows they deleted."""
        done = 0
        for queries in by_ids(table, ids):
            await look()
            done += await self._job(table, queries, "ids")
        return done

    async def _number_finds(self, table: LiveTable, ids: Collection[str]) -> bool:
        """Tell whether the rows that carry the run's number now are just those that are to go."""
        found = 0
        async for page in numbered(self._api, table, self._mark):
            if not all(id in ids for id in page):
                return False
            found += len(page)
        return found == len(ids)  # a doubtful row may be without

    async def _job(self, table: LiveTable, queries: list[Query], by: str) -> int:
        """Run one job to its end; return how many rows it deleted."""
        job = None if self._refused else await self._begin(table, queries)
        if job is None:
            return 0
        told = 0

        def tell(deleted: int) -> None:
            nonlocal told
            self._progress.done(table.name, deleted - told)
            told = deleted

        ended = await self._platform.watch(job, tell)
        self._record(table, by, ended)
        return ended.deleted

    async def _begin(self, table: LiveTable, queries: list[Query]) -> str | None:
        """Begin a job; None when the environment takes none and nobody insisted on jobs."""
        self._count += 1
        name = f"{self._name}{table.name} {self._count}, {self._moment}"
        try:
            return await self._platform.begin(name, queries, self._now, skip_bin=self._skip_bin)
        except ServiceError as error:
            if self._skip_bin and error.status == BAD_REQUEST:
                self._skip_bin = False  # servers before 2026 don't know the option
                self.tally.remark("The environment can't skip the recycle bin.")
                return await self._begin(table, queries)
            if self._forced:
                raise
            self._refused = True
            self.tally.remark(f"The environment takes no bulk delete jobs: {error.reason}")
            return None

    def _record(self, table: LiveTable, by: str, ended: Ended) -> None:
        reason = ended.reasons[0] if ended.reasons else ""
        self.tally.jobs.append(
            JobRecord(table.name, by, ended.outcome, ended.deleted, ended.failed, reason)
        )
