"""Requests straight to a transport.

A client of httpx adds to each request what the Web API has no use for (cookies, redirects, merged
addresses), and takes more processor time for it than the transport takes for sending.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from seedkit import __version__

TIMEOUT_SECONDS = 120.0  # most clients of the service cut a request after two minutes
HEADERS = {
    "User-Agent": f"seedkit/{__version__}",
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",
    "OData-Version": "4.0",
    "OData-MaxVersion": "4.0",
    "If-None-Match": "null",
}
_JSON = "application/json; charset=utf-8"
_TIMEOUT = dict.fromkeys(("connect", "read", "write", "pool"), TIMEOUT_SECONDS)
_QUERY = frozenset("?(")  # an address with one of these is hardly asked for twice


@dataclass
class Line:
    """Sends requests and reads their whole answers; httpx.RequestError when there is none."""

    transport: httpx.AsyncBaseTransport
    _addresses: dict[str, httpx.URL] = field(default_factory=dict)

    async def send(
        self, method: str, address: str, content: bytes | None, headers: Mapping[str, str]
    ) -> httpx.Response:
        """Send one request; `headers` are added to those of every request, and may replace them."""
        merged = {**HEADERS, **({} if content is None else {"Content-Type": _JSON}), **headers}
        request = httpx.Request(
            method,
            self._address(address),
            headers=merged,
            content=content,
            extensions={"timeout": _TIMEOUT},
        )
        response = await self.transport.handle_async_request(request)
        try:
            await response.aread()
        except BaseException:
            await response.aclose()
            raise
        return response

    def _address(self, text: str) -> httpx.URL:
        """Return an address as httpx has it; reading one is dear, and bulk messages repeat it."""
        known = self._addresses.get(text)
        if known is None:
            known = httpx.URL(text)
            if not _QUERY.intersection(text):
                self._addresses[text] = known
        return known
