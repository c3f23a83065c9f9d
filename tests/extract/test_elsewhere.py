"""What lies elsewhere completes what lies with our bank, and says no more than its kind."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from seedkit.extract.contract import HOLDING_KINDS, TRANSACTION
from seedkit.extract.making import make_extracts
from seedkit.extract.model import filled
from seedkit.population.amounts import CENTS
from seedkit.population.words import Possession
from seedkit.profile.models import Profile

from .conftest import Made, Written


def test_every_row_elsewhere_has_its_row(made: Made) -> None:
    rows, block = made.extract.holdings, made.block
    away = rows["with_us"] == 0.0
    assert away.sum() == block.elsewhere.amount.size > 0
    assert np.rint(rows["amount"][away] * CENTS).sum() == block.elsewhere.amount.sum()
    homes = made.extract.households["id"]
    assert (rows["household"][away] == homes[block.elsewhere.household]).all()


def test_kinds_elsewhere_are_kinds_of_the_files(made: Made) -> None:
    rows = made.extract.holdings
    told = set(rows["kind"][rows["with_us"] == 0.0])
    assert told <= set(HOLDING_KINDS)
    assert "vehicle" in told
    assert "prepaid" in told
    assert Possession.HOME not in made.block.elsewhere.kind


def test_rows_elsewhere_name_no_owner_and_no_day(made: Made) -> None:
    rows = made.extract.holdings
    away = rows["with_us"] == 0.0
    for column in ("owners", "opened", "matures", "rate", "limit", "days_past_due", "payment"):
        assert not filled(rows[column])[away].any(), column
    paid_in_full = rows["kind"] == "credit_card"
    assert ((rows["amount"] > 0) | paid_in_full)[away].all()


def test_rows_of_a_household_stand_together_with_ours_first(written: Written) -> None:
    rows = written.extract.holdings
    home = np.array([int(name[1:]) for name in rows["household"]])
    assert (np.diff(home) >= 0).all()
    same = np.diff(home) == 0
    assert not (same & (np.diff(rows["with_us"]) > 0)).any()


@pytest.mark.parametrize("kind", ["mortgage", "heloc"])
def test_no_loan_on_a_home_is_larger_than_the_home(kind: str) -> None:
    """What is owed here and elsewhere together, in cents."""
    profile = Profile(households=4_096)
    worst = 0
    for _, extract in make_extracts(profile, date(2026, 6, 30)):
        homes, rows = extract.households, extract.holdings
        value = dict(zip(homes["id"], np.nan_to_num(homes["home_value"]), strict=True))
        owed: dict[str, float] = {}
        for row in np.flatnonzero(rows["kind"] == kind):
            home = rows["household"][row]
            owed[home] = owed.get(home, 0.0) + rows["amount"][row]
        worst += sum(amount > value[home] + 0.005 for home, amount in owed.items())
    assert worst == 0


def test_an_empty_cash_account_of_a_portfolio_is_no_account(made: Made) -> None:
    rows = made.extract.holdings
    cash = rows["kind"] == "brokerage_cash"
    assert set(TRANSACTION) >= {"brokerage_cash"}
    assert (rows["amount"][cash] > 0).all()


def test_cards_owe_what_was_left_after_the_last_payment(made: Made) -> None:
    rows, lines = made.extract.holdings, made.block.credit_lines
    cards = (rows["kind"] == "credit_card") & (rows["with_us"] == 1.0)
    paid_in_full = rows["amount"][cards] == 0
    assert paid_in_full.any()
    assert (~paid_in_full).any()
    codes = made.block.holdings.code[lines.holding]
    plastic = np.array([code[:3] in ("CRD", "RWD", "CHG") for code in codes])
    assert np.array_equal(rows["amount"][cards], lines.carried[plastic] / CENTS)
