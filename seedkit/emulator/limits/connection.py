"""The client's connection: breaking it off without an answer.

A server whose protocol class comes from `with_transport` puts each connection's transport into
the request's scope; there `break_off` closes the TCP connection with a reset. Without a socket
(an in-process client) it raises what that client's transport would raise.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any

TRANSPORT = "seedkit.transport"

_Scope = MutableMapping[str, Any]
_App = Callable[[_Scope, Any, Any], Awaitable[None]]


class ConnectionBrokenError(Exception):
    """The connection was reset; nothing more can be sent on it."""


def with_transport(protocol: type[Any]) -> type[Any]:
    """Return a uvicorn protocol class that tells the application its transport."""

    class TransportProtocol(protocol):  # type: ignore[misc]
        """A protocol that puts its transport into the scope of each request."""

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self.app: _App = partial(_call, self.app, transport)

    return TransportProtocol


async def _call(
    app: _App, transport: asyncio.Transport, scope: _Scope, receive: Any, send: Any
) -> None:
    scope.setdefault("extensions", {})[TRANSPORT] = transport
    try:
        await app(scope, receive, send)
    except ConnectionBrokenError:
        return  # the client is gone: there is nobody to answer and nothing to report


def transport_of(scope: _Scope) -> asyncio.Transport | None:
    """Return the transport of a request's connection, None for an in-process client."""
    found: asyncio.Transport | None = (scope.get("extensions") or {}).get(TRANSPORT)
    return found


def break_off(scope: _Scope) -> ConnectionBrokenError | Exception:
    """Reset the connection and return the exception to raise."""
    transport = transport_of(scope)
    if transport is None:
        return _client_error("ReadError", ConnectionResetError)
    raw = transport.get_extra_info("socket")
    if raw is not None:
        # Lingering for no time makes closing send a reset instead of an orderly end.
        form = "hh" if sys.platform == "win32" else "ii"
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(form, 1, 0))
    transport.abort()
    return ConnectionBrokenError()


def time_out(scope: _Scope) -> Exception:
    """Return what ends a request that nobody answered in time."""
    if transport_of(scope) is not None:
        return break_off(scope)
    return _client_error("ReadTimeout", TimeoutError)


def _client_error(name: str, otherwise: type[Exception]) -> Exception:
    """Return httpx's exception when the client in this process is httpx, else a plain one."""
    kind: type[Exception] = getattr(sys.modules.get("httpx"), name, otherwise)
    return kind("The local environment broke off the connection on purpose.")
