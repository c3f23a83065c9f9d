"""Whatever happens on the way, and however often a purge is started again: all is as before."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from hypothesis import example, given, settings

from seedkit.dataverse.client import WebApi
from seedkit.errors import SeedkitError
from seedkit.ledger import Ledger, RunState
from seedkit.load import load
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.purge import PurgeOptions, PurgeResult, purge
from tests.faults import Faults, fault_plans
from tests.worlds import FaultyTransport, TinySource, World, plan_for

REQUESTS = 170  # an undisturbed purge of the tiny bank takes 151
DELETES = range(95, 106)  # the first ones that delete
SIZES = (3, 4, 2, 100, 1)


async def purge_until_done(plan: Plan, api: WebApi, ledger: Ledger) -> PurgeResult:
    """Purge again after each failure, with another request size each time."""
    for attempt in range(12):
        options = PurgeOptions(rows_per_request=SIZES[attempt % len(SIZES)])
        try:
            result = await purge(plan, api, ledger, Unwatched(), options)
        except SeedkitError:
            assert ledger.find(None).state in {RunState.SEEDED, RunState.PURGING}
        else:
            if not result.left:
                return result
    raise AssertionError("no end")


def after_load(
    world: World, purging: Callable[[Plan, WebApi, Ledger, FaultyTransport], Awaitable[None]]
) -> None:
    """Seed the tiny bank, then purge it in some way."""

    async def run() -> None:
        async with world.api() as (api, transport):
            plan, ledger = await plan_for(api), world.ledger()
            ledger.add_run(plan)
            await load(plan, TinySource(plan), api, ledger, Unwatched())
            transport.seen.clear()
            await purging(plan, api, ledger, transport)
            assert ledger.runs() == []
            ledger.close()

    asyncio.run(run())


def test_the_numbers_of_requests_are_those_of_a_purge(world: World) -> None:
    async def purging(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        await purge_until_done(p, api, ledger)
        deletes = [n for n, r in enumerate(transport.seen, 1) if r.url.path.endswith("$batch")]
        assert len(transport.seen) <= REQUESTS
        assert set(deletes) & set(DELETES)

    after_load(world, purging)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(fault_plans(REQUESTS))
@example(dict.fromkeys(DELETES, "answer lost"))
@example(dict.fromkeys(DELETES, "503 though done"))
def test_faults_leave_no_trace(faults: dict[int, str]) -> None:
    async def purging(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        Faults(faults).strike(transport)
        await purge_until_done(p, api, ledger)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        world = World(Path(folder))
        before = world.dump()
        after_load(world, purging)
        assert world.dump() == before
