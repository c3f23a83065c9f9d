"""Loans paid back in equal instalments, in whole cents.

A month's interest is a twelfth of the yearly rate on what is owed, rounded to the cent; the rest
of the instalment pays off principal. Only additions, multiplications and divisions are used on
floats, which every machine rounds alike.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seedkit.population.amounts import CENTS
from seedkit.population.model import Ints, Money

Floats = NDArray[np.float64]

MONTHLY = 120_000  # basis points of a year in a whole, per month
_TERM_BITS = 10  # terms up to 1,023 months
_CANDIDATES = 64


def instalment_factor(rate: Ints, term: Ints) -> Floats:
    """Return the instalment per cent of principal: r / (1 - (1 + r)^-n), or 1 / n without interest.

    rate: basis points a year; term: months, at least 1.
    """
    monthly = rate / MONTHLY
    growth = _power(1.0 + monthly, term)
    free = rate == 0
    annuity = monthly * growth / np.where(free, 1.0, growth - 1.0)
    return np.where(free, 1.0 / np.asarray(term), annuity)


def instalment(principal: Money, rate: Ints, term: Ints) -> Money:
    """Return the monthly instalment, rounded to the cent."""
    return np.rint(principal * instalment_factor(rate, term)).astype(np.int64)


def even_principal(wanted: Money, rate: Ints, term: Ints) -> Money:
    """Return a principal in whole units just below the wanted one that hardly needs any rounding.

    Rounding the instalment of a 30-year loan by half a cent moves its last balances by several
    units; among 64 principals, at most 2,016 units lower, the one is taken whose instalment comes
    closest to a whole cent.
    """
    steps = np.arange(_CANDIDATES)
    options = (wanted // CENTS)[:, None] - steps * (steps + 1) // 2
    exact = options * (CENTS * instalment_factor(rate, term))[:, None]
    best = np.argmin(np.abs(exact - np.rint(exact)), axis=1)
    return np.asarray(options[np.arange(wanted.size), best] * CENTS, np.int64)


def pay(owed: Money, rate: Ints, monthly: Money, months: Ints) -> tuple[Money, Money]:
    """Pay a number of instalments; return what is left to pay and the interest paid on the way."""
    order = np.argsort(-np.asarray(months), kind="stable")
    left, rates, due = owed[order], np.asarray(rate, np.int64)[order], monthly[order]
    total = np.zeros_like(left)
    counts = -np.asarray(months)[order]
    paying = np.searchsorted(counts, -np.arange(-counts.min(initial=0)))  # rows in each month
    for still in paying.tolist():
        interest = (left[:still] * rates[:still] + MONTHLY // 2) // MONTHLY
        total[:still] += interest
        left[:still] = np.maximum(left[:still] + interest - due[:still], 0)
    rest, paid = np.empty_like(left), np.empty_like(total)
    rest[order], paid[order] = left, total
    return rest, paid


def part_left(rate: Ints, term: Ints, paid: Ints) -> Floats:
    """Return the part of a principal that is still owed after some instalments."""
    growth = 1.0 + np.asarray(rate) / MONTHLY
    whole, gone = _power(growth, term), _power(growth, paid)
    free = np.asarray(rate) == 0
    straight = 1.0 - np.asarray(paid) / np.asarray(term)
    return np.where(free, straight, (whole - gone) / np.where(free, 1.0, whole - 1.0))


def _power(base: Floats, exponent: Ints) -> Floats:
    """Raise to whole powers by repeated squaring."""
    result, square = np.ones_like(base), base
    left = np.asarray(exponent, np.int64)
    for bit in range(_TERM_BITS):
        result = np.where(left >> bit & 1, result * square, result)
        square = square * square
    return result
