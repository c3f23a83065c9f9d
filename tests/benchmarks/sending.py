"""Clients against a server of fixed service time: how much of the possible they reach.

python -m tests.benchmarks.sending seedkit|sdk|sdk-alone ROWS open|window SECONDS
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Self

import orjson
from httpx_aiohttp import AiohttpTransport

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.flow import Flow
from seedkit.dataverse.pace import Pace
from seedkit.dataverse.window import Window, WindowLimits
from tests.benchmarks.fixed import BASE, EXECUTION, PER_ROW, REQUESTS, WIDE, WINDOW
from tests.benchmarks.measure import ROOT

SHRUNK = WindowLimits(REQUESTS, EXECUTION, WINDOW)
PERSON = {"firstname": "Ann", "lastname": "Miller", "jobtitle": "Teacher"}
KIND = {"@odata.type": "Microsoft.Dynamics.CRM.contact"}


def greedy_requests(rows: int, seconds: float) -> int:
    """Return how many requests end in time when each limit is known and used to the last one."""
    took = BASE + PER_ROW * rows
    most = min(REQUESTS, int(EXECUTION / took))
    starts: deque[float] = deque()
    while True:
        start = 0.0
        if len(starts) >= WIDE:
            start = starts[-WIDE] + took
        if len(starts) >= most:
            start = max(start, starts[-most] + took + WINDOW)
        if start + took > seconds:
            return len(starts)
        starts.append(start)


def ideal_requests(rows: int, seconds: float) -> int:
    """Return how many requests end in time when all places are always taken."""
    return WIDE * int(seconds / (BASE + PER_ROW * rows))


@contextmanager
def served(kind: str) -> Iterator[str]:
    """Run the server in a process of its own."""
    words = [sys.executable, "-m", "tests.benchmarks.fixed", kind]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait()


@dataclass(frozen=True, slots=True)
class Contender:
    """How a client sends one request, how many do at once, and how often it was refused."""

    send: Callable[[], Awaitable[object]]
    workers: int
    throttled: Callable[[], int] = lambda: 0


@asynccontextmanager
async def seedkit(url: str, kind: str, rows: int) -> AsyncIterator[Contender]:
    """Open our client, as widely as it lets requests leave."""
    body = [KIND | PERSON] * rows
    async with AiohttpTransport() as transport:
        api = WebApi(transport, url)
        api.flow = Flow(api.clock, api.sleep, Pace(), Window(SHRUNK, kept=kind == "window"))
        await api.get("WhoAmI")

        async def send() -> None:
            content = orjson.dumps({"Targets": body})
            await api.send("POST", "contacts/CreateMultiple", content, rows=rows)

        yield Contender(send, WIDE, lambda: api.traffic.throttled)


class AnyToken:
    """A credential for a server that asks for none."""

    async def get_token(self, *_scopes: str, **_options: Any) -> Any:
        from azure.core.credentials import AccessToken

        return AccessToken("local", int(time.time()) + 3600)

    async def close(self) -> None:
        """Keep nothing open."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


@asynccontextmanager
async def sdk(url: str, _kind: str, rows: int) -> AsyncIterator[Contender]:
    """Open Microsoft's own asynchronous client, driven as widely as the server allows."""
    from PowerPlatform.Dataverse.aio.async_client import AsyncDataverseClient

    async with AsyncDataverseClient(url, AnyToken()) as client:
        await client.records.create("contact", [dict(PERSON)])

        async def send() -> None:
            await client.records.create("contact", [dict(PERSON) for _ in range(rows)])

        yield Contender(send, WIDE)


@asynccontextmanager
async def sdk_alone(url: str, kind: str, rows: int) -> AsyncIterator[Contender]:
    """Open the same client as its documentation uses it: one call after another."""
    async with sdk(url, kind, rows) as contender:
        yield Contender(contender.send, 1)


CONTENDERS = {"seedkit": seedkit, "sdk": sdk, "sdk-alone": sdk_alone}


async def play(name: str, url: str, kind: str, rows: int, seconds: float) -> dict[str, float]:
    """Send as fast as a client lets requests leave."""
    loop, done = asyncio.get_running_loop(), 0
    async with CONTENDERS[name](url, kind, rows) as contender:
        end, processor = loop.time() + seconds, time.process_time()

        async def worker() -> None:
            nonlocal done
            while loop.time() < end:
                await contender.send()
                done += loop.time() <= end

        await asyncio.gather(*(worker() for _ in range(contender.workers)))
        processor = time.process_time() - processor
    possible = (greedy_requests if kind == "window" else ideal_requests)(rows, seconds)
    return {
        "part_of_ideal": done / possible,
        "throttled": contender.throttled(),
        "processor_ms_per_request": 1e3 * processor / max(done, 1),
        "rows_per_second": done * rows / seconds,
    }


if __name__ == "__main__":
    name, rows, kind, seconds = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
    with served(kind) as url:
        print(json.dumps(asyncio.run(play(name, url, kind, rows, seconds))))
