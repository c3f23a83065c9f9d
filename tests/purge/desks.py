"""A help desk that was seeded, for what testers do to cases, activities and articles."""

from __future__ import annotations

import asyncio

from seedkit.dataverse.client import WebApi
from seedkit.load import Limits, load
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from tests.helpdesk import TABLES, DeskSource, desk_plan
from tests.purge.test_purge import Result, Step
from tests.worlds import World

NUMBERS = dict(TABLES)
OPEN_CASE, RESOLVED_CASE = 3, 0  # rows of a block whose cases a run leaves so


def after_desk(world: World, step: Step[Result]) -> Result:
    """Seed one block of the help desk, then do a step."""

    async def run() -> Result:
        async with world.api() as (api, transport):
            plan, ledger = await desk_plan(api), world.ledger()
            ledger.add_run(plan)
            result = await load(plan, DeskSource(plan, 1), api, ledger, Unwatched(), Limits())
            assert not result.refused
            return await step(plan, api, ledger, transport)

    return asyncio.run(run())


def row_of(plan: Plan, table: str, row: int = 0, block: int = 1) -> str:
    """Return the id of a row of the help desk."""
    return plan.stamp.ids(NUMBERS[table], block, 1, row)[0]


async def resolve(api: WebApi, case: str) -> None:
    """Resolve a case as the app does."""
    how = {"subject": "Done", "incidentid@odata.bind": f"/incidents({case})"}
    await api.post("CloseIncident", {"IncidentResolution": how, "Status": 5})
