"""The client against a server of fixed service time: how much of the possible it reaches.

python -m tests.benchmarks.sending ROWS open|window SECONDS
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
from httpx_aiohttp import AiohttpTransport

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.flow import Flow
from seedkit.dataverse.pace import MAX_IN_FLIGHT, Pace
from seedkit.dataverse.window import Window, WindowLimits
from tests.benchmarks.fixed import BASE, EXECUTION, PER_ROW, REQUESTS, WINDOW
from tests.benchmarks.measure import ROOT

WORKERS = MAX_IN_FLIGHT + 4
SHRUNK = WindowLimits(REQUESTS, EXECUTION, WINDOW)


def greedy_requests(rows: int, seconds: float) -> int:
    """Return how many requests end in time when each limit is known and used to the last one."""
    took = BASE + PER_ROW * rows
    most = min(REQUESTS, int(EXECUTION / took))
    starts: deque[float] = deque()
    while True:
        start = 0.0
        if len(starts) >= MAX_IN_FLIGHT:
            start = starts[-MAX_IN_FLIGHT] + took
        if len(starts) >= most:
            start = max(start, starts[-most] + took + WINDOW)
        if start + took > seconds:
            return len(starts)
        starts.append(start)


def ideal_requests(rows: int, seconds: float) -> int:
    """Return how many requests end in time when all places are always taken."""
    return MAX_IN_FLIGHT * int(seconds / (BASE + PER_ROW * rows))


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


async def send(url: str, kind: str, rows: int, seconds: float) -> dict[str, float]:
    """Send as fast as the client lets requests leave."""
    body = [{"firstname": "Ann", "lastname": "Miller", "jobtitle": "Teacher"}] * rows
    loop, done = asyncio.get_running_loop(), 0
    async with AiohttpTransport() as transport:
        api = WebApi(transport, url)
        api.flow = Flow(api.clock, api.sleep, Pace(), Window(SHRUNK, kept=kind == "window"))
        await api.get("WhoAmI")
        end, processor = loop.time() + seconds, time.process_time()

        async def worker() -> None:
            nonlocal done
            while loop.time() < end:
                content = orjson.dumps({"Targets": body})
                await api.send("POST", "contacts/CreateMultiple", content, rows=rows)
                done += loop.time() <= end

        await asyncio.gather(*(worker() for _ in range(WORKERS)))
        processor = time.process_time() - processor
    possible = (greedy_requests if kind == "window" else ideal_requests)(rows, seconds)
    return {
        "part_of_ideal": done / possible,
        "throttled": api.traffic.throttled,
        "processor_ms_per_request": 1e3 * processor / max(done, 1),
        "rows_per_second": done * rows / seconds,
    }


if __name__ == "__main__":
    rows, kind, seconds = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    with served(kind) as url:
        print(json.dumps(asyncio.run(send(url, kind, rows, seconds))))
