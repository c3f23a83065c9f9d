"""The ASGI application: HTTP in, requests of our own kind on, HTTP out."""

from __future__ import annotations

import asyncio
import gc
import re
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

import orjson
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seedkit.emulator import admin, housekeeping, signin
from seedkit.emulator.content import fill
from seedkit.emulator.content.recycle_bin import follow_switch
from seedkit.emulator.errors import RESOURCE, TOO_LONG_ADDRESS, PlatformError, no_segment
from seedkit.emulator.exchange import Answer, Request, error_answer, parse_options
from seedkit.emulator.hidden import hide_messages
from seedkit.emulator.limits import control
from seedkit.emulator.limits.delivery import delivered
from seedkit.emulator.limits.gate import Gate
from seedkit.emulator.metadata.adoption import adopt
from seedkit.emulator.readers import Readers
from seedkit.emulator.requestlog import RequestLog, RequestLogger
from seedkit.emulator.service import Service, storage_error
from seedkit.emulator.session import Environment
from seedkit.emulator.settings import FACT, Settings, changed, read_settings, to_json
from seedkit.emulator.storage.files import is_memory
from seedkit.emulator.storage.snapshots import Snapshots
from seedkit.emulator.storage.store import IDS, Store
from seedkit.schema import Catalogue, load_catalogue

if TYPE_CHECKING:
    from seedkit.emulator.limits.rules import Rules
    from seedkit.schema.saved import SavedSchema

API = "/api/data/v9.2/"
_ROOT = re.compile(r"^/api/data/v9\.[0-2](?:/|$)")
_ADDRESS_LIMIT = 32_768  # characters of a whole address, [documented]; its status is inferred
_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"]
# Every route beside the Web API; each module says what it offers.
ADMIN_ROUTES: tuple[admin.AdminRoute, ...] = (
    *admin.ADMIN_ROUTES,
    *signin.ADMIN_ROUTES,
    *control.ADMIN_ROUTES,
    *housekeeping.ADMIN_ROUTES,
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the outside hands in: the moment, fresh ids, a way to wait, fault rules."""

    clock: Callable[[], datetime]
    page_limit: int | None = None
    new_id: Callable[[], UUID] | None = None
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    faults: Rules | None = None


class Host:
    """Opens the database when it can be opened, and answers with a clean error while it can't."""

    def __init__(self, database: Path, surroundings: Surroundings) -> None:
        self.database = database
        self.log = RequestLog()
        self.snapshots = Snapshots(database)
        self.readers: Readers | None = None
        self.surroundings = surroundings
        self.gate = Gate(surroundings.clock, surroundings.sleep)
        self.tokens = signin.Tokens()
        self._faults = surroundings.faults
        self._answered = 0
        self._service: Service | None = None
        self._store: Store | None = None

    @property
    def settings(self) -> Settings:
        """Return the switches of the open environment."""
        return self.service().environment.settings

    def change_settings(self, settings: Settings) -> None:
        """Keep other switches in the database file and go on with them."""
        self.service()
        if self._store is not None:
            with self._store.transaction():
                self._store.set_facts({FACT: to_json(settings)})
                hide_messages(self._store, settings)
                follow_switch(self._store, settings)
            self._service = self._open(self._store)
            self.gate.attach(self._service)
            self._renew_readers()

    def adopt_schema(self, schema: SavedSchema) -> None:
        """Go on with the schema that was pulled from an environment; it is kept in the file."""
        self.service()
        if self._store is not None:
            with self._store.transaction():
                switches = adopt(self._store, schema)
            self.change_settings(changed(self.settings, orjson.dumps(switches)))

    def set_faults(self, rules: Rules | None) -> None:
        """Go on with other fault rules, their counters at nought."""
        self._faults = rules
        self.gate.set_faults(rules, self.service())

    def service(self) -> Service:
        """Return the service, opening the database first if need be; sqlite3.Error when not."""
        return self._service or self._start(None)

    def restore(self, content: sqlite3.Connection) -> None:
        """Put another environment's content in the place of this one's."""
        self.close()
        self._start(content)

    @property
    def connection(self) -> sqlite3.Connection:
        """Return the open database, to copy or read it between two requests."""
        self.service()
        assert self._store is not None
        return self._store.connection

    def _start(self, content: sqlite3.Connection | None) -> Service:
        around = self.surroundings
        store = Store(self.database, _catalogue(), around.page_limit, content)
        try:
            store.ensure(lambda new: fill(new, around.clock()))
            self._service = service = self._open(store)
        except BaseException:
            store.close()
            raise
        self._store = store
        self._renew_readers()
        if self.gate.faults is None:
            self.gate.set_faults(self._faults, service)
        else:  # the counters go on, whatever is restored
            self.gate.attach(service)
        return service

    def read_aside(self) -> None:
        """From now on answer reads in threads, beside the writer; not without a file."""
        if not is_memory(self.database):
            self.readers = Readers(self._start_reader)

    def _start_reader(self) -> tuple[Store, Service]:
        store = Store(self.database, _catalogue())
        return store, self._open(store)

    def _renew_readers(self) -> None:
        if self.readers is not None:
            self.readers.close()
            self.readers.open()

    def _open(self, store: Store) -> Service:
        settings = read_settings(store.fact(FACT))
        around = self.surroundings
        environment = Environment(store, around.clock, around.new_id, settings)
        return Service(environment)

    def close(self) -> None:
        """Close the database; the next request opens it again."""
        if self.readers is not None:
            self.readers.close()
        if self._store is not None:
            self._store.close()
        self._service = self._store = None

    async def respond(self, http: HttpRequest) -> Response:
        """Answer one HTTP request."""
        request, rule = None, None
        try:
            request = await _read(http)
            service = self.service()
            user = self.tokens.user(request, service.environment, self.surroundings.clock())
            if user != service.environment.caller:
                request = replace(request, user=user)
            if self.gate.is_open(service.environment.settings):
                found = self.readers and await self.readers.answer(service, request)
                answer = found or service.answer(request)
            else:
                answer, rule = await self.gate.answer(service, request, user, http.scope)
        except signin.SignInError as error:
            answer = signin.refused(error, request)
        except PlatformError as error:
            answer = error_answer(error, request)
        except sqlite3.Error as error:
            answer = error_answer(storage_error(error), request)
        self._finish(answer)
        if rule is not None:
            return delivered(answer, rule, http.scope, self.surroundings.sleep)
        return Response(answer.body or None, answer.status, answer.headers)

    def _finish(self, answer: Answer) -> None:
        """Add the headers that every answer from outside has."""
        self._answered += 1
        request_id = str(uuid5(IDS, f"request {self._answered}"))
        headers = answer.headers
        headers.setdefault("OData-Version", "4.0")
        headers["REQ_ID"] = headers["x-ms-service-request-id"] = request_id


def make_app(database: Path, surroundings: Surroundings) -> Starlette:
    """Return the application; `app.state.close()` lets go of the database file."""
    host = Host(database, surroundings)
    try:
        host.service()
    except sqlite3.Error:
        # Tried again at each request, which then answers with the reason.
        host.close()
    app = Starlette(
        routes=[
            Route("/", _signpost),
            *admin.starlette_routes(host, ADMIN_ROUTES),
            Route("/{path:path}", host.respond, methods=_METHODS),
        ]
    )
    app.add_middleware(RequestLogger, log=host.log)
    app.state.close = host.close
    app.state.host = host
    return app


@lru_cache(maxsize=1)
def _catalogue() -> Catalogue:
    """Return the shipped catalogue, all of it read while the garbage collector rests.

    Walking its growing heap again and again was measured to take a third of opening an environment.
    """
    catalogue, was_on = load_catalogue(), gc.isenabled()
    gc.disable()
    try:
        tuple(catalogue.values())
    finally:
        if was_on:
            gc.enable()
    return catalogue


async def _signpost(http: HttpRequest) -> Response:
    """Tell whoever opens the origin alone where to go on."""
    origin = _origin(http)
    return JSONResponse({"api": origin + API, "emulator": origin + admin.PREFIX})


def _origin(http: HttpRequest) -> str:
    return f"{http.url.scheme}://{http.url.netloc}"


async def _read(http: HttpRequest) -> Request:
    """Return the request below the service root; 404 outside of it, 414 for a long address."""
    match = _ROOT.match(http.scope["path"])
    if match is None:
        message = no_segment(http.url.path).message
        raise PlatformError(RESOURCE, f"{message} The Web API is at {_origin(http)}{API}")
    if len(str(http.url)) > _ADDRESS_LIMIT:
        raise PlatformError(TOO_LONG_ADDRESS, "The address is too long.")
    return Request(
        method=http.method,
        path=http.scope["path"][match.end() :],
        options=parse_options(http.scope["query_string"].decode("latin-1")),
        headers={name.lower(): value for name, value in http.headers.items()},
        body=await http.body(),
        root=_origin(http) + match[0].rstrip("/") + "/",
    )
