"""Purging the tiny bank: exactly its rows go, whatever else is there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import ConnectionFailedError, IncompleteError, StrangersError, WrongTargetError
from seedkit.ledger import Ledger, RunState
from seedkit.load import Limits, load
from seedkit.load.header import find_headers
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.purge import PurgeOptions, PurgeResult, purge
from tests.worlds import FaultyTransport, TinySource, World, plan_for, without_contact

ROWS = {
    "annotation": 1,
    "msfsi_bank": 1,
    "msfsi_branch": 2,
    "contact": 10,
    "msfsi_group": 2,
    "msfsi_groupmember": 10,
    "msfsi_lifemoment": 10,
}
OPTIONS = PurgeOptions(rows_per_request=3)
Result = TypeVar("Result")
Step = Callable[[Plan, WebApi, Ledger, FaultyTransport], Awaitable[Result]]


def after_seeding(world: World, step: Step[Result]) -> Result:
    async def run() -> Result:
        async with world.api() as (api, transport):
            plan = await plan_for(api)
            ledger = world.ledger()
            ledger.add_run(plan)
            await load(plan, TinySource(plan), api, ledger, Unwatched(), Limits(rows_per_request=3))
            return await step(plan, api, ledger, transport)

    return asyncio.run(run())


async def purge_tiny(plan: Plan, api: WebApi, ledger: Ledger | None) -> PurgeResult:
    return await purge(plan, api, ledger, Unwatched(), OPTIONS)


async def add_contact(api: WebApi, **values: object) -> str:
    answer = await api.post("contacts", {"lastname": "Stranger", **values})
    return answer.headers["OData-EntityId"].split("(")[1].rstrip(")")


def test_leaves_nothing_and_touches_nothing(world: World) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> PurgeResult:
        return await purge_tiny(p, api, ledger)

    result = after_seeding(world, step)

    assert dict(result.deleted) == ROWS
    assert not result.left
    assert world.dump() == before
    assert world.ledger().runs() == []


def test_keeps_rows_of_others_that_came_before_and_in_between(world: World) -> None:
    async def early() -> None:
        async with world.api() as (api, _):
            await add_contact(api)

    asyncio.run(early())
    between: list[str] = []

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> PurgeResult:
        between.append(await add_contact(api, importsequencenumber=77))
        return await purge_tiny(p, api, ledger)

    before = world.dump()
    after_seeding(world, step)
    after = world.dump()

    assert between[0] in {row["contactid"] for row in after["contact"]}
    assert without_contact(after, between[0]) == before


@pytest.mark.parametrize("lost", ["ledger", "note"])
def test_works_with_one_of_its_memories(world: World, lost: str) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        if lost == "note":
            await api.send("DELETE", f"annotations({p.stamp.ids(1, 0, 1)[0]})")
            await purge_tiny(p, api, ledger)
        else:
            (noted,) = (await find_headers(api)).plans
            assert noted == p
            await purge_tiny(noted, api, None)

    after_seeding(world, step)
    assert world.dump() == before


def test_a_dry_run_changes_nothing(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> PurgeResult:
        seeded.append(world.dump())
        return await purge(p, api, ledger, Unwatched(), PurgeOptions(dry_run=True))

    seeded: list[dict[str, list[dict[str, object]]]] = []
    result = after_seeding(world, step)

    assert result.survey.counts == ROWS
    assert world.dump() == seeded[0]
    assert world.ledger().find(None).state is RunState.SEEDED


def test_stops_at_strangers_before_deleting_anything(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        contact = p.stamp.ids(4, 1, 1)[0]
        await api.post(
            "msfsi_lifemoments",
            {"msfsi_name": "A tester's own", "msfsi_Contact@odata.bind": f"/contacts({contact})"},
        )
        await api.post(
            "annotations",
            {"subject": "My note", "objectid_contact@odata.bind": f"/contacts({contact})"},
        )
        seeded = world.dump()
        with pytest.raises(StrangersError) as caught:
            await purge_tiny(p, api, ledger)
        assert world.dump() == seeded
        assert {stranger["name"] for stranger in caught.value.strangers} == {
            "A tester's own",
            "My note",
        }

    after_seeding(world, step)


def test_a_row_with_our_number_but_not_our_id_is_doubtful_and_stops_the_cascade(
    world: World,
) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        contact = p.stamp.ids(4, 1, 1)[0]
        free = await add_contact(api, importsequencenumber=p.mark)
        dry = await purge(p, api, ledger, Unwatched(), PurgeOptions(dry_run=True))
        assert dry.survey.doubtful == {"contact": 1}
        await api.post(
            "msfsi_lifemoments",
            {
                "msfsi_name": "Imported",
                "importsequencenumber": p.mark,
                "msfsi_Contact@odata.bind": f"/contacts({contact})",
            },
        )
        with pytest.raises(StrangersError):
            await purge_tiny(p, api, ledger)
        row = await api.get(f"contacts({free})", {"$select": "lastname"})
        assert row["lastname"] == "Stranger"

    after_seeding(world, step)


def test_a_stranger_that_comes_in_between_stops_the_rest(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        contact = p.stamp.ids(4, 1, 1)[0]
        added = False

        async def intrude(request: httpx.Request) -> None:
            nonlocal added
            if not added and request.url.path.endswith("$batch"):
                added = True
                await api.post(
                    "annotations",
                    {"subject": "Late", "objectid_contact@odata.bind": f"/contacts({contact})"},
                )

        transport.after.append(intrude)
        with pytest.raises(IncompleteError, match="Late"):
            await purge_tiny(p, api, ledger)
        assert any(row["subject"] == "Late" for row in world.dump()["annotation"])
        assert len(world.dump()["contact"]) == 10

    after_seeding(world, step)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("number", [1, 4, 9, 14])
def test_an_interrupted_purge_can_be_started_again(world: World, number: int, moment: str) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        batches = 0

        async def die(request: httpx.Request) -> None:
            nonlocal batches
            batches += request.url.path.endswith("$batch")
            if batches >= number:
                raise httpx.ReadError("reset", request=request)

        getattr(transport, moment).append(die)
        with pytest.raises(ConnectionFailedError):
            await purge_tiny(p, api, ledger)
        getattr(transport, moment).clear()
        assert ledger.find(None).state is RunState.PURGING
        await purge_tiny(p, api, ledger)

    after_seeding(world, step)
    assert world.dump() == before


def test_refuses_another_environment(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        from dataclasses import replace

        elsewhere = replace(p, environment=replace(p.environment, id="another"))
        with pytest.raises(WrongTargetError):
            await purge_tiny(elsewhere, api, ledger)

    after_seeding(world, step)
    assert len(world.dump()["contact"]) == 10


def test_what_cannot_be_deleted_is_left_and_told(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> PurgeResult:
        stubborn = p.stamp.ids(4, 2, 1)[0]

        async def shield(request: httpx.Request) -> None:
            line = f"contacts({stubborn}) HTTP/1.1\r\n".encode()
            content = request.content.replace(line, line + b'If-Match: W/"1"\r\n')
            request.stream = httpx.ByteStream(content)
            request.headers["Content-Length"] = str(len(content))

        transport.before.append(shield)
        return await purge_tiny(p, api, ledger)

    result = after_seeding(world, step)
    assert result.left == {"contact": 1}
    assert [row.code for row in result.leftovers] == ["0x80060882"]
    assert world.ledger().find(None).state is RunState.PURGING


def test_a_row_that_took_the_id_of_one_of_ours_is_not_ours(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> PurgeResult:
        taken.append(p.stamp.ids(7, 1, 1)[0])
        await api.send("DELETE", f"msfsi_lifemoments({taken[0]})")
        await api.post("msfsi_lifemoments", {"msfsi_lifemomentid": taken[0], "msfsi_name": "mine"})
        return await purge_tiny(p, api, ledger)

    taken: list[str] = []
    result = after_seeding(world, step)
    assert result.survey.doubtful == {"msfsi_lifemoment": 1}
    (row,) = world.dump()["msfsi_lifemoment"]
    assert row["msfsi_lifemomentid"] == taken[0]
