from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedkit.population.amortisation import even_principal, instalment, pay

from .made import FEW


def owed(principal: int, rate: int, term: int, paid: int) -> Decimal:
    """What the textbook formula says is owed, with an instalment that needs no rounding."""
    with localcontext() as context:
        context.prec = 50
        if rate == 0:
            return Decimal(principal) * (term - paid) / term
        r = Decimal(rate) / 120_000
        monthly = principal * r / (1 - (1 + r) ** -term)
        return principal * (1 + r) ** paid - monthly * ((1 + r) ** paid - 1) / r


def one(value: int) -> np.ndarray:
    return np.array([value], np.int64)


@pytest.mark.parametrize(
    ("principal", "rate", "term", "expected"),
    [
        (20_000_000, 600, 360, 119_910),  # 200,000 at 6 % over 30 years: 1,199.10
        (1_000_000, 0, 48, 20_833),  # without interest: 10,000 / 48
        (500_000, 1_200, 12, 44_424),  # 5,000 at 12 % over a year: 444.24
    ],
)
def test_instalments_are_those_of_the_textbook(principal, rate, term, expected):
    assert instalment(one(principal), one(rate), one(term)).tolist() == [expected]


@FEW
@given(st.integers(0, 1_100), st.sampled_from([180, 240, 360]), st.integers(20_000, 2_000_000))
def test_a_long_loan_stays_within_a_cent_per_period(rate, term, wanted):
    principal = even_principal(one(wanted * 100), one(rate), one(term))
    assert 0 <= wanted * 100 - principal[0] <= 2_016 * 100
    paid = np.arange(1, term)
    everywhere = [np.full(paid.size, value) for value in (principal[0], rate, term)]
    left, _ = pay(everywhere[0], everywhere[1], instalment(*everywhere), paid)
    for count, balance in zip(paid.tolist(), left.tolist(), strict=True):
        assert abs(owed(int(principal[0]), rate, term, count) - balance) <= count


def test_what_is_paid_is_interest_or_principal():
    principal, rate, term = np.array([500_000, 800_000]), np.array([900, 0]), np.array([24, 36])
    monthly = instalment(principal, rate, term)
    months = np.array([7, 20])
    left, interest = pay(principal, rate, monthly, months)
    assert (principal - left + interest).tolist() == (monthly * months).tolist()
    assert interest[1] == 0 < interest[0]


def test_paying_in_two_steps_is_paying_in_one():
    principal, rate, term = one(31_234_500), one(655), one(360)
    monthly = instalment(principal, rate, term)
    half, first = pay(principal, rate, monthly, one(100))
    rest, second = pay(half, rate, monthly, one(23))
    whole, total = pay(principal, rate, monthly, one(123))
    assert rest.tolist() == whole.tolist()
    assert (first + second).tolist() == total.tolist()


def test_the_last_instalment_leaves_next_to_nothing():
    principal, rate, term = one(2_500_000), one(725), one(60)
    left, _ = pay(principal, rate, instalment(principal, rate, term), term)
    assert left[0] <= 60
