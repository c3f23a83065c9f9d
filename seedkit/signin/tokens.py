"""A token that is held until shortly before it ends, then asked for again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

# MSAL takes a token of its cache for spent 300 s before its end: ask after that, never before.
MARGIN_SECONDS = 290


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and the second, since 1970, at which it ends."""

    value: str = field(repr=False)
    expires_at: float


class Acquire(Protocol):
    """A way to get a token; it may wait for the network. Raises SignInError."""

    def __call__(self, *, fresh: bool) -> Token:
        """Return a token; `fresh` takes none that was given out before."""


@dataclass
class HeldToken:
    """The token of one client; asked before each request, it asks its way in only when needed."""

    acquire: Acquire
    clock: Callable[[], float]
    _held: Token | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def token(self) -> str:
        """Return a token that is good for some minutes more."""
        held = self._held
        if held is not None and self._lasts(held):
            return held.value
        async with self._lock:
            if self._held is None or not self._lasts(self._held):
                self._held = await self._ask(fresh=False)
            return self._held.value

    async def renew(self) -> str:
        """Return a new token, whatever the one before still promises."""
        async with self._lock:
            self._held = await self._ask(fresh=True)
            return self._held.value

    def _lasts(self, token: Token) -> bool:
        return token.expires_at - self.clock() > MARGIN_SECONDS

    async def _ask(self, *, fresh: bool) -> Token:
        return await asyncio.to_thread(lambda: self.acquire(fresh=fresh))
