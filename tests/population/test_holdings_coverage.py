"""What 250 households must show: each widget, list and status has something to draw."""

from datetime import date

import numpy as np
import pytest

from seedkit.population.days import known
from seedkit.population.model import front
from seedkit.population.words import (
    AccountKind,
    CardKind,
    CardStatus,
    Category,
    CreditKind,
    Frequency,
    HolderRole,
    InterestKind,
    InvestmentKind,
    ItemStatus,
    LoanKind,
    PayFrom,
    Risk,
    SavingKind,
)

from .held import Held, held_by

HOUSEHOLDS = 250
KINDS = {
    Category.ACCOUNT: AccountKind,
    Category.SAVING: SavingKind,
    Category.LOAN: LoanKind,
    Category.INVESTMENT: InvestmentKind,
    Category.CREDIT_LINE: CreditKind,
}


@pytest.fixture(params=[1, 2, 3])
def held(request) -> Held:
    return held_by(request.param, date(2026, 6, 30), 0)


def first(held: Held, name: str):
    """The rows of a part that belong to the first 250 households."""
    return front(getattr(held, name), HOUSEHOLDS)


def share_of_customers(held: Held, who: np.ndarray) -> float:
    people = front(held.people, HOUSEHOLDS)
    return float(np.isin(np.flatnonzero(people.customer), who).mean())


def every(words, column: np.ndarray) -> bool:
    return set(column.tolist()) == set(map(int, words))


def test_nearly_every_customer_has_an_account(held):
    assert share_of_customers(held, held.owners_of(Category.ACCOUNT)) >= 0.96


def test_many_customers_may_owe_something(held):
    debts = [held.owners_of(category) for category in (Category.LOAN, Category.CREDIT_LINE)]
    # 58% of families have credit with their main bank, most of them on one person's name
    assert share_of_customers(held, np.concatenate(debts)) >= 0.4


def test_many_customers_invest(held):
    # grown children at home are customers too, and seldom hold a part of what the family has
    assert share_of_customers(held, held.owners_of(Category.INVESTMENT)) >= 0.28


def test_most_customers_carry_a_card(held):
    assert share_of_customers(held, held.cards.person) >= 0.8


def test_all_kinds_of_holdings_occur(held):
    holdings = first(held, "holdings")
    assert every(Category, holdings.category)
    for category, words in KINDS.items():
        assert every(words, holdings.kind[holdings.category == category]), category


def test_all_roles_occur(held):
    assert every(HolderRole, first(held, "holding_roles").role)


def test_all_kinds_and_states_of_cards_occur(held):
    cards = first(held, "cards")
    assert every(CardKind, cards.kind)
    assert every(CardStatus, cards.status)
    left = (cards.expires - held.today).astype(int)
    soon = (cards.status == CardStatus.ACTIVE) & (left >= 10) & (left <= 50)
    assert soon.any()


def test_all_instruments_occur(held):
    for name in ("direct_debits", "standing_orders", "cards", "overdrafts", "positions"):
        assert first(held, name).holding.size > 50, name
    assert every(Frequency, first(held, "standing_orders").frequency)
    assert every(ItemStatus, first(held, "direct_debits").last_status)


def test_alerts_have_something_to_say_but_seldom(held):
    loans, savings = first(held, "loans"), first(held, "savings")
    late = known(loans.overdue_since)
    assert 0.0 < late.mean() < 0.15
    assert late.any() or first(held, "credit_lines").delinquent.any()
    assert every(InterestKind, loans.interest_kind)
    assert 0 < ((savings.matures - held.today).astype(int) <= 30).sum() < savings.holding.size / 3
    assert (held.overdrafts.used > 0).any()
    assert (first(held, "holdings").currency > 0).any()


def test_loans_are_paid_in_all_ways_and_late_ones_risk_all_degrees():
    held = [held_by(seed, date(2026, 6, 30), 0) for seed in range(1, 9)]  # late ones are few
    ways = np.concatenate([one.loans.pay_from for one in held])
    risks = np.concatenate([one.loans.collection_risk for one in held])
    assert every(PayFrom, ways)
    assert every(Risk, risks)
