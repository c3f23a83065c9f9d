"""Background jobs of the platform: what they leave, refuse or keep, and what is told of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.emulator.errors import IN_USE, PlatformError
from seedkit.emulator.writing.delete import Deleter
from seedkit.errors import ServiceError
from seedkit.ledger import Ledger
from seedkit.plan import Plan
from seedkit.purge import PurgeResult
from seedkit.purge.engines import JobOrder
from seedkit.purge.engines.platform import PATIENCE
from tests.purge.test_engines import FAULTS, JOBS, SETTINGS, answering, began, leave_a_job, purge_by
from tests.purge.test_purge import ROWS, after_seeding
from tests.worlds import NOW, FaultyTransport, Hook, World


def test_a_job_that_was_left_under_way_is_stopped_first(world: World) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> None:
        await leave_a_job(p, api, ledger, t)
        await purge_by(None, p, api, ledger)

    after_seeding(world, step)
    assert world.dump() == before


def test_rows_of_jobs_that_the_environment_keeps_are_told_of_and_stop_nothing(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult:
        async def keep(request: httpx.Request) -> httpx.Response | None:
            if request.method != "DELETE" or "asyncoperations(" not in request.url.path:
                return None
            error = {"code": "0x80040203", "message": "jobs are kept"}
            return httpx.Response(400, json={"error": error})

        t.before.append(keep)
        return await purge_by(JOBS, p, api, ledger)

    result = after_seeding(world, step)
    assert (dict(result.deleted), result.left) == (ROWS, {})
    assert result.remarks == ("The rows of background jobs stay: jobs are kept",)
    assert world.ledger().runs() == []


LOST = pytest.mark.parametrize("status", [None, 502, 504], ids=["cut off", "502", "504"])


def losing(status: int | None, requests: list[str]) -> Hook:
    """Lose answers of jobs that are begun; `requests` tells of which."""

    async def lose(request: httpx.Request) -> httpx.Response | None:
        if not request.url.path.endswith("BulkDelete"):
            return None
        requests.append(request.url.path)
        if status is None:
            raise httpx.ReadError("lost")
        return httpx.Response(status, html="<html>Gateway</html>")

    return lose


@LOST
def test_a_job_whose_answer_is_lost_is_found_by_its_name(world: World, status: int | None) -> None:
    before = world.dump()

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> None:
        lost: list[str] = []
        t.after.append(losing(status, lost))
        result = await purge_by(JobOrder(NOW, wanted=True), p, api, ledger)
        assert not result.remarks
        assert {job.outcome for job in result.jobs} == {"succeeded"}
        assert len(lost) == len(began(t)) == len(result.jobs), "each was begun once"

    after_seeding(world, step)
    assert world.dump() == before


@LOST
def test_a_job_that_was_not_begun_is_begun_again(world: World, status: int | None) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult:
        lost: list[str] = []
        lose = losing(status, lost)

        async def twice(request: httpx.Request) -> httpx.Response | None:
            return await lose(request) if len(lost) < 2 else None

        t.before.append(twice)
        return await purge_by(JOBS, p, api, ledger)

    result = after_seeding(world, step)
    assert dict(result.deleted) == ROWS
    assert (result.remarks, {job.outcome for job in result.jobs}) == ((), {"succeeded"})


def test_no_job_can_be_taken_for_another_or_for_one_of_a_purge_before(world: World) -> None:
    """By its name a job is found whose answer was lost, and rows of old ones may have stayed."""

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> None:
        t.before.append(answering("BulkDelete", 403, "not yet"))
        for hours in (1, 0):
            order = JobOrder(NOW - timedelta(hours=hours), wanted=True)
            with pytest.raises(ServiceError, match="not yet"):
                await purge_by(order, p, api, ledger)
        t.before.clear()
        await purge_by(JobOrder(NOW - timedelta(hours=2), wanted=True), p, api, ledger)
        names = [job["JobName"] for job in began(t)]
        alike = [(one, other) for one in names for other in names if other.startswith(one)]
        assert alike == [(name, name) for name in names]

    after_seeding(world, step)


def test_a_job_that_may_not_be_stopped_stops_the_purge_before_it_looks(world: World) -> None:
    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> None:
        await api.send("PATCH", SETTINGS, b'{"job_queue_seconds": 9999999}')
        await leave_a_job(p, api, ledger, t)

        async def refuse(request: httpx.Request) -> httpx.Response | None:
            if request.method != "PATCH" or "asyncoperations(" not in request.url.path:
                return None
            error = {"code": "0x80040220", "message": "another's job"}
            return httpx.Response(403, json={"error": error})

        t.before.append(refuse)
        rows = world.dump()["contact"]
        with pytest.raises(ServiceError, match="another's job"):
            await purge_by(None, p, api, ledger)
        assert world.dump()["contact"] == rows

    after_seeding(world, step)


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


def test_what_went_in_a_second_job_is_not_told_as_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    delete = Deleter.delete
    stubborn: list[str] = []

    def refuse(self: Deleter, session: Any, layout: Any, row_id: str, **also: Any) -> None:
        if row_id in stubborn:
            raise PlatformError(IN_USE, "it is in use")
        delete(self, session, layout, row_id, **also)

    monkeypatch.setattr(Deleter, "delete", refuse)

    async def step(p: Plan, api: WebApi, ledger: Ledger, t: FaultyTransport) -> PurgeResult:
        async def give_in(request: httpx.Request) -> None:
            if request.url.path.endswith("BulkDelete") and b'"msfsi_branch"' in request.content:
                stubborn.clear()

        stubborn.extend(p.stamp.ids(4, 1, 5))
        t.before.append(give_in)
        return await purge_by(JOBS, p, api, ledger)

    result = after_seeding(world, step)
    assert (result.left, result.leftovers) == ({}, ())


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
