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
from seedkit.emulator.errors import IN_USE, PlatformError
from seedkit.emulator.writing.delete import Deleter
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
from seedkit.purge.engines.platform import PATIENCE
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


def test_a_job_that_was_left_under_way_is_stopped_first(world: World) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> None:
        async def lose(request: httpx.Request) -> httpx.Response | None:
            if "asyncoperations(" in request.url.path:
                raise httpx.ReadError("lost")
            return None

        t.before.append(lose)
        api.retry = replace(api.retry, attempts=1)
        with pytest.raises(ConnectionFailedError):
            await purge_by(JOBS, p, api, ledger)
        t.before.clear()
        await purge_by(None, p, api, ledger)

    after_seeding(world, step)
    assert world.dump() == before


def test_a_job_whose_answer_is_lost_is_found_by_its_name(world: World) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> None:
        lost: list[str] = []

        async def lose(request: httpx.Request) -> httpx.Response | None:
            if request.url.path.endswith("BulkDelete"):
                lost.append(request.url.path)
                raise httpx.ReadError("lost")
            return None

        t.after.append(lose)
        await purge_by(JOBS, p, api, ledger)
        assert len(lost) == len(began(t)), "each was begun once"

    after_seeding(world, step)
    assert world.dump() == before


@pytest.mark.parametrize("obstinate", [False, True])
def test_what_a_job_can_not_delete_the_other_engine_tries(
    world: World, obstinate: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete = Deleter.delete
    stubborn: list[str] = []

    def refuse(self: Deleter, session: Any, layout: Any, row_id: str, **also: Any) -> None:
        if row_id in stubborn:
            if not obstinate:
                stubborn.clear()
            raise PlatformError(IN_USE, "it is in use")
        delete(self, session, layout, row_id, **also)

    monkeypatch.setattr(Deleter, "delete", refuse)

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult:
        stubborn.extend(p.stamp.ids(4, 1, 1))
        return await purge_by(JOBS, p, api, ledger)

    result = after_seeding(world, step)
    (told,) = [job for job in result.jobs if job.failed]
    assert (told.table, told.by, told.failed) == ("contact", "number", 1)
    assert "it is in use" in told.reason
    assert bool(result.left) is obstinate
    assert [row.reason for row in result.leftovers] == ["it is in use"] * obstinate


def test_a_job_that_fails_leaves_its_work_to_requests(world: World) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult:
        rule = {"fault": "job-failure", "path": "contact"}
        await api.send("PUT", FAULTS, orjson.dumps({"seed": 1, "faults": [rule]}))
        return await purge_by(JOBS, p, api, ledger)

    result = after_seeding(world, step)
    assert {job.table for job in result.jobs if job.outcome == "failed"} == {"contact"}
    assert dict(result.deleted) == ROWS
    assert world.dump() == before


@pytest.mark.parametrize("wanted", [None, True])
def test_where_no_jobs_are_taken_requests_do_it_unless_jobs_were_asked_for(
    world: World, wanted: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seedkit.purge.engines.THRESHOLD", 1)
    monkeypatch.setattr("seedkit.purge.engines.jobs.FEW", 2)

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult | None:
        t.before.append(answering("BulkDelete", 403, "you may not"))
        if wanted:
            with pytest.raises(ServiceError, match="you may not"):
                await purge_by(JobOrder(NOW, wanted), p, api, ledger)
            return None
        return await purge_by(JobOrder(NOW), p, api, ledger)

    result = after_seeding(world, step)
    if result is not None:
        assert dict(result.deleted) == ROWS
        assert "you may not" in result.remarks[0]


def test_the_bin_is_skipped_where_that_can_be_done(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult:
        result = await purge_by(JobOrder(NOW, skip_bin=True), p, api, ledger)
        assert all(job["Options"] == {"CanRecoverDeletedRecords": False} for job in began(t))
        return result

    result = after_seeding(world, step)
    assert dict(result.deleted) == ROWS
    assert not result.remarks


def test_a_server_that_can_not_skip_the_bin_is_asked_without(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult:
        async def old(request: httpx.Request) -> httpx.Response | None:
            if request.url.path.endswith("BulkDelete") and b"Options" in request.content:
                error = {"code": "0x80048d19", "message": "no such parameter"}
                return httpx.Response(400, json={"error": error})
            return None

        t.before.append(old)
        return await purge_by(JobOrder(NOW, skip_bin=True), p, api, ledger)

    result = after_seeding(world, step)
    assert dict(result.deleted) == ROWS
    assert result.remarks == ("The environment can't skip the recycle bin.",)


def test_a_job_that_does_not_go_on_is_cancelled_and_requests_do_its_work(world: World) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult:
        moment = 0.0

        async def sleep(seconds: float) -> None:
            nonlocal moment
            moment += max(seconds, PATIENCE / 3)
            await asyncio.sleep(0)

        await api.send("PATCH", SETTINGS, b'{"job_queue_seconds": 9999999}')
        api.sleep, api.clock = sleep, lambda: moment
        result = await purge_by(JOBS, p, api, ledger)
        await api.send("PATCH", SETTINGS, b'{"job_queue_seconds": 0}')
        return result

    result = after_seeding(world, step)
    assert {job.outcome for job in result.jobs} == {"canceled"}
    assert dict(result.deleted) == ROWS
    assert world.dump() == before


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
