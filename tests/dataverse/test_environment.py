"""Who we are in an environment, and what kind of environment it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import read_kind, who_am_i
from seedkit.errors import ConnectionFailedError, ServiceError, SignInError

URL = "https://contoso.crm4.dynamics.com"


def ask(status: int, body: Any, question: Callable[[WebApi], Awaitable[Any]]) -> Any:
    async def work() -> Any:
        transport = httpx.MockTransport(lambda _: httpx.Response(status, json=body))
        async with transport:
            return await question(WebApi(transport, URL))

    return asyncio.run(work())


def refusal(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": "The user is not a member of the organization."}}


def test_an_account_that_is_no_user_there_is_told_what_to_do() -> None:
    with pytest.raises(SignInError, match="its account is no user there") as caught:
        ask(403, refusal("0x80072560"), who_am_i)
    assert "application user" in str(caught.value.hint)


def test_other_refusals_stay_what_they_are() -> None:
    with pytest.raises(ServiceError, match="403 0x80040220"):
        ask(403, refusal("0x80040220"), who_am_i)
    with pytest.raises(ConnectionFailedError, match="no Dataverse environment"):
        ask(404, {}, who_am_i)


@pytest.mark.parametrize(
    ("detail", "kind"),
    [({"OrganizationType": "Customer"}, "Customer"), ({}, ""), ({"OrganizationType": None}, "")],
)
def test_the_type_is_in_the_service_s_own_word(detail: dict[str, Any], kind: str) -> None:
    assert ask(200, {"Detail": detail}, read_kind) == kind
