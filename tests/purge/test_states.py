"""Cases and articles whose state a tester changed: they go and are told of, or stay whole."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from seedkit.dataverse.client import WebApi
from seedkit.ledger import Ledger
from seedkit.plan import Plan
from seedkit.purge import PurgeResult
from tests.purge.desks import OPEN_CASE, RESOLVED_CASE, after_desk, resolve, row_of
from tests.purge.test_edits import run_purge
from tests.purge.testers import as_tester, change
from tests.worlds import FaultyTransport, World

Deed = Callable[[WebApi, Plan], Awaitable[Any]]


async def resolve_case(api: WebApi, plan: Plan) -> None:
    """What is open under a case is in the way of resolving it."""
    await change(api, "phonecalls", row_of(plan, "phonecall", OPEN_CASE), statecode=1)
    await resolve(api, row_of(plan, "incident", OPEN_CASE))


async def cancel_case(api: WebApi, plan: Plan) -> None:
    await change(api, "incidents", row_of(plan, "incident", OPEN_CASE), statecode=2, statuscode=6)


async def reopen_case(api: WebApi, plan: Plan) -> None:
    case = row_of(plan, "incident", RESOLVED_CASE)
    await change(api, "incidents", case, statecode=0, statuscode=1)


async def complete_task(api: WebApi, plan: Plan) -> None:
    await change(api, "tasks", row_of(plan, "task", OPEN_CASE), statecode=1, statuscode=5)


async def publish(api: WebApi, plan: Plan) -> None:
    article = row_of(plan, "knowledgearticle", 1, block=0)
    await change(api, "knowledgearticles", article, statecode=3, statuscode=7)


async def withdraw(api: WebApi, plan: Plan) -> None:
    article = row_of(plan, "knowledgearticle", 0, block=0)
    await change(api, "knowledgearticles", article, statecode=0, statuscode=2)


DEEDS: dict[str, tuple[Deed, str, str]] = {
    "resolved": (resolve_case, "incident", "state Resolved"),
    "cancelled": (cancel_case, "incident", "state Cancelled"),
    "reopened": (reopen_case, "incident", "state Active"),
    "completed": (complete_task, "task", "state Completed"),
    "published": (publish, "knowledgearticle", "state Published"),
    "withdrawn": (withdraw, "knowledgearticle", "state Draft"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_a_tester_brought_to_another_state_goes_and_is_told_of(
    world: World, deed: str
) -> None:
    do, table, told = DEEDS[deed]
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> PurgeResult:
        async with as_tester(world, None) as theirs:
            await do(theirs, p)
        return await run_purge(p, api, ledger)

    result = after_desk(world, step)
    assert not result.left
    rows = [row for row in result.survey.edited if row.table == table]
    assert [told in row.changes for row in rows] == [True]
    assert world.dump() == before


def test_a_case_that_is_kept_keeps_how_it_was_resolved(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        async with as_tester(world, None) as theirs:
            await resolve_case(theirs, p)
        resolved = world.dump()
        result = await run_purge(p, api, ledger, keep_edited=True)
        assert {name: result.kept[name] for name in ("incident", "phonecall", "contact")} == {
            "incident": 1,
            "phonecall": 1,
            "contact": 1,
        }
        case = row_of(p, "incident", OPEN_CASE)
        after = world.dump()
        assert [row["incidentid"] for row in after["incident"]] == [case]
        of_case = [row for row in resolved["incidentresolution"] if row["incidentid"] == case]
        assert after["incidentresolution"] == of_case != []

    after_desk(world, step)


def test_an_article_that_is_kept_keeps_its_root_and_its_state(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        async with as_tester(world, None) as theirs:
            await publish(theirs, p)
        result = await run_purge(p, api, ledger, keep_edited=True)
        assert result.kept["knowledgearticle"] == 1
        rows = {row["isrootarticle"]: row for row in world.dump()["knowledgearticle"]}
        assert rows[0]["statecode"] == 3
        assert rows[0]["rootarticleid"] == rows[1]["knowledgearticleid"]

    after_desk(world, step)
