"""Choosing the environment and opening its Web API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from seedkit.errors import SignInError
from seedkit.settings import LOCAL, LOCAL_URL, is_loopback

if TYPE_CHECKING:
    import httpx

    from seedkit.cli.shell import Shell
    from seedkit.dataverse.client import WebApi

TIMEOUT_SECONDS = 120.0  # most clients of the service cut a request after two minutes


def utc_now() -> datetime:
    """Return the present moment, for the local environment's own clock."""
    return datetime.now(UTC)


def environment_name(url: str) -> str:
    """Return what a person calls an address."""
    return LOCAL if url == LOCAL_URL else url


@asynccontextmanager
async def open_api(shell: Shell, url: str) -> AsyncIterator[WebApi]:
    """Open the Web API at an address; the local environment runs inside this process."""
    import httpx

    from seedkit.dataverse.client import WebApi

    async with httpx.AsyncClient(
        transport=_transport(shell, url), timeout=TIMEOUT_SECONDS, follow_redirects=False
    ) as http:
        yield WebApi(http, url)


def _transport(shell: Shell, url: str) -> httpx.AsyncBaseTransport:
    if url == LOCAL_URL:
        import httpx

        from seedkit.emulator import create_app

        app = create_app(shell.settings.local_database, clock=utc_now)
        return httpx.ASGITransport(app=app)
    if is_loopback(url):
        from httpx_aiohttp import AiohttpTransport

        return AiohttpTransport()
    raise SignInError(
        f"Signing in to {url} is not part of this version; it works with local environments.",
        "Start one with: seedkit emulator serve",
    )
