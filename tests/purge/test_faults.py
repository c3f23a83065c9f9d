"""Whatever happens on the way, and however often a purge is started again: all is as before."""

from __future__ import annotations

import asyncio
import tempfile
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
from tests.worlds import TinySource, World, plan_for

REQUESTS = 75  # an undisturbed purge of the tiny bank takes 57; the first delete is the 29th
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


@settings(max_examples=15, deadline=None, derandomize=True)
@given(fault_plans(REQUESTS))
@example(dict.fromkeys(range(29, 37), "answer lost"))
def test_faults_leave_no_trace(faults: dict[int, str]) -> None:
    async def run() -> None:
        async with world.api() as (api, transport):
            plan, ledger = await plan_for(api), world.ledger()
            ledger.add_run(plan)
            await load(plan, TinySource(plan), api, ledger, Unwatched())
            Faults(faults).strike(transport)
            await purge_until_done(plan, api, ledger)
            assert ledger.runs() == []
            ledger.close()

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        world = World(Path(folder))
        before = world.dump()
        asyncio.run(run())
        assert world.dump() == before
