"""From a request to an answer: the routes of the Web API."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import count

from seedkit.emulator import actions, customer_profile
from seedkit.emulator.access import ACT_FOR_OTHERS, BYPASS, Access, seen
from seedkit.emulator.addresses import Segment, check_key_letters, parse_key, split_path
from seedkit.emulator.errors import (
    METHOD,
    NO_STORAGE,
    NOT_MEMBER,
    QUERY_TIMEOUT,
    TOO_LARGE_BODY,
    UNAVAILABLE,
    PlatformError,
    no_segment,
)
from seedkit.emulator.exchange import Answer, Request, error_answer, json_answer
from seedkit.emulator.jobs import bulkdelete
from seedkit.emulator.jobs.engine import Engine
from seedkit.emulator.metadata import actions as schema_actions
from seedkit.emulator.metadata import changes as schema_changes
from seedkit.emulator.metadata import routes as metadata
from seedkit.emulator.operations import Bound, Operation, Operations
from seedkit.emulator.query.reader import Reader
from seedkit.emulator.routes import blocks, counts, functions, privileges
from seedkit.emulator.routes.batch import run_batch
from seedkit.emulator.routes.messages import MessageHandler
from seedkit.emulator.routes.references import ReferenceHandler
from seedkit.emulator.routes.rows import RowHandler
from seedkit.emulator.session import Environment, Session
from seedkit.emulator.storage.layout import Layout
from seedkit.emulator.storage.store import is_full, took_too_long
from seedkit.emulator.writing.values import format_moment

_BOUND = "Microsoft.Dynamics.CRM."
# Every function and action that can be called; each module says what it knows.
OPERATIONS: tuple[Operation, ...] = (
    *actions.OPERATIONS,
    *blocks.OPERATIONS,
    *bulkdelete.OPERATIONS,
    *customer_profile.OPERATIONS,
    *functions.OPERATIONS,
    *counts.OPERATIONS,
    *privileges.OPERATIONS,
    *schema_actions.OPERATIONS,
    *schema_changes.OPERATIONS,
)
BODY_LIMIT = 128 * 2**20  # bytes; that there is a limit is documented, its size inferred
_WRITES = frozenset({"POST", "PATCH", "PUT", "DELETE"})


class Service:
    """Answers requests against one environment."""

    def __init__(self, environment: Environment) -> None:
        self._environment = self.environment = environment
        self._store = environment.store
        self.inspect_part: Callable[[Request, str, int], None] | None = None
        self._parts: Iterator[int] | None = None  # numbers the operations of a batch
        self._arrange()
        hidden = environment.settings.hidden_messages
        environment.engine = self.engine = Engine(self)
        self._operations = Operations(tuple(x for x in OPERATIONS if x.name not in hidden))

    def _arrange(self) -> None:
        """Make what hangs on the schema; again whenever the schema has changed."""
        environment = self._environment
        reader = Reader(environment)
        self._rows = RowHandler(environment, reader, environment.deleter)
        self._references = ReferenceHandler(environment, self._rows)
        self._messages = MessageHandler(environment)
        self._metadata = metadata.MetadataHandler(environment, OPERATIONS)

    def answer(self, request: Request) -> Answer:
        """Answer one request from outside; every failure becomes an error body."""
        try:
            self._store.begin_work()
            if self.engine.active:
                self.engine.advance()
            return self.finish(request, self._outermost(request))
        except PlatformError as error:
            return self.finish(request, error_answer(error, request))
        except sqlite3.Error as error:
            return self.finish(request, error_answer(storage_error(error), request))

    def _outermost(self, request: Request) -> Answer:
        self._parts = None
        if len(request.body) > BODY_LIMIT:
            raise PlatformError(TOO_LARGE_BODY, "The body of the request is too large.")
        if request.path == "$batch":
            return self._batch(request)
        return self.run(request, self.session(request))

    def _batch(self, request: Request) -> Answer:
        if request.method != "POST":
            raise PlatformError(METHOD, "A batch must be posted.")
        # One transaction around the batch, one savepoint per operation: as if each were committed.
        self._parts = count(1)
        with self._store.transaction():
            return run_batch(self, request)

    def entity_set(self, table: str) -> str:
        """Return the entity set name of a table."""
        return self._environment.layouts[table].entity_set

    def transaction(self) -> AbstractContextManager[None]:
        """Return a context in which everything happens or nothing."""
        return self._store.transaction()

    def session(self, request: Request) -> Session:
        """Return a new session for the caller whom the headers name."""
        environment = self._environment
        signed_in = request.user or environment.caller
        caller = self._impersonated(request)
        if caller is not None:
            actor = environment.directory.access(signed_in)
            if actor is not None:
                actor.need(ACT_FOR_OTHERS)
        return Session(
            environment=environment,
            now=format_moment(environment.clock()),
            caller=caller or signed_in,
            behalf_of=signed_in if caller else None,
            host=request.host,
            detects_duplicates=_detects_duplicates(request),
            access=self._access(request, signed_in, caller or signed_in),
        )

    def _access(self, request: Request, signed_in: str, caller: str) -> Access | None:
        """Return what the two may do; 403 for a header that needs more than that."""
        access = self._environment.directory.access(signed_in, caller)
        if access is not None:
            for header, privilege in BYPASS.items():
                if header in request.headers:
                    access.need(privilege)
        return access

    def session_of(self, user: str) -> Session:
        """Return a session for work that a user has ordered."""
        environment = self._environment
        access = environment.directory.access(user)
        return Session(environment, format_moment(environment.clock()), user, access=access)

    def seen_by(self, session: Session) -> AbstractContextManager[None]:
        """Return a context in which queries see only what the caller may read."""
        return seen(self._store, self._environment.layouts, session.access)

    def _impersonated(self, request: Request) -> str | None:
        named = (
            ("systemuserid", request.headers.get("mscrmcallerid")),
            ("azureactivedirectoryobjectid", request.headers.get("callerobjectid")),
        )
        for column, value in named:
            if value is not None:
                return self._user(column, value)
        return None

    def _user(self, column: str, value: str) -> str:
        layout = next(
            x for x in self._environment.layouts.values() if x.primary_id == "systemuserid"
        )
        query = f'SELECT "{layout.primary_id}" FROM "{layout.name}" WHERE "{column}" = ?'
        found = self._store.connection.execute(query, (value.lower(),)).fetchone()
        if found is None:
            raise PlatformError(
                NOT_MEMBER, f"The user {value} is not a member of the organization."
            )
        return str(found[0])

    def run(self, request: Request, session: Session) -> Answer:
        """Answer one operation; raises PlatformError, having undone what it had written."""
        if self._parts is not None and self.inspect_part is not None:
            self.inspect_part(request, request.user or self._environment.caller, next(self._parts))
        segments = split_path(request.path)
        if request.method in _WRITES:
            with self._store.transaction():
                return self._route(request, session, segments)
        if session.access is None:
            return self._route(request, session, segments)
        self._check_read(session, segments)
        with self.seen_by(session):
            return self._route(request, session, segments)

    def _check_read(self, session: Session, segments: Sequence[Segment]) -> None:
        """Refuse a table, or a row of one, that the caller may not read."""
        first = segments[0] if segments else Segment("", None)
        layout = self._environment.by_entity_set.get(first.name)
        if layout is None:
            return
        session.need_on("Read", layout)
        row_id = None
        if first.argument is not None:
            row_id = session.find(layout, parse_key(first.argument))
        row = None if row_id is None else self._store.row(layout, row_id)
        if row is not None:
            session.need_row("Read", layout, row)

    def _route(self, request: Request, session: Session, segments: Sequence[Segment]) -> Answer:
        if self._environment.follow_schema():
            self._arrange()
        if not segments:
            return self._service_document(request)
        first = segments[0]
        if self._operations.knows(first.name):
            if len(segments) > 1:
                raise no_segment(segments[1].name)
            return self._operations.call(request, session, first.name, first.argument)
        if self._metadata.knows(first.name):
            return self._metadata.answer(request, session, segments)
        if first.name not in self._environment.by_entity_set:
            raise no_segment(first.name)
        return self._entity_set(request, session, segments)

    def _entity_set(
        self, request: Request, session: Session, segments: Sequence[Segment]
    ) -> Answer:
        layout = self._environment.layout(segments[0].name)
        key, rest = segments[0].argument, segments[1:]
        if key is not None:
            check_key_letters(key)
        if key is None and not rest:
            return self._rows.collection(request, session, layout)
        if key is None and rest[0].name == "$count" and len(rest) == 1:
            return self._rows.count(request, layout, session)
        if rest and rest[0].name.startswith(_BOUND) and len(rest) == 1:
            return self._bound(request, session, layout, key, rest[0])
        if key is None:
            raise no_segment(rest[0].name)
        if not rest:
            return self._rows.row(request, session, layout, key)
        return self._references.answer(request, session, layout, key, rest)

    def _bound(
        self, request: Request, session: Session, layout: Layout, key: str | None, called: Segment
    ) -> Answer:
        """Answer a message that is called on an entity set or on a row."""
        name = called.name.removeprefix(_BOUND)
        if key is not None:
            row_id = session.row_id(layout, parse_key(key))
            return self._operations.call(
                request,
                session,
                name,
                called.argument,
                bound=Bound.ROW,
                layout=layout,
                row_id=row_id,
            )
        if self._operations.knows(name, Bound.SET):
            return self._operations.call(
                request, session, name, called.argument, bound=Bound.SET, layout=layout
            )
        return self._messages.answer(request, session, layout, name)

    def _service_document(self, request: Request) -> Answer:
        if request.method != "GET":
            raise PlatformError(METHOD, "The service document can only be read.")
        sets = sorted(self._environment.by_entity_set)
        value = [{"name": name, "kind": "EntitySet", "url": name} for name in sets]
        return json_answer({"@odata.context": f"{request.root}$metadata", "value": value})

    def finish(self, request: Request, answer: Answer) -> Answer:
        """Add the headers that every answer has, also inside a batch."""
        answer.headers.setdefault("OData-Version", "4.0")
        applied = [f"{n}={v}" if v else n for n, v in _applied(request, answer)]
        if applied:
            answer.headers.setdefault("Preference-Applied", ",".join(applied))
        return answer


def _detects_duplicates(request: Request) -> bool:
    """Tell whether duplicate detection is asked for: without the header it is off [documented]."""
    return request.headers.get("mscrm.suppressduplicatedetection", "").lower() == "false"


def storage_error(error: sqlite3.Error) -> PlatformError:
    """Return the refusal for a store that is full, locked, damaged or at work for too long."""
    if is_full(error):
        return PlatformError(NO_STORAGE, f"The storage of the local environment is full: {error}.")
    if took_too_long(error):
        return PlatformError(QUERY_TIMEOUT, "SQL timeout expired.")
    return PlatformError(UNAVAILABLE, f"The local environment's database can't be used: {error}.")


def _applied(request: Request, answer: Answer) -> Sequence[tuple[str, str]]:
    if answer.status >= 400 or not answer.body or request.path == "$batch":
        return []
    found = []
    for name, value in request.preferences.items():
        if name == "return" and request.method in _WRITES:
            found.append((name, value))
        elif name == "odata.include-annotations":
            found.append((name, f'"{value}"'))
        elif name == "odata.maxpagesize" and request.method == "GET":
            found.append((name, value))
    return found
