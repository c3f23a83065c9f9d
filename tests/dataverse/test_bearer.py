"""The token on each request, its one renewal, and where it never goes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from seedkit.dataverse.bearer import Bearer
from seedkit.dataverse.client import WebApi
from seedkit.errors import ConnectionFailedError, SignInError

URL = "https://contoso.crm4.dynamics.com"


@dataclass
class Source:
    """Tokens with numbers."""

    number: int = 1
    renewals: int = 0

    async def token(self) -> str:
        return f"token-{self.number}"

    async def renew(self) -> str:
        await asyncio.sleep(0)
        self.renewals += 1
        self.number += 1
        return await self.token()


@dataclass
class Service:
    """Takes some tokens and remembers what was sent."""

    good: Callable[[str], bool]
    seen: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        sent = request.headers.get("Authorization", "")
        self.seen.append((request.method, sent))
        if not self.good(sent.removeprefix("Bearer ")):
            return httpx.Response(401)
        return httpx.Response(200, json={"value": []})


def run(service: Service, source: Source, *paths: str, method: str = "GET") -> None:
    async def work() -> None:
        async with httpx.MockTransport(service) as transport:
            api = WebApi(transport, URL, bearer=Bearer(source))
            await asyncio.gather(*(api.send(method, path) for path in paths))

    asyncio.run(work())


def test_every_request_carries_the_token() -> None:
    service, source = Service(lambda token: token == "token-1"), Source()
    run(service, source, "a", "b")
    assert service.seen == [("GET", "Bearer token-1")] * 2
    assert source.renewals == 0


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_a_refused_token_is_renewed_and_the_request_sent_again(method: str) -> None:
    service, source = Service(lambda token: token == "token-2"), Source()
    run(service, source, "a", method=method)
    assert service.seen == [(method, "Bearer token-1"), (method, "Bearer token-2")]


def test_requests_that_are_refused_together_renew_once() -> None:
    service, source = Service(lambda token: token == "token-2"), Source()
    run(service, source, *"abcdefgh")
    assert source.renewals == 1
    assert len(service.seen) <= 16


def test_after_one_renewal_comes_a_clear_stop() -> None:
    service, source = Service(lambda _: False), Source()
    with pytest.raises(SignInError, match="also after one renewal") as caught:
        run(service, source, "a")
    assert caught.value.exit_code == 4
    assert source.renewals == 1
    assert len(service.seen) == 2


def test_one_renewal_is_all_there_is_for_many_requests_and_later_ones() -> None:
    service, source = Service(lambda _: False), Source()

    async def work() -> None:
        async with httpx.MockTransport(service) as transport:
            api = WebApi(transport, URL, bearer=Bearer(source))
            for _ in range(3):
                tasks = (api.send("GET", path) for path in "abcd")
                ends = await asyncio.gather(*tasks, return_exceptions=True)
                assert all(isinstance(end, SignInError) for end in ends)

    asyncio.run(work())
    assert source.renewals == 1


def test_a_renewed_token_that_was_taken_can_be_renewed_again_later() -> None:
    source = Source()
    service = Service(lambda token: token == "token-2")

    async def work() -> None:
        async with httpx.MockTransport(service) as transport:
            api = WebApi(transport, URL, bearer=Bearer(source))
            await api.send("GET", "a")
            service.good = lambda token: token == "token-3"  # the second was revoked meanwhile
            await api.send("GET", "b")

    asyncio.run(work())
    assert source.renewals == 2


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example/api/data/v9.2/contacts",
        "https://contoso.crm4.dynamics.com.elsewhere.example/x",
        "http://contoso.crm4.dynamics.com/api/data/v9.2/contacts",
    ],
)
def test_the_token_goes_nowhere_else(link: str) -> None:
    service = Service(lambda _: True)
    with pytest.raises(ConnectionFailedError, match="sends us on to another address"):
        run(service, Source(), link)
    assert service.seen == []


def test_links_of_the_service_itself_are_followed() -> None:
    service = Service(lambda _: True)
    run(service, Source(), f"{URL}/api/data/v9.2/contacts?$skiptoken=1")
    assert len(service.seen) == 1
