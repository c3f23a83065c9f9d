"""A bulk delete job of the platform: begun, watched, read, stopped, tidied away."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from seedkit.dataverse.answers import FORBIDDEN, leaves_unknown
from seedkit.dataverse.client import WebApi
from seedkit.errors import ConnectionFailedError, IncompleteError, ServiceError
from seedkit.plan import Plan
from seedkit.purge.engines.questions import Query

COMPLETED, CANCELED = 3, 32  # state and status of a system job
OUTCOMES = {30: "succeeded", 31: "failed", CANCELED: "canceled"}
FIRST_WAIT, LONGEST_WAIT, GROWTH = 0.2, 10.0, 1.6  # seconds between two looks
BEGIN_ATTEMPTS = 4  # as often a job is begun again that is not there after an answer was lost
PATIENCE = 900.0  # seconds without any change, after which a job is given up
NOT_FOUND, BAD_REQUEST = 404, 400
JOBS, OPERATIONS, FAILURES = "asyncoperations", "bulkdeleteoperations", "bulkdeletefailures"


def job_name(plan: Plan) -> str:
    """Return what the names of the jobs of a run's purges begin with."""
    return f"seedkit purge {plan.run_id}: "


@contextlib.contextmanager
def _spared(*statuses: int) -> Iterator[None]:
    """Take some refusals for what they say: there is nothing (more) to do."""
    try:
        yield
    except ServiceError as error:
        if error.status not in statuses:
            raise


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of a job: its outcome, its counts, and why rows failed, one reason each."""

    outcome: str
    deleted: int
    failed: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Operation:
    id: str | None
    deleted: int
    failed: int


class Platform:
    """Bulk delete jobs under names of our own."""

    def __init__(self, api: WebApi) -> None:
        self._api = api

    async def begin(
        self, name: str, queries: Sequence[Query], now: datetime, *, skip_bin: bool
    ) -> str:
        """Begin a job; return its id. ServiceError when the environment takes none.

        One whose answer was lost is known by its name, which no other job may have.
        """
        body, attempt = _request(name, queries, now, skip_bin=skip_bin), 0
        while True:
            try:
                answer = await self._api.post("BulkDelete", body)
                return str(orjson.loads(answer.content)["JobId"])
            except (ConnectionFailedError, ServiceError) as error:
                if isinstance(error, ServiceError) and not leaves_unknown(error):
                    raise
                for begun in await self._named(name):
                    return begun
                if attempt == BEGIN_ATTEMPTS:
                    raise
            await self._api.sleep(self._api.retry.wait(attempt, None))
            attempt += 1

    async def watch(self, job: str, told: Callable[[int], None]) -> Ended:
        """Wait for a job's end; `told` hears how many rows it has deleted."""
        api, wait, changed = self._api, FIRST_WAIT, self._api.clock()
        seen: tuple[int, int, int] | None = None
        stopped = False
        while True:
            state = await self._state(job)
            operation = await self._operation(job)
            told(operation.deleted)
            if state["statecode"] == COMPLETED:
                return await self._ended(state["statuscode"], operation)
            if (now := (state["statuscode"], operation.deleted, operation.failed)) != seen:
                seen, changed = now, api.clock()
            elif api.clock() - changed > PATIENCE:
                if stopped:
                    raise IncompleteError(
                        f"The bulk delete job {job} neither goes on nor ends.",
                        "Look at it in the app, under settings, bulk record deletion.",
                    )
                await self._stop(job)
                stopped, changed = True, api.clock()
            await api.sleep(wait)
            wait = min(wait * GROWTH, LONGEST_WAIT)

    async def _state(self, job: str) -> Mapping[str, int]:
        """Return a job's state and status; one that somebody has deleted is as one cancelled."""
        with _spared(NOT_FOUND):
            row = await self._api.get(f"{JOBS}({job})", {"$select": "statecode,statuscode"})
            return {name: int(row[name]) for name in ("statecode", "statuscode")}
        return {"statecode": COMPLETED, "statuscode": CANCELED}

    async def _stop(self, job: str) -> None:
        """Cancel a job; one that has ended meanwhile stays as it is."""
        body = orjson.dumps({"statecode": COMPLETED, "statuscode": CANCELED})
        with _spared(NOT_FOUND, BAD_REQUEST):
            headers = {"If-Match": "*"}
            await self._api.send("PATCH", f"{JOBS}({job})", body, headers, repeatable=True)

    async def _remove(self, job: str) -> str:
        """Delete the rows of a job that has ended; what is told of its failures goes with them.

        Return why they stay, empty when they are gone: that is no reason to fail.
        """
        operation = await self._operation(job)
        rows = [f"{OPERATIONS}({operation.id})"] if operation.id else []
        try:
            for row in (*rows, f"{JOBS}({job})"):
                with _spared(NOT_FOUND):
                    await self._api.send("DELETE", row)
        except ServiceError as error:
            return error.reason
        return ""

    async def clear(self, beginning: str) -> list[str]:
        """Stop the jobs whose names begin so, wait for their ends, and delete their rows.

        Return why rows of jobs stay. An account that may not look at jobs has none; of those that
        it sees, none may go on: ServiceError when it may not stop one.
        """
        jobs: dict[str, int] = {}
        with _spared(FORBIDDEN):
            jobs = await self._named(beginning)
        reasons: list[str] = []
        for job, state in jobs.items():
            if state != COMPLETED:
                await self._stop(job)
                await self.watch(job, lambda _: None)
            reasons.append(await self._remove(job))
        return [reason for reason in reasons if reason]

    async def _named(self, beginning: str) -> dict[str, int]:
        """Return the jobs whose names begin so, each with its state."""
        query = {
            "$select": "asyncoperationid,statecode",
            "$filter": f"startswith(name,'{beginning}')",
        }
        rows = await self._api.all(JOBS, query)
        return {row["asyncoperationid"]: row["statecode"] for row in rows}

    async def _operation(self, job: str) -> _Operation:
        query = {
            "$select": "bulkdeleteoperationid,successcount,failurecount",
            "$filter": f"_asyncoperationid_value eq {job}",
        }
        for row in await self._api.all(OPERATIONS, query):
            counts = row["successcount"] or 0, row["failurecount"] or 0
            return _Operation(row["bulkdeleteoperationid"], *counts)
        return _Operation(None, 0, 0)

    async def _ended(self, status: int, operation: _Operation) -> Ended:
        reasons: dict[str, None] = {}
        if operation.failed and operation.id:
            query = {
                "$select": "errordescription",
                "$filter": f"_bulkdeleteoperationid_value eq {operation.id}",
            }
            async for page in self._api.pages(FAILURES, query):
                reasons |= dict.fromkeys(row["errordescription"] or "" for row in page)
        outcome = OUTCOMES.get(status, str(status))
        return Ended(outcome, operation.deleted, operation.failed, tuple(reasons))


def _request(
    name: str, queries: Sequence[Query], now: datetime, *, skip_bin: bool
) -> dict[str, Any]:
    """Return the body that begins a job."""
    body: dict[str, Any] = {
        "QuerySet": list(queries),
        "JobName": name,
        "SendEmailNotification": False,
        "ToRecipients": [],
        "CCRecipients": [],
        "RecurrencePattern": "",
        "StartDateTime": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if skip_bin:
        body["Options"] = {"CanRecoverDeletedRecords": False}
    return body


async def clear_jobs(api: WebApi, plan: Plan) -> list[str]:
    """Stop the jobs of a run's purges and take away their rows; return why some stay, if so."""
    return await Platform(api).clear(job_name(plan))
