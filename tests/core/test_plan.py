"""Plans: frozen, whole, the same for the same request, and bound to what is there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.errors import LedgerError, MissingInTargetError, UsageError
from seedkit.marks import mark_for
from seedkit.plan import Plan, bind_currencies, digest_of
from seedkit.plan.formats import FORMAT
from seedkit.plan.making import MARK_ATTEMPTS
from tests.core.plans import PLAN
from tests.worlds import FaultyTransport, World, plan_for

RECORDED = Path(__file__).parent / "plan_formats"


def in_world(world: World, work: Callable[[WebApi, FaultyTransport], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with world.api() as (api, transport):
            return await work(api, transport)

    return asyncio.run(run())


def test_a_plan_reads_back_from_its_bytes() -> None:
    assert Plan.from_json(orjson.loads(PLAN.to_bytes())) == PLAN


def test_the_digest_depends_on_content_and_not_on_order() -> None:
    profile = dict(reversed(list(PLAN.profile.items())))
    assert replace(PLAN, profile=profile).digest == PLAN.digest
    assert replace(PLAN, profile={**profile, "households": 3}).digest != PLAN.digest


@pytest.mark.parametrize("number", [0, FORMAT + 1, None, "1"])
def test_another_format_is_refused(number: object) -> None:
    with pytest.raises(LedgerError, match="format"):
        Plan.from_json(PLAN.to_json() | {"format": number})


def recorded(number: int) -> dict[str, Any]:
    """Return a plan and its digest as a version of that format wrote them."""
    found: dict[str, Any] = orjson.loads((RECORDED / f"{number}.json").read_bytes())
    return found


@pytest.mark.parametrize("number", range(1, FORMAT + 1))
def test_every_format_is_read_and_known_by_its_digest(number: int) -> None:
    sample = recorded(number)
    plan = Plan.from_json(sample["plan"])
    assert sample["plan"]["format"] == number
    assert digest_of(sample["plan"]) == sample["digest"]
    assert Plan.from_json(plan.to_json()) == plan
    assert (plan.run_id, plan.mark, plan.tables) == (PLAN.run_id, PLAN.mark, PLAN.tables)


def test_a_run_of_format_1_belongs_to_whoever_made_it() -> None:
    assert Plan.from_json(recorded(1)["plan"]) == PLAN


def test_this_format_is_written_as_it_was_recorded() -> None:
    sample = recorded(FORMAT)
    assert orjson.loads(Plan.from_json(sample["plan"]).to_bytes()) == sample["plan"]


@pytest.mark.parametrize(
    "change",
    [
        {"environment": None},
        {"environment": {}},
        {"tables": [{}]},
        {"tables": ["contact"]},
        {"tables": 5},
        {"unknown": 1},
        {"owners": [{"who": {}}]},
        {"impersonated": {"id": "u1"}},
        {"format": 1, "profile": 5},
    ],
)
def test_a_plan_that_is_not_whole_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(LedgerError, match="not whole"):
        Plan.from_json(PLAN.to_json() | change)


@pytest.mark.parametrize("data", [[], "plan", None, 5])
def test_what_is_no_plan_at_all_is_refused(data: Any) -> None:
    with pytest.raises(LedgerError, match="not whole"):
        Plan.from_json(data)


def test_an_unknown_table_is_told() -> None:
    with pytest.raises(LedgerError, match="no table account"):
        PLAN.table("account")


def in_currency(code: str, foreign: str = "GBP CHF", share: float = 0.03) -> dict[str, Any]:
    banking = {"foreign_currencies": foreign, "foreign_currency": share, "share_of_wallet": 0.7}
    return {"currency": code, "banking": banking, "households": 2}


def test_the_currency_of_the_environment_is_settled() -> None:
    known = ["EUR", "USD", "GBP", "CHF"]
    assert bind_currencies(in_currency("environment"), "EUR", known) == in_currency("EUR")
    assert bind_currencies(in_currency("USD"), "EUR", known) == in_currency("USD")


def test_foreign_currencies_that_are_not_there_are_left_out() -> None:
    some = bind_currencies(in_currency("USD"), "USD", ["USD", "CHF"])
    assert some == in_currency("USD", foreign="CHF")
    none = bind_currencies(in_currency("USD"), "USD", ["USD"])
    assert none == in_currency("USD", foreign="", share=0.0)


def test_a_currency_that_is_not_there_stops_the_plan() -> None:
    with pytest.raises(MissingInTargetError, match="no currency CHF") as caught:
        bind_currencies(in_currency("CHF"), "EUR", ["EUR"])
    assert "--set currency=environment" in (caught.value.hint or "")


def test_planning_twice_gives_the_same_plan_and_writes_nothing(world: World) -> None:
    before = world.dump()

    async def work(api: WebApi, transport: FaultyTransport) -> list[Plan]:
        plans = [await plan_for(api), await plan_for(api)]
        assert {request.method for request in transport.seen} == {"GET"}
        return plans

    first, second = in_world(world, work)
    assert first.digest == second.digest
    assert world.dump() == before
    assert first.table("msfsi_group").deferred == ("msfsi_primarymember",)
    assert first.mark == mark_for(first.run_id)
    assert "msfsi_bank" in first.table("msfsi_branch").parents
    assert "msfsi_branch" in first.table("contact").parents
    assert "contact" not in first.table("msfsi_group").parents, "that lookup is set afterwards"


def test_a_mark_that_rows_carry_is_not_taken(world: World) -> None:
    async def work(api: WebApi, _: FaultyTransport) -> int:
        for attempt in (0, 1):
            mark = mark_for("tiny-0001", attempt)
            await api.post("contacts", {"lastname": "Copy", "importsequencenumber": mark})
        return (await plan_for(api)).mark

    assert in_world(world, work) == mark_for("tiny-0001", 2)


def test_marks_can_run_out(world: World) -> None:
    async def taken(request: httpx.Request) -> httpx.Response | None:
        if "importsequencenumber" in str(request.url.query) and "filter" in str(request.url.query):
            return httpx.Response(200, json={"value": [{"contactid": "x"}]})
        return None

    async def work(api: WebApi, transport: FaultyTransport) -> None:
        transport.before.append(taken)
        with pytest.raises(UsageError, match="Every mark"):
            await plan_for(api)
        asked = sum("importsequencenumber%20eq" in str(r.url) for r in transport.seen)
        assert asked == MARK_ATTEMPTS * 7

    in_world(world, work)


def test_a_lookup_that_the_environment_lacks_is_named(world: World) -> None:
    async def strip(request: httpx.Request) -> httpx.Response | None:
        if "EntityDefinitions(LogicalName='contact')" not in str(request.url.path):
            return None
        data = (await fresh.get(f"{request.url.raw_path.decode()[len('/api/data/v9.2/') :]}")) | {}
        data["Attributes"] = [a for a in data["Attributes"] if a["LogicalName"] != "msfsi_branch"]
        return httpx.Response(200, json=data)

    async def work(api: WebApi, transport: FaultyTransport) -> None:
        nonlocal fresh
        async with world.api() as (fresh, _):
            transport.before.append(strip)
            with pytest.raises(
                MissingInTargetError, match=r"contact lacks the column msfsi_branch"
            ):
                await plan_for(api)

    fresh: WebApi
    in_world(world, work)
