"""Faults that strike chosen requests, each in its own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx
from hypothesis import strategies as st

from tests.worlds import FaultyTransport

AFTER = frozenset({"answer lost", "503 though done"})
REFUSALS = {
    "429": httpx.Response(429, json={"error": {"code": "0x80072322", "message": "Too many"}}),
    "503 though done": httpx.Response(503, html="<html>Service Unavailable</html>"),
    "500": httpx.Response(500, json={"error": {"code": "0x80044150", "message": "Deadlock"}}),
}
_PASSING = st.sampled_from(["request lost", "answer lost", "429", "503 though done"])


@dataclass
class Faults:
    """Strikes the requests with the given numbers, counted over reads and writes alike."""

    plan: Mapping[int, str]
    count: int = 0

    def strike(self, transport: FaultyTransport) -> None:
        """Begin."""
        transport.before.append(self._before)
        transport.after.append(self._after)

    async def _before(self, request: httpx.Request) -> httpx.Response | None:
        self.count += 1
        # By request and not by the count alone: several are on their way at the same time.
        request.extensions["number"] = self.count
        fault = self.plan.get(self.count)
        return None if fault is None or fault in AFTER else self._do(fault, request)

    async def _after(self, request: httpx.Request) -> httpx.Response | None:
        fault = self.plan.get(request.extensions["number"])
        return self._do(fault, request) if fault in AFTER else None

    def _do(self, fault: str, request: httpx.Request) -> httpx.Response:
        if fault in REFUSALS:
            found = REFUSALS[fault]
            return httpx.Response(found.status_code, content=found.content, headers=found.headers)
        raise httpx.ReadError(fault, request=request)


def fault_plans(requests: int) -> st.SearchStrategy[dict[int, str]]:
    """Return plans of up to eight passing faults and one crash among so many requests."""
    numbers = st.integers(1, requests)
    passing = st.dictionaries(numbers, _PASSING, min_size=1, max_size=8)
    crash = st.dictionaries(numbers, st.just("500"), max_size=1)
    return st.builds(lambda some, one: some | one, passing, crash)


class KilledError(BaseException):
    """The process is gone; nothing of it may catch this."""


def kill_at(number: int | None) -> Callable[[FaultyTransport], None]:
    """Return what lets the process die at one of its requests, if at any.

    Before or after it was carried out, by turns.
    """

    def disturb(transport: FaultyTransport) -> None:
        sent = 0

        async def kill(_: httpx.Request) -> None:
            nonlocal sent
            sent += 1
            if number is not None and sent >= number:
                raise KilledError

        (transport.after if (number or 0) % 2 else transport.before).append(kill)

    return disturb
