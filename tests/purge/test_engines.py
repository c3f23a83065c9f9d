"""Both engines on the same cases: requests of ours, and jobs of the platform."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import orjson
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import read_tables
from seedkit.errors import (
    ConnectionFailedError,
    IncompleteError,
    ServiceError,
    StrangersError,
)
from seedkit.ledger import Ledger
from seedkit.load import Limits, load
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.purge import PurgeOptions, PurgeResult, purge
from seedkit.purge.engines import THRESHOLD, BatchEngine, JobEngine, JobOrder, choose_engine
from tests.purge.test_purge import ROWS, add_contact, after_seeding
from tests.purge.test_search import describing, without_number
from tests.worlds import NOW, FaultyTransport, TinySource, World, plan_for

JOBS = JobOrder(NOW, wanted=True)
ENGINES = pytest.mark.parametrize("jobs", [None, JOBS], ids=["requests", "jobs"])
FAULTS = "http://localhost/emulator/faults"
SETTINGS = "http://localhost/emulator/settings"


async def purge_by(
    jobs: JobOrder | None, plan: Plan, api: WebApi, ledger: Ledger | None, **also: Any
) -> PurgeResult:
    options = PurgeOptions(rows_per_request=3, jobs=jobs, **also)
    return await purge(plan, api, ledger, Unwatched(), options)


async def leave_a_job(plan: Plan, api: WebApi, ledger: Ledger, transport: FaultyTransport) -> None:
    """Begin to purge by jobs, and lose the environment while the first one is under way."""

    async def lose(request: httpx.Request) -> httpx.Response | None:
        if "asyncoperations(" in request.url.path:
            raise httpx.ReadError("lost")
        return None

    transport.before.append(lose)
    api.retry = replace(api.retry, attempts=1)
    with pytest.raises(ConnectionFailedError):
        await purge_by(JOBS, plan, api, ledger)
    transport.before.clear()


def began(transport: FaultyTransport) -> list[dict[str, Any]]:
    """Return the bodies of the jobs that were begun."""
    return [orjson.loads(r.content) for r in transport.seen if r.url.path.endswith("BulkDelete")]


def answering(
    name: str, status: int, message: str, after: bool = False
) -> Callable[[httpx.Request], Awaitable[httpx.Response | None]]:
    """Refuse requests whose path ends with a name."""

    async def refuse(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith(name):
            return None
        if after:
            raise httpx.ReadError("lost")
        error = {"code": "0x80040220", "message": message}
        return httpx.Response(status, json={"error": error})

    return refuse


@ENGINES
def test_leaves_nothing_and_touches_nothing(world: World, jobs: JobOrder | None) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult:
        result = await purge_by(jobs, p, api, ledger)
        assert bool(began(t)) is (jobs is not None)
        return result

    result = after_seeding(world, step)
    assert (dict(result.deleted), dict(result.left)) == (ROWS, {})
    assert world.dump() == before, "the rows of jobs are gone as well"


@ENGINES
def test_rows_of_others_with_the_same_number_stay(world: World, jobs: JobOrder | None) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult:
        await add_contact(api, importsequencenumber=p.mark)
        result = await purge_by(jobs, p, api, ledger)
        asked = {job["QuerySet"][0]["EntityName"]: job["QuerySet"][0] for job in began(t)}
        for name, query in asked.items():
            (condition,) = query["Criteria"]["Conditions"]
            by_ids = condition["AttributeName"] != "importsequencenumber"
            assert by_ids is (name == "contact"), name
        return result

    result = after_seeding(world, step)
    assert [row["lastname"] for row in world.dump()["contact"]] == ["Stranger"]
    assert dict(result.deleted) == ROWS


@ENGINES
def test_a_row_of_others_that_comes_after_the_survey_stays(
    world: World, jobs: JobOrder | None
) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> None:
        async def arrive(request: httpx.Request) -> None:
            if request.url.path.endswith(("BulkDelete", "$batch")):
                t.before.clear()
                await add_contact(api, importsequencenumber=p.mark)

        t.before.append(arrive)
        await purge_by(jobs, p, api, ledger)

    after_seeding(world, step)
    assert [row["lastname"] for row in world.dump()["contact"]] == ["Stranger"]


@ENGINES
def test_rows_without_the_number_go_by_their_ids(world: World, jobs: JobOrder | None) -> None:
    before = world.dump()

    async def run() -> None:
        async with world.api() as (api, transport):
            transport.before.append(describing(transport, ["msfsi_lifemoment"], without_number))
            plan, ledger = await plan_for(api), world.ledger()
            ledger.add_run(plan)
            await load(plan, TinySource(plan), api, ledger, Unwatched(), Limits(rows_per_request=3))
            result = await purge_by(jobs, plan, api, ledger)
            assert dict(result.deleted) == ROWS

    asyncio.run(run())
    assert world.dump() == before


@ENGINES
def test_rows_that_somebody_deleted_are_no_matter(world: World, jobs: JobOrder | None) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult:
        (gone,) = p.stamp.ids(7, 1, 1)

        async def vanish(request: httpx.Request) -> None:
            if request.url.path.endswith(("BulkDelete", "$batch")):
                t.before.clear()
                await api.send("DELETE", f"msfsi_lifemoments({gone})")

        t.before.append(vanish)
        return await purge_by(jobs, p, api, ledger)

    result = after_seeding(world, step)
    assert world.dump() == before
    assert not result.left
    assert sum(result.deleted.values()) + sum(result.already_gone.values()) == sum(ROWS.values())


@ENGINES
def test_strangers_stop_it_before_anything_is_deleted(world: World, jobs: JobOrder | None) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> None:
        (contact,) = p.stamp.ids(4, 1, 1)
        bind = {"objectid_contact@odata.bind": f"/contacts({contact})"}
        await api.post("annotations", {"subject": "Called", **bind})
        seeded = world.dump()
        with pytest.raises(StrangersError):
            await purge_by(jobs, p, api, ledger)
        assert world.dump() == seeded
        assert began(t) == []

    after_seeding(world, step)


@ENGINES
@pytest.mark.parametrize(
    "name", ["BulkDelete", "$batch", "asyncoperations", "bulkdeleteoperations"]
)
def test_an_interrupted_purge_can_be_started_again(
    world: World, jobs: JobOrder | None, name: str
) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> None:
        t.after.append(answering(name, 0, "", after=True))
        t.before.append(answering("asyncoperations", 403, "no"))
        api.retry = replace(api.retry, attempts=1)
        try:
            await purge_by(jobs, p, api, ledger)
        except (ConnectionFailedError, ServiceError):
            t.after.clear()
            t.before.clear()
            await purge_by(jobs, p, api, ledger)

    after_seeding(world, step)
    after = world.dump()
    after["asyncoperation"], after["bulkdeleteoperation"] = [], []
    assert after == before


def test_strangers_are_searched_before_each_wave_and_what_is_on_its_way_is_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seedkit.purge.engines.batches.WAVE_ROWS", 4)
    monkeypatch.setattr("seedkit.purge.engines.batches.WAVE_SECONDS", 0.0)
    looks: list[int] = []

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> int:
        (table,) = (await read_tables(api, ["msfsi_lifemoment"])).values()
        engine = BatchEngine(api, Unwatched(), rows_per_request=2, requests=2)

        async def look() -> None:
            looks.append(engine.tally.deleted.total())
            if len(looks) == 3:
                raise IncompleteError("somebody came")

        with pytest.raises(IncompleteError, match="somebody came"):
            await engine.delete(table, p.stamp.ids(7, 1, 5) + p.stamp.ids(7, 2, 5), look)
        return engine.tally.deleted.total()

    deleted = after_seeding(world, step)
    assert deleted == 8, "the third wave never left, and both before it came to their end"
    assert looks[0] == 0
    assert len(world.dump()["msfsi_lifemoment"]) == 2


@pytest.mark.parametrize(
    ("order", "rows", "engine"),
    [
        (None, 10**6, BatchEngine),
        (JobOrder(NOW), THRESHOLD - 1, BatchEngine),
        (JobOrder(NOW), THRESHOLD, JobEngine),
        (JobOrder(NOW, wanted=True), 1, JobEngine),
        (JobOrder(NOW, wanted=False), 10**6, BatchEngine),
        (JobOrder(NOW, skip_bin=True), 1, JobEngine),
    ],
)
def test_the_number_of_rows_decides_unless_one_is_asked_for(
    world: World, order: JobOrder | None, rows: int, engine: type
) -> None:
    async def run() -> None:
        async with world.api() as (api, _):
            plan = await plan_for(api)
            batches = BatchEngine(api, Unwatched(), rows_per_request=3, requests=None)
            chosen = choose_engine(api, plan, Unwatched(), batches, order, rows)
            assert type(chosen) is engine

    asyncio.run(run())
