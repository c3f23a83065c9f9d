"""A gate that lets in as many at a time as somebody else says at the moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import count


@dataclass
class Gate:
    """Lets in while fewer than `width()` are inside: the lowest rank first, then who came first."""

    width: Callable[[], int]
    inside: int = 0
    _waiting: list[tuple[tuple[int, ...], int, asyncio.Future[None]]] = field(default_factory=list)
    _arrivals: Iterator[int] = field(default_factory=count)

    @asynccontextmanager
    async def passed(self, rank: tuple[int, ...] = ()) -> AsyncIterator[None]:
        """Be inside for as long as the block runs."""
        await self.enter(rank)
        try:
            yield
        finally:
            self.leave()

    async def enter(self, rank: tuple[int, ...] = ()) -> None:
        """Wait for a place and take it."""
        if self.inside < self.width() and not self._waiting:
            self.inside += 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (rank, next(self._arrivals), place))
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()  # the place was given, and nobody is there to use it
            self._forget_cancelled()
            raise

    def leave(self) -> None:
        """Give a place back."""
        self.inside -= 1
        self.call()

    def call(self) -> None:
        """Let in those for whom there is a place; also to be called when the width has grown."""
        while self._waiting and self.inside < self.width():
            _, _, place = heappop(self._waiting)
            if not place.done():
                self.inside += 1
                place.set_result(None)

    def _forget_cancelled(self) -> None:
        self._waiting = [entry for entry in self._waiting if not entry[2].cancelled()]
        heapify(self._waiting)
