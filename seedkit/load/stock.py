"""Taking stock before a run goes on: which of its rows are there, whatever the ledger says.

The ledger may be older than the environment (restored, or its last write lost with the power), or
younger (the environment was restored, somebody deleted rows), or begun anew from the header note.
What carries the run's number and a fitting id is there; the ledger is put right by that.
"""

from __future__ import annotations

import asyncio
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping

from seedkit.dataverse.client import WebApi
from seedkit.ledger import Ledger, LostRow, Range, RequestState, Step
from seedkit.load.header import HEADER
from seedkit.load.present import mark_of, numbered_pages, present_ids
from seedkit.plan import Plan, TablePlan
from seedkit.spans import Spans

Blocks = Mapping[int, Spans]


def adopt(plan: Plan, ledger: Ledger) -> None:
    """Record a run that another ledger began; whether its rows are there is to be found out."""
    ledger.add_run(plan)
    ledger.intend(plan.run_id, [HEADER])


async def take_stock(plan: Plan, api: WebApi, ledger: Ledger) -> dict[str, int]:
    """Put the ledger right by the rows that are there.

    Returns how many rows per table the ledger calls done that are gone since.
    """
    known = _settled(ledger, plan.run_id)
    lost = [row for row in ledger.lost_rows(plan.run_id) if row.step is Step.CREATE]
    counted = await asyncio.gather(
        *(
            _take_stock_of(
                table,
                plan,
                api,
                ledger,
                known.get(table.name, {}),
                [row for row in lost if row.table == table.name],
            )
            for table in plan.tables
        )
    )
    gone = {table.name: n for table, n in zip(plan.tables, counted, strict=True) if n}
    if gone:
        for table in plan.tables:  # who lost a row lost its links and its state with it
            for step in (Step.LINK, Step.STATE, Step.PARENT_STATE):
                ledger.restate(plan.run_id, step, table.name, [])
    return gone


async def _take_stock_of(
    table: TablePlan,
    plan: Plan,
    api: WebApi,
    ledger: Ledger,
    known: Blocks,
    lost: list[LostRow],
) -> int:
    """Put the ledger right about one table; return how many rows are gone."""
    if table.numbered:
        there = await _numbered(table, plan, api)
    else:
        there = await _known_by_id(table, plan, api, known)
    regained = [row for row in lost if row.row in there.get(row.block, Spans())]
    ledger.regain(plan.run_id, regained)
    still_lost = [row for row in lost if row not in regained]
    done = _with_lost(there, still_lost)
    ledger.restate(plan.run_id, Step.CREATE, table.name, _ranges(table, done))
    return sum(_beyond(spans, done.get(block, Spans())) for block, spans in known.items())


async def _numbered(table: TablePlan, plan: Plan, api: WebApi) -> Blocks:
    rows: dict[int, array[int]] = defaultdict(lambda: array("H"))  # two bytes for each row
    async for page in numbered_pages(api, plan, table):
        for id in page:
            mark = mark_of(id, plan, table)
            if mark is not None:
                rows[mark.block].append(mark.row)
    return {block: Spans((row, 1) for row in found) for block, found in rows.items()}


async def _known_by_id(table: TablePlan, plan: Plan, api: WebApi, known: Blocks) -> Blocks:
    """Return which rows of a table without the number are there, of those that are known."""
    found: dict[int, Spans] = {}
    for block, spans in known.items():
        ids = {
            id: first + offset
            for first, count in spans.pairs()
            for offset, id in enumerate(plan.stamp.ids(table.number, block, count, first))
        }
        there = await present_ids(api, table, list(ids))
        found[block] = Spans((ids[id], 1) for id in there)
    return found


def _settled(ledger: Ledger, run_id: str) -> dict[str, Blocks]:
    found: dict[str, dict[int, Spans]] = defaultdict(dict)
    for (step, table, block), spans in settled_spans(ledger, run_id).items():
        if step is Step.CREATE:
            found[table][block] = spans
    return dict(found)


def _with_lost(there: Blocks, lost: list[LostRow]) -> Blocks:
    """Return what there is nothing to do about: rows that are there, and lost ones."""
    pairs = defaultdict(list, {block: spans.pairs() for block, spans in there.items()})
    for row in lost:
        pairs[row.block].append((row.row, 1))
    return {block: Spans(found) for block, found in pairs.items()}


def _beyond(spans: Spans, others: Spans) -> int:
    """Return how many numbers of a set are not among others."""
    return len(Spans([*spans.pairs(), *others.pairs()])) - len(others)


def _ranges(table: TablePlan, blocks: Blocks) -> Iterator[Range]:
    for block, spans in blocks.items():
        for first, count in spans.pairs():
            yield Range(Step.CREATE, table.name, block, first, count)


def settled_spans(ledger: Ledger, run_id: str) -> dict[tuple[Step, str, int], Spans]:
    """Return the rows that are done, lost ones among them, by step, table and block."""
    pairs: dict[tuple[Step, str, int], list[tuple[int, int]]] = defaultdict(list)
    for part, state in ledger.requests(run_id):
        if state is RequestState.SETTLED:
            pairs[part.step, part.table, part.block].append((part.first, part.count))
    return {key: Spans(found) for key, found in pairs.items()}
