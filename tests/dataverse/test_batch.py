"""`$batch`: what goes out, and what comes back in whatever shape."""

from __future__ import annotations

import asyncio
import email
import email.policy
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedkit.dataverse.batch import Operation, Outcome, send_batch
from seedkit.dataverse.client import WebApi
from seedkit.errors import ServiceError

CREATE = Operation("POST", "contacts", {"lastname": "Ann\r\n--batch_seedkit--\r\nHTTP/1.1 500"})
CHANGE = Operation("PATCH", "contacts(1)", {"lastname": "Bob"}, must_exist=True)
DELETE = Operation("DELETE", "contacts(2)")
DONE = "HTTP/1.1 204 No Content\r\nOData-Version: 4.0\r\n\r\n"
BOUNDARY = "batchresponse_5f3c"


def refused(status: int, message: str, indent: bool = False) -> str:
    body = {"error": {"code": "0x80040217", "message": message}}
    text = orjson.dumps(body, option=orjson.OPT_INDENT_2 if indent else 0).decode()
    return f"HTTP/1.1 {status} Refused\r\nContent-Type: application/json\r\n\r\n{text}"


def answer(*parts: str, newline: str = "\r\n") -> httpx.Response:
    head = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    text = "".join(f"--{BOUNDARY}\r\n{head}{part}\r\n" for part in parts) + f"--{BOUNDARY}--\r\n"
    return httpx.Response(
        200,
        content=text.replace("\r\n", newline).encode(),
        headers={"Content-Type": f"multipart/mixed; boundary={BOUNDARY}"},
    )


def send(response: httpx.Response, *operations: Operation) -> tuple[list[Outcome], httpx.Request]:
    seen: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return response

    async def work() -> list[Outcome]:
        async with httpx.MockTransport(serve) as transport:
            return await send_batch(WebApi(transport, "http://localhost"), operations)

    return asyncio.run(work()), seen[0]


def parts_of(request: httpx.Request) -> list[tuple[str, dict[str, str], Any]]:
    """Read a request with the standard library: line, headers and body of each operation."""
    head = b"Content-Type: " + request.headers["Content-Type"].encode() + b"\r\n\r\n"
    message = email.message_from_bytes(head + request.content, policy=email.policy.HTTP)
    found = []
    for part in message.iter_parts():
        assert part["Content-Type"] == "application/http"
        assert part["Content-Transfer-Encoding"] == "binary"
        raw = part.get_payload(decode=True)
        assert isinstance(raw, bytes)
        line, _, rest = raw.decode().partition("\r\n")
        fields, _, body = rest.partition("\r\n\r\n")
        headers = dict(item.split(": ", 1) for item in fields.split("\r\n"))
        assert int(headers["Content-Length"]) == len(body.encode())
        found.append((line, headers, orjson.loads(body) if body else None))
    return found


def test_operations_go_out_in_order_as_the_standard_reads_them() -> None:
    outcomes, request = send(answer(DONE, DONE, DONE), CREATE, CHANGE, DELETE)
    assert outcomes == [Outcome(204, "", "")] * 3
    assert request.headers["Prefer"] == "odata.continue-on-error"
    assert request.url.path == "/api/data/v9.2/$batch"
    create, change, delete = parts_of(request)
    assert create[0] == "POST /api/data/v9.2/contacts HTTP/1.1"
    assert create[2] == CREATE.body
    assert "If-Match" not in create[1]
    assert change[0] == "PATCH /api/data/v9.2/contacts(1) HTTP/1.1"
    assert change[1]["If-Match"] == "*"
    assert delete[0] == "DELETE /api/data/v9.2/contacts(2) HTTP/1.1"
    assert delete[2] is None


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=30)), max_size=4, min_size=1))
def test_any_text_arrives(bodies: list[dict[str, str]]) -> None:
    operations = [Operation("POST", "contacts", body) for body in bodies]
    _, request = send(answer(*[DONE] * len(bodies)), *operations)
    assert [body for _, _, body in parts_of(request)] == bodies


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("indent", [False, True])
def test_each_operation_has_its_own_outcome(newline: str, indent: bool) -> None:
    parts = (DONE, refused(404, "Contact With Id = 1 Does Not Exist", indent), DONE)
    outcomes, _ = send(answer(*parts, newline=newline), CREATE, CHANGE, DELETE)
    assert outcomes[1] == Outcome(404, "0x80040217", "Contact With Id = 1 Does Not Exist")
    assert [outcome.ok for outcome in outcomes] == [True, False, True]


@pytest.mark.parametrize(
    "message",
    [
        f"quoted --{BOUNDARY} in a text",
        f"quoted\r\n--{BOUNDARY}\r\nHTTP/1.1 204 No Content\r\n\r\n",
        f"--{BOUNDARY}--",
        "HTTP/1.1 500 Internal Server Error",
    ],
)
def test_a_message_that_looks_like_a_boundary(message: str) -> None:
    outcomes, _ = send(answer(refused(400, message), DONE), CREATE, DELETE)
    assert outcomes == [Outcome(400, "0x80040217", message), Outcome(204, "", "")]


def test_a_part_whose_body_is_not_the_platform_s() -> None:
    parts = ("HTTP/1.1 502 Bad Gateway\r\n\r\n<html>\r\n\r\nbusy</html>", "HTTP/1.1 204 No Content")
    outcomes, _ = send(answer(*parts), CREATE, DELETE)
    assert outcomes == [Outcome(502, "", ""), Outcome(204, "", "")]


@pytest.mark.parametrize(
    ("head", "pause"),
    [
        ("429 Too Many Requests\r\nRetry-After: 17", 17.0),
        ("503 Unavailable\r\nOData-Version: 4.0\r\nretry-after:5", 5.0),
        ("429 Too Many Requests", None),
        ("400 Bad Request\r\nRetry-After: 17", None),
    ],
)
def test_an_operation_may_ask_all_requests_to_wait(head: str, pause: float | None) -> None:
    part = f"HTTP/1.1 {head}\r\n\r\nsaid by the body:\r\nRetry-After: 900"
    outcomes, _ = send(answer(part, DONE), CREATE, DELETE)
    assert [outcome.pause for outcome in outcomes] == [pause, None]


def test_the_longest_pause_that_operations_ask_for_holds_back_the_next_request() -> None:
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    busy = [f"HTTP/1.1 429 Busy\r\nRetry-After: {seconds}\r\n\r\n" for seconds in (3, 20)]
    responses = iter([answer(*busy), answer(DONE, DONE)])

    async def work() -> None:
        async with httpx.MockTransport(lambda _: next(responses)) as transport:
            api = WebApi(transport, "http://localhost", sleep=sleep, clock=lambda: 0.0)
            await send_batch(api, [DELETE, DELETE])
            assert not pauses
            await send_batch(api, [DELETE, DELETE])

    asyncio.run(work())
    assert pauses == [20.0]


@pytest.mark.parametrize(
    "response",
    [
        answer(DONE),
        answer(DONE, DONE, DONE),
        answer(),
        httpx.Response(200, json={}),
        httpx.Response(200, headers={"Content-Type": "multipart/mixed"}),
    ],
)
def test_answers_out_of_count_are_an_error(response: httpx.Response) -> None:
    with pytest.raises(ServiceError, match="batch of 2 operations got"):
        send(response, CREATE, DELETE)


def test_a_quoted_boundary_counts_without_its_quotes() -> None:
    response = answer(DONE)
    response.headers["Content-Type"] = f'multipart/mixed; charset=utf-8; Boundary="{BOUNDARY}"'
    assert send(response, DELETE)[0] == [Outcome(204, "", "")]
