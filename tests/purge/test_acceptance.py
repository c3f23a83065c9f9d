"""Two marks must agree, and neither creator nor time may speak against them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.manner import Manner
from seedkit.errors import ConnectionFailedError
from seedkit.ledger import Ledger, Origin, RunState
from seedkit.load import adopt, load
from seedkit.load.header import find_headers
from seedkit.load.origin import read_origin
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.purge.acceptance import Doubt, doubt_about
from seedkit.purge.candidates import Candidate, made
from tests.purge.test_purge import ROWS, after_seeding, purge_tiny
from tests.purge.testers import as_tester, create, make_administrator, remove, who_is
from tests.worlds import NOW, FaultyTransport, TinySource, World, plan_for

ORIGIN = Origin(frozenset({"us"}), "2026-06-30T09:30:00Z", "2026-06-30T09:40:00Z", 700)
OURS = Candidate("id", True, True, False, "us", "2026-06-30T09:33:00Z", "us", 650)


def doubt(must_have_number: bool = True, origin: Origin = ORIGIN, **facts: object) -> Doubt | None:
    row = replace(OURS, **facts)  # type: ignore[arg-type]
    return doubt_about(row, origin, must_have_number=must_have_number)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, None),
        ({"fits": False}, Doubt.NUMBER_ONLY),
        ({"number": False}, Doubt.ID_ONLY),
        ({"number": False, "known": True}, Doubt.ID_ONLY),
        ({"made_by": "them"}, Doubt.OTHER_MAKER),
        ({"made_by": None}, None),
        ({"made_on": None}, None),
        ({"made_on": "2026-06-30T09:24:59Z"}, Doubt.OTHER_TIME),
        ({"made_on": "2026-06-30T09:25:00Z"}, None),
        ({"made_on": "2026-06-30T09:45:00Z"}, None),
        ({"made_on": "2026-06-30T09:45:01Z"}, Doubt.OTHER_TIME),
        ({"made_on": "2026-06-30"}, None),
        ({"made_on": "2026-06-29"}, None),
        ({"made_on": "2026-06-28"}, Doubt.OTHER_TIME),
        ({"made_on": "2026-07-01"}, None),
        ({"made_on": "2026-07-02"}, Doubt.OTHER_TIME),
        ({"made_on": "2026-06-29T22:00:00Z"}, Doubt.OTHER_TIME),
        ({"made_on": "2026-06-30T09:31:00.1234567Z"}, None),
        ({"made_on": "2026-06-30T11:33:00+02:00"}, None),
        ({"changed_by": "them", "version": 999}, None),
    ],
)
def test_what_speaks_for_a_row_and_against_it(
    facts: dict[str, object], found: Doubt | None
) -> None:
    assert doubt(**facts) is found  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kept", "made_on"),
    [
        (None, "2026-01-31T12:00:00Z"),
        ("2026-06-30T09:33:07Z", "2026-06-30T09:33:07Z"),
        ("2026-06-29T22:00:00Z", "2026-06-29"),
        ("2026-06-29T18:30:00Z", "2026-06-29"),
        ("2026-06-30", "2026-06-30"),
    ],
)
def test_a_row_that_is_dated_back_may_keep_only_the_day_on_which_it_was_made(
    kept: str | None, made_on: str
) -> None:
    """A day that is no moment begins somewhere in the world, at a whole quarter of an hour."""
    assert made({"createdon": "2026-01-31T12:00:00Z", "overriddencreatedon": kept}) == made_on


def test_without_the_column_the_ledger_stands_in_for_the_number() -> None:
    assert doubt(must_have_number=False, number=False, known=True) is None
    assert doubt(must_have_number=False, number=False) is Doubt.ID_ONLY


@pytest.mark.parametrize("missing", ["began", "ended"])
def test_a_time_that_is_not_known_speaks_against_nothing(missing: str) -> None:
    origin = replace(ORIGIN, **{missing: None})
    made_on = "2026-06-30T09:00:00Z" if missing == "began" else "2026-08-01T00:00:00Z"
    assert doubt(origin=origin, made_on=made_on) is None


@pytest.mark.parametrize(
    ("mail", "why"),
    [
        ("dana.whitlock@bank.example", "was created by another user than the run's"),
        (None, "was created at another time than the run's rows"),
    ],
)
def test_a_row_that_somebody_put_back_with_all_its_marks_is_doubtful(
    world: World, mail: str | None, why: str
) -> None:
    async def put_back(contact: str, number: int) -> None:
        async with as_tester(world, mail) as api:
            await remove(api, "contacts", contact)
            marks = {"contactid": contact, "importsequencenumber": number}
            await create(api, "contacts", lastname="Mine", **marks)

    async def step(p: Plan, api: WebApi, ledger: Ledger, _: FaultyTransport) -> str:
        contact = p.stamp.ids(4, 1, 1)[0]
        await put_back(contact, p.mark)
        result = await purge_tiny(p, api, ledger)
        (row,) = result.survey.doubtful_rows
        assert (row.table, row.id, row.why) == ("contact", contact, why)
        assert row.link == f"http://localhost:8090/api/data/v9.2/contacts({contact})"
        assert result.deleted["contact"] == 9
        return contact

    kept = after_seeding(world, step)
    assert [row["contactid"] for row in world.dump()["contact"]] == [kept]


@pytest.mark.parametrize("lost", ["ledgers", "note", "nothing"])
def test_a_run_that_another_user_went_on_with_is_purged_whole(world: World, lost: str) -> None:
    before = world.dump()

    async def begin(plan: Plan, api: WebApi, ledger: Ledger) -> None:
        ledger.add_run(plan)
        source = TinySource(plan)
        source.blocks = range(2)
        await load(plan, source, api, ledger, Unwatched())

    async def run() -> None:
        async with world.api() as (api, _):
            plan, first = await plan_for(api), world.ledger()
            await begin(plan, api, first)
            colleague = await who_is(api)
            await make_administrator(api, colleague)
            api.manner = Manner(colleague)
            second = Ledger.open(world.folder / "other.sqlite3")
            adopt(plan, second)
            await load(plan, TinySource(plan), api, second, Unwatched())
            api.manner = Manner()
            assert len({row["createdby"] for row in world.dump()["contact"]}) == 2
            if lost == "note":
                await remove(api, "annotations", plan.stamp.ids(1, 0, 1)[0])
            ledger = {"ledgers": None, "note": second, "nothing": first}[lost]
            result = await purge_tiny(plan, api, ledger)
            assert (dict(result.deleted), result.survey.doubtful) == (
                ROWS if lost != "note" else _without_note(),
                {},
            )

    asyncio.run(run())
    assert {**world.dump(), "systemuserroles": before["systemuserroles"]} == before


def _without_note() -> dict[str, int]:
    return {table: count for table, count in ROWS.items() if table != "annotation"}


def test_a_run_that_is_cut_off_while_it_is_mended_has_no_end(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
        finished = await read_origin(p, api, ledger)
        assert finished.ended is not None
        assert finished == await read_origin(p, api, None)
        await remove(api, "contacts", p.stamp.ids(4, 1, 1)[0])

        async def cut(request: httpx.Request) -> None:
            if "contacts" in request.url.path and request.method == "POST":
                raise httpx.ReadError("reset", request=request)

        transport.before.append(cut)
        with pytest.raises(ConnectionFailedError):
            await load(p, TinySource(p), api, ledger, Unwatched())
        for known in (ledger, None):
            origin = await read_origin(p, api, known)
            assert (origin.began, origin.ended) == (finished.began, None)
        assert (await find_headers(api)).runs[0].run_state is RunState.SEEDING

    after_seeding(world, step)


def test_the_time_of_a_run_is_the_services_own(world: World) -> None:
    async def run() -> None:
        async with world.api(NOW + timedelta(days=400)) as (api, _):
            plan, ledger = await plan_for(api), world.ledger()  # our clock is far behind
            ledger.add_run(plan)
            await load(plan, TinySource(plan), api, ledger, Unwatched())
            assert (await purge_tiny(plan, api, ledger)).survey.doubtful == {}

    before = world.dump()
    asyncio.run(run())
    assert world.dump() == before
