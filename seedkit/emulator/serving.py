"""Serving the application behind a loopback port."""

from __future__ import annotations

import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

_LOOPBACK = "127.0.0.1"


class _Server(uvicorn.Server):
    """A server that tells when it takes requests."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def run(app: Starlette, port: int, on_ready: Callable[[str], None] | None) -> None:
    """Serve until interrupted, then let go of the database."""
    listener = socket.create_server((_LOOPBACK, port))
    address = f"http://{_LOOPBACK}:{listener.getsockname()[1]}"

    def ready() -> None:
        if on_ready is not None:
            on_ready(address)

    config = uvicorn.Config(app, log_level="critical", access_log=False, lifespan="off")
    try:
        _Server(config, ready).run(sockets=[listener])
    finally:
        app.state.close()
        listener.close()
