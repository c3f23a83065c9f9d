"""The level of prices and incomes of a day, against the year that the tables speak of."""

from __future__ import annotations

from datetime import date

import numpy as np

from seedkit.population.amounts import CENTS
from seedkit.population.locale import Locale
from seedkit.population.locale.model import Scale
from seedkit.population.model import Money

TABLE_YEAR = 2022
PRICE_BASE = 10_000  # parts of the prices of that year
LATER_RISE = 25  # per thousand a year, assumed after the last known year
_PER_MILLE = 1_000


def price_level(locale: Locale, as_of: date) -> int:
    """Return consumer prices of a day's year as parts per 10,000 of those of 2022."""
    known = locale.prices.consumer
    first, last = min(known), max(known)
    level = known[min(max(as_of.year, first), last)]
    for _ in range(last, as_of.year):
        level += level * LATER_RISE // _PER_MILLE
    return level * PRICE_BASE // known[TABLE_YEAR]


def money_level(locale: Locale, as_of: date, kind: str = "") -> int:
    """Return what 10,000 dollars of the tables are in the locale's money of a day's year.

    `kind` is one of a household's possessions or its income, which may differ from all else.
    """
    return price_level(locale, as_of) * _scale(locale, kind).units // _PER_MILLE


def bent(locale: Locale, as_of: date, kind: str, amount: Money) -> Money:
    """Return amounts in cents of which only a part counts above the knee of their kind."""
    scale = _scale(locale, kind)
    if not scale.knee:
        return amount
    knee = scale.knee * CENTS * price_level(locale, as_of) // PRICE_BASE
    return np.where(amount > knee, knee + (amount - knee) * scale.above // 100, amount)


def _scale(locale: Locale, kind: str) -> Scale:
    scales = locale.wealth.scales
    return scales.get(kind, scales[""])
