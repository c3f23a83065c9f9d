"""Sums of money in whole numbers."""

from __future__ import annotations

import numpy as np

from seedkit.population.model import Ints, Money

CENTS = 100  # of a unit of currency
BASIS = 10_000  # basis points of a whole


def scaled(value: Money, numerator: Ints, denominator: int) -> Money:
    """Return value x numerator / denominator, rounded to the nearest whole (halves up)."""
    product = np.asarray(value, np.int64) * np.asarray(numerator, np.int64)
    return np.asarray((product + denominator // 2) // denominator, np.int64)


def to_step(value: Money, step: int) -> Money:
    """Return values rounded down to multiples of a step, at least one step."""
    return np.maximum(np.asarray(value, np.int64) // step, 1) * step
