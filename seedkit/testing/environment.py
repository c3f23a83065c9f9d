"""A running local environment: in process or behind a port, with everything a test turns."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import httpx
from starlette.applications import Starlette

from seedkit.emulator import certificate, create_app
from seedkit.emulator.certificates import Certificate
from seedkit.emulator.requestlog import Entry
from seedkit.emulator.serving import Server, address, listen, make_server
from seedkit.emulator.storage.files import read_rows

MEMORY = Path(":memory:")
API = "/api/data/v9.2/"
IN_PROCESS = "http://localhost"
PATIENCE_SECONDS = 30.0
T = TypeVar("T")


@dataclass(frozen=True)
class RunningEnvironment:
    """A local environment that answers.

    `origin` is scheme, host and port; `client` is an httpx client whose addresses start at the Web
    API. `certificate` holds the files to trust when it is served with TLS.
    """

    origin: str
    client: httpx.Client
    app: Starlette
    certificate: Certificate | None
    _between: Callable[[Callable[[], Any]], Any]

    @property
    def base_url(self) -> str:
        """Return the address of the Web API."""
        return self.origin + API

    @property
    def requests(self) -> list[Entry]:
        """Return the last requests, oldest first."""
        return list(self.app.state.host.log.entries)

    def dump(self) -> dict[str, list[dict[str, object]]]:
        """Return every row of every table by logical names, as stored: booleans are 0 and 1."""
        found: dict[str, list[dict[str, object]]] = self._between(
            lambda: read_rows(self.app.state.host.connection)
        )
        return found

    def snapshot(self, name: str = "snapshot") -> None:
        """Keep the environment as it is now; an older snapshot of that name is replaced."""
        self._admin("PUT", f"snapshots/{name}")

    def restore(self, name: str = "snapshot") -> None:
        """Go back to a snapshot; ValueError when there is none of that name."""
        self._admin("POST", f"snapshots/{name}/restore")

    def reset(self) -> None:
        """Throw everything away and start afresh."""
        self._admin("POST", "reset")

    def change_settings(self, **settings: Any) -> None:
        """Turn switches of the environment; None means the default."""
        self._admin("PATCH", "settings", settings)

    def sign_in(self, user: str, *, seconds: int = 3600) -> str:
        """Return a bearer token for a user, named by systemuserid or domain name."""
        body = {"user": user, "seconds": seconds}
        return str(self._admin("POST", "tokens", body).json()["access_token"])

    def fail_next(self, fault: str, *, times: int = 1, **which: Any) -> None:
        """Let the next `times` requests fail, of those that `which` describes as a rule does.

        Earlier rules end. The faults are named in the documentation of `--faults`.
        """
        rule = {"fault": fault, "fire": "first", "count": times, **which}
        self._admin("PUT", "faults", {"faults": [rule]})

    def fail_never(self) -> None:
        """End all faults."""
        self._admin("DELETE", "faults")

    def async_client(self) -> httpx.AsyncClient:
        """Return an asynchronous client; the caller closes it."""
        base = self.base_url
        if isinstance(self.client._transport, _InProcess):
            return httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=base)
        return httpx.AsyncClient(base_url=base, verify=_trust(self.certificate), trust_env=False)

    def _admin(self, method: str, path: str, body: Any = None) -> httpx.Response:
        content = {} if body is None else {"json": body}
        answer = self.client.request(method, f"{self.origin}/emulator/{path}", **content)
        if answer.is_error:
            raise ValueError(answer.json()["error"]["message"])
        return answer


@contextmanager
def local_environment(
    database: Path = MEMORY,
    *,
    served: bool = False,
    tls: bool = False,
    port: int = 0,
    clock: Callable[[], datetime] | None = None,
    settings: Mapping[str, Any] | None = None,
    faults: Path | Mapping[str, Any] | None = None,
    schema: Path | None = None,
) -> Iterator[RunningEnvironment]:
    """Run a local environment while the block runs.

    It answers in this process, or with `served` or `tls` behind a loopback port, from a thread.
    `database` is a file that stays, or `MEMORY`. `clock` gives aware times in UTC; without it the
    machine's own is used. `settings`, `faults` and `schema` are as for
    `seedkit.emulator.create_app`.
    """
    moment = clock or _now
    app = create_app(database, clock=moment, settings=settings, faults=faults, schema=schema)
    with ExitStack() as stack:
        stack.callback(app.state.close)
        if not served and not tls:
            client = stack.enter_context(
                httpx.Client(transport=_InProcess(app), base_url=IN_PROCESS + API)
            )
            yield RunningEnvironment(IN_PROCESS, client, app, None, lambda work: work())
            return
        files = None
        if tls:
            files = certificate(Path(stack.enter_context(TemporaryDirectory())) / "tls", now=_now())
        thread = stack.enter_context(_served(app, port, files))
        client = stack.enter_context(
            httpx.Client(base_url=thread.origin + API, verify=_trust(files), trust_env=False)
        )
        yield RunningEnvironment(thread.origin, client, app, files, thread.between)


class _InProcess(httpx.BaseTransport):
    """Calls the application without a network, from ordinary functions."""

    def __init__(self, app: Starlette) -> None:
        self._transport = httpx.ASGITransport(app)
        self._runner = asyncio.Runner()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return self._runner.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        content = await answer.aread()
        return httpx.Response(answer.status_code, headers=answer.headers, content=content)

    def close(self) -> None:
        self._runner.close()


@dataclass(frozen=True)
class _Thread:
    """A server in a thread with its event loop."""

    origin: str
    loop: asyncio.AbstractEventLoop

    def between(self, work: Callable[[], T]) -> T:
        """Do something between two requests."""

        async def done() -> T:
            return work()

        return asyncio.run_coroutine_threadsafe(done(), self.loop).result(PATIENCE_SECONDS)


@contextmanager
def _served(app: Starlette, port: int, files: Certificate | None) -> Iterator[_Thread]:
    listeners = listen(port)
    loops: list[asyncio.AbstractEventLoop] = []
    is_ready = threading.Event()

    def ready() -> None:
        loops.append(asyncio.get_running_loop())
        is_ready.set()

    server: Server = make_server({listeners.port: app}, files, ready)
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(list(listeners.sockets))), daemon=True
    )
    thread.start()
    try:
        if not is_ready.wait(PATIENCE_SECONDS):
            raise RuntimeError("the server did not start")
        yield _Thread(address(listeners.port, files), loops[0])
    finally:
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)
        listeners.close()


def _trust(files: Certificate | None) -> Any:
    import ssl

    return True if files is None else ssl.create_default_context(cafile=files.authority)


def _now() -> datetime:
    return datetime.now(UTC)
