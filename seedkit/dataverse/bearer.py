"""The token of a request, and the one renewal that a refused token gets."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

from seedkit.errors import SignInError


class TokenSource(Protocol):
    """Where tokens come from; both raise SignInError."""

    async def token(self) -> str:
        """Return a token that is good for some minutes more."""

    async def renew(self) -> str:
        """Return a new token, whatever the one before still promises."""


@dataclass
class Bearer:
    """The tokens of one client, whose requests may all be refused at the same moment."""

    source: TokenSource
    # What a renewal brought, until an answer shows that it is good.
    _renewed: str | None = field(default=None, repr=False)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def token(self) -> str:
        """Return the token to send."""
        return await self.source.token()

    def accept(self, token: str | None) -> None:
        """Note that the service took a token."""
        if token == self._renewed:
            self._renewed = None

    async def renew(self, refused: str | None) -> None:
        """Renew a refused token once; SignInError when it came from a renewal itself."""
        async with self._lock:
            if refused is not None and refused == self._renewed:
                raise refusal()
            if await self.source.token() == refused:  # or another request has renewed it
                self._renewed = await self.source.renew()


def refusal() -> SignInError:
    """Return the error for a sign-in that the environment does not take."""
    return SignInError(
        "The environment refused the sign-in, also after one renewal.",
        "See which account it is: seedkit auth status --environment NAME",
    )
