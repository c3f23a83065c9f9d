"""What the five categories of holdings share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population.amounts import CENTS
from seedkit.population.contracts import Contracts
from seedkit.population.draw import Whole, amount_by, between
from seedkit.population.model import Dates, Ints, Money
from seedkit.population.offers import catalogue
from seedkit.population.scene import Scene

MILLION = 1_000_000
MISSED = (30, 35, 20, 15)  # weights of 1, 2, 3, 4 payments missed by those who are late
_LEAST = 200 * CENTS  # that no limit by income forbids


@dataclass(frozen=True, slots=True)
class Common:
    """What a category says about its rows of Holdings."""

    rows: Whole
    balance: Money
    rate: Ints
    last_used: Dates
    currency: Ints


def draw_limits(rng: np.random.Generator, contracts: Contracts) -> Money:
    """Draw how large each credit line is, around the median of its kind of unit."""
    offers = catalogue()
    factor = amount_by(rng, offers.spreads, offers.spread[contracts.offer])
    return within_income(contracts, contracts.median * factor // MILLION)


def within_income(contracts: Contracts, size: Money) -> Money:
    """Return sizes cut to the part of a year's income that the offers allow."""
    most = catalogue().most[contracts.offer]
    limit = np.maximum(contracts.income * most // 100, _LEAST)
    return np.where(most > 0, np.minimum(size, limit), size)


def within_means(contracts: Contracts, size: Money, burden: Money, percent: int) -> Money:
    """Return sizes scaled down in units whose burdens exceed a part of their yearly income."""
    total = np.zeros(int(contracts.unit.max(initial=0)) + 1, np.int64)
    np.add.at(total, contracts.unit, burden)
    asked = np.maximum(total[contracts.unit], 1)
    allowed = contracts.income * percent // 100
    return np.where(asked > allowed, size * allowed // asked, size)


def draw_rates(scene: Scene, rng: np.random.Generator, contracts: Contracts) -> Whole:
    """Draw a rate between the lowest and the highest one of each offer, in basis points."""
    rates = scene.locale.prices.offers
    limits = np.array([rates.get(offer.prefix, offer.rates) for offer in catalogue().offers])
    low, high = limits[contracts.offer].T
    return between(rng, low, high, contracts.offer.size)


def own_currency(n: int) -> Ints:
    """Return a column that says: the bank's own currency."""
    return np.zeros(n, np.int8)
