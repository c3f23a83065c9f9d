"""Choosing the environment and opening its Web API."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from seedkit.cli.network import Network, network_of
from seedkit.cli.signing import sign_in
from seedkit.errors import UsageError
from seedkit.settings import HOME_VARIABLE, LOCAL, LOCAL_URL

if TYPE_CHECKING:
    import httpx

    from seedkit.cli.shell import Shell
    from seedkit.dataverse.client import WebApi
    from seedkit.environments import Target

SQLITE_HEAD = b"SQLite format 3\0"


def utc_now() -> datetime:
    """Return the present moment, for the local environment's own clock."""
    return datetime.now(UTC)


def find_target(shell: Shell, word: str) -> Target:
    """Return the environment that a name or an address means; UnknownNameError."""
    from seedkit.environments import Target

    # A fault in the configuration must not keep anybody from the local environment.
    return Target(LOCAL, LOCAL_URL) if word == LOCAL else shell.directory.find(word)


def target_at(shell: Shell, url: str) -> Target:
    """Return the environment at an address."""
    return find_target(shell, LOCAL if url == LOCAL_URL else url)


def forget_what_stays() -> None:
    """Take what is loaded out of the garbage collector's sight: it stays until the process ends.

    The schema is a large heap, walked again and again while rows come and go. Done by the command
    only: a library must not decide that for the program it runs in.
    """
    gc.freeze()


def make_folder(folder: Path) -> None:
    """Make a folder for local state; UsageError when that can't be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"The folder {folder} can't be used ({error.strerror}).",
            f"Choose another with {HOME_VARIABLE}",
        ) from None


def check_file(
    database: Path, otherwise: str = "Replace it by a fresh one with: seedkit emulator reset"
) -> None:
    """Stop when an environment's file is something else; UsageError with `otherwise` as its hint.

    The default is for the default file, the only one that `reset` replaces when it is damaged.
    """
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
        raise UsageError(f"The file {database} is not a local environment.", otherwise)


@asynccontextmanager
async def open_api(shell: Shell, target: Target) -> AsyncIterator[WebApi]:
    """Open the Web API of an environment; the local one runs inside this process."""
    from seedkit.dataverse.client import WebApi
    from seedkit.dataverse.pace import MAX_IN_FLIGHT

    opened: AbstractAsyncContextManager[httpx.AsyncBaseTransport]
    if target.url == LOCAL_URL:
        opened, bearer = _open_local(shell), None
    else:
        bearer = sign_in(shell, target)
        opened = _open_network(network_of(target, os.environ))
    async with opened as transport:
        in_flight = target.requests_in_flight(MAX_IN_FLIGHT)
        yield WebApi(transport, target.url, bearer=bearer, in_flight=in_flight)


@asynccontextmanager
async def _open_local(shell: Shell) -> AsyncIterator[httpx.AsyncBaseTransport]:
    import httpx

    from seedkit.emulator import create_app

    database = shell.settings.local_database
    make_folder(database.parent)
    check_file(database)
    app = create_app(database, clock=utc_now)
    if not shell.hosted:
        forget_what_stays()
    try:
        yield httpx.ASGITransport(app=app)
    finally:
        app.state.close()


def _open_network(network: Network) -> httpx.AsyncBaseTransport:
    import aiohttp
    import httpx
    from httpx_aiohttp import AiohttpTransport

    trust = network.trust()

    def session() -> aiohttp.ClientSession:
        # Without a jar: a cookie that ties us to one web server leaves the others' limits unused.
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trust, limit=0),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    # The transport is told of proxy and authorities, and looks for none by itself.
    proxy = None if network.proxy is None else httpx.Proxy(network.proxy)
    return AiohttpTransport(verify=trust, client=session, proxy=proxy, trust_env=False)
