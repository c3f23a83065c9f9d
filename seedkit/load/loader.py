"""The flow of a load: block after block, layer after layer, several requests at a time.

Blocks don't point at one another, only at the bank's own rows; so those go first, and then
several blocks are on their way at once, each layer of a block when its parents are there.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.gate import Gate
from seedkit.dataverse.sizes import MOST_ROWS, Sizes
from seedkit.errors import one_error
from seedkit.ledger import Ledger, Range, RequestState, RunState, Step
from seedkit.load.header import NOTE_TABLE, finish_header, is_there, write_header
from seedkit.load.lost import REFUSED, SKIPPED, LostRows
from seedkit.load.work import creation, linking
from seedkit.load.writer import Writer, size_key
from seedkit.plan import Plan
from seedkit.progress import Progress
from seedkit.records.batch import BANK_BLOCK, RecordBatch
from seedkit.spans import Spans

LEAST_BLOCKS = 3
RANGES_AHEAD = 2  # made ready while others are on their way
PACE_PER_BLOCK = 4  # requests in flight that one block keeps busy, layers being what they are


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
    """What a load did, by table."""

    rows: dict[str, int]
    refused: dict[str, int]
    skipped: dict[str, int]
    watermark: int


async def load(
    plan: Plan,
    source: RecordSource,
    api: WebApi,
    ledger: Ledger,
    progress: Progress,
    limits: Limits | None = None,
) -> LoadResult:
    """Write all rows of a run that are not there yet; the ledger says which are.

    Raises what stops a run as a whole; the ledger then knows what is done, and the same call
    goes on from there.
    """
    limits = limits or Limits()
    loader = _Loader(plan, source, api, ledger, progress, limits)
    with one_error():
        await loader.header()
        await loader.blocks()
    result = loader.result()
    watermark = await finish_header(api, plan, result)
    ledger.set_state(plan.run_id, RunState.SEEDED, watermark)
    return LoadResult(
        rows=result,
        refused=loader.lost.count(REFUSED),
        skipped=loader.lost.count(SKIPPED),
        watermark=watermark,
    )


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
        self.lost = LostRows(ledger, plan.run_id)
        self._sizes = Sizes(limits.rows_per_request)
        self._writer = Writer(self.lost, self._sizes)
        self._journal = _Journal(ledger, plan.run_id)
        self._ranges_gate = Gate(self._ranges_at_once)
        self._blocks_gate = Gate(self._blocks_at_once)
        api.flow.pause.told = progress.paused

    async def header(self) -> None:
        """Write the header note before any other row."""
        part = Range(Step.CREATE, NOTE_TABLE, BANK_BLOCK, 0, 1)
        if self._journal.settled(part):
            if await is_there(self._api, self._plan):
                return
            # The environment is not as the ledger left it: believe nothing, ask for every row.
            self._journal.doubt()
        (number,) = self._ledger.intend(self._plan.run_id, [part])
        await write_header(self._api, self._plan)
        self._ledger.settle(number, RequestState.SETTLED)

    async def blocks(self) -> None:
        """Write the bank's own rows, then all blocks, a few at a time."""
        bank, *others = self._source.blocks
        await self._block(bank)

        async def one(block: int) -> None:
            async with self._blocks_gate.passed():
                await self._block(block)

        async with asyncio.TaskGroup() as tasks:
            for block in others:
                tasks.create_task(one(block))

    async def _block(self, block: int) -> None:
        # In a thread, so that rows are made while the service works on earlier ones.
        batches = await asyncio.to_thread(self._source.batches, block)
        if block != BANK_BLOCK:
            self._announced += 1
            self._progress.share(self._announced / (len(self._source.blocks) - 1))
        for batch in batches:
            self._progress.expect(batch.table, len(batch))
        by_table = {batch.table: batch for batch in batches}
        for layer in self._plan.layers:
            present = [by_table[table.name] for table in layer if table.name in by_table]
            await self._ranges(Step.CREATE, present)
        closing = [by_table[t.name] for t in self._plan.tables if t.deferred and t.name in by_table]
        await self._ranges(Step.LINK, closing)

    async def _ranges(self, step: Step, batches: list[RecordBatch]) -> None:
        """Write batches in ranges; what the ledger holds as settled is left out."""
        parts = [
            (batch, part)
            for batch in batches
            for part in _split(step, batch, self._rows_at_once(step, batch))
        ]
        for batch, part in parts:
            if step is Step.CREATE and self._journal.settled(part):
                self._progress.done(batch.table, part.count)
        todo = [item for item in parts if not self._journal.settled(item[1])]
        numbers = self._ledger.intend(self._plan.run_id, (part for _, part in todo))
        async with asyncio.TaskGroup() as tasks:
            for number, (batch, part) in zip(numbers, todo, strict=True):
                tasks.create_task(self._range(number, batch, part))

    async def _range(self, number: int, batch: RecordBatch, part: Range) -> None:
        async with self._ranges_gate.passed():
            make = creation if part.step is Step.CREATE else linking
            work = make(self._api, self._plan, batch, part)
            await self._writer.write(work, check=self._journal.tried(part))
        self._ledger.settle(number, RequestState.SETTLED)
        if part.step is Step.CREATE:
            self._progress.done(batch.table, part.count)

    def _rows_at_once(self, step: Step, batch: RecordBatch) -> int:
        return self._sizes.rows(*size_key(self._plan.table(batch.table), step))

    def _ranges_at_once(self) -> int:
        return self._limits.requests or self._api.flow.pace.limit + RANGES_AHEAD

    def _blocks_at_once(self) -> int:
        wanted = self._api.flow.pace.limit // PACE_PER_BLOCK
        return self._limits.blocks or max(LEAST_BLOCKS, wanted)

    def result(self) -> dict[str, int]:
        """Return how many rows of each table are there, by the ledger."""
        return settled_rows(self._ledger, self._plan.run_id)


class _Journal:
    """What an earlier attempt at the same run wrote down."""

    def __init__(self, ledger: Ledger, run_id: str) -> None:
        self._settled = settled_spans(ledger, run_id)
        self._tried = {
            (part.step, part.table, part.block)
            for part, state in ledger.requests(run_id)
            if state is not RequestState.SETTLED
        }

    def doubt(self) -> None:
        """Take all that was done for tried only."""
        self._tried |= self._settled.keys()
        self._settled = {}

    def settled(self, part: Range) -> bool:
        """Tell whether every row of a range is done."""
        spans = self._settled.get((part.step, part.table, part.block))
        return spans is not None and spans.covers(part.first, part.count)

    def tried(self, part: Range) -> bool:
        """Tell whether a request of unknown outcome may have written rows of this range."""
        return (part.step, part.table, part.block) in self._tried


def settled_spans(ledger: Ledger, run_id: str) -> dict[tuple[Step, str, int], Spans]:
    """Return the rows that are done, lost ones among them, by step, table and block."""
    pairs: dict[tuple[Step, str, int], list[tuple[int, int]]] = defaultdict(list)
    for part, state in ledger.requests(run_id):
        if state is RequestState.SETTLED:
            pairs[part.step, part.table, part.block].append((part.first, part.count))
    return {key: Spans(found) for key, found in pairs.items()}


def settled_rows(ledger: Ledger, run_id: str) -> dict[str, int]:
    """Return how many rows of each table are there: settled ranges without the lost rows."""
    rows: Counter[str] = Counter()
    for (step, table, _), spans in settled_spans(ledger, run_id).items():
        if step is Step.CREATE:
            rows[table] += len(spans)
    rows.subtract(Counter(r.table for r in ledger.lost_rows(run_id) if r.step is Step.CREATE))
    return {table: count for table, count in rows.items() if count}


def _split(step: Step, batch: RecordBatch, size: int) -> list[Range]:
    return [
        Range(step, batch.table, batch.block, first, min(size, len(batch) - first))
        for first in range(0, len(batch), size)
    ]
