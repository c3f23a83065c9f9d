"""The second pass that changes states: cases resolved, activities completed, articles published."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.estimate import Conditions, estimate
from seedkit.ledger import Ledger, LostRow, RunState
from seedkit.ledger import Step as Doing
from seedkit.load import Limits, LoadResult, load
from seedkit.load.stock import adopt
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.verify import TableCheck, verify
from tests.helpdesk import CUSTOMERS, ROWS_OF_BANK, ROWS_OF_BLOCK, DeskSource, desk_plan
from tests.worlds import FaultyTransport, Hook, World

BLOCKS = 2
Result = TypeVar("Result")
Step = Callable[[Plan, DeskSource, WebApi, Ledger, FaultyTransport], Awaitable[Result]]
Rows = Mapping[str, list[dict[str, Any]]]


def in_world(world: World, step: Step[Result]) -> Result:
    async def run() -> Result:
        async with world.api() as (api, transport):
            ledger = world.ledger()
            if not ledger.knows("desk-0001"):
                ledger.add_run(await desk_plan(api))
            plan = ledger.find("desk-0001").plan
            return await step(plan, DeskSource(plan), api, ledger, transport)

    return asyncio.run(run())


async def load_desk(
    plan: Plan, source: DeskSource, api: WebApi, ledger: Ledger, rows: int = 3
) -> LoadResult:
    return await load(plan, source, api, ledger, Unwatched(), Limits(rows_per_request=rows))


def states(rows: Iterable[Mapping[str, Any]]) -> Counter[tuple[int, int]]:
    return Counter((row["statecode"], row["statuscode"]) for row in rows)


def ours(rows: Rows, plan: Plan, table: str) -> list[dict[str, Any]]:
    return [row for row in rows[table] if row["importsequencenumber"] == plan.mark]


def seeded(world: World) -> tuple[Plan, LoadResult, Rows]:
    async def step(
        plan: Plan, source: DeskSource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> tuple[Plan, LoadResult]:
        return plan, await load_desk(plan, source, api, ledger)

    plan, result = in_world(world, step)
    return plan, result, world.dump()


def check_final(plan: Plan, rows: Rows) -> None:
    """Every row of the desk has the state that the source asks for."""
    assert states(ours(rows, plan, "incident")) == {(1, 5): 4, (2, 6): 2, (0, 1): 2}
    assert states(ours(rows, plan, "phonecall")) == {(1, 4): 6, (0, 1): 2}
    assert states(ours(rows, plan, "task")) == {(1, 5): 6, (0, 2): 2}
    assert states(ours(rows, plan, "queueitem")) == {(1, 2): 6, (0, 1): 2}
    assert states(ours(rows, plan, "knowledgearticle")) == {(3, 7): 1, (0, 1): 1}


def check_whole(plan: Plan, world: World) -> None:
    """All of it is there, once, in its final state."""
    rows = world.dump()
    check_final(plan, rows)
    assert len(rows["incidentresolution"]) == 2 * BLOCKS


def test_everything_gets_its_final_state(world: World) -> None:
    plan, result, rows = seeded(world)
    expected = Counter(ROWS_OF_BANK) + Counter({t: n * BLOCKS for t, n in ROWS_OF_BLOCK.items()})
    assert result.rows == {**expected, "annotation": expected["annotation"] + 1}
    assert not result.refused
    assert not result.skipped
    check_final(plan, rows)


def test_a_resolved_case_has_the_row_that_tells_how(world: World) -> None:
    plan, _, rows = seeded(world)
    cases = {row["incidentid"] for row in ours(rows, plan, "incident") if row["statecode"] == 1}
    told = rows["incidentresolution"]
    assert {row["incidentid"] for row in told} == cases
    assert {(row["subject"], row["timespent"]) for row in told} == {("Solved", 30)}
    assert {row["importsequencenumber"] for row in told} == {plan.mark}


def test_a_subject_and_a_case_hang_on_rows_of_their_own_table(world: World) -> None:
    plan, _, rows = seeded(world)
    above = Counter(row["parentsubject"] is not None for row in ours(rows, plan, "subject"))
    assert above == {True: 1, False: 1}
    parents = Counter(row["parentcaseid"] for row in ours(rows, plan, "incident"))
    assert sum(count for id, count in parents.items() if id is not None) == BLOCKS


def test_parties_are_made_with_their_activity(world: World) -> None:
    plan, _, rows = seeded(world)
    calls = {row["activityid"] for row in ours(rows, plan, "phonecall")}
    parties = [row for row in rows["activityparty"] if row["activityid"] in calls]
    kinds = Counter((row["participationtypemask"], row["partyid@table"]) for row in parties)
    assert kinds[1, "contact"] == kinds[2, "systemuser"] == BLOCKS * CUSTOMERS


def writes_of(world: World) -> int:
    """Return how many requests of a load change something."""

    async def step(
        plan: Plan, source: DeskSource, api: WebApi, ledger: Ledger, transport: FaultyTransport
    ) -> int:
        await load_desk(plan, source, api, ledger)
        return sum(request.method != "GET" for request in transport.seen)

    return in_world(world, step)


def at_write(number: int, error: Exception, *, on: bool = False) -> Hook:
    """Return what fails at a write, counted from 1, and with `on` at every one from there."""
    count = 0

    async def fail(request: httpx.Request) -> None:
        nonlocal count
        count += request.method != "GET"
        if request.method != "GET" and (count == number or (on and count > number)):
            raise error

    return fail


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_lost_answer_of_any_write_leaves_every_state_as_it_should_be(
    tmp_path_factory: pytest.TempPathFactory, moment: str
) -> None:
    most = writes_of(World(tmp_path_factory.mktemp("counted")))
    for number in range(2, most + 1, 5):
        world = World(tmp_path_factory.mktemp("lost"))
        hook = at_write(number, httpx.ReadError("connection reset"))

        async def step(
            plan: Plan,
            source: DeskSource,
            api: WebApi,
            ledger: Ledger,
            transport: FaultyTransport,
            hook: Hook = hook,
        ) -> tuple[Plan, LoadResult]:
            (transport.before if moment == "before" else transport.after).append(hook)
            return plan, await load_desk(plan, source, api, ledger)

        plan, result = in_world(world, step)
        assert not result.refused
        check_whole(plan, world)


class BrokenError(Exception):
    """The process ends here."""


@pytest.mark.parametrize("lost_ledger", [False, True])
def test_a_load_that_broke_off_at_any_write_is_finished_by_the_next(
    tmp_path_factory: pytest.TempPathFactory, lost_ledger: bool
) -> None:
    most = writes_of(World(tmp_path_factory.mktemp("counted")))
    for number in range(3, most + 1, 7):
        world = World(tmp_path_factory.mktemp("broken"))
        hook = at_write(number, BrokenError(), on=True)

        async def step(
            plan: Plan,
            source: DeskSource,
            api: WebApi,
            ledger: Ledger,
            transport: FaultyTransport,
            hook: Hook = hook,
        ) -> Plan:
            transport.after.append(hook)
            with pytest.raises(BrokenError):
                await load_desk(plan, source, api, ledger)
            return plan

        plan = in_world(world, step)
        if lost_ledger:
            (world.folder / "ledger.sqlite3").unlink()
            adopt(plan, world.ledger())
        assert not seeded(world)[1].refused
        check_whole(plan, world)


def test_a_refused_state_is_a_refused_row_and_keeps_what_waits_for_it_open(world: World) -> None:
    """A call that can't be completed keeps its case from being resolved."""

    async def step(
        plan: Plan, source: DeskSource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> tuple[LoadResult, list[LostRow]]:
        source.wrong_status = ("phonecall", 1)
        return await load_desk(plan, source, api, ledger), ledger.lost_rows(plan.run_id)

    result, lost = in_world(world, step)
    assert result.refused == {"phonecall": 1, "incident": 1}
    assert {(row.table, row.step, row.code) for row in lost} == {
        ("phonecall", Doing.STATE, "0x8004431a"),
        ("incident", Doing.PARENT_STATE, "0x8004440a"),
    }
    assert result.rows["incident"] == CUSTOMERS * BLOCKS


def test_refused_states_are_tried_again(world: World) -> None:
    async def step(
        plan: Plan, source: DeskSource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> tuple[Plan, LoadResult]:
        source.wrong_status = ("phonecall", 1)
        await load_desk(plan, source, api, ledger)
        ledger.forget_lost(plan.run_id)
        source.wrong_status = None
        return plan, await load_desk(plan, source, api, ledger)

    plan, result = in_world(world, step)
    assert not result.refused
    check_final(plan, world.dump())


def test_a_refused_case_has_no_state_and_is_no_second_loss(world: World) -> None:
    async def step(
        plan: Plan, source: DeskSource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> list[LostRow]:
        source.spoilt["incident", 1, 2] = {"title": "x" * 300}
        await load_desk(plan, source, api, ledger)
        return ledger.lost_rows(plan.run_id)

    lost = in_world(world, step)
    assert {(row.table, row.step) for row in lost if row.table == "incident"} == {
        ("incident", Doing.CREATE)
    }


@pytest.mark.parametrize("lost", ["row", "state"])
def test_verify_expects_no_state_of_rows_that_were_lost_or_kept_theirs(
    world: World, lost: str
) -> None:
    async def step(
        plan: Plan, source: DeskSource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> list[TableCheck]:
        if lost == "row":
            source.spoilt["incident", 1, 2] = {"title": "x" * 300}
        else:
            source.wrong_status = ("phonecall", 1)
        await load_desk(plan, source, api, ledger)
        assert ledger.lost_rows(plan.run_id)
        return await verify(plan, api, ledger)

    checks = {check.table: check for check in in_world(world, step)}
    assert all(check.holds for check in checks.values())
    for table in ("incident", "phonecall"):
        closed = [row for row in world.dump()[table] if row["statecode"]]
        assert sum(state.expected for state in checks[table].states) == len(closed) > 0


def test_rows_made_again_after_somebody_deleted_them_get_their_states(world: World) -> None:
    """The others are closed by then, and nothing is sent to them that a closed row refuses."""

    async def step(
        plan: Plan, source: DeskSource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> tuple[Plan, LoadResult]:
        await load_desk(plan, source, api, ledger)
        await api.send("DELETE", f"phonecalls({source.ids('phonecall', 1, 1)[0]})")
        return plan, await load_desk(plan, source, api, ledger)

    plan, result = in_world(world, step)
    assert result.gone == {"phonecall": 1}
    assert not result.refused
    check_final(plan, world.dump())
    assert world.ledger().find(plan.run_id).state is RunState.SEEDED


def test_a_dry_run_counts_what_changes_states(world: World) -> None:
    async def step(
        plan: Plan, source: DeskSource, api: WebApi, ledger: Ledger, _: FaultyTransport
    ) -> Plan:
        return plan

    plan = in_world(world, step)
    found = estimate(plan, DeskSource(plan), Conditions(rows_per_request=100), Unwatched())
    assert found.rows["incident"] == CUSTOMERS * BLOCKS
    sent = {(one.table, one.message): one.rows for one in found.sent}
    assert sent["incident", "$batch CloseIncident"] == 2 * BLOCKS
    assert sent["incident", "$batch PATCH"] == BLOCKS
    assert sent["phonecall", "$batch PATCH"] == 3 * BLOCKS
