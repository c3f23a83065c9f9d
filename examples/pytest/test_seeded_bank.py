"""Tests of one's own on customers found by what they have, in whatever environment is asked for.

On this machine: `python -m pytest examples/pytest`. In a real test environment, named before by
`seedkit environments add`: `python -m pytest examples/pytest --seedkit-environment qa`.
"""

from collections.abc import Callable
from datetime import date, timedelta

import httpx
import pytest

from seedkit import Bank, Customer

BankOfOurs = Bank[httpx.Client]


@pytest.fixture(scope="module")
def bank(seedkit_seeded: Callable[..., BankOfOurs]) -> BankOfOurs:
    """A bank for the tests of this file; it is purged when all tests are done."""
    more = {"banking.delinquent": 0.5, "cards.lost_or_stolen": 0.2}
    return seedkit_seeded("retail", households=20, overrides=more)


def cards_of(bank: BankOfOurs, customer: Customer) -> list[dict[str, object]]:
    """Read a customer's cards; this stands for the program under test."""
    chosen = {"$filter": f"_msfsi_cardholder_value eq {customer.id}"}
    return bank.http.get("msfsi_fi_cards", params=chosen).json()["value"]


def test_a_missing_card_is_among_the_customers_cards(bank: BankOfOurs) -> None:
    customer = bank.customer("lost or stolen card")
    missing = customer.traits["lost or stolen card"][0]
    assert missing.id in {card["msfsi_fi_cardid"] for card in cards_of(bank, customer)}


def test_every_overdue_loan_tells_since_when(bank: BankOfOurs) -> None:
    for customer in bank.find("overdue loan"):
        for row in customer.traits["overdue loan"]:
            if row.table == "msfsi_fh_loan":
                loan = bank.http.get(row.path).json()
                since = date.fromisoformat(loan["msfsi_overduedate"][:10])
                assert since < bank.as_of


def test_minors_are_under_age(bank: BankOfOurs) -> None:
    for customer in bank.find("minor"):
        assert customer.birthday > bank.as_of - timedelta(days=18 * 366)
