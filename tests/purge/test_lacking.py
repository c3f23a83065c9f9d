"""What the environment lacks by now, or shows to nobody: the rest goes, and it is told of."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.ledger import Ledger
from seedkit.load.header import find_headers
from seedkit.plan import Plan
from seedkit.purge import PurgeResult
from tests.purge.test_edits import run_purge
from tests.purge.test_engines import answering
from tests.purge.test_purge import ROWS, after_seeding, purge_tiny
from tests.purge.test_search import describing, seeded_without_number
from tests.purge.testers import remove
from tests.worlds import FaultyTransport, World

NOBODY = (
    "The 'RetrieveMultiple' method does not support entities of type 'incident'. "
    "MessageProcessorCache returned MessageProcessor.Empty."
)


@pytest.mark.parametrize("known", [True, False])
def test_a_run_goes_though_a_solution_is_uninstalled_by_now(world: World, known: bool) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult:
        for block in (1, 2):
            for moment in p.stamp.ids(7, block, 5):
                await remove(api, "msfsi_lifemoments", moment)

        async def lacking(request: httpx.Request) -> httpx.Response | None:
            if "msfsi_lifemoment" not in request.url.path:
                return None
            error = {"code": "0x80060888", "message": "There is no such table."}
            return httpx.Response(404, json={"error": error})

        t.before.append(lacking)
        if not known:
            (p,) = (await find_headers(api)).plans
        result = await run_purge(p, api, ledger if known else None)
        assert result.survey.unsearched == {
            "msfsi_lifemoment": "the environment has that table no more"
        }
        return result

    before = world.dump()
    result = after_seeding(world, step)
    assert dict(result.deleted) == {n: rows for n, rows in ROWS.items() if n != "msfsi_lifemoment"}
    assert not result.left
    assert "msfsi_lifemoment" in result.remarks[0]
    assert world.dump() == before


def test_without_the_ledger_rows_without_a_number_are_told_of(world: World) -> None:
    async def run() -> None:
        async with seeded_without_number(world, "msfsi_bank") as (plan, api, _):
            result = await run_purge(plan, api, None)
            (why,) = result.remarks
            assert why.startswith("Rows of msfsi_bank were not looked for: without the ledger")
            assert len(world.dump()["msfsi_bank"]) == 1

    asyncio.run(run())


@pytest.mark.parametrize("status", [400, 405])
def test_a_table_that_the_service_reads_for_nobody_has_no_rows_of_others(
    world: World, status: int
) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult:
        t.before.append(answering("/incidents", status, NOBODY))
        return await purge_tiny(p, api, ledger)

    assert dict(after_seeding(world, step).deleted) == ROWS


def test_a_table_without_an_entity_set_has_no_rows_of_others(world: World) -> None:
    def nameless(description: dict[str, Any]) -> None:
        description["EntitySetName"] = None

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult:
        t.before.append(describing(t, ["incident"], nameless))
        return await purge_tiny(p, api, ledger)

    assert dict(after_seeding(world, step).deleted) == ROWS
