"""In whose name requests go out, and with which logic: every request, and each part of a batch."""

from __future__ import annotations

import asyncio
import email
import email.policy

import httpx
import pytest

from seedkit.dataverse.batch import Operation, send_batch
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.manner import Manner
from seedkit.dataverse.principals import User

LOGIC = {
    "MSCRM.BypassBusinessLogicExecution": "CustomSync,CustomAsync",
    "MSCRM.SuppressCallbackRegistrationExpanderJob": "true",
}
ANN = User("00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000e", "Ann")
BOB = User("00000000-0000-0000-0000-00000000000b", None, "Bob")
AS_ANN, AS_BOB = {"CallerObjectId": ANN.object_id}, {"MSCRMCallerID": BOB.id}
OURS = (*LOGIC, "CallerObjectId", "MSCRMCallerID")


@pytest.mark.parametrize(
    ("manner", "read", "write"),
    [
        (Manner(), {}, {}),
        (Manner(bypass_logic=True), {}, LOGIC),
        (Manner(ANN), AS_ANN, AS_ANN),
        (Manner(BOB, bypass_logic=True), AS_BOB, {**AS_BOB, **LOGIC}),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE"])
def test_requests_carry_what_their_manner_asks_for(
    method: str, manner: Manner, read: dict[str, str], write: dict[str, str]
) -> None:
    (request,) = sent(manner, method)
    expected = read if method == "GET" else write
    assert {name: request.headers[name] for name in OURS if name in request.headers} == expected


def test_every_part_of_a_batch_carries_it_as_well() -> None:
    request = sent(Manner(ANN, bypass_logic=True), "$batch")[0]
    head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
    parts = email.message_from_bytes(head + request.content, policy=email.policy.HTTP)
    for part in parts.iter_parts():
        line, _, headers = part.get_content().decode().partition("\r\n")
        assert line.endswith("HTTP/1.1")
        found = email.message_from_string(headers, policy=email.policy.HTTP)
        assert {name: found[name] for name in OURS if name in found} == {**AS_ANN, **LOGIC}
    assert {name for name in OURS if name in request.headers} == {*AS_ANN, *LOGIC}


def sent(manner: Manner, method: str) -> list[httpx.Request]:
    seen: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200 if method != "$batch" else 412, json={})

    async def work() -> None:
        api = WebApi(httpx.MockTransport(serve), "http://localhost")
        api.manner = manner
        if method != "$batch":
            await api.send(method, "contacts(1)", b"{}", {"If-Match": "*"})
            return
        methods = ("POST", "PATCH", "DELETE")
        operations = [Operation(one, "contacts(1)", {}, must_exist=True) for one in methods]
        with pytest.raises(Exception, match="412"):
            await send_batch(api, operations)

    asyncio.run(work())
    return seen
