"""The flow of a load: block after block, ancestors first, several requests at a time.

Blocks don't point at one another, only at the bank's own rows; so those go first, and then
several blocks are on their way at once, each table of a block when those it points at are there.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.gate import Gate
from seedkit.dataverse.sizes import MOST_ROWS, Sizes
from seedkit.errors import one_error
from seedkit.ledger import Ledger, Range, RequestState, RunState, Step
from seedkit.load.header import HEADER, finish_header, write_header
from seedkit.load.lost import REFUSED, SKIPPED, Ended, LostRows
from seedkit.load.origin import recorded_origin, take_up
from seedkit.load.stock import settled_spans, take_stock
from seedkit.load.work import creation, linking, moving
from seedkit.load.writer import Writer, size_key
from seedkit.plan import Plan, TablePlan
from seedkit.progress import Progress
from seedkit.records.batch import BANK_BLOCK, RecordBatch

LEAST_BLOCKS = 3
RANGES_AHEAD = 2  # made ready while others are on their way
PACE_PER_BLOCK = 8  # requests in flight that one block keeps busy, ancestors going first
LEAST_ROWS = 40  # whose time is about twice that of an empty request


class RecordSource(Protocol):
    """Where the rows of a run come from: the same rows at every call."""

    @property
    def blocks(self) -> Sequence[int]:
        """Return the block numbers, the bank's own first."""

    def batches(self, block: int) -> list[RecordBatch]:
        """Return all rows of a block, one batch per table."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much at most at once: rows per request, ranges and blocks on their way.

    None: as the client's pace asks for.
    """

    rows_per_request: int = MOST_ROWS
    requests: int | None = None
    blocks: int | None = None


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did, by table.

    `gone` are rows that an earlier attempt had made and that were not there any more. `idle`:
    there was nothing to do.
    """

    rows: dict[str, int]
    refused: dict[str, int]
    skipped: dict[str, int]
    watermark: int
    gone: Mapping[str, int]
    idle: bool


async def load(
    plan: Plan,
    source: RecordSource,
    api: WebApi,
    ledger: Ledger,
    progress: Progress,
    limits: Limits | None = None,
) -> LoadResult:
    """Write all rows of a run that are not there yet.

    A run that was begun before is compared with what is there first; a finished one of which
    nothing is gone is left alone.
    Raises what stops a run as a whole; the ledger then knows what is done, and the same call
    goes on from there.
    """
    begun = any(True for _ in ledger.requests(plan.run_id))
    gone = await take_stock(plan, api, ledger) if begun else {}
    entry = ledger.find(plan.run_id)
    if entry.state is RunState.SEEDED and entry.watermark is not None and not gone:
        return _result(ledger, plan, entry.watermark, idle=True)
    if begun:
        await take_up(plan, api, ledger)
    loader = _Loader(plan, source, api, ledger, progress, limits or Limits())
    with one_error():
        await loader.header()
        await loader.blocks()
    rows, made = settled_rows(ledger, plan.run_id), recorded_origin(plan, ledger)
    origin = await finish_header(api, plan, rows, made, loader.ended)
    ledger.set_state(plan.run_id, RunState.SEEDED, origin)
    return _result(ledger, plan, origin.watermark or 0, gone=gone)


def _result(
    ledger: Ledger,
    plan: Plan,
    watermark: int,
    *,
    gone: Mapping[str, int] | None = None,
    idle: bool = False,
) -> LoadResult:
    """Return what there is of a run, by the ledger."""
    rows, lost = settled_rows(ledger, plan.run_id), LostRows(ledger, plan.run_id)
    return LoadResult(rows, lost.count(REFUSED), lost.count(SKIPPED), watermark, gone or {}, idle)


class _Loader:
    """One load on its way."""

    def __init__(
        self,
        plan: Plan,
        source: RecordSource,
        api: WebApi,
        ledger: Ledger,
        progress: Progress,
        limits: Limits,
    ) -> None:
        self._plan = plan
        self._source = source
        self._api = api
        self._ledger = ledger
        self._progress = progress
        self._limits = limits
        self._announced = 0
        self.ended: Counter[Ended] = Counter()  # rows by the states in which they end
        self._waiting = 0  # rows whose ancestors are there
        self._heights = heights(plan.tables)
        self._turn = {block: turn for turn, block in enumerate(source.blocks)}
        self._sizes = Sizes(limits.rows_per_request)
        taken = Counter(settled_rows(ledger, plan.run_id))
        self._writer = Writer(LostRows(ledger, plan.run_id), self._sizes, taken)
        self._journal = _Journal(ledger, plan)
        self._ranges_gate = Gate(self._ranges_at_once)
        self._blocks_gate = Gate(self._blocks_at_once)
        api.flow.pause.told = progress.paused

    async def header(self) -> None:
        """Write the header note before any other row."""
        if self._journal.settled(HEADER):
            return
        (number,) = self._ledger.intend(self._plan.run_id, [HEADER])
        await write_header(self._api, self._plan)
        self._ledger.settle(number, RequestState.SETTLED)

    async def blocks(self) -> None:
        """Write the bank's own rows and all blocks, a few at a time."""
        bank, *others = self._source.blocks
        batches = await self._made(bank)
        there = _events(batches)

        async def one(block: int, batches: list[RecordBatch]) -> None:
            try:
                await self._block(block, batches, there | _events(batches))
            finally:
                self._blocks_gate.leave()

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._block(bank, batches, there))
            for block in others:
                await self._blocks_gate.enter()
                tasks.create_task(one(block, await self._made(block)))

    async def _made(self, block: int) -> list[RecordBatch]:
        """Make the rows of a block; several at once would only delay the first."""
        # In a thread, so that rows are made while the service works on earlier ones.
        batches = await asyncio.to_thread(self._source.batches, block)
        if block != BANK_BLOCK:
            self._announced += 1
            self._progress.share(self._announced / (len(self._source.blocks) - 1))
        for batch in batches:
            self._progress.expect(batch.table, len(batch))
            if batch.states is not None:
                self._progress.expect(_states_of(batch.table), len(batch))
        return batches

    async def _block(
        self, block: int, batches: list[RecordBatch], there: Mapping[str, asyncio.Event]
    ) -> None:
        """Write a block, each table when those that it points at are `there`."""

        async def one(batch: RecordBatch) -> None:
            for parent in self._plan.table(batch.table).parents & there.keys():
                await there[parent].wait()
            await self._write(Step.CREATE, block, batch)
            there[batch.table].set()

        async with asyncio.TaskGroup() as tasks:
            for batch in batches:
                tasks.create_task(one(batch))
        async with asyncio.TaskGroup() as tasks:
            for batch in batches:
                if self._plan.table(batch.table).deferred:
                    tasks.create_task(self._write(Step.LINK, block, batch))
        if any(batch.states for batch in batches):
            await self._states(block, batches)

    async def _states(self, block: int, batches: list[RecordBatch]) -> None:
        """Give rows their final states, those that hang on others first.

        What is open keeps what it hangs on from being closed, and a closed row can't be changed.
        """
        done = _events(batches)

        async def one(batch: RecordBatch) -> None:
            for other in batches:
                if batch.table in self._plan.table(other.table).parents:
                    await done[other.table].wait()
            if batch.states is not None:
                await self._write(Step.STATE, block, batch)
                if batch.parents:
                    await self._write(Step.PARENT_STATE, block, batch)
                self._progress.done(_states_of(batch.table), len(batch))
                self.ended += self._writer.lost.ended(batch)
            done[batch.table].set()

        async with asyncio.TaskGroup() as tasks:
            for batch in batches:
                tasks.create_task(one(batch))

    async def _write(self, step: Step, block: int, batch: RecordBatch) -> None:
        """Write a batch in ranges; what the ledger holds as settled is left out."""
        todo = self._journal.open(Range(step, batch.table, block, 0, len(batch)))
        left = sum(part.count for part in todo)
        if step is Step.CREATE:
            self._progress.done(batch.table, len(batch) - left)
        self._waiting += left
        # Earlier blocks first, so that they end one after another and not all at the same time,
        # and in a block what most others wait for.
        rank = (self._turn[block], -self._heights[batch.table])
        async with asyncio.TaskGroup() as tasks:
            for part in todo:
                first, end = part.first, part.first + part.count
                while first < end:
                    await self._ranges_gate.enter(rank)
                    count = min(self._rows_at_once(step, batch), end - first)
                    cut = Range(step, batch.table, block, first, count)
                    self._waiting -= count
                    first += count
                    tasks.create_task(self._range(cut, batch))

    async def _range(self, part: Range, batch: RecordBatch) -> None:
        try:
            (number,) = self._ledger.intend(self._plan.run_id, [part])
            work = _MAKERS[part.step](self._api, self._plan, batch, part)
            await self._writer.write(work, check=self._journal.tried(part))
        finally:
            self._ranges_gate.leave()
        self._ledger.settle(number, RequestState.SETTLED)
        if part.step is Step.CREATE:
            self._progress.done(batch.table, part.count)

    def _rows_at_once(self, step: Step, batch: RecordBatch) -> int:
        """Return how many rows a request takes: fewer when the rows that wait are soon used up."""
        most = self._sizes.rows(*size_key(self._plan.table(batch.table), step))
        share = -(-self._waiting // max(1, self._ranges_at_once()))
        return min(most, max(LEAST_ROWS, share))

    def _ranges_at_once(self) -> int:
        return self._limits.requests or self._api.flow.pace.limit + RANGES_AHEAD

    def _blocks_at_once(self) -> int:
        wanted = self._api.flow.pace.limit // PACE_PER_BLOCK
        return self._limits.blocks or max(LEAST_BLOCKS, wanted)


_MAKERS = {
    Step.CREATE: creation,
    Step.LINK: linking,
    Step.STATE: moving,
    Step.PARENT_STATE: moving,
}


def _states_of(table: str) -> str:
    """Return under which name a table's states are told to who watches."""
    return f"{table} states"


def _events(batches: Sequence[RecordBatch]) -> dict[str, asyncio.Event]:
    """Return what tells of each table that all of its rows are there."""
    return {batch.table: asyncio.Event() for batch in batches}


def heights(tables: Sequence[TablePlan]) -> dict[str, int]:
    """Return how long the longest chain of descendants below each table is."""
    found = {table.name: 0 for table in tables}
    for table in sorted(tables, key=lambda table: -table.layer):
        for parent in table.parents & found.keys():
            found[parent] = max(found[parent], found[table.name] + 1)
    return found


class _Journal:
    """What an earlier attempt at the same run wrote down."""

    def __init__(self, ledger: Ledger, plan: Plan) -> None:
        requests = list(ledger.requests(plan.run_id))
        self._settled = settled_spans(ledger, plan.run_id)
        self._tried = {
            (part.step, part.table, part.block)
            for part, state in requests
            if state is not RequestState.SETTLED
        }
        self._begun = bool(requests)
        # Stock finds rows by their number; without it a lost ledger's rows are there unseen.
        self._unseen = {table.name for table in plan.tables if requests and not table.numbered}

    def settled(self, part: Range) -> bool:
        """Tell whether every row of a range is done."""
        spans = self._settled.get((part.step, part.table, part.block))
        return spans is not None and spans.covers(part.first, part.count)

    def open(self, part: Range) -> list[Range]:
        """Return the parts of a range that are not done."""
        spans = self._settled.get((part.step, part.table, part.block))
        gaps = [(part.first, part.count)] if spans is None else spans.gaps(part.first, part.count)
        return [replace(part, first=first, count=count) for first, count in gaps]

    def tried(self, part: Range) -> bool:
        """Tell whether a request of unknown outcome may have written rows of this range."""
        if part.step is not Step.CREATE:
            return self._begun  # a ledger that is older or begun anew knows nothing of states
        tried = (part.step, part.table, part.block) in self._tried
        return tried or part.table in self._unseen


def settled_rows(ledger: Ledger, run_id: str) -> dict[str, int]:
    """Return how many rows of each table are there: settled ranges without the lost rows."""
    rows: Counter[str] = Counter()
    for (step, table, _), spans in settled_spans(ledger, run_id).items():
        if step is Step.CREATE:
            rows[table] += len(spans)
    rows.subtract(Counter(r.table for r in ledger.lost_rows(run_id) if r.step is Step.CREATE))
    return {table: count for table, count in rows.items() if count}
