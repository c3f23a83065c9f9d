"""Serving environments behind loopback ports, with or without TLS."""

from __future__ import annotations

import errno
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from seedkit.emulator.limits.connection import with_transport
from seedkit.emulator.storage.files import remove_note, write_note
from seedkit.errors import UsageError

if TYPE_CHECKING:
    from seedkit.emulator.certificates import Certificate

LOOPBACK = "127.0.0.1"
_LOOPBACK_6 = "::1"
LAST_PORT = 65_535
_TRIES = 20
_TAKEN = {errno.EADDRINUSE, errno.EACCES}
_KEEP_ALIVE_SECONDS = 75  # longer than the pools of common clients keep an idle connection
_GRACE_SECONDS = 5  # for requests under way when the server is stopped


@dataclass(frozen=True, slots=True)
class Listeners:
    """The open sockets of one environment, on the same port of both loopback addresses."""

    sockets: tuple[socket.socket, ...]

    @property
    def port(self) -> int:
        """Return the port."""
        found: int = self.sockets[0].getsockname()[1]
        return found

    def close(self) -> None:
        """Close the sockets."""
        for item in self.sockets:
            item.close()


def listen(port: int) -> Listeners:
    """Take a port of 127.0.0.1 and, where there is IPv6, of ::1; 0 takes a free one.

    UsageError when it is taken on either: `localhost` would sometimes reach the other server.
    """
    if port > LAST_PORT:
        raise _port_error(port, f"the last one is {LAST_PORT}")
    try:
        for _ in range(_TRIES):
            first = _bind(socket.AF_INET, LOOPBACK, port)
            try:
                second = _bind(socket.AF_INET6, _LOOPBACK_6, first.getsockname()[1])
            except OSError as error:
                if error.errno not in _TAKEN:  # no IPv6 on this machine
                    return Listeners((first,))
                first.close()
                if port:
                    raise
            else:
                return Listeners((first, second))
    except OSError as error:
        raise _port_error(port, error.strerror) from None
    raise _port_error(port, "no port is free on both loopback addresses")


def _bind(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    # The protocol is named since asyncio turns Nagle's algorithm off only where it is: without,
    # an answer's body was measured to wait 40 ms for the client to acknowledge its head.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":  # there a port can be taken away otherwise
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((host, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise
    return listener


def _port_error(port: int, reason: str | None) -> UsageError:
    return UsageError(
        f"Port {port} can't be used ({reason}).",
        "Take any free port with --port 0, or another one with --port N.",
    )


class _ByPort:
    """One application per port: real clients know an environment by its origin alone."""

    def __init__(self, apps: Mapping[int, Starlette]) -> None:
        self._apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._apps[scope["server"][1]](scope, receive, send)


class Server(uvicorn.Server):
    """A server that tells when it takes requests, and that ends quietly when told to stop."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at Ctrl-C, SIGTERM or Ctrl-Break.

        Unlike uvicorn's own this raises no signal again: the databases are still to be closed.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        numbers = {signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGBREAK", signal.SIGTERM)}
        before = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def make_server(
    apps: Mapping[int, Starlette], certificate: Certificate | None, ready: Callable[[], None]
) -> Server:
    """Return a server for the applications by port, not yet running."""
    for app in apps.values():
        app.state.host.read_aside()
    config = uvicorn.Config(
        _ByPort(apps),
        log_level="critical",
        access_log=False,
        lifespan="off",
        ws="none",
        http=with_transport(H11Protocol),
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
        ssl_certfile=None if certificate is None else certificate.chain,
        ssl_keyfile=None if certificate is None else certificate.key,
    )
    return Server(config, ready)


def address(port: int, certificate: Certificate | None) -> str:
    """Return the origin at which a port is served."""
    return f"http{'s' if certificate else ''}://{LOOPBACK}:{port}"


def run(
    apps: Sequence[Starlette],
    port: int,
    certificate: Certificate | None,
    on_ready: Callable[..., None] | None,
) -> None:
    """Serve until interrupted, then let go of the databases."""
    taken: list[Listeners] = []
    urls: list[str] = []
    try:
        for number in range(len(apps)):
            taken.append(listen(port and port + number))
        urls += [address(item.port, certificate) for item in taken]
        by_port = {item.port: app for item, app in zip(taken, apps, strict=True)}

        authority = None if certificate is None else certificate.authority

        def ready() -> None:
            for app, url in zip(apps, urls, strict=True):
                write_note(app.state.host.database, url, authority)
            if on_ready is not None:
                on_ready(*urls)

        server = make_server(by_port, certificate, ready)
        server.run(sockets=[one for item in taken for one in item.sockets])
    finally:
        for app in apps:
            app.state.close()
        for app, url in zip(apps, urls, strict=False):
            remove_note(app.state.host.database, url)
        for item in taken:
            item.close()
