"""Running bulk delete jobs between requests.

Nothing runs by itself: each request from outside moves the jobs on by the time that has passed
plus one second, so that polling alone gets a job done and the same requests see the same states.
A job waits, is in progress, and ends; each takes at least one request.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from seedkit.emulator.errors import PlatformError
from seedkit.emulator.jobs.model import Item, Job, Jobs
from seedkit.emulator.jobs.queries import read_query
from seedkit.emulator.jobs.rows import add_row, change_row, read_row
from seedkit.emulator.query.fetch.compiler import Compiler
from seedkit.emulator.query.fetch.errors import no_entity
from seedkit.emulator.query.fetch.sources import Names, Parameters
from seedkit.emulator.query.viewer import viewer_of
from seedkit.emulator.session import Session
from seedkit.emulator.storage.layout import VERSION, target_column
from seedkit.emulator.writing.values import format_moment

if TYPE_CHECKING:
    from seedkit.emulator.service import Service

ASYNC, BULK, FAILURE = "asyncoperation", "bulkdeleteoperation", "bulkdeletefailure"
READY, SUSPENDED, LOCKED, COMPLETED = 0, 1, 2, 3
WAITING_FOR_RESOURCES, WAITING, IN_PROGRESS = 0, 10, 20
SUCCEEDED, FAILED, CANCELED = 30, 31, 32
_DESCRIPTION = 512  # characters of a failure's description [documented]
_UNEXPECTED = -2147220970  # 0x80040216 as a signed number
_FAILED_JOB = "The job was made to fail by a fault rule."


class Engine:
    """Moves the jobs of one environment on; `active` is empty most of the time."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._environment = service.environment
        self.jobs = Jobs(self._environment.store)
        self.active = self.jobs.all()

    def submit(self, job: Job) -> None:
        """Take a new job."""
        self.jobs.add(job)
        self.active.append(job)

    def advance(self) -> None:
        """Move every job on by one request."""
        self.active = self.jobs.all()  # not the job of a change set that was undone
        for job in tuple(self.active):
            try:
                with self._environment.store.transaction():
                    self._advance(job)
            except PlatformError as error:  # its owner or its table is gone: nobody else's fault
                self._give_up(job, error)

    def _give_up(self, job: Job, error: PlatformError) -> None:
        session = self._service.session_of(self._environment.administrator)
        with self._environment.store.transaction():
            self._end(session, job, FAILED, error.message)

    def _advance(self, job: Job) -> None:
        session = self._service.session_of(job.owner)
        ticks = self.jobs.tick(job)
        row = read_row(session, ASYNC, job.id)
        if row is None or row["statecode"] == COMPLETED:
            self._stopped(session, job, row is not None)
        elif row["statecode"] == LOCKED:
            self._work(session, job)
        elif row["statecode"] == SUSPENDED and row["statuscode"] != WAITING:
            return  # paused by someone
        elif self._may_start(session, job, ticks):
            self._start(session, job)

    def _may_start(self, session: Session, job: Job, ticks: int) -> bool:
        if session.now < job.starts:
            return False
        return self._seconds(job, ticks) >= self._environment.settings.job_queue_seconds

    def _seconds(self, job: Job, ticks: int) -> float:
        since = datetime.fromisoformat(max(job.starts, job.submitted))
        return max(0.0, (self._environment.clock() - since).total_seconds()) + ticks

    def _start(self, session: Session, job: Job) -> None:
        """Find the rows; later ones are spared."""
        found: list[tuple[int, str]] = []
        for index in range(len(job.queries)):
            found += [(index, row_id) for row_id in self._matches(session, job, index)]
        self.jobs.queue(job, found)
        self._put_state(session, job, LOCKED, IN_PROGRESS, startedon=session.now)

    def _matches(self, session: Session, job: Job, index: int) -> list[str]:
        fetch = read_query(job.queries[index])
        compiler = Compiler(
            Names(self._environment, Parameters()), viewer_of(self._environment, "", session)
        )
        tables, conditions = compiler.compile(fetch)
        main = compiler.joined[0].source
        key = f'{main.alias}."{main.layout.primary_id}"'
        version = f'{main.alias}."{VERSION}"'
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        sql = f"SELECT DISTINCT {key} {tables}{where} ORDER BY {version}, {key}"
        values = compiler.names.parameters.values
        with self._service.seen_by(session):
            return [row[0] for row in session.store.connection.execute(sql, values)]

    def _work(self, session: Session, job: Job) -> None:
        """Delete as many rows as the time since the last request allows; end when none is left."""
        fails = self._environment.fails_job
        if fails is not None and fails(job.name):
            self._end(session, job, FAILED, _FAILED_JOB)
            return
        rows = self.jobs.next_rows(job, self._allowance(session, job))
        deleted = sum(self._delete(session, job, item) for item in rows)
        if rows:
            self.jobs.done(job, rows[-1].number)
            self._count(session, job, deleted, len(rows) - deleted, rows[-1].query)
        if not self.jobs.next_rows(job, 1):
            self._end(session, job, SUCCEEDED)

    def _allowance(self, session: Session, job: Job) -> int:
        row = read_row(session, ASYNC, job.id) or {}
        last = datetime.fromisoformat(row.get("modifiedon") or session.now)
        passed = max(0.0, (self._environment.clock() - last).total_seconds())
        return int((passed + 1) * self._environment.settings.job_rows_per_second)

    def _delete(self, session: Session, job: Job, item: Item) -> bool:
        """Delete one row with its cascade; a refusal becomes a row of failures."""
        table = job.queries[item.query]["EntityName"]
        layout = self._environment.layouts.get(table)
        if layout is None:
            raise no_entity(table)
        if session.store.missing(layout, [item.row_id]):
            return False  # went with another row meanwhile
        try:
            with session.store.transaction():
                self._environment.deleter.delete(
                    session, layout, item.row_id, recoverable=job.recoverable
                )
        except PlatformError as error:
            self._note_failure(session, job, item, error)
            return False
        return True

    def _note_failure(self, session: Session, job: Job, item: Item, error: PlatformError) -> None:
        number = int(error.kind.code or "0x80040216", 16)
        table = job.queries[item.query]["EntityName"]
        add_row(
            session,
            FAILURE,
            asyncoperationid=job.id,
            bulkdeleteoperationid=job.operation,
            errornumber=number - (1 << 32) if number >= 1 << 31 else number,
            errordescription=error.message[:_DESCRIPTION],
            orderedqueryindex=item.query,
            regardingobjectid=item.row_id,
            regardingobjecttypecode=table,
            **{target_column("regardingobjectid"): table},
        )

    def _count(self, session: Session, job: Job, deleted: int, failed: int, query: int) -> None:
        row = read_row(session, BULK, job.operation)
        if row is not None:
            refused = session.store.connection.execute(
                f"SELECT count(*) FROM {FAILURE} WHERE bulkdeleteoperationid = ?", (job.operation,)
            ).fetchone()[0]
            change_row(
                session,
                BULK,
                job.operation,
                successcount=(row["successcount"] or 0) + deleted,
                failurecount=refused if failed else row["failurecount"],
                processingqeindex=query,
            )

    def _stopped(self, session: Session, job: Job, known: bool) -> None:
        """Let go of a job that was cancelled or whose row was deleted."""
        if known and read_row(session, BULK, job.operation) is not None:
            change_row(session, BULK, job.operation, statecode=COMPLETED, statuscode=CANCELED)
        self._forget(job)

    def _end(self, session: Session, job: Job, status: int, message: str | None = None) -> None:
        if job.every_days is None or status != SUCCEEDED:
            self._put_state(session, job, COMPLETED, status, completedon=session.now)
            if message is not None:
                change_row(session, ASYNC, job.id, friendlymessage=message, errorcode=_UNEXPECTED)
            self._forget(job)
            return
        # That a recurring job goes back to waiting is expected.
        starts = format_moment(datetime.fromisoformat(job.starts) + timedelta(days=job.every_days))
        self._put_state(session, job, SUSPENDED, WAITING, postponeuntil=starts)
        change_row(session, BULK, job.operation, nextrun=starts)
        again = Job(**{**{n: getattr(job, n) for n in Job.__slots__}, "starts": starts})
        self._forget(job)
        self.submit(again)

    def _put_state(self, session: Session, job: Job, state: int, status: int, **also: str) -> None:
        change_row(session, ASYNC, job.id, statecode=state, statuscode=status, **also)
        if read_row(session, BULK, job.operation) is not None:
            change_row(session, BULK, job.operation, statecode=state, statuscode=status)

    def _forget(self, job: Job) -> None:
        self.jobs.remove(job)
        self.active.remove(job)
