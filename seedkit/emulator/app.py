"""The ASGI application: HTTP in, requests of our own kind on, HTTP out."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from seedkit.emulator.content import fill
from seedkit.emulator.errors import TOO_LONG_ADDRESS, PlatformError, no_segment
from seedkit.emulator.exchange import Answer, Request, error_answer, parse_options
from seedkit.emulator.service import Service, storage_error
from seedkit.emulator.session import Environment
from seedkit.emulator.storage.store import Store
from seedkit.schema import load_catalogue

_ROOT = re.compile(r"^/api/data/v9\.[0-2](?:/|$)")
_ADDRESS_LIMIT = 32_768  # characters of a whole address, [documented]; its status is inferred
_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"]


class Host:
    """Opens the database when it can be opened, and answers with a clean error while it can't."""

    def __init__(
        self,
        database: Path,
        clock: Callable[[], datetime],
        page_limit: int | None,
        new_id: Callable[[], UUID] | None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._page_limit = page_limit
        self._new_id = new_id
        self._service: Service | None = None
        self._store: Store | None = None

    def service(self) -> Service:
        """Return the service, opening the database first if need be; sqlite3.Error when not."""
        if self._service is None:
            catalogue = load_catalogue()
            store = Store(self._database, catalogue, self._page_limit)
            try:
                store.ensure(lambda new: fill(new, self._clock()))
                environment = Environment(store, catalogue, self._clock, self._new_id)
            except BaseException:
                store.close()
                raise
            self._store, self._service = store, Service(environment)
        return self._service

    def close(self) -> None:
        """Close the database; the next request opens it again."""
        if self._store is not None:
            self._store.close()
        self._service = self._store = None

    async def respond(self, http: HttpRequest) -> Response:
        """Answer one HTTP request."""
        try:
            request = await _read(http)
        except PlatformError as error:
            answer = error_answer(error)
            answer.headers["OData-Version"] = "4.0"
            return _response(answer)
        try:
            answer = self.service().answer(request)
        except sqlite3.Error as error:
            answer = error_answer(storage_error(error), request)
            answer.headers["OData-Version"] = "4.0"
        return _response(answer)


def make_app(
    database: Path,
    clock: Callable[[], datetime],
    page_limit: int | None,
    new_id: Callable[[], UUID] | None,
) -> Starlette:
    """Return the application; `app.state.close()` lets go of the database file."""
    host = Host(database, clock, page_limit, new_id)
    try:
        host.service()
    except sqlite3.Error:
        # Tried again at each request, which then answers with the reason.
        host.close()
    app = Starlette(routes=[Route("/{path:path}", host.respond, methods=_METHODS)])
    app.state.close = host.close
    return app


async def _read(http: HttpRequest) -> Request:
    """Return the request below the service root; 404 outside of it, 414 for a long address."""
    match = _ROOT.match(http.scope["path"])
    if match is None:
        raise no_segment(http.url.path)
    if len(str(http.url)) > _ADDRESS_LIMIT:
        raise PlatformError(TOO_LONG_ADDRESS, "The address is too long.")
    base = f"{http.url.scheme}://{http.url.netloc}"
    return Request(
        method=http.method,
        path=http.scope["path"][match.end() :],
        options=parse_options(http.scope["query_string"].decode("latin-1")),
        headers={name.lower(): value for name, value in http.headers.items()},
        body=await http.body(),
        root=base + match[0].rstrip("/") + "/",
    )


def _response(answer: Answer) -> Response:
    return Response(answer.body or None, answer.status, answer.headers)
