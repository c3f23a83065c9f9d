"""A server in a process of its own, asked one request at a time.

python -m tests.benchmarks.server emulator FILE
python -m tests.benchmarks.server bare FILE
"""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.benchmarks.measure import ROOT

_TIME = "/benchmark/processor"


class Server:
    """A connection to a running server."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self.seconds = 0.0  # from sending to having read, over all requests

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """Send a request and return status and body of the answer."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        began = time.perf_counter()
        self._connection.request(method, path, body, {"Content-Type": "application/json", **named})
        answer = self._connection.getresponse()
        found = answer.status, answer.read()
        self.seconds += time.perf_counter() - began
        return found

    def good(self, method: str, path: str, body: bytes | None = None, **headers: str) -> bytes:
        """Send a request that must succeed and return the body of the answer."""
        status, found = self.ask(method, path, body, **headers)
        if status >= 400:
            raise RuntimeError(f"{method} {path[:100]}: {status} {found[:300]!r}")
        return found

    def processor(self) -> float:
        """Return the processor time that the server's process has used."""
        before = self.seconds
        found = float(self.good("GET", _TIME))
        self.seconds = before
        return found


@contextmanager
def served(kind: str, file: Path) -> Iterator[Server]:
    """Run a server in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.server", kind, str(file)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield Server(int(process.stdout.readline()))
    finally:
        process.terminate()
        process.wait()


async def _processor(_request: Request) -> PlainTextResponse:
    return PlainTextResponse(repr(time.process_time()))


def main(kind: str, file: str) -> None:
    """Serve until terminated; the port is printed once requests are taken."""
    if kind == "emulator":
        _serve_emulator(Path(file))
    else:
        _serve_bare(Path(file))


def _watched(app: Starlette) -> Starlette:
    app.router.routes.insert(0, Route(_TIME, _processor))
    return app


def _serve_emulator(file: Path) -> None:
    from seedkit.emulator import create_app
    from seedkit.emulator.serving import run

    def ready(url: str) -> None:
        print(url.rpartition(":")[2], flush=True)

    run([_watched(create_app(file, clock=lambda: datetime.now(UTC)))], 0, None, ready)


def _serve_bare(file: Path) -> None:
    import uvicorn

    from seedkit.emulator.serving import listen
    from seedkit.emulator.storage.layout import make_layouts
    from seedkit.schema import load_catalogue
    from tests.benchmarks.bare import BIND, BareTable, make_bare

    tables = {
        layout.name: BareTable(
            layout.columns,
            {f"{bind}{BIND}": end.column for bind, end in layout.table.binds.items()},
        )
        for layout in make_layouts(load_catalogue()).values()
        if layout.stored == layout.name
    }
    app, listeners = _watched(make_bare(file, tables)), listen(0)
    print(listeners.port, flush=True)
    config = uvicorn.Config(
        app, http="h11", log_level="critical", access_log=False, lifespan="off", ws="none"
    )
    uvicorn.Server(config).run(sockets=list(listeners.sockets))


if __name__ == "__main__":
    main(*sys.argv[1:])
