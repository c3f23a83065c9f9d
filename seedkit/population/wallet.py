"""The bank's part of what households own and owe: their wallet, shared out among contracts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from seedkit.population.contracts import Contracts, possessed
from seedkit.population.draw import Whole, amount_by, between, coin
from seedkit.population.firms import firm_of, size_holdings
from seedkit.population.model import Money
from seedkit.population.offers import catalogue
from seedkit.population.scene import Scene
from seedkit.population.words import Category, Place

_ALL_WITH_US = 0.7  # part of households that have all they hold of a kind with the bank that has it
_PART_WITH_US = (30, 95)  # percent, of the others
_WEIGHTS = (20, 100)  # of holdings of one kind in a household, relative to one another
_GROWN_CHILD = 10  # percent of an adult's weight
_OWN_MEANS = {  # quantiles, per mille of a year's income, by kind; estimates
    "CHECKING": (0, 3, 8, 14, 22, 33, 48, 70, 110, 190, 600),
    "SAVINGS": (0, 5, 15, 30, 55, 90, 140, 220, 380, 700, 1_500),
    "CREDIT_CARD": (0, 0, 0, 0, 0, 5, 15, 30, 55, 100, 250),
}


def share_out(scene: Scene, contracts: Contracts) -> Contracts:
    """Give contracts their sizes: parts of what the household has of their kind.

    The parts never exceed the whole; what is left lies elsewhere. A loan has one lender.
    """
    rng = scene.stream("wallet")
    offers, homes = catalogue().offers, contracts.household.astype(np.int64)
    kinds = sorted({offer.of for offer in offers if offer.of})
    kind = np.array([kinds.index(offer.of) if offer.of else -1 for offer in offers])[
        contracts.offer
    ]
    n, households = homes.size, scene.households.household.size
    with_us = _with_us(rng, len(kinds) * households).reshape(len(kinds), households)
    loan = catalogue().category[contracts.offer] == Category.LOAN
    part = np.where(loan, 100, with_us[kind, homes])
    weight = between(rng, *_WEIGHTS, n)
    grown = scene.people.place[contracts.owner] == Place.CHILD
    weight = np.where(grown, np.maximum(weight * _GROWN_CHILD // 100, 1), weight)
    family = scene.people.family[contracts.owner]
    key = homes * len(kinds) + kind
    shared = family & (kind >= 0)
    total = np.bincount(key[shared], weight[shared], households * len(kinds))
    whole = np.stack([possessed(scene.surveyed, name) for name in kinds])[kind, homes]
    share = whole * part // 100 * weight // np.maximum(total.astype(np.int64)[key], 1)
    own = _own_means(scene, contracts)
    size = np.where(shared, share, np.where(family, 0, own))
    size[contracts.of_firms] = _of_firms(scene, contracts.take(contracts.of_firms))
    return replace(contracts, size=size)


def _of_firms(scene: Scene, held: Contracts) -> Money:
    """Draw what lies in, or is owed on, the holdings of firms."""
    firm = firm_of(scene.firms, scene.people.age.size)[held.owner]
    prefixes = [catalogue().offers[row].prefix for row in held.offer.tolist()]
    return size_holdings(scene.stream("firms' money"), prefixes, scene.firms.revenue[firm])


def _own_means(scene: Scene, contracts: Contracts) -> Money:
    """Draw what those have or owe who live with a family and keep their own money."""
    rng = scene.stream("means of others")
    names = [offer.of for offer in catalogue().offers]
    row = np.array([list(_OWN_MEANS).index(name) if name in _OWN_MEANS else -1 for name in names])
    row = row[contracts.offer]
    part = amount_by(rng, tuple(_OWN_MEANS.values()), np.maximum(row, 0))
    return np.where(row >= 0, contracts.income // 1_000 * part, 0)


def _with_us(rng: np.random.Generator, n: int) -> Whole:
    """Draw how much of what is with us at all lies with us, in percent."""
    everything = coin(rng, _ALL_WITH_US, n)
    return np.where(everything, 100, between(rng, *_PART_WITH_US, n))
