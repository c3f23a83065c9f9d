"""Service protection: requests, execution time and concurrency of each user in a sliding window.

The three limits, their codes and the header are documented. A bulk message is one request; so is
a batch, whose parts weigh by their time [inferred: the reference counts requests, and gives the
execution time limit as what keeps batches in check]. How long a client is told to wait is
documented only as growing with load and with further pushing; the figures here are inferred.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from seedkit.emulator.errors import Kind
from seedkit.emulator.settings import Settings

TOO_LONG = Kind("0x80072321", 429, "documented")
TOO_MANY = Kind("0x80072322", 429, "documented")
TOO_WIDE = Kind("0x80072326", 429, "documented")

REMAINING_REQUESTS = "x-ms-ratelimit-burst-remaining-xrm-requests"
REMAINING_TIME = "x-ms-ratelimit-time-remaining-xrm-requests"
_PUSHES_PER_SECOND = 5  # refused requests that lengthen the wait by a second [inferred]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request that is not let in, and how many whole seconds its client should wait."""

    kind: Kind
    message: str
    retry_after: int


@dataclass(slots=True)
class _Account:
    """One user's requests in the window: when each ended and how long it took, in seconds."""

    done: deque[tuple[float, float]] = field(default_factory=deque)
    pushed: deque[float] = field(default_factory=deque)
    busy: float = 0.0
    running: int = 0

    def forget(self, before: float) -> None:
        while self.done and self.done[0][0] <= before:
            self.busy -= self.done.popleft()[1]
        while self.pushed and self.pushed[0] <= before:
            self.pushed.popleft()


class Protection:
    """Counts what users do and says when it is too much; `clock` gives the moment."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._accounts: dict[str, _Account] = {}

    def enter(self, user: str, settings: Settings) -> Refusal | None:
        """Let a request in and count it as running, or say why not."""
        now = self._clock().timestamp()
        account = self._accounts.setdefault(user, _Account())
        account.forget(now - settings.throttle_window_seconds)
        refusal = _check(account, settings, now)
        if refusal is None:
            account.running += 1
        else:
            account.pushed.append(now)
        return refusal

    def leave(self, user: str, seconds: float) -> None:
        """Count a request that was let in as done, with the time it took."""
        account = self._accounts[user]
        account.running -= 1
        account.busy += seconds
        account.done.append((self._clock().timestamp(), seconds))

    def remaining(self, user: str, settings: Settings) -> dict[str, str]:
        """Return the headers that tell how much is left; seconds of execution as a number."""
        account = self._accounts[user]
        milliseconds = settings.throttle_milliseconds - account.busy * 1000
        return {
            REMAINING_REQUESTS: str(max(0, settings.throttle_requests - len(account.done))),
            REMAINING_TIME: f"{max(0.0, milliseconds) / 1000:.2f}",
        }

    def counts(self) -> dict[str, dict[str, float]]:
        """Return per user what the window holds, for people who look."""
        return {
            user: {
                "requests": len(account.done),
                "milliseconds": round(account.busy * 1000, 3),
                "running": account.running,
                "refused": len(account.pushed),
            }
            for user, account in self._accounts.items()
        }


def _check(account: _Account, settings: Settings, now: float) -> Refusal | None:
    window = settings.throttle_window_seconds
    if account.running >= settings.throttle_concurrency:
        return Refusal(
            TOO_WIDE,
            f"Number of concurrent requests exceeded the limit of {settings.throttle_concurrency}.",
            _wait(account, 1, window),
        )
    if len(account.done) + account.running >= settings.throttle_requests:
        return Refusal(
            TOO_MANY,
            f"Number of requests exceeded the limit of {settings.throttle_requests} over time "
            f"window of {window} seconds.",
            _wait(account, _until(account, now, window, requests=1), window),
        )
    excess = account.busy - settings.throttle_milliseconds / 1000
    if excess >= 0:
        return Refusal(
            TOO_LONG,
            "Combined execution time of incoming requests exceeded limit of "
            f"{settings.throttle_milliseconds} milliseconds over time window of {window} seconds. "
            "Decrease number of concurrent requests or reduce the duration of requests and try "
            "again later.",
            _wait(account, _until(account, now, window, seconds=excess), window),
        )
    return None


def _until(
    account: _Account, now: float, window: int, requests: int = 0, seconds: float = 0.0
) -> float:
    """Return the seconds until so many requests and so much time have left the window."""
    for moment, took in account.done:
        requests, seconds = requests - 1, seconds - took
        if requests <= 0 and seconds <= 0:
            return moment + window - now
    return float(window)


def _wait(account: _Account, seconds: float, window: int) -> int:
    pushes = len(account.pushed) // _PUSHES_PER_SECOND
    return max(1, min(math.ceil(seconds) + pushes, 2 * window))
