"""Which rows are ours and which are strangers, where one of the marks is missing or borrowed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import orjson
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import MissingInTargetError, StrangersError
from seedkit.ledger import Ledger, RunState
from seedkit.load import Limits, load
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.purge import PurgeOptions, purge
from seedkit.verify import verify
from tests.purge.test_purge import ROWS, add_contact, after_seeding, purge_tiny
from tests.worlds import FaultyTransport, TinySource, World, plan_for, without_contact

NUMBER = "importsequencenumber"
CYCLE = {"msfsi_group", "msfsi_groupmember"}


def describing(
    transport: FaultyTransport, tables: Iterable[str], change: Callable[[dict[str, Any]], None]
) -> Callable[[httpx.Request], Awaitable[Any]]:
    """Describe some tables otherwise than the environment does."""
    own = tuple(f"EntityDefinitions(LogicalName='{table}')" for table in tables)

    async def describe(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith(own):
            return None
        response = await transport.inner.handle_async_request(request)
        data = orjson.loads(await response.aread())
        change(data)
        return httpx.Response(200, json=data)

    return describe


def without_number(description: dict[str, Any]) -> None:
    """Turn a table into one whose rows can't be given a number."""
    for column in description["Attributes"]:
        if column["LogicalName"] == NUMBER:
            column["IsValidForCreate"] = False


def with_unknown_cascades(description: dict[str, Any]) -> None:
    """Leave open what a delete does between groups and their members."""
    for link in description["ManyToOneRelationships"] + description["OneToManyRelationships"]:
        if {link["ReferencedEntity"], link["ReferencingEntity"]} == CYCLE:
            link["CascadeConfiguration"] = {}


def refusing(table_set: str) -> Callable[[httpx.Request], Awaitable[Any]]:
    """Refuse every delete in a table, as for want of a privilege."""
    part = "Content-Type: application/http\r\n\r\nHTTP/1.1 403 Forbidden\r\n\r\n{}"
    kind = {"Content-Type": "multipart/mixed; boundary=b"}

    async def refuse(request: httpx.Request) -> httpx.Response | None:
        if f"DELETE /api/data/v9.2/{table_set}(".encode() not in request.content:
            return None
        return httpx.Response(200, text=f"--b\r\n{part}\r\n--b--\r\n", headers=kind)

    return refuse


@asynccontextmanager
async def seeded_without_number(
    world: World, table: str
) -> AsyncIterator[tuple[Plan, WebApi, Ledger]]:
    async with world.api() as (api, transport):
        transport.before.append(describing(transport, [table], without_number))
        plan, ledger = await plan_for(api), world.ledger()
        assert not plan.table(table).numbered
        ledger.add_run(plan)
        await load(plan, TinySource(plan), api, ledger, Unwatched(), Limits(rows_per_request=3))
        yield plan, api, ledger


@pytest.mark.parametrize("table", ["contact", "msfsi_bank", "msfsi_lifemoment"])
def test_a_table_without_the_number_is_purged_by_id_and_ledger(world: World, table: str) -> None:
    async def run() -> None:
        async with seeded_without_number(world, table) as (plan, api, ledger):
            assert {row[NUMBER] for row in world.dump()[table]} == {None}
            assert all(check.holds for check in await verify(plan, api, ledger))
            result = await purge_tiny(plan, api, ledger)
            assert dict(result.deleted) == ROWS
            assert not result.left

    before = world.dump()
    asyncio.run(run())
    assert world.dump() == before


def test_strangers_below_rows_without_the_number_are_found(world: World) -> None:
    async def run() -> None:
        async with seeded_without_number(world, "contact") as (plan, api, ledger):
            contact = plan.stamp.ids(4, 2, 1)[0]
            body = {"subject": "Mine", "objectid_contact@odata.bind": f"/contacts({contact})"}
            await api.post("annotations", body)
            seeded = world.dump()
            with pytest.raises(StrangersError) as caught:
                await purge_tiny(plan, api, ledger)
            assert [stranger["name"] for stranger in caught.value.strangers] == ["Mine"]
            assert world.dump() == seeded

    asyncio.run(run())


def test_strangers_of_a_table_without_the_number_are_found(world: World) -> None:
    async def run() -> None:
        async with seeded_without_number(world, "msfsi_lifemoment") as (plan, api, ledger):
            contact = plan.stamp.ids(4, 2, 1)[0]
            body = {"msfsi_name": "Mine", "msfsi_Contact@odata.bind": f"/contacts({contact})"}
            await api.post("msfsi_lifemoments", body)
            with pytest.raises(StrangersError) as caught:
                await purge_tiny(plan, api, ledger)
            assert [stranger["name"] for stranger in caught.value.strangers] == ["Mine"]

    asyncio.run(run())


def test_what_is_left_of_a_table_without_the_number_is_told(world: World) -> None:
    async def run() -> None:
        async with seeded_without_number(world, "msfsi_bank") as (plan, api, ledger):
            api.transport.before.append(refusing("msfsi_banks"))  # type: ignore[attr-defined]
            result = await purge_tiny(plan, api, ledger)
            assert result.left == {"msfsi_bank": 1}
            assert ledger.find(None).state is RunState.PURGING

    asyncio.run(run())


def test_a_row_that_has_taken_one_of_our_ids_stays(world: World) -> None:
    taken = ""

    async def run() -> None:
        nonlocal taken
        async with world.api() as (api, _):
            plan, ledger = await plan_for(api), world.ledger()
            ledger.add_run(plan)
            source = TinySource(plan)
            taken = source.ids("contact", 1, 5)[3]
            await api.post("contacts", {"contactid": taken, "lastname": "Imported"})
            await load(plan, source, api, ledger, Unwatched(), Limits(rows_per_request=3))
            result = await purge_tiny(plan, api, ledger)
            assert result.deleted["contact"] == 9

    before = world.dump()
    asyncio.run(run())
    after = world.dump()
    (kept,) = (row for row in after["contact"] if row["contactid"] == taken)
    assert kept["lastname"] == "Imported"
    assert without_contact(after, taken) == before


def test_a_row_below_one_that_stays_is_no_stranger(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        copied = await add_contact(api, **{NUMBER: p.mark})
        body = {"subject": "On a copy", "objectid_contact@odata.bind": f"/contacts({copied})"}
        await api.post("annotations", body)
        result = await purge_tiny(p, api, ledger)
        assert dict(result.deleted) == ROWS
        assert result.survey.doubtful == {"contact": 1}
        rows = world.dump()
        assert [row["contactid"] for row in rows["contact"]] == [copied]
        assert [row["subject"] for row in rows["annotation"]] == ["On a copy"]

    after_seeding(world, step)


def test_a_copied_row_does_not_count_as_one_of_the_run(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        await add_contact(api, **{NUMBER: p.mark})
        checks = {check.table: check for check in await verify(p, api, ledger)}
        assert checks["contact"].found == checks["contact"].expected == 10
        await api.send("DELETE", f"contacts({p.stamp.ids(4, 1, 1)[0]})")
        checks = {check.table: check for check in await verify(p, api, ledger)}
        assert checks["contact"].found == 9
        assert not checks["contact"].holds

    after_seeding(world, step)


def test_rows_of_ours_that_were_moved_go_and_their_new_parent_stays(world: World) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> str:
        other = await add_contact(api)
        moment = p.stamp.ids(7, 1, 1)[0]
        body = b'{"msfsi_Contact@odata.bind": "/contacts(%s)"}' % other.encode()
        await api.send("PATCH", f"msfsi_lifemoments({moment})", body)
        assert dict((await purge_tiny(p, api, ledger)).deleted) == ROWS
        return other

    other = after_seeding(world, step)
    after = world.dump()
    assert other in {row["contactid"] for row in after["contact"]}
    assert without_contact(after, other) == before


def test_a_header_note_that_cannot_be_deleted_is_left_and_told(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        transport.before.append(refusing("annotations"))
        result = await purge_tiny(p, api, ledger)
        assert result.left == {"annotation": 1}
        assert ledger.find(None).state is RunState.PURGING
        transport.before.clear()
        assert not (await purge_tiny(p, api, ledger)).left
        assert ledger.runs() == []

    after_seeding(world, step)


def test_two_runs_side_by_side_are_told_apart(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> None:
        alone = world.dump()
        second = await plan_for(api, "tiny-0002")
        ledger.add_run(second)
        await load(second, TinySource(second), api, ledger, Unwatched())
        result = await purge(second, api, ledger, Unwatched(), PurgeOptions())
        assert dict(result.deleted) == ROWS
        assert world.dump() == alone

    after_seeding(world, step)


def test_a_cycle_of_cascades_does_not_keep_a_run_from_being_purged(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        transport.before.append(describing(transport, CYCLE, with_unknown_cascades))
        result = await purge_tiny(p, api, ledger)
        assert not result.left
        assert Counter(result.deleted) + Counter(result.already_gone) == ROWS

    before = world.dump()
    after_seeding(world, step)
    assert world.dump() == before


@pytest.mark.parametrize(
    ("status", "told"), [(403, "may not read incident"), (501, "does not let incident be searched")]
)
def test_rows_that_we_may_not_see_are_not_taken_for_none(
    world: World, status: int, told: str
) -> None:
    async def unseen(request: httpx.Request) -> httpx.Response | None:
        if request.method != "GET" or not request.url.path.endswith("/incidents"):
            return None
        body = {"error": {"code": "0x80040220", "message": "prvReadIncident is missing"}}
        return httpx.Response(status, json=body)

    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        transport.before.append(unseen)
        before = world.dump()
        with pytest.raises(MissingInTargetError, match=told):
            await purge_tiny(p, api, ledger)
        assert world.dump() == before

    after_seeding(world, step)
