"""The host program's own way to the Web API: the loader's transport, and its tokens."""

from __future__ import annotations

import httpx

from seedkit.dataverse.client import WebApi
from seedkit.seeding.worker import Worker

UNAUTHORISED = 401


class SignedTransport(httpx.AsyncBaseTransport):
    """Sends requests as the loader does, signed when they go to the environment itself.

    It is closed by whoever opened the Web API.
    """

    def __init__(self, api: WebApi) -> None:
        self._api = api
        self._host = httpx.URL(api.url)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; a token that is refused is renewed once."""
        bearer = self._api.bearer
        if bearer is None or not self._is_ours(request.url) or "Authorization" in request.headers:
            return await self._api.transport.handle_async_request(request)
        await request.aread()
        token = await bearer.token()
        request.headers["Authorization"] = f"Bearer {token}"
        response = await self._api.transport.handle_async_request(request)
        if response.status_code != UNAUTHORISED:
            return response
        await response.aclose()
        await bearer.renew(token)
        request.headers["Authorization"] = f"Bearer {await bearer.token()}"
        return await self._api.transport.handle_async_request(request)

    def _is_ours(self, url: httpx.URL) -> bool:
        ours = self._host
        return (url.scheme, url.host, url.port) == (ours.scheme, ours.host, ours.port)


class ThreadTransport(httpx.BaseTransport):
    """The same for ordinary functions: requests are sent from the worker's thread."""

    def __init__(self, worker: Worker, transport: SignedTransport) -> None:
        self._worker = worker
        self._transport = transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read its whole answer."""
        request.read()
        return self._worker.run(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        content = b"".join([part async for part in answer.aiter_raw()])
        return httpx.Response(answer.status_code, headers=answer.headers, content=content)
