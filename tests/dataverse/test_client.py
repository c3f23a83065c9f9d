"""The client: what it sends, when it tries again, and what it makes of answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from seedkit.dataverse.bearer import Bearer
from seedkit.dataverse.client import MAX_IN_FLIGHT, STORAGE_FULL, RetryPolicy, Traffic, WebApi
from seedkit.errors import ConnectionFailedError, ServiceError, SignInError

URL = "https://contoso.crm.dynamics.com/"
ATTEMPTS = 4
Step = httpx.Response | Exception


def refusal(status: int, code: str = "0x1", **headers: str) -> httpx.Response:
    body = {"error": {"code": code, "message": f"refused with {status}"}}
    return httpx.Response(status, json=body, headers=headers)


@dataclass
class Service:
    """Gives scripted answers in turn, and 200 when there are no more."""

    script: list[Step] = field(default_factory=list)
    seen: list[httpx.Request] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        if not self.script:
            return httpx.Response(200, json={"value": []})
        step = self.script.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def run(self, work: Callable[[WebApi], Awaitable[Any]], **settings: Any) -> Any:
        async def inside() -> Any:
            transport = httpx.MockTransport(self.answer)
            async with transport:
                retry = RetryPolicy(attempts=ATTEMPTS)
                settings.setdefault("traffic", Traffic(requests=1))  # it has answered before
                return await work(WebApi(transport, URL, retry, sleep=self.sleep, **settings))

        return asyncio.run(inside())


def sending(method: str, **options: Any) -> Callable[[WebApi], Awaitable[httpx.Response]]:
    body = None if method in {"GET", "DELETE"} else b"{}"
    return lambda api: api.send(method, "contacts", body, **options)


LOST = httpx.ReadError("connection reset")
GARBLED = httpx.DecodingError("bad gzip")
BUSY = [502, 503, 504]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize("step", [*map(refusal, BUSY), refusal(429), LOST, GARBLED])
def test_reads_and_deletes_are_tried_again(method: str, step: Step) -> None:
    service = Service([step, step])
    assert service.run(sending(method)).status_code == 200
    assert len(service.seen) == 3
    assert service.waits == pytest.approx([1.0, 2.0], abs=0.05)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize("status", BUSY)
def test_writes_of_unknown_outcome_are_the_caller_s(method: str, status: int) -> None:
    service = Service([refusal(status)])
    with pytest.raises(ServiceError) as caught:
        service.run(sending(method))
    assert caught.value.status == status
    assert len(service.seen) == 1


@pytest.mark.parametrize("step", [LOST, GARBLED, httpx.ConnectTimeout("")])
def test_writes_without_an_answer_are_the_caller_s(step: Exception) -> None:
    service = Service([step])
    told = "(No answer from|Nothing answers at) https://contoso"
    with pytest.raises(ConnectionFailedError, match=told) as caught:
        service.run(sending("POST"))
    assert caught.value.__cause__ is step
    assert len(service.seen) == 1


def test_a_certificate_that_nobody_here_trusts_has_a_hint_of_its_own() -> None:
    service = Service([httpx.ConnectTimeout("[SSL: CERTIFICATE_VERIFY_FAILED] verify failed")])
    with pytest.raises(ConnectionFailedError) as caught:
        service.run(sending("POST"))
    assert "ca_bundle" in str(caught.value.hint)


@pytest.mark.parametrize("step", [*map(refusal, BUSY), LOST])
def test_writes_that_may_be_repeated_are(step: Step) -> None:
    service = Service([step, step])
    assert service.run(sending("POST", repeatable=True)).status_code == 200
    assert len(service.seen) == 3


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_throttling_is_waited_for_as_long_as_the_service_says(method: str) -> None:
    script = [refusal(429, **{"Retry-After": "7"}), refusal(429, **{"Retry-After": "31"})]
    service = Service([*script, refusal(429)])

    async def work(api: WebApi) -> tuple[int, int]:
        await sending(method)(api)
        return api.traffic.requests, api.traffic.throttled

    assert service.run(work) == (5, 3)
    assert service.waits == pytest.approx([7.0, 31.0, 4.0], abs=0.05)


@pytest.mark.parametrize("given", ["soon", "-1", "", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_retry_after_that_is_no_number_gives_the_usual_wait(given: str) -> None:
    service = Service([refusal(503, **{"Retry-After": given})])
    service.run(sending("GET"))
    assert service.waits == pytest.approx([1.0], abs=0.05)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_patience_ends(method: str) -> None:
    service = Service([refusal(429)] * 10)
    with pytest.raises(ServiceError) as caught:
        service.run(sending(method))
    assert caught.value.status == 429
    assert len(service.seen) == ATTEMPTS
    assert len(service.waits) == ATTEMPTS - 1

    service = Service([LOST] * 10)
    with pytest.raises(ConnectionFailedError):
        service.run(sending("GET"))
    assert len(service.seen) == ATTEMPTS


def test_an_address_that_never_answered_is_not_tried_again() -> None:
    service = Service([httpx.ConnectError("refused")])
    with pytest.raises(ConnectionFailedError):
        service.run(sending("GET"), traffic=Traffic())
    assert service.waits == []


def test_waits_double_up_to_a_bound() -> None:
    policy = RetryPolicy(first_wait=1.0, longest_wait=10.0)
    assert [policy.wait(n, None) for n in range(6)] == [1, 2, 4, 8, 10, 10]


@pytest.mark.parametrize("status", [400, 403, 404, 405, 412, 413, 500, 501])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refusal_is_not_tried_again(status: int, method: str) -> None:
    service = Service([refusal(status, "0x80040217")])
    with pytest.raises(ServiceError, match=f"answered {status} 0x80040217: refused") as caught:
        service.run(sending(method))
    assert caught.value.details() == {"status": status, "code": "0x80040217"}
    assert len(service.seen) == 1


def test_full_storage_is_not_waited_for() -> None:
    service = Service([refusal(503, STORAGE_FULL)])
    with pytest.raises(ServiceError) as caught:
        service.run(sending("GET"))
    assert caught.value.code == STORAGE_FULL
    assert len(service.seen) == 1


def test_a_refused_sign_in_is_told_as_such() -> None:
    service = Service([httpx.Response(401, text="<html>no</html>")])
    with pytest.raises(SignInError):
        service.run(sending("GET"))
    assert len(service.seen) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Bad Gateway</body></html>",
        b"[]",
        b'"text"',
        b'{"error": "text"}',
        b'{"error": {"message": "no code"}}',
        b"\xff\xfe",
    ],
)
def test_error_bodies_that_are_not_the_platform_s(body: bytes) -> None:
    service = Service([httpx.Response(500, content=body)])
    with pytest.raises(ServiceError) as caught:
        service.run(sending("POST"))
    assert (caught.value.status, caught.value.code) == (500, "")
    assert caught.value.reason == "Internal Server Error"


def test_an_address_that_is_no_dataverse_is_told() -> None:
    service = Service([httpx.Response(200, html="<html>Welcome</html>")])
    with pytest.raises(ConnectionFailedError, match="not as a Dataverse environment"):
        service.run(lambda api: api.get("WhoAmI"))


def test_every_request_carries_the_headers() -> None:
    class Tokens:
        """A new token for every request."""

        def __init__(self) -> None:
            self.left = iter(["one", "two", "three"])

        async def token(self) -> str:
            return next(self.left)

        renew = token

    async def work(api: WebApi) -> None:
        await api.get("contacts", {"$filter": "lastname eq 'O''Neill & Söhne'", "$top": "1"})
        await api.post("contacts", {"lastname": "ä"})

    service = Service([refusal(429)])
    service.run(work, bearer=Bearer(Tokens()))
    first, again, post = service.seen
    for request in (first, again, post):
        assert request.headers["Accept"] == "application/json"
        assert request.headers["OData-Version"] == "4.0"
        assert request.headers["OData-MaxVersion"] == "4.0"
        assert request.headers["If-None-Match"] == "null"
    bearers = [request.headers["Authorization"] for request in service.seen]
    assert bearers == ["Bearer one", "Bearer two", "Bearer three"]
    assert "Content-Type" not in first.headers
    assert post.headers["Content-Type"] == "application/json; charset=utf-8"
    assert post.content == '{"lastname":"ä"}'.encode()
    assert str(first.url).startswith(URL + "api/data/v9.2/contacts?$filter=lastname%20eq%20")
    assert first.url.params["$filter"] == "lastname eq 'O''Neill & Söhne'"
    assert first.url.params["$top"] == "1"


def test_pages_follow_absolute_links_with_the_same_page_size() -> None:
    link = (
        "https://contoso.crm.dynamics.com/api/data/v9.2/contacts?$skiptoken=%3Ccookie%20a%3D1%2F%3E"
    )
    service = Service(
        [
            httpx.Response(200, json={"value": [{"a": 1}], "@odata.nextLink": link}),
            refusal(503),
            httpx.Response(200, json={"value": [{"a": 2}], "@odata.nextLink": link + "2"}),
            httpx.Response(200, json={"value": []}),
        ]
    )
    rows = service.run(lambda api: api.all("contacts", {"$select": "contactid"}))
    assert rows == [{"a": 1}, {"a": 2}]
    addresses = [str(request.url) for request in service.seen]
    assert addresses[1:] == [link, link, link + "2"]
    assert {request.headers["Prefer"] for request in service.seen} == {"odata.maxpagesize=5000"}


def test_the_service_s_advice_is_kept() -> None:
    hint = {"x-ms-dop-hint": "12"}
    service = Service([httpx.Response(200, json={}, headers=hint), httpx.Response(200, json={})])

    async def work(api: WebApi) -> int | None:
        await api.get("WhoAmI")
        await api.get("WhoAmI")
        return api.flow.pace.advice

    assert service.run(work) == 12


def test_never_more_requests_at_once_than_the_service_takes() -> None:
    now = most = 0

    async def answer(_: httpx.Request) -> httpx.Response:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        now -= 1
        return httpx.Response(200, json={}, headers={"x-ms-dop-hint": "500"})

    async def work() -> None:
        async with httpx.MockTransport(answer) as transport:
            api = WebApi(transport, URL)
            await api.get("WhoAmI")
            await asyncio.gather(*(api.get("WhoAmI") for _ in range(3 * MAX_IN_FLIGHT)))

    asyncio.run(work())
    assert most == MAX_IN_FLIGHT == 52


def test_a_cancelled_request_is_not_swallowed() -> None:
    async def answer(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        raise AssertionError("never")

    async def work() -> None:
        async with httpx.MockTransport(answer) as transport:
            task = asyncio.create_task(WebApi(transport, URL).get("WhoAmI"))
            await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(work())
