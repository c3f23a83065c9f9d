"""Whatever happens on the way, and however often a load is started again: the same rows."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings

from seedkit.dataverse.client import WebApi
from seedkit.errors import SeedkitError
from seedkit.ledger import Ledger, RunState
from seedkit.load import Limits, LoadResult, load
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.verify import verify
from tests.faults import Faults, fault_plans
from tests.load.test_load import EXPECTED, sent_columns, undisturbed
from tests.worlds import TinySource, World, plan_for

REQUESTS = 35  # an undisturbed load of the tiny bank at three rows per request takes 21
SIZES = (3, 4, 2, 250, 1)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    return undisturbed(tmp_path_factory)


async def load_until_done(plan: Plan, api: WebApi, ledger: Ledger) -> LoadResult:
    """Load again after each failure, with another request size each time."""
    for attempt in range(10):
        limits = Limits(rows_per_request=SIZES[attempt % len(SIZES)])
        try:
            return await load(plan, TinySource(plan), api, ledger, Unwatched(), limits)
        except SeedkitError:
            assert ledger.find(None).state is RunState.SEEDING
    raise AssertionError("no end")


@settings(max_examples=15, deadline=None, derandomize=True)
@given(fault_plans(REQUESTS))
@example(dict.fromkeys(range(1, 9), "answer lost"))
@example({2: "500"})
def test_faults_leave_no_trace(
    expected: dict[str, list[dict[str, Any]]], faults: dict[int, str]
) -> None:
    async def run() -> None:
        async with world.api() as (api, transport):
            plan, ledger = await plan_for(api), world.ledger()
            ledger.add_run(plan)
            Faults(faults).strike(transport)
            result = await load_until_done(plan, api, ledger)
            transport.before.clear()
            transport.after.clear()
            assert result.rows == EXPECTED
            assert ledger.lost_rows(plan.run_id) == []
            assert ledger.find(None).state is RunState.SEEDED
            assert all(check.holds for check in await verify(plan, api, ledger))
            ledger.close()

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        world = World(Path(folder))
        asyncio.run(run())
        assert sent_columns(world.dump()) == expected
