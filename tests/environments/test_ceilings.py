"""The ceiling for requests at the same time holds for everything that the client sends."""

from __future__ import annotations

import asyncio

import httpx

from seedkit.dataverse.client import WebApi


def test_no_more_requests_in_flight_than_allowed() -> None:
    flying, most = 0, 0

    async def answer(request: httpx.Request) -> httpx.Response:
        nonlocal flying, most
        flying += 1
        most = max(most, flying)
        await asyncio.sleep(0.001)
        flying -= 1
        return httpx.Response(200, json={})

    async def work() -> None:
        async with httpx.MockTransport(answer) as transport:
            api = WebApi(transport, "http://localhost", in_flight=3)
            await asyncio.gather(*(api.send("GET", "WhoAmI") for _ in range(40)))

    asyncio.run(work())
    assert most == 3
