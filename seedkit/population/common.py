"""What the five categories of holdings share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population.contracts import Contracts
from seedkit.population.draw import Whole, amount_by, between
from seedkit.population.model import Dates, Ints, Money
from seedkit.population.offers import catalogue

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Common:
    """What a category says about its rows of Holdings."""

    rows: Whole
    balance: Money
    rate: Ints
    last_used: Dates
    currency: Ints


def draw_sizes(rng: np.random.Generator, contracts: Contracts) -> Money:
    """Draw how large each holding is, around the median of its kind of unit."""
    offers = catalogue()
    factor = amount_by(rng, offers.spreads, offers.spread[contracts.offer])
    return contracts.median * factor // MILLION


def draw_rates(rng: np.random.Generator, contracts: Contracts) -> Whole:
    """Draw a rate between the lowest and the highest one of each offer, in basis points."""
    offers, n = catalogue(), contracts.offer.size
    low, high = offers.lowest_rate[contracts.offer], offers.highest_rate[contracts.offer]
    return between(rng, low, high, n)


def own_currency(n: int) -> Ints:
    """Return a column that says: the bank's own currency."""
    return np.zeros(n, np.int8)
