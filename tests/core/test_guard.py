"""The guard against production."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import Environment
from seedkit.errors import ProductionError
from seedkit.guard import guard, looks_like_production

REAL, HERE = "https://contoso.crm4.dynamics.com", "http://127.0.0.1:8090"


@pytest.mark.parametrize(
    ("kind", "url", "production"),
    [
        ("Customer", REAL, True),
        ("Secondary", REAL, True),
        ("Default", REAL, True),
        ("Production", REAL, True),
        ("Something new", REAL, True),
        ("0", REAL, True),
        ("", REAL, True),
        ("", "https://127.0.0.1.elsewhere.example", True),
        ("CustomerTest", REAL, False),
        ("Sandbox", REAL, False),
        ("Developer", REAL, False),
        ("Trial", REAL, False),
        ("Production", HERE, True),
        ("Something new", HERE, True),
        ("", HERE, False),
        ("", "http://localhost", False),
    ],
)
def test_what_is_not_known_to_be_harmless_is_production(
    kind: str, url: str, production: bool
) -> None:
    assert looks_like_production(kind, url) is production


def ask(kind: str | None, allowed: str | None) -> None:
    detail = {} if kind is None else {"OrganizationType": kind}

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"Detail": detail})

    async def work() -> None:
        async with httpx.MockTransport(answer) as transport:
            here = Environment("Contoso", REAL, "id-1", "9.2", "user-1")
            await guard(WebApi(transport, REAL), here, allowed)

    asyncio.run(work())


def test_the_right_name_opens_and_no_other() -> None:
    ask("Customer", "Contoso")
    for allowed in (None, "contoso", "Contoso ", "", "id-1", REAL):
        with pytest.raises(ProductionError) as caught:
            ask("Customer", allowed)
        assert caught.value.exit_code == 5


def test_the_stop_says_where_and_what_to_do() -> None:
    with pytest.raises(ProductionError) as caught:
        ask(None, "Fabrikam")
    for word in ("Contoso", REAL, "id-1", "unknown", "'Fabrikam' is not its name"):
        assert word in caught.value.message
    assert '--allow-production "Contoso"' in str(caught.value.hint)


def test_a_sandbox_needs_no_word() -> None:
    ask("CustomerTest", None)
