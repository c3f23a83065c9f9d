"""Looking before deleting: which rows are ours, which are doubtful, and what hangs on them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.gate import Gate
from seedkit.dataverse.metadata import LiveTable
from seedkit.load.header import NOTE_TABLE, note_id
from seedkit.plan import Plan, TablePlan
from seedkit.plan.rights import partly_seen
from seedkit.progress import UNWATCHED, Progress
from seedkit.purge.acceptance import doubt_about
from seedkit.purge.candidates import Candidate, read_candidates
from seedkit.purge.companions import Circumstances, holds_rows, holds_strangers
from seedkit.purge.edits import Editors, describe
from seedkit.purge.findings import Doubtful, Harm, Stranger, Survey, TableSurvey, shown_at
from seedkit.purge.memory import Memory
from seedkit.purge.rows import Gatherer
from seedkit.purge.shares import find_shares
from seedkit.purge.strangers import Search

AT_ONCE = 4  # tables whose pages are read at the same time
TOLD = 1_000  # rows after which whoever watches hears of them


@dataclass(frozen=True, slots=True)
class Look:
    """Where to look for a run's rows, and what is known of them.

    `doubtful_too` takes doubtful rows for ours: a person has said so. `unsearched` says why rows of
    some tables can't be looked for; `user` is the systemuserid of who looks.
    """

    api: WebApi
    plan: Plan
    live: dict[str, LiveTable]
    memory: Memory
    editors: Editors
    user: str
    doubtful_too: bool = False
    unsearched: Mapping[str, str] = field(default_factory=dict)

    async def survey(self, progress: Progress, made: Mapping[str, int]) -> Survey:
        """Collect a run's rows and the strangers that hang on them; nothing is changed.

        `made` is how many rows of each table there may be, as far as known.
        """
        progress.stage("Reading")
        for table in self.plan.tables:
            progress.expect(table.name, made.get(table.name, 0))
        tables = await self.collect(progress)
        progress.stage("Searching")
        found = await self.search(tables).everywhere(progress)
        return Survey(
            tables,
            tuple(one for one in found if one.harm is not Harm.EMPTIED),
            _crippled(found),
            await describe(self.api, self.plan, self.live, tables),
            await find_shares(self.api, self.plan, self.live, tables),
            self.unsearched,
            await partly_seen(self.api, self.user, sorted(self._reached())),
        )

    def _reached(self) -> set[str]:
        """Return the tables with rows that a delete takes along, or that forbid it."""
        links = (link for table in self.live.values() for link in table.children)
        below = {link.child for link in links if link.takes_child or link.blocks}
        others = {name for name in below if holds_strangers(name) or holds_rows(name)}
        return self.live.keys() & {*(table.name for table in self.plan.tables), *others}

    def search(self, tables: dict[str, TableSurvey]) -> Search:
        """Return what looks for strangers."""
        run = Circumstances(self.plan.mark, self.editors.origin)
        return Search(self.api, self.plan, run, self.live, tables)

    async def collect(self, progress: Progress = UNWATCHED) -> dict[str, TableSurvey]:
        """Return what each table holds of a run."""
        gate = Gate(lambda: AT_ONCE)
        tables = (self._table(table, gate, progress) for table in self.plan.tables)
        found = await asyncio.gather(*tables)
        return dict(zip((table.name for table in self.plan.tables), found, strict=True))

    async def _table(self, table: TablePlan, gate: Gate, progress: Progress) -> TableSurvey:
        async with gate.passed():
            return await self._read(table, progress)

    async def _read(self, table: TablePlan, progress: Progress) -> TableSurvey:
        live, heap = self.live[table.name], _Heap(self.plan, table)
        header = note_id(self.plan) if table.name == NOTE_TABLE else None
        async for row in read_candidates(self.api, self.plan, table, live, self.memory):
            heap.version = max(heap.version, row.version or 0)
            heap.read += 1
            if heap.read % TOLD == 0:
                progress.done(table.name, TOLD)
            doubt = doubt_about(row, self.editors.origin, must_have_number=table.numbered)
            if doubt is not None:
                link = shown_at(self.api.url, live, row.id)
                heap.doubtful.append(Doubtful(table.name, row.id, doubt.value, link))
            if doubt is None or self.doubtful_too:
                heap.take(row, edited=row.id != header and self.editors.edited(row))
        progress.done(table.name, heap.read % TOLD)
        return heap.counted()


class _Heap:
    """What was found of one table so far."""

    def __init__(self, plan: Plan, table: TablePlan) -> None:
        self.ours, self.without_number, self.edited = (
            Gatherer(plan.stamp, table.number) for _ in range(3)
        )
        self.doubtful: list[Doubtful] = []
        self.version = self.read = 0

    def take(self, row: Candidate, *, edited: bool) -> None:
        self.ours.add(row.id)
        if not row.number:
            self.without_number.add(row.id)
        if edited:
            self.edited.add(row.id)

    def counted(self) -> TableSurvey:
        return TableSurvey(
            ours=self.ours.rows,
            without_number=self.without_number.rows,
            edited=self.edited.rows,
            doubtful=tuple(self.doubtful),
            version=self.version,
        )


def _crippled(found: list[Stranger]) -> tuple[Stranger, ...]:
    """Return the rows that lose a lookup which they need, and are not deleted for another."""
    going = {(one.table, one.id) for one in found if one.harm is Harm.DELETED}
    return tuple(
        one for one in found if one.harm is Harm.EMPTIED and (one.table, one.id) not in going
    )
