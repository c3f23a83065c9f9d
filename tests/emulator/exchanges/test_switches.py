"""Exchanges that depend on how an environment is set up."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.emulator.conftest import Local
from tests.emulator.exchanges.conftest import Exchange, row
from tests.emulator.exchanges.shapes import holding, matching

_EXACT = 0  # operator of a duplicate detection rule's condition


def turn(local: Local, **switches: Any) -> None:
    answer = local.send("PATCH", "http://localhost/emulator/settings", switches)
    assert answer.status_code == 200, answer.text


@pytest.fixture
def rule(local: Local) -> None:
    """A published rule: accounts of the same name are duplicates."""
    turn(local, duplicate_detection=True)
    rule_id = local.create(
        "duplicaterules",
        name="Same name",
        baseentityname="account",
        matchingentityname="account",
    )
    local.create(
        "duplicateruleconditions",
        baseattributename="name",
        matchingattributename="name",
        operatorcode=_EXACT,
        regardingobjectid__bind=f"/duplicaterules({rule_id})",
    )
    path = f"duplicaterules({rule_id})/Microsoft.Dynamics.CRM.PublishDuplicateRule"
    assert local.send("POST", path, {}).status_code in (200, 204)


@pytest.mark.usefixtures("rule")
def test_a_duplicate_is_refused_where_the_client_asks_for_detection(exchange: Exchange) -> None:
    exchange.given("accounts", 21, name="Northwind Savings")
    headers = {"MSCRM.SuppressDuplicateDetection": "false"}
    answer = exchange.send("POST", "accounts", {"name": "Northwind Savings"}, **headers)
    exchange.refused(answer, 412, "0x80040333")
    assert exchange.send("POST", "accounts", {"name": "Northwind Savings"}).status_code == 204
    found = exchange.local.rows("accounts")
    assert len(found) == 2
    assert row(21) in {item["accountid"] for item in found}


def test_too_many_requests_are_told_when_to_come_back(exchange: Exchange, local: Local) -> None:
    turn(local, throttling=True, throttle_requests=1)
    answers: list[httpx.Response] = []
    for _ in range(2):
        answers.append(exchange.send("GET", "contacts?$top=1&$select=contactid"))
    assert answers[0].status_code == 200
    assert answers[1].headers["Retry-After"].isdigit()
    exchange.refused(answers[1], 429, holding("0x8007232"), matching(".+"))
