"""The process in which environments live, and clients of the one that is on its stage."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import httpx
from httpx_aiohttp import AiohttpTransport

from seedkit.dataverse.client import RetryPolicy, WebApi
from tests.worlds import FaultyTransport

API = "/api/data/v9.2/"


class Theatre:
    """The process that has an environment on its stage."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.purge.stories.server", str(port)], stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == b"ready"

    def show(self, database: Path, begin: datetime, **settings: object) -> None:
        """Put an environment's file on the stage, at some time."""
        body = {"database": str(database), "begin": begin.isoformat(), "settings": settings}
        httpx.put(f"{self.url}/stage", json=body, timeout=30).raise_for_status()

    def clear(self) -> None:
        """Take the environment off the stage: then its file can be copied."""
        httpx.put(f"{self.url}/stage", json={"database": None}, timeout=30).raise_for_status()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


class Waiting:
    """How a client waits: at once for itself, and the environment's time passes."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport) -> None:
        self._url = url
        self._transport = transport
        self._slept = 0.0

    async def sleep(self, seconds: float) -> None:
        self._slept += seconds
        request = httpx.Request("PUT", f"{self._url}/stage/clock", json={"seconds": seconds})
        await (await self._transport.handle_async_request(request)).aread()

    def now(self) -> float:
        return asyncio.get_running_loop().time() + self._slept


@asynccontextmanager
async def web_api(url: str) -> AsyncIterator[tuple[WebApi, FaultyTransport]]:
    """Yield a client of the environment on the stage, and what can make it fail."""
    inner = AiohttpTransport()
    transport, waiting = FaultyTransport(inner), Waiting(url, inner)
    async with inner:
        yield (
            WebApi(transport, url, RetryPolicy(), sleep=waiting.sleep, clock=waiting.now),
            transport,
        )
