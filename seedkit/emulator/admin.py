"""Routes under `/emulator/`, beside the Web API: what a real environment has no address for.

A module that offers some exports `ADMIN_ROUTES`; `app.py` lists the modules. They answer plain
JSON and are refused when the Host header names another machine, so that no web page that a
browser shows can reach them under a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.routing import Route

from seedkit.emulator.settings import SettingsError, changed, described

if TYPE_CHECKING:
    from seedkit.emulator.app import Host

PREFIX = "/emulator"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class AdminError(Exception):
    """An admin request is refused; `status` is the HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class AdminCall:
    """One admin request: `parts` are the values of the path's `{...}`."""

    host: Host
    body: bytes = b""
    parts: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """Return the body as JSON; 400 when it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise AdminError(400, f"The body is not valid JSON: {error}.") from None


@dataclass(frozen=True, slots=True)
class AdminRoute:
    """One admin route: `path` is below `/emulator` in Starlette's notation.

    `run` returns what is sent as JSON; None answers 204. It raises AdminError to refuse.
    """

    method: str
    path: str
    run: Callable[[AdminCall], Any]
    meaning: str


def starlette_routes(host: Host, routes: tuple[AdminRoute, ...]) -> list[Route]:
    """Return the routes as Starlette takes them, with one that lists them all."""
    overview = AdminRoute("GET", "", lambda _call: _overview(routes), "what can be asked here")
    return [
        Route(PREFIX + item.path, _endpoint(host, item), methods=[item.method])
        for item in (overview, *routes)
    ]


def _overview(routes: tuple[AdminRoute, ...]) -> list[dict[str, str]]:
    return [
        {"method": item.method, "path": PREFIX + item.path, "meaning": item.meaning}
        for item in routes
    ]


def _endpoint(host: Host, route: AdminRoute) -> Callable[[HttpRequest], Any]:
    async def endpoint(http: HttpRequest) -> Response:
        try:
            _check_host(http)
            call = AdminCall(
                host, await http.body(), dict(http.path_params), dict(http.query_params)
            )
            return _answer(route.run(call))
        except AdminError as error:
            return _answer({"error": {"message": error.message}}, error.status)

    return endpoint


def _check_host(http: HttpRequest) -> None:
    if http.url.hostname not in _LOOPBACK:
        raise AdminError(
            403, f"'{http.url.hostname}' is not this machine: use 127.0.0.1 or localhost."
        )
    origin = http.headers.get("origin")  # browsers say so, and let pages post anywhere unasked
    if origin is not None and urlsplit(origin).hostname not in _LOOPBACK:
        raise AdminError(403, f"A page of {origin} may not ask here.")


def _answer(data: Any, status: int = 200) -> Response:
    if data is None:
        return Response(status_code=204)
    return Response(orjson.dumps(data), status, media_type="application/json")


def _show_settings(call: AdminCall) -> Any:
    return described(call.host.settings)


def _change_settings(call: AdminCall) -> Any:
    try:
        call.host.change_settings(changed(call.host.settings, call.body))
    except SettingsError as error:
        raise AdminError(400, str(error)) from None
    return described(call.host.settings)


ADMIN_ROUTES = (
    AdminRoute("GET", "/settings", _show_settings, "the switches, with what they mean"),
    AdminRoute("PATCH", "/settings", _change_settings, "turn switches: a JSON object of them"),
)
