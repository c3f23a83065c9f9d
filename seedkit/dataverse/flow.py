"""When the next request may leave: pace, window and pause together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from seedkit.dataverse.answers import THROTTLED, TOO_MANY_AT_ONCE, UNAVAILABLE
from seedkit.dataverse.gate import Gate
from seedkit.dataverse.pace import Pace
from seedkit.dataverse.pause import Clock, Pause, Sleep
from seedkit.dataverse.window import REMAINING_REQUESTS, REMAINING_TIME, Window

HINT = "x-ms-dop-hint"
RETRY_AFTER = "Retry-After"
_TELLING = frozenset(name.encode() for name in (HINT, REMAINING_REQUESTS, REMAINING_TIME))


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request that has left: when, and what execution time it is taken to need."""

    left: float
    expected: float


@dataclass
class Flow:
    """Lets requests leave, and learns from their answers."""

    clock: Clock
    sleep: Sleep
    pace: Pace = field(default_factory=Pace)
    window: Window = field(default_factory=Window)
    pause: Pause = field(init=False)
    gate: Gate = field(init=False)

    def __post_init__(self) -> None:
        self.pause = Pause(self.clock, self.sleep)
        self.gate = Gate(lambda: self.pace.limit)

    async def enter(self) -> Ticket:
        """Wait until a request may leave."""
        await self.gate.enter()
        try:
            while True:
                if self.pause.closed:
                    await self.pause.passed()
                wait = self.window.wait(self.clock())
                if not wait:
                    break
                await self.sleep(wait)
        except BaseException:
            self.gate.leave()
            raise
        return Ticket(self.clock(), self.window.begin())

    def lose(self, ticket: Ticket) -> None:
        """Take note of a request that got no answer."""
        self.window.end(self.clock(), ticket.expected, None)
        self.gate.leave()

    def learn(self, ticket: Ticket, response: httpx.Response, kind: str, rows: int) -> float:
        """Take note of an answer, return its seconds; `rows` is 0 where those tell no queues."""
        now = self.clock()
        seconds = now - ticket.left
        told = _told(response)
        self.pace.advise(told.get(HINT, ""))
        if response.status_code == THROTTLED:
            self.window.drop(ticket.expected)
        else:
            self.window.end(now, ticket.expected, seconds)
            rows = rows if response.is_success else 0
            self.pace.answered(kind, rows, seconds, self.gate.inside)
        self._hear(now, told)
        self.gate.leave()
        return seconds

    def throttle(self, code: str, seconds: float) -> None:
        """Begin the pause that a refusal asks for; several refusals of one moment count once."""
        if not self.pause.begin(seconds):
            return
        if code == TOO_MANY_AT_ONCE:
            self.pace.refuse(self.gate.inside)
        self.pace.rest()

    def _hear(self, now: float, told: Mapping[str, str]) -> None:
        requests = _number(told.get(REMAINING_REQUESTS))
        execution = _number(told.get(REMAINING_TIME))
        if requests is not None or execution is not None:
            self.window.hear(now, requests, execution)


def asked_pause(status: int, retry_after: str) -> float | None:
    """Return the seconds that an answer asks all requests to wait; None when it asks for none."""
    asks = status in {THROTTLED, UNAVAILABLE} and retry_after.isdigit()
    return float(retry_after) if asks else None


def _told(response: httpx.Response) -> dict[str, str]:
    """Return the headers that tell of limits; httpx goes through all of them for each one asked."""
    return {
        name.decode(): value.decode("latin-1")
        for raw, value in response.headers.raw
        if (name := raw.lower()) in _TELLING
    }


def _number(text: str | None) -> float | None:
    """Return a header's number; the time that is left is told in seconds, with a fraction."""
    try:
        return None if text is None else max(0.0, float(text))
    except ValueError:
        return None
