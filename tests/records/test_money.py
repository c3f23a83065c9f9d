from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedkit.errors import MissingInTargetError
from seedkit.records.money import make_exchange

CODES = ("USD", "EUR", "JPY", "MXN", "CAD")
RATES = (10_000, 10_853, 67, 543, 7_312)
IDS = {"USD": "u", "EUR": "e", "JPY": "j", "MXN": "m"}
EXCHANGE = make_exchange(CODES, RATES, IDS)

cents = st.integers(min_value=-(10**12), max_value=10**12)


def amounts(index: int, rows: int = 1):
    return EXCHANGE.amounts(np.full(rows, index))


def test_a_rate_has_two_decimals_and_is_not_sent_when_they_say_too_little() -> None:
    assert EXCHANGE.rates == (1.0, 1.09, None, None, 0.73)


@given(cents)
def test_own_money_is_itself_in_both_columns(minor: int) -> None:
    own = amounts(0).pair("msfsi_x", np.array([minor]))
    assert own == {"msfsi_x": [minor / 100], "msfsi_x_default": [minor / 100]}
    assert Decimal(repr(own["msfsi_x"][0])) == Decimal(minor) / 100


@given(cents, st.sampled_from([1, 4]))
def test_base_amount_is_balance_times_the_rate_as_sent(minor: int, index: int) -> None:
    rate = Decimal(repr(EXCHANGE.rates[index]))
    expected = (Decimal(minor) / 100 * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
    [base] = amounts(index).base(np.array([minor]))
    assert Decimal(repr(base)) == expected


@pytest.mark.parametrize(
    ("index", "minor", "own", "base"),
    [(2, 150_000_00, 150_000.0, 1005.0), (2, -75_00, -75.0, -0.5), (3, 100_00, 100.0, 5.43)],
)
def test_without_a_rate_the_exact_one_converts(
    index: int, minor: int, own: float, base: float
) -> None:
    assert amounts(index).own(np.array([minor])) == [own]
    assert amounts(index).base(np.array([minor])) == [base]


def test_rows_of_several_currencies_are_converted_each_by_its_own_rate() -> None:
    mixed = EXCHANGE.amounts(np.array([0, 1, 2]))
    assert mixed.base(np.array([100, 100, 100])) == [1.0, 1.09, 0.01]
    assert list(mixed.rates()) == [1.0, 1.09, None]
    assert list(mixed.lookup().ids) == ["u", "e", "j"]


def test_money_that_is_not_shown_is_sent_in_neither_column() -> None:
    shown = np.array([True, False])
    pair = amounts(0, 2).pair("a", np.array([100, 200]), "b", shown=shown)
    assert pair == {"a": [1.0, None], "b": [1.0, None]}


def test_a_currency_that_the_environment_lacks_stops_only_rows_kept_in_it() -> None:
    amounts(0).lookup()
    with pytest.raises(MissingInTargetError, match="no currency CAD") as caught:
        amounts(4).lookup()
    assert caught.value.hint is not None
    assert "banking.foreign_currency=0" in caught.value.hint


def test_a_bank_that_keeps_yen() -> None:
    exchange = make_exchange(("JPY", "USD"), (10_000, 1_492_500), {"JPY": "j", "USD": "u"})
    assert exchange.rates == (1.0, 149.25)
    assert exchange.amounts(np.array([1])).base(np.array([2_00])) == [298.5]
