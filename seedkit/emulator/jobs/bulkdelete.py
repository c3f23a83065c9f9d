"""The BulkDelete action: takes a job in and names it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from seedkit.emulator.errors import ARGUMENT, PlatformError
from seedkit.emulator.exchange import Answer, json_answer
from seedkit.emulator.jobs.engine import ASYNC, BULK, READY, WAITING_FOR_RESOURCES
from seedkit.emulator.jobs.model import Job
from seedkit.emulator.jobs.queries import read_query
from seedkit.emulator.jobs.rows import add_row
from seedkit.emulator.operations import Call, Kind, Operation
from seedkit.emulator.query.fetch.compiler import Compiler
from seedkit.emulator.query.fetch.sources import Names, Parameters
from seedkit.emulator.query.viewer import viewer_of
from seedkit.emulator.routes.functions import response_context
from seedkit.emulator.session import Session
from seedkit.emulator.writing.values import format_moment

_NAME = 256  # characters, those of the column that takes it
_BULK_DELETE = 13  # the type of such a system job
_DAILY = re.compile(r"FREQ=DAILY;\s*INTERVAL=([1-9][0-9]{0,3});?", re.IGNORECASE)
_OPTIONS = frozenset({"@odata.type", "CanRecoverDeletedRecords", "RunJobForSandbox"})


def bulk_delete(call: Call) -> Answer:
    """Take a job in; the answer's JobId is the id of its asyncoperation."""
    session, given = call.session, call.parameters
    session.need("prvBulkDelete")
    queries = _queries(session, given["QuerySet"])
    options = _options(given.get("Options"))
    starts = _starts(given.get("StartDateTime"), session, _flag(given, "RunNow"))
    every = _every(given.get("RecurrencePattern"))
    name = given["JobName"]
    if not isinstance(name, str) or not 0 < len(name) <= _NAME:
        raise _bad(f"JobName must be a text of at most {_NAME} characters")
    job_id, operation = _write(session, name, queries, starts, every)
    session.environment.jobs.submit(
        Job(
            id=job_id,
            operation=operation,
            owner=session.caller,
            name=name,
            queries=queries,
            starts=starts,
            submitted=session.now,
            recoverable=options.get("CanRecoverDeletedRecords", True)
            and not options.get("RunJobForSandbox", False),
            every_days=every,
        )
    )
    return json_answer(
        {"@odata.context": response_context(call.request, "BulkDelete"), "JobId": job_id}
    )


def _write(
    session: Session,
    name: str,
    queries: tuple[dict[str, Any], ...],
    starts: str,
    every: int | None,
) -> tuple[str, str]:
    """Write the rows of a job; return the ids of its asyncoperation and bulkdeleteoperation."""
    state = {"statecode": READY, "statuscode": WAITING_FOR_RESOURCES}
    job_id = add_row(
        session,
        ASYNC,
        name=name,
        operationtype=_BULK_DELETE,
        messagename="BulkDelete",
        postponeuntil=starts if starts > session.now else None,
        recurrencepattern=None if every is None else f"FREQ=DAILY;INTERVAL={every}",
        recurrencestarttime=None if every is None else starts,
        correlationid=session.environment.new_id(),
        correlationupdatedtime=session.now,
        depth=1,
        **state,
    )
    operation = add_row(
        session,
        BULK,
        name=name,
        asyncoperationid=job_id,
        successcount=0,
        failurecount=0,
        processingqeindex=0,
        isrecurring=every is not None,
        nextrun=starts,
        orderedquerysetxml=orjson.dumps(queries).decode(),
        **state,
    )
    return job_id, operation


def _queries(session: Session, given: Any) -> tuple[dict[str, Any], ...]:
    """Return the queries, each of which was tried: a faulty one is refused at once."""
    if not isinstance(given, list) or not given:
        raise _bad("QuerySet must be a list of queries")
    for item in given:
        fetch = read_query(item)
        viewer = viewer_of(session.environment, "", session)
        Compiler(Names(session.environment, Parameters()), viewer).compile(fetch)
        layout = session.environment.layouts[fetch.table]
        if fetch.source is not None:
            raise _bad(f"rows of the data source '{fetch.source}' are not kept here")
        session.need_on("Delete", layout)
    return tuple(given)


def _options(given: Any) -> Mapping[str, bool]:
    if given is None:
        return {}
    if not isinstance(given, dict) or set(given) - _OPTIONS:
        raise _bad(f"Options may hold {', '.join(sorted(_OPTIONS)[1:])}")
    flags = {name: value for name, value in given.items() if name != "@odata.type"}
    if not all(isinstance(value, bool) for value in flags.values()):
        raise _bad("each of the Options must be true or false")
    return flags


def _flag(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise _bad(f"{name} must be true or false")
    return value


def _starts(given: Any, session: Session, now: bool) -> str:
    if given is None or now:
        return session.now
    try:
        moment = datetime.fromisoformat(str(given))
        return format_moment(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise _bad(f"'{given}' is no time to start at") from None


def _every(given: Any) -> int | None:
    """Return the days between two runs; only daily patterns are documented."""
    if not given:
        return None
    match = _DAILY.fullmatch(str(given))
    if match is None:
        raise _bad(f"the recurrence '{given}' can't be used; FREQ=DAILY;INTERVAL=n can")
    return int(match[1])


def _bad(reason: str) -> PlatformError:
    return PlatformError(ARGUMENT, f"The job can't be taken in: {reason}.")


OPERATIONS = (
    Operation(
        "BulkDelete",
        Kind.ACTION,
        bulk_delete,
        "documented",
        takes=frozenset(
            {
                "QuerySet", "JobName", "SendEmailNotification", "ToRecipients", "CCRecipients",
                "RecurrencePattern", "StartDateTime", "SourceImportId", "RunNow", "Options",
            }
        ),
        needs=frozenset(
            {
                "QuerySet", "JobName", "SendEmailNotification", "ToRecipients", "CCRecipients",
                "RecurrencePattern", "StartDateTime",
            }
        ),
        note="E-mails are never sent. Jobs move on with each request and with the time.",
    ),
)  # fmt: skip
