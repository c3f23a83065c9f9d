"""What a purge remembers of its rows stays small, however many there are."""

from __future__ import annotations

import asyncio
import tracemalloc
from dataclasses import replace

import httpx
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedkit.dataverse.metadata import read_with_dependants
from seedkit.ledger import Origin
from seedkit.marks import Stamp
from seedkit.plan import Plan
from seedkit.purge.edits import Editors
from seedkit.purge.memory import Memory
from seedkit.purge.rows import Gatherer, Rows
from seedkit.purge.survey import AT_ONCE, Look
from tests.worlds import World, plan_for

STAMP = Stamp(-(1 << 30) - 5, 77)
TABLE = 3
PAGE = 250
NUMBERED = "importsequencenumber eq"


class Pages:
    """Answers in an environment's place: every table has `rows` numbered rows, a page at a time."""

    def __init__(self, plan: Plan, rows: int) -> None:
        self.tables = {table.entity_set: table for table in plan.tables}
        self.stamp = plan.stamp
        self.rows = rows
        self.under_way: set[str] = set()
        self.most = 0

    async def __call__(self, request: httpx.Request) -> httpx.Response | None:
        if NUMBERED not in request.url.params.get("$filter", ""):
            return None
        name = request.url.path.rsplit("/", 1)[-1]
        first = int(request.url.params.get("$skiptoken", "0"))
        self.under_way.add(name)
        self.most = max(self.most, len(self.under_way))
        await asyncio.sleep(0)
        table = self.tables[name]
        ids = self.stamp.ids(table.number, first // PAGE, PAGE)
        body: dict[str, object] = {
            "value": [{table.primary_id: id, "versionnumber": 1} for id in ids]
        }
        if first + PAGE < self.rows:
            body["@odata.nextLink"] = str(
                request.url.copy_set_param("$skiptoken", str(first + PAGE))
            )
        else:
            self.under_way.discard(name)
        return httpx.Response(200, content=orjson.dumps(body))


def peak(world: World, rows: int, tables: int) -> tuple[int, int, int]:
    """Return a survey's peak of memory in bytes, its rows per table, tables at the same time."""

    async def work() -> tuple[int, int, int]:
        async with world.api() as (api, transport):
            plan = await plan_for(api)
            plan = replace(plan, tables=plan.tables[-tables:])
            live = await read_with_dependants(api, (table.name for table in plan.tables))
            pages = Pages(plan, rows)
            transport.before.append(pages)
            look = Look(api, plan, live, Memory(plan, None), Editors(Origin(), "nobody"), "nobody")
            tracemalloc.start()
            try:
                found = await look.collect()
                return (
                    tracemalloc.get_traced_memory()[1],
                    len(found[plan.tables[-1].name].ours),
                    pages.most,
                )
            finally:
                tracemalloc.stop()

    return asyncio.run(work())


def test_a_survey_holds_no_more_of_many_rows_than_of_few(world: World) -> None:
    few, rows, _ = peak(world, 5 * PAGE, tables=1)
    many, more_rows, _ = peak(world, 15 * PAGE, tables=1)
    assert (rows, more_rows) == (5 * PAGE, 15 * PAGE)
    assert many < 1.25 * few, (many, few)


def test_a_survey_reads_a_few_tables_at_the_same_time(world: World) -> None:
    assert peak(world, 3 * PAGE, tables=7)[2] == AT_ONCE


@pytest.mark.parametrize("step", [1, 7])
def test_ids_are_made_a_few_at_a_time(step: int) -> None:
    rows = Rows.of(STAMP, TABLE, STAMP.ids(TABLE, 0, 20_000)[::step])
    tracemalloc.start()
    try:
        seen = sum(1 for _ in rows)
        held = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seen == len(range(0, 20_000, step))
    assert held < 700_000


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 6_000), max_size=40), st.integers(0, 5_000))
def test_gathering_in_any_order_is_the_set_of_what_was_gathered(
    scattered: list[int], length: int
) -> None:
    ids = STAMP.ids(TABLE, 0, 6_001)
    taken = [ids[place] for place in [*scattered, *range(length)]]
    gathered = Gatherer(STAMP, TABLE)
    for id in [*taken, "an id of somebody's"]:
        gathered.add(id)
    assert set(gathered.rows) == {*taken, "an id of somebody's"}
    assert len(gathered.rows) == len(set(taken)) + 1
