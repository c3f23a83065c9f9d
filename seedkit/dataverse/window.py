"""A local account of what the service counts: requests and execution time of the last 300 s.

The limits are documented per user and web server. What the service tells of the rest goes before
what is counted here, and a request counts until one window after its answer: the service counts it
at some moment in between.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

REMAINING_REQUESTS = "x-ms-ratelimit-burst-remaining-xrm-requests"
REMAINING_TIME = "x-ms-ratelimit-time-remaining-xrm-requests"
# What the service itself is taken to need for the least of requests; the rest is the network's.
LEAST_EXECUTION = 0.030
SHARE = 0.98  # of what is left; the account can't see to the last request what the service counts
NEWS = 0.05  # of a window: no longer wait, since the service may tell of more room
LATE = 1e-3  # of a window: so much longer a request is counted, for clocks and roundings
SOON = 1e-4  # of a window: no shorter wait
TOLD = 8  # answers that must agree on more room, because servers count each for itself


@dataclass(frozen=True, slots=True)
class WindowLimits:
    """What one user may use of one web server: requests and seconds of execution per window."""

    requests: int = 6_000
    execution: float = 1_200.0
    seconds: float = 300.0


@dataclass(slots=True)
class _Account:
    """One limited amount: used by answered requests, by those on their way, and the rest."""

    limit: float
    used: float = 0.0
    underway: float = 0.0
    # (until when it counts, how much more or less room there was than counted here)
    told: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=TOLD))

    def room(self, now: float) -> float:
        # The last word stays until there is a newer one: what fills the window may be others' use.
        while len(self.told) > 1 and self.told[0][0] <= now:
            self.told.popleft()
        told = min((more for _, more in self.told), default=0.0)
        return (self.limit + told) * SHARE - self.used - self.underway

    def hear(self, remaining: float, until: float) -> None:
        """Take the service's word for what answered requests have left."""
        self.told.append((until, remaining - (self.limit - self.used)))


@dataclass
class Window:
    """Says how long to wait before the next request, so that no limit is met.

    `kept` tells whether the account is used for that at all: the documented limits hold for real
    environments, and a local one that enforces any tells of them in its answers.
    """

    limits: WindowLimits = field(default_factory=WindowLimits)
    kept: bool = True
    _requests: _Account = field(init=False)
    _execution: _Account = field(init=False)
    _answered: deque[tuple[float, float]] = field(default_factory=deque)
    _usual: float = 0.0  # seconds of execution of one request, of late
    _quickest: float = float("inf")

    def __post_init__(self) -> None:
        self._requests = _Account(self.limits.requests)
        self._execution = _Account(self.limits.execution)

    def wait(self, now: float) -> float:
        """Return the seconds until there may be room for one more request; 0 when there is."""
        if not self.kept:
            return 0.0
        self._release(now)
        if self._requests.room(now) >= 1 and self._execution.room(now) >= self._usual:
            return 0.0
        return min(self._next(now), self.limits.seconds * NEWS)

    def begin(self) -> float:
        """Count a request that leaves; return what it is taken to need, for `end`."""
        self._requests.underway += 1
        self._execution.underway += self._usual
        return self._usual

    def drop(self, expected: float) -> None:
        """Forget a request that the service did not let in."""
        self._requests.underway -= 1
        self._execution.underway = max(0.0, self._execution.underway - expected)

    def end(self, now: float, expected: float, seconds: float | None) -> None:
        """Count a request as answered after so many seconds; None: it never came to an answer."""
        self.drop(expected)
        self._release(now)
        took = expected if seconds is None else self._without_network(seconds)
        self._usual += (took - self._usual) * (0.2 if self._usual else 1.0)
        self._requests.used += 1
        self._execution.used += took
        self._answered.append((now + self.limits.seconds * (1 + LATE), took))

    def hear(self, now: float, requests: float | None, execution: float | None) -> None:
        """Take the service's word for what is left; None where it says nothing."""
        until = now + self.limits.seconds
        if requests is not None:
            self._requests.hear(requests, until)
        if execution is not None:
            self._execution.hear(execution, until)
        self.kept = self.kept or requests is not None or execution is not None

    def _next(self, now: float) -> float:
        """Return the seconds until something of ours runs out."""
        if not self._answered:
            return 0.0 if not self._requests.underway else self.limits.seconds * NEWS
        return max(self._answered[0][0] - now, self.limits.seconds * SOON)

    def _without_network(self, seconds: float) -> float:
        self._quickest = min(self._quickest, seconds)
        return seconds - max(0.0, self._quickest - LEAST_EXECUTION)

    def _release(self, now: float) -> None:
        """Give back what was answered one window ago."""
        while self._answered and self._answered[0][0] <= now:
            _, took = self._answered.popleft()
            self._requests.used -= 1
            self._execution.used = max(0.0, self._execution.used - took)
