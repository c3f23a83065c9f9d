"""What the loans of a year went by: interest rates, house prices, what studies cost at most."""

from __future__ import annotations

import numpy as np

from seedkit.population.amounts import CENTS
from seedkit.population.days import year_of
from seedkit.population.draw import Whole
from seedkit.population.locale import Locale
from seedkit.population.model import Dates, Flags, Money

FIRST_YEAR = 1975  # of every locale's tables; years after their last one keep what it has


def mortgage_rate(locale: Locale, days: Dates) -> Whole:
    """Return the average mortgage rate of each day's year, in basis points."""
    return np.asarray(locale.prices.mortgage[_row(locale, days)])


def house_price_ratio(locale: Locale, then: Dates, now: np.datetime64) -> tuple[Whole, int]:
    """Return the house prices of former days and of now, as index numbers."""
    prices = locale.prices.houses
    return np.asarray(prices[_row(locale, then)]), int(prices[_row(locale, np.array([now]))[0]])


def largest_study(locale: Locale, days: Dates, advanced: Flags) -> Money:
    """Return what was lent at most for studies in each day's year, in cents."""
    first, limits = zip(*sorted(locale.prices.studies.items()), strict=True)
    row = np.searchsorted(first, np.maximum(year_of(days), FIRST_YEAR), side="right") - 1
    return np.asarray(np.array(limits)[row, np.where(advanced, 0, 1)] * CENTS, np.int64)


def _row(locale: Locale, days: Dates) -> Whole:
    return np.clip(year_of(days) - FIRST_YEAR, 0, locale.prices.mortgage.size - 1)
