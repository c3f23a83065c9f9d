"""Going on with a ledger that does not fit what is there: begun anew, too old, too young."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import ConnectionFailedError
from seedkit.ledger import Ledger, LostRow, Range, RequestState, RunState, Step
from seedkit.load import LoadResult, adopt
from seedkit.load.header import find_headers
from seedkit.load.stock import take_stock
from seedkit.plan import Plan
from seedkit.verify import verify
from tests.load.test_load import EXPECTED, in_world, load_tiny, sent_columns, undisturbed
from tests.worlds import FaultyTransport, TinySource, World

LIFE_MOMENT = "msfsi_lifemoment"


def dying_after(writes: int) -> Callable[[httpx.Request], Any]:
    """Return a hook under which the connection is gone after so many writes were carried out."""
    count = 0

    async def die(request: httpx.Request) -> None:
        nonlocal count
        count += request.method != "GET"
        if count >= writes:
            raise httpx.ConnectError("gone", request=request)

    return die


async def break_off(
    plan: Plan,
    source: TinySource,
    api: WebApi,
    ledger: Ledger,
    transport: FaultyTransport,
    writes: int,
) -> None:
    transport.after.append(dying_after(writes))
    with pytest.raises(ConnectionFailedError):
        await load_tiny(plan, source, api, ledger)
    transport.after.clear()


@pytest.mark.parametrize("writes", [1, 2, 5, 9, 14, 19])
def test_a_machine_with_nothing_but_the_note_goes_on(
    world: World, tmp_path_factory: pytest.TempPathFactory, writes: int
) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> LoadResult:
        await break_off(plan, source, api, ledger, transport, writes)
        (noted,) = (await find_headers(api)).runs
        assert (noted.plan, noted.run_state) == (plan, RunState.SEEDING)
        with closing(Ledger.open(world.folder / "other.sqlite3")) as other:
            adopt(noted.plan, other)
            result = await load_tiny(noted.plan, TinySource(noted.plan), api, other)
            assert all(check.holds for check in await verify(plan, api, other))
        assert (await find_headers(api)).runs[0].run_state is RunState.SEEDED
        return result

    result = in_world(world, step)
    assert (result.rows, result.refused) == (EXPECTED, {})
    assert sent_columns(world.dump()) == undisturbed(tmp_path_factory)


def test_what_is_there_is_not_sent_again(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> None:
        await load_tiny(plan, source, api, ledger)
        with closing(Ledger.open(world.folder / "other.sqlite3")) as other:
            adopt(plan, other)
            transport.seen.clear()
            assert (await load_tiny(plan, source, api, other)).rows == EXPECTED
        written = [r.url.path.rpartition("/")[2] for r in transport.seen if r.method != "GET"]
        # Setting a lookup twice does no harm; whether it is set, ids don't tell.
        links = "Microsoft.Dynamics.CRM.UpdateMultiple"
        assert {name.partition("(")[0] for name in written} == {links, "annotations"}

    in_world(world, step)


def test_a_ledger_that_is_older_than_the_environment_loses_nothing(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Its last transactions went with the power, or it was restored from a backup."""

    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> LoadResult:
        await break_off(plan, source, api, ledger, transport, 6)
        with closing(Ledger.open(world.folder / "old.sqlite3")) as old:
            ledger._connection.backup(old._connection)
            assert (await load_tiny(plan, source, api, ledger)).rows == EXPECTED
            assert old.find(None).state is RunState.SEEDING
            return await load_tiny(plan, source, api, old)

    assert in_world(world, step).rows == EXPECTED
    assert sent_columns(world.dump()) == undisturbed(tmp_path_factory)


def test_an_environment_that_is_older_than_the_ledger_is_made_whole(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> LoadResult:
        await load_tiny(plan, source, api, ledger)
        for batch in reversed(source.batches(2)):  # children first
            for id in batch.ids:
                await api.send("DELETE", f"{plan.table(batch.table).entity_set}({id})")
        return await load_tiny(plan, source, api, ledger)

    result = in_world(world, step)
    assert result.rows == EXPECTED
    assert not result.idle
    assert result.gone == {"contact": 5, "msfsi_group": 1, "msfsi_groupmember": 5, LIFE_MOMENT: 5}
    assert sent_columns(world.dump()) == undisturbed(tmp_path_factory)


def test_rows_of_a_table_without_the_number_are_asked_for_by_their_ids(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> LoadResult:
        tables = tuple(replace(t, numbered=t.name != LIFE_MOMENT) for t in plan.tables)
        plan = replace(plan, tables=tables)
        await load_tiny(plan, source, api, ledger)
        (gone,) = source.ids(LIFE_MOMENT, 2, 3)[2:]
        await api.send("DELETE", f"msfsi_lifemoments({gone})")
        return await load_tiny(plan, source, api, ledger)

    result = in_world(world, step)
    assert (result.rows, result.gone) == (EXPECTED, {LIFE_MOMENT: 1})
    assert len(world.dump()[LIFE_MOMENT]) == EXPECTED[LIFE_MOMENT]


def test_lost_rows_stay_lost_and_those_that_are_there_are_found(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> None:
        source.spoilt["contact", 1, 2] = {"lastname": "x" * 300}
        await load_tiny(plan, source, api, ledger)
        before = ledger.lost_rows(plan.run_id)
        there = source.ids("contact", 2, 1)[0]
        wrong = LostRow(Step.CREATE, "contact", 2, 0, there, "refused", "0x1", "not so")
        ledger.lose(plan.run_id, [wrong])
        assert await take_stock(plan, api, ledger) == {}
        assert ledger.lost_rows(plan.run_id) == before

    in_world(world, step)


def test_a_copy_that_carries_the_number_alone_counts_for_nothing(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> LoadResult:
        copy = {"lastname": "Copy", "importsequencenumber": plan.mark}
        await api.post("contacts", copy)
        adopt(plan, ledger_of := Ledger.open(world.folder / "other.sqlite3"))
        result = await load_tiny(plan, source, api, ledger_of)
        ledger_of.close()
        return result

    assert in_world(world, step).rows == EXPECTED


def test_taking_stock_keeps_what_is_not_found_out_yet(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> None:
        part = Range(Step.CREATE, "contact", 1, 0, 3)
        ledger.intend(plan.run_id, [part])
        assert await take_stock(plan, api, ledger) == {}
        assert list(ledger.requests(plan.run_id)) == [(part, RequestState.INTENDED)]

    in_world(world, step)


def test_a_lost_ledgers_rows_without_the_number_are_not_taken_for_refused(world: World) -> None:
    """A plug-in may refuse a row before the service sees that its id is taken."""

    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> LoadResult:
        tables = tuple(replace(t, numbered=t.name != LIFE_MOMENT) for t in plan.tables)
        plan = replace(plan, tables=tables)
        await load_tiny(plan, source, api, ledger)

        async def refuse(request: httpx.Request) -> httpx.Response | None:
            guilty = "/msfsi_lifemoments/" in request.url.path and request.method == "POST"
            error = {"error": {"code": "0x80040265", "message": "No more life events."}}
            return httpx.Response(400, json=error) if guilty else None

        transport.before.append(refuse)
        with closing(Ledger.open(world.folder / "other.sqlite3")) as other:
            adopt(plan, other)
            return await load_tiny(plan, TinySource(plan), api, other)

    result = in_world(world, step)
    assert (result.rows, result.refused) == (EXPECTED, {})
