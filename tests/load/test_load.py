"""Loading the tiny bank: everything arrives, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import ConnectionFailedError, ServiceError
from seedkit.ledger import Ledger, RunState
from seedkit.load import Limits, LoadResult, load
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from tests.worlds import FaultyTransport, TinySource, World, plan_for

EXPECTED = {
    "annotation": 1,
    "msfsi_bank": 1,
    "msfsi_branch": 2,
    "contact": 10,
    "msfsi_group": 2,
    "msfsi_groupmember": 10,
    "msfsi_lifemoment": 10,
}
LIMITS = Limits(rows_per_request=3)
Result = TypeVar("Result")
Step = Callable[[Plan, TinySource, WebApi, Ledger, FaultyTransport], Awaitable[Result]]


def in_world(world: World, step: Step[Result]) -> Result:
    async def run() -> Result:
        async with world.api() as (api, transport):
            plan = await plan_for(api)
            ledger = world.ledger()
            ledger.add_run(plan)
            return await step(plan, TinySource(plan), api, ledger, transport)

    return asyncio.run(run())


async def load_tiny(plan: Plan, source: TinySource, api: WebApi, ledger: Ledger) -> LoadResult:
    return await load(plan, source, api, ledger, Unwatched(), LIMITS)


def sent_columns(rows: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    """Leave out what the service itself writes."""
    written = {"versionnumber", "createdon", "modifiedon", "overriddencreatedon"}
    return {
        table: [{k: v for k, v in row.items() if k not in written} for row in found]
        for table, found in rows.items()
        if table in EXPECTED and table != "annotation"
    }


def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, object]]]:
    world = World(tmp_path_factory.mktemp("undisturbed"))
    in_world(world, lambda p, s, a, ledger, t: load_tiny(p, s, a, ledger))
    return sent_columns(world.dump())


def test_loads_every_row_and_the_second_pass(world: World) -> None:
    result = in_world(world, lambda p, s, a, ledger, t: load_tiny(p, s, a, ledger))

    assert result.rows == EXPECTED
    assert not result.refused
    assert not result.skipped
    rows = world.dump()
    members = {row["msfsi_groupmemberid"] for row in rows["msfsi_groupmember"]}
    assert {row["msfsi_primarymember"] for row in rows["msfsi_group"]} <= members
    assert world.ledger().find("tiny").state is RunState.SEEDED


def test_finds_the_guilty_row_and_skips_its_descendants(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> LoadResult:
        source.spoilt["contact", 1, 2] = {"lastname": "x" * 300}
        return await load_tiny(plan, source, api, ledger)

    result = in_world(world, step)

    assert result.refused == {"contact": 1}
    assert result.skipped == {"msfsi_groupmember": 1, "msfsi_lifemoment": 1}
    assert result.rows == EXPECTED | {"contact": 9, "msfsi_groupmember": 9, "msfsi_lifemoment": 9}
    lost = {row.table: row for row in world.ledger().lost_rows("tiny-0001")}
    assert lost["contact"].code == "0x80044331"
    assert lost["contact"].row == 2
    assert lost["contact"].id in lost["msfsi_lifemoment"].reason


@pytest.mark.parametrize("number", range(1, 21, 2))
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_lost_answer_is_settled_by_reading(
    world: World, tmp_path_factory: pytest.TempPathFactory, number: int, moment: str
) -> None:
    writes = 0

    async def lose(request: httpx.Request) -> None:
        nonlocal writes
        writes += request.method != "GET"
        if writes == number and request.method != "GET":
            raise httpx.ReadError("connection reset", request=request)

    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> LoadResult:
        getattr(transport, moment).append(lose)
        return await load_tiny(plan, source, api, ledger)

    result = in_world(world, step)
    assert writes > number
    assert result.rows == EXPECTED
    assert sent_columns(world.dump()) == undisturbed(tmp_path_factory)


def test_goes_on_where_a_dead_environment_stopped_it(
    world: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> LoadResult:
        writes = 0

        async def die(request: httpx.Request) -> None:
            nonlocal writes
            writes += 1
            if writes > 12:
                raise httpx.ConnectError("gone", request=request)

        transport.after.append(die)
        with pytest.raises(ConnectionFailedError):
            await load_tiny(plan, source, api, ledger)
        transport.after.clear()
        return await load_tiny(plan, source, api, ledger)

    assert in_world(world, step).rows == EXPECTED
    assert sent_columns(world.dump()) == undisturbed(tmp_path_factory)


def test_throttling_is_waited_for(world: World) -> None:
    waits: list[float] = []

    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> LoadResult:
        throttled = 0

        async def throttle(request: httpx.Request) -> httpx.Response | None:
            nonlocal throttled
            if request.url.path.endswith("CreateMultiple") and throttled < 2:
                throttled += 1
                body = {"error": {"code": "0x80072322", "message": "Too many requests"}}
                return httpx.Response(429, json=body, headers={"Retry-After": "7"})
            return None

        async def sleep(seconds: float) -> None:
            waits.append(seconds)

        api.sleep = sleep
        transport.before.append(throttle)
        return await load_tiny(plan, source, api, ledger)

    assert in_world(world, step).rows == EXPECTED
    assert waits == pytest.approx([7.0, 7.0], abs=0.05)


def test_a_missing_privilege_stops_the_run(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> None:
        async def forbid(request: httpx.Request) -> httpx.Response | None:
            if "/contacts/" not in request.url.path:
                return None
            body = {"error": {"code": "0x80040220", "message": "prvCreateContact is missing"}}
            return httpx.Response(403, json=body)

        transport.before.append(forbid)
        with pytest.raises(ServiceError, match="prvCreateContact"):
            await load_tiny(plan, source, api, ledger)

    in_world(world, step)
    assert world.dump()["contact"] == []


def test_tables_without_bulk_messages_go_by_batch(world: World) -> None:
    async def step(
        plan: Plan, source: TinySource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> LoadResult:
        from dataclasses import replace

        tables = tuple(replace(t, create_by="$batch", update_by="$batch") for t in plan.tables)
        source.spoilt["msfsi_branch", 0, 1] = {"msfsi_name": 5}
        return await load_tiny(replace(plan, tables=tables), source, api, ledger)

    result = in_world(world, step)
    assert result.refused == {"msfsi_branch": 1}
    assert result.rows["contact"] == 6
    assert result.skipped["contact"] == 4
