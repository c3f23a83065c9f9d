"""A gate that lets in as many at a time as somebody else says at the moment."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Gate:
    """Lets in, first come, first served, while fewer than `width()` are inside."""

    width: Callable[[], int]
    inside: int = 0
    _waiting: deque[asyncio.Future[None]] = field(default_factory=deque)

    @asynccontextmanager
    async def passed(self) -> AsyncIterator[None]:
        """Be inside for as long as the block runs."""
        await self.enter()
        try:
            yield
        finally:
            self.leave()

    async def enter(self) -> None:
        """Wait for a place and take it."""
        if self.inside < self.width() and not self._waiting:
            self.inside += 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()  # the place was given, and nobody is there to use it
            else:
                self._waiting.remove(place)
            raise

    def leave(self) -> None:
        """Give a place back."""
        self.inside -= 1
        self.call()

    def call(self) -> None:
        """Let in those for whom there is a place; also to be called when the width has grown."""
        while self._waiting and self.inside < self.width():
            place = self._waiting.popleft()
            if not place.done():
                self.inside += 1
                place.set_result(None)
