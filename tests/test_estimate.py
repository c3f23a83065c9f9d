"""The estimate: simulated time, rows that are counted, room in the database."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

import httpx
import pytest

from seedkit.estimate import SECONDS_PER_REQUEST, SECONDS_PER_ROW, Conditions, Estimate, estimate
from seedkit.estimate.service import CountingService
from seedkit.estimate.simulation import run_simulated
from seedkit.estimate.storage import stored_bytes
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from tests.worlds import TinySource, World, plan_for

ROOT = "https://environment.example/api/data/v9.2/"


def planned(world: World) -> Plan:
    async def work() -> Plan:
        async with world.api() as (api, _):
            return await plan_for(api)

    return asyncio.run(work())


def made(world: World, conditions: Conditions, **sizes: int) -> Estimate:
    plan = planned(world)
    return estimate(plan, TinySource(plan, **sizes), conditions, Unwatched())


def test_hours_pass_in_moments_and_together() -> None:
    async def work() -> str:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(asyncio.sleep(3600))
            tasks.create_task(asyncio.sleep(7200))
        return "done"

    began = time.monotonic()
    assert run_simulated(work()) == ("done", pytest.approx(7200))
    assert time.monotonic() - began < 3600  # whoever really waits takes two hours


def test_work_in_threads_takes_no_simulated_time_and_its_errors_come_out() -> None:
    async def work() -> int:
        timer = asyncio.create_task(asyncio.sleep(5))
        found = await asyncio.to_thread(lambda: 7)
        assert not timer.done()
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 // 0)
        await timer
        return found

    assert run_simulated(work()) == (7, pytest.approx(5))


def test_rows_are_counted_by_table_and_message(world: World) -> None:
    found = made(world, Conditions(rows_per_request=4), blocks=3, customers=10)
    sent = {(one.table, one.message): (one.rows, one.requests) for one in found.sent}
    assert sent["contact", "CreateMultiple"] == (30, 9)
    assert sent["msfsi_branch", "CreateMultiple"] == (2, 1)
    assert sent["msfsi_group", "UpdateMultiple"] == (3, 3)
    assert sent["annotation", "POST"] == (1, 1)
    assert found.rows["contact"] == 30
    # The header note is written, finished, read, and told when that was.
    assert found.requests == sum(one.requests for one in found.sent) + 3
    assert found.counted == sum(one.rows for one in found.sent) + 3


def test_tables_without_bulk_messages_go_by_batch(world: World) -> None:
    plan = planned(world)
    tables = [replace(table, create_by="$batch", update_by="$batch") for table in plan.tables]
    batched = replace(plan, tables=tuple(tables))
    found = estimate(batched, TinySource(plan, blocks=2), Conditions(1000), Unwatched())
    sent = {(one.table, one.message): one for one in found.sent}
    assert sent["contact", "$batch"].rows == 10
    assert (
        sent["contact", "$batch"].first[0]["contactid"] == TinySource(plan).ids("contact", 1, 1)[0]
    )
    assert sent["msfsi_group", "$batch PATCH"].rows == 2
    assert len(sent["contact", "$batch"].sample) == 5
    assert found.rows == made(world, Conditions(1000), blocks=2).rows
    assert found.bytes > 0


def test_ceilings_and_advice_hold(world: World) -> None:
    alone = made(world, Conditions(1000, requests_in_flight=1), blocks=4)
    assert alone.in_flight == 1
    rows = sum(one.rows for one in alone.sent)
    assert alone.seconds == pytest.approx(
        alone.requests * SECONDS_PER_REQUEST + (rows + 2) * SECONDS_PER_ROW
    )
    advised = made(world, Conditions(1000, hint=2), blocks=4)
    assert 1 < advised.in_flight <= 8  # the first requests leave before there is advice
    free = made(world, Conditions(1, requests_in_flight=48, hint=48), blocks=8, customers=40)
    assert free.in_flight > 8


def test_the_window_of_300_seconds_is_kept(world: World) -> None:
    held = made(world, Conditions(1, requests_in_flight=48, hint=48), blocks=21, customers=100)
    assert held.requests > 6_000
    assert held.seconds > 300


def test_a_request_that_no_load_makes_is_an_error() -> None:
    async def ask(method: str, path: str) -> None:
        service = CountingService({}, None)
        await service.handle_async_request(httpx.Request(method, ROOT + path))

    for method, path in (("GET", "contacts"), ("DELETE", "contacts(1)"), ("PUT", "x")):
        with pytest.raises(ValueError, match="is no request of a load"):
            asyncio.run(ask(method, path))


@pytest.mark.parametrize(
    ("row", "bytes"),
    [
        ({}, 400),
        ({"@odata.type": "Microsoft.Dynamics.CRM.contact"}, 400),
        ({"contactid": "8427187f-5eed-8002-8f8c-3afd90000000"}, 432),
        ({"msfsi_Bank@odata.bind": "/msfsi_banks(8427187f-5eed-8002-8f8c-3afd90000000)"}, 432),
        ({"lastname": "Okafor"}, 424),
        ({"birthdate": "1962-04-04"}, 416),
        ({"msfsi_joindate": "2020-01-31T12:00:00Z"}, 416),
        ({"msfsi_balance": 1.5, "donotfax": False}, 432),
    ],
)
def test_values_take_room_by_their_kind(row: dict[str, Any], bytes: int) -> None:
    assert stored_bytes(row) == bytes
