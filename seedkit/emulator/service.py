"""From a request to an answer: the routes of the Web API."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from seedkit.emulator.addresses import Segment, parse_key, split_path
from seedkit.emulator.errors import (
    METHOD,
    NO_STORAGE,
    NOT_MEMBER,
    UNAVAILABLE,
    PlatformError,
    no_segment,
    unsupported,
)
from seedkit.emulator.exchange import Answer, Request, error_answer, json_answer
from seedkit.emulator.metadata import routes as metadata
from seedkit.emulator.operations import Bound, Operation, Operations
from seedkit.emulator.query.reader import Reader
from seedkit.emulator.routes import functions
from seedkit.emulator.routes.batch import run_batch
from seedkit.emulator.routes.messages import MessageHandler
from seedkit.emulator.routes.references import ReferenceHandler
from seedkit.emulator.routes.rows import RowHandler
from seedkit.emulator.session import Environment, Session
from seedkit.emulator.storage.layout import Layout
from seedkit.emulator.storage.store import is_full
from seedkit.emulator.writing.delete import Deleter
from seedkit.emulator.writing.values import format_moment

_BOUND = "Microsoft.Dynamics.CRM."
# Every function and action that can be called; each module says what it knows.
OPERATIONS: tuple[Operation, ...] = (*functions.OPERATIONS,)
_WRITES = frozenset({"POST", "PATCH", "PUT", "DELETE"})


class Service:
    """Answers requests against one environment."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._store = environment.store
        reader = Reader(environment)
        deleter = Deleter(environment.store, environment.catalogue.children)
        self._rows = RowHandler(environment, reader, deleter)
        self._references = ReferenceHandler(environment, self._rows)
        self._messages = MessageHandler(environment)
        self._metadata = metadata.MetadataHandler(environment.catalogue)
        self._operations = Operations(OPERATIONS)

    def answer(self, request: Request) -> Answer:
        """Answer one request from outside; every failure becomes an error body."""
        try:
            return self.finish(request, self._outermost(request))
        except PlatformError as error:
            return self.finish(request, error_answer(error, request))
        except sqlite3.Error as error:
            return self.finish(request, error_answer(storage_error(error), request))

    def _outermost(self, request: Request) -> Answer:
        if request.path == "$batch":
            return self._batch(request)
        return self.run(request, self.session(request))

    def _batch(self, request: Request) -> Answer:
        if request.method != "POST":
            raise PlatformError(METHOD, "A batch must be posted.")
        # One transaction around the batch, one savepoint per operation: as if each were committed.
        with self._store.transaction():
            return run_batch(self, request)

    def transaction(self) -> AbstractContextManager[None]:
        """Return a context in which everything happens or nothing."""
        return self._store.transaction()

    def session(self, request: Request) -> Session:
        """Return a new session for the caller whom the headers name."""
        environment = self._environment
        caller = self._impersonated(request)
        return Session(
            environment=environment,
            now=format_moment(environment.clock()),
            caller=caller or environment.caller,
            behalf_of=environment.caller if caller else None,
        )

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
        segments = split_path(request.path)
        with self._store.transaction() if request.method in _WRITES else nullcontext():
            return self._route(request, session, segments)

    def _route(self, request: Request, session: Session, segments: Sequence[Segment]) -> Answer:
        if not segments:
            return self._service_document(request)
        first = segments[0]
        if self._operations.knows(first.name):
            if len(segments) > 1:
                raise no_segment(segments[1].name)
            return self._operations.call(request, session, first.name, first.argument)
        if self._metadata.knows(first.name):
            return self._metadata.answer(request, segments)
        if first.name not in self._environment.by_entity_set:
            raise _unknown(first.name)
        return self._entity_set(request, session, segments)

    def _entity_set(
        self, request: Request, session: Session, segments: Sequence[Segment]
    ) -> Answer:
        layout = self._environment.layout(segments[0].name)
        key, rest = segments[0].argument, segments[1:]
        if key is None and not rest:
            return self._rows.collection(request, session, layout)
        if key is None and rest[0].name == "$count" and len(rest) == 1:
            return self._rows.count(request, layout)
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


def storage_error(error: sqlite3.Error) -> PlatformError:
    """Return the refusal for a store that is full, locked or damaged."""
    if is_full(error):
        return PlatformError(NO_STORAGE, f"The storage of the local environment is full: {error}.")
    return PlatformError(UNAVAILABLE, f"The local environment's database can't be used: {error}.")


def _unknown(name: str) -> PlatformError:
    if name == "$metadata":
        return unsupported("the CSDL document at $metadata")
    return no_segment(name)


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
