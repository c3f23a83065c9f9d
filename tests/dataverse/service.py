"""A service that only takes time and counts: its limits are the documented ones, shrunk or not."""

from __future__ import annotations

import asyncio
import math
import random
from collections import deque
from dataclasses import dataclass, field

import httpx
import orjson

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.flow import Flow
from seedkit.dataverse.pace import MAX_IN_FLIGHT, Pace
from seedkit.dataverse.window import Window, WindowLimits

BASE, PER_ROW = 0.025, 0.0012
URL = "https://contoso.crm.dynamics.com"


@dataclass
class Service(httpx.AsyncBaseTransport):
    """Takes `base` + `per_row` seconds for a request, `workers` at once, and refuses the rest.

    `width` is how many requests it lets in at the same time; `limits` what a window holds.
    """

    hint: str | None = "52"
    workers: int = 52
    width: int = 52
    limits: WindowLimits | None = None
    tells: bool = False
    base: float = BASE
    per_row: float = PER_ROW
    network: float = 0.0
    spread: float = 0.0
    most_rows: int = 1_000
    rows: int = 0
    refused: int = 0
    running: int = 0
    most: int = 0
    arrivals: list[float] = field(default_factory=list)
    refusals: list[tuple[float, float]] = field(default_factory=list)
    _random: random.Random = field(default_factory=lambda: random.Random(1))
    _busy: float = 0.0
    _done: deque[tuple[float, float]] = field(default_factory=deque)
    _workers: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._workers = asyncio.Semaphore(self.workers)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self.network / 2)
        self.arrivals.append(loop.time())
        code, wait = self._refusal(loop.time())
        if code:
            self.refused += 1
            self.refusals.append((loop.time(), wait))
            body = {"error": {"code": code, "message": "too much"}}
            return httpx.Response(429, json=body, headers={"Retry-After": f"{wait:.0f}"})
        rows = len(orjson.loads(request.content)["Targets"]) if request.content else 0
        if rows > self.most_rows:
            return httpx.Response(413, json={"error": {"code": "", "message": "too large"}})
        self.running += 1
        self.most = max(self.most, self.running)
        began = loop.time()
        async with self._workers:
            await asyncio.sleep((self.base + self.per_row * rows) * self._luck())
        self.running -= 1
        self._done.append((loop.time(), loop.time() - began))
        self._busy += loop.time() - began
        self.rows += rows
        await asyncio.sleep(self.network / 2)
        return httpx.Response(200, json={"Ids": [0] * rows}, headers=self._headers())

    def _luck(self) -> float:
        """Return how many times longer than usual a request takes: a log-normal number."""
        return math.exp(self._random.gauss(0, self.spread)) if self.spread else 1.0

    @property
    def mean(self) -> float:
        """Return how many times longer than usual requests take on average."""
        return math.exp(self.spread**2 / 2)

    def _headers(self) -> dict[str, str]:
        headers = {} if self.hint is None else {"x-ms-dop-hint": self.hint}
        if self.limits is not None and self.tells:
            left = max(0.0, self.limits.execution - self._busy)
            many = max(0, self.limits.requests - len(self._done))
            headers["x-ms-ratelimit-burst-remaining-xrm-requests"] = str(many)
            headers["x-ms-ratelimit-time-remaining-xrm-requests"] = f"{left:.2f}"
        return headers

    def _refusal(self, now: float) -> tuple[str, float]:
        if self.running >= self.width:
            return "0x80072326", 1
        if self.limits is None:
            return "", 0
        while self._done and self._done[0][0] <= now - self.limits.seconds:
            self._busy -= self._done.popleft()[1]
        wait = self._done[0][0] + self.limits.seconds - now if self._done else 0
        if len(self._done) + self.running >= self.limits.requests:
            return "0x80072322", -(-wait // 1)
        if self._busy >= self.limits.execution:
            return "0x80072321", -(-wait // 1)
        return "", 0


def client(
    transport: httpx.AsyncBaseTransport,
    limits: WindowLimits | None = None,
    in_flight: int = MAX_IN_FLIGHT,
) -> WebApi:
    """Return a client of the service, whose account knows the limits."""
    api = WebApi(transport, URL, in_flight=in_flight)
    window = Window(limits or WindowLimits())
    api.flow = Flow(api.clock, api.sleep, Pace(in_flight), window)
    return api


async def pump(api: WebApi, rows: int, seconds: float) -> int:
    """Send requests as fast as the client lets them for some time; return how many rows it was."""
    loop = asyncio.get_running_loop()
    end, sent = loop.time() + seconds, 0
    body = orjson.dumps({"Targets": [0] * rows})

    async def worker() -> None:
        nonlocal sent
        while loop.time() < end:
            await api.send("POST", "contacts/CreateMultiple", body, rows=rows)
            sent += rows if loop.time() <= end else 0

    await api.get("WhoAmI")
    await asyncio.gather(*(worker() for _ in range(2 * MAX_IN_FLIGHT)))
    return sent
