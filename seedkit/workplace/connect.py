"""Choosing the environment and opening its Web API."""

from __future__ import annotations

import gc
import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

from seedkit.settings import LOCAL, LOCAL_URL
from seedkit.workplace.clock import utc_now
from seedkit.workplace.files import check_file, make_folder
from seedkit.workplace.network import Network, network_of
from seedkit.workplace.signing import sign_in

if TYPE_CHECKING:
    import httpx

    from seedkit.dataverse.client import WebApi
    from seedkit.environments import Target
    from seedkit.workplace.place import Workplace


def find_target(place: Workplace, word: str) -> Target:
    """Return the environment that a name or an address means; UnknownNameError."""
    from seedkit.environments import Target

    # A fault in the configuration must not keep anybody from the local environment.
    return Target(LOCAL, LOCAL_URL) if word == LOCAL else place.directory.find(word)


def target_at(place: Workplace, url: str) -> Target:
    """Return the environment at an address."""
    return find_target(place, LOCAL if url == LOCAL_URL else url)


def forget_what_stays() -> None:
    """Take what is loaded out of the garbage collector's sight: it stays until the process ends.

    The schema is a large heap, walked again and again while rows come and go. Done by the command
    only: a library must not decide that for the program it runs in.
    """
    gc.freeze()


@asynccontextmanager
async def open_api(place: Workplace, target: Target) -> AsyncIterator[WebApi]:
    """Open the Web API of an environment; the local one runs inside this process."""
    from seedkit.dataverse.client import WebApi
    from seedkit.dataverse.pace import MAX_IN_FLIGHT

    opened: AbstractAsyncContextManager[httpx.AsyncBaseTransport]
    if target.url == LOCAL_URL:
        opened, bearer = _open_local(place), None
    else:
        bearer = sign_in(place, target)
        opened = _open_network(network_of(target, os.environ))
    async with opened as transport:
        in_flight = target.requests_in_flight(MAX_IN_FLIGHT)
        yield WebApi(transport, target.url, bearer=bearer, in_flight=in_flight)


@asynccontextmanager
async def _open_local(place: Workplace) -> AsyncIterator[httpx.AsyncBaseTransport]:
    import httpx

    from seedkit.emulator import create_app

    database = place.settings.local_database
    make_folder(database.parent)
    check_file(database)
    app = create_app(database, clock=utc_now)
    if place.owns_process:
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
