"""Choosing the environment and opening its Web API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from seedkit.errors import SignInError, UsageError
from seedkit.settings import HOME_VARIABLE, LOCAL, LOCAL_URL, is_loopback

if TYPE_CHECKING:
    import httpx

    from seedkit.cli.shell import Shell
    from seedkit.dataverse.client import WebApi

SQLITE_HEAD = b"SQLite format 3\0"
TIMEOUT_SECONDS = 120.0  # most clients of the service cut a request after two minutes


def utc_now() -> datetime:
    """Return the present moment, for the local environment's own clock."""
    return datetime.now(UTC)


def environment_name(url: str) -> str:
    """Return what a person calls an address."""
    return LOCAL if url == LOCAL_URL else url


def make_folder(folder: Path) -> None:
    """Make a folder for local state; UsageError when that can't be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"The folder {folder} can't be used ({error.strerror}).",
            f"Choose another with {HOME_VARIABLE}",
        ) from None


def check_file(database: Path) -> None:
    """Stop when the local environment's file is something else; UsageError."""
    try:
        with database.open("rb") as file:
            head = file.read(len(SQLITE_HEAD))
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(
            f"The file {database} can't be read ({error.strerror}).",
            f"Check its rights, or choose another folder with {HOME_VARIABLE}",
        ) from None
    if head not in (b"", SQLITE_HEAD):
        raise UsageError(
            f"The file {database} is not a local environment.",
            "Replace it by a fresh one with: seedkit emulator reset",
        )


@asynccontextmanager
async def open_api(shell: Shell, url: str) -> AsyncIterator[WebApi]:
    """Open the Web API at an address; the local environment runs inside this process."""
    if url == LOCAL_URL:
        opened = _open_local(shell.settings.local_database)
    elif is_loopback(url):
        opened = _open_network()
    else:
        raise SignInError(
            f"Signing in to {url} is not part of this version; it works with local environments.",
            "Start one with: seedkit emulator serve",
        )
    from seedkit.dataverse.client import WebApi

    async with opened as http:
        yield WebApi(http, url)


@asynccontextmanager
async def _open_local(database: Path) -> AsyncIterator[httpx.AsyncClient]:
    import httpx

    from seedkit.emulator import create_app

    make_folder(database.parent)
    check_file(database)
    app = create_app(database, clock=utc_now)
    try:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as http:
            yield http
    finally:
        app.state.close()


@asynccontextmanager
async def _open_network() -> AsyncIterator[httpx.AsyncClient]:
    import httpx
    from httpx_aiohttp import AiohttpTransport

    transport = AiohttpTransport()
    async with httpx.AsyncClient(transport=transport, timeout=TIMEOUT_SECONDS) as http:
        yield http
