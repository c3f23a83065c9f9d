"""One pause for all requests, when the service asks one of them to wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Sleep = Callable[[float], Awaitable[None]]
Clock = Callable[[], float]


@dataclass
class Pause:
    """Holds requests back until the latest moment that any answer has asked for.

    One of those that wait sleeps for all; `told` hears of each pause once, in seconds.
    """

    clock: Clock
    sleep: Sleep
    told: Callable[[float], None] = lambda _: None
    count: int = 0
    seconds: float = 0.0
    _until: float | None = None
    _sleeping: bool = False
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def closed(self) -> bool:
        """Tell whether requests are held back."""
        return self._until is not None

    def begin(self, seconds: float) -> bool:
        """Ask for a pause; False when one is on already, which this may make longer."""
        until = self.clock() + seconds
        if self._until is not None:
            self.seconds += max(0.0, until - self._until)
            self._until = max(self._until, until)
            return False
        self._until = until
        self._over.clear()
        self.count += 1
        self.seconds += seconds
        self.told(seconds)
        return True

    async def passed(self) -> None:
        """Wait until no pause is on."""
        while self._until is not None:
            if self._sleeping:
                await self._over.wait()
            else:
                await self._sleep_for_all()

    async def _sleep_for_all(self) -> None:
        self._sleeping = True
        reached = self.clock()
        try:
            # By what was slept and not by the clock, which a test may leave standing.
            while self._until is not None and reached < self._until:
                until = self._until
                await self.sleep(until - reached)
                reached = until
            self._until = None
        finally:
            # Cancelled, it leaves the sleeping to the next one that waits.
            self._sleeping = False
            self._over.set()
            if self._until is not None:
                self._over.clear()
