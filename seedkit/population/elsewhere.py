"""What households own and owe at other banks and outside of banks."""

from __future__ import annotations

import numpy as np

from seedkit.population.amounts import CENTS, scaled
from seedkit.population.bank import EXCHANGE_BASE
from seedkit.population.contracts import Contracts
from seedkit.population.draw import Whole, coin
from seedkit.population.model import (
    CreditLines,
    Elsewhere,
    Flags,
    Holdings,
    Money,
    Positions,
)
from seedkit.population.offers import INCOME_BANDS, PORTFOLIO, catalogue
from seedkit.population.prices import PRICE_BASE
from seedkit.population.scene import Scene
from seedkit.population.words import Category, Possession, ProductKind

_IN_POSITIONS = {
    ProductKind.EQUITY: Possession.STOCK,
    ProductKind.BOND: Possession.BOND,
    ProductKind.MUTUAL_FUND: Possession.POOLED_FUND,
    ProductKind.ETF: Possession.POOLED_FUND,
}
_CRUMBS = 100  # a hundredth of what we hold, or less, is rounding and not another account
_LEAST = 5 * CENTS
_OTHER_CARDS = np.array([0.12, 0.25, 0.42, 0.6, 0.75, 0.8])  # by income band, estimates


def make_elsewhere(
    scene: Scene,
    contracts: Contracts,
    holdings: Holdings,
    positions: Positions,
    lines: CreditLines,
) -> Elsewhere:
    """Return what households have of each kind beyond what our holdings show."""
    households = scene.households.household.size
    ours = held_with_us(scene, contracts, holdings, positions, lines).reshape(households, -1)
    whole = np.stack([scene.surveyed.amounts[kind.name.lower()] for kind in Possession], axis=1)
    rest = np.maximum(whole - ours, 0)
    rest[:, Possession.HOME] = 0
    crumbs = (ours > 0) & ((rest * _CRUMBS <= ours) | (rest < _LEAST))
    rest = np.where(crumbs, 0, rest)
    shown = rest > 0
    shown[:, Possession.CREDIT_CARD] |= _pays_in_full(scene, contracts)
    household, kind = np.nonzero(shown)
    return Elsewhere(
        household=household.astype(np.int32),
        kind=kind.astype(np.int8),
        amount=rest[household, kind],
    )


def _pays_in_full(scene: Scene, contracts: Contracts) -> Flags:
    """Draw which households without a card of ours pay another bank's in full every month."""
    income = scene.households.income * PRICE_BASE // scene.price_level // CENTS
    chance = _OTHER_CARDS[np.searchsorted(INCOME_BANDS, income, side="right")]
    drawn = coin(scene.stream("cards of other banks"), chance, income.size)
    ours = catalogue().category[contracts.offer] == Category.CREDIT_LINE
    drawn[contracts.household[ours]] = False
    return drawn


def held_with_us(
    scene: Scene,
    contracts: Contracts,
    holdings: Holdings,
    positions: Positions,
    lines: CreditLines,
) -> Money:
    """Return what our holdings show, by household and kind in one row after the other."""
    size = len(Possession)
    total = np.zeros(scene.households.household.size * size, np.int64)
    kind, portfolio = kinds_of(contracts)
    rates = np.array(scene.bank.exchange_rates, np.int64)[holdings.currency]
    cents = scaled(holdings.balance, rates, EXCHANGE_BASE)
    cents = np.where(holdings.currency > 0, cents, holdings.balance)
    cents[lines.holding] = lines.carried
    plain = np.flatnonzero((kind >= 0) & ~portfolio & scene.people.family[contracts.owner])
    household = holdings.household.astype(np.int64)
    np.add.at(total, household[plain] * size + kind[plain], np.maximum(cents[plain], 0))
    lies_in = np.array([_IN_POSITIONS.get(product, -1) for product in ProductKind])
    what = lies_in[scene.bank.products.kind[positions.product]]
    shown = np.flatnonzero(portfolio[positions.holding] & (what >= 0))
    home = positions.household[shown].astype(np.int64)
    np.add.at(total, home * size + what[shown], positions.value[shown])
    return total


def kinds_of(contracts: Contracts) -> tuple[Whole, np.ndarray]:
    """Return the survey's kind of each contract (-1: none), and which are portfolios."""
    offers = catalogue().offers
    kind = np.array([Possession[o.of] if o.of not in ("", PORTFOLIO) else -1 for o in offers])
    portfolio = np.array([offer.of == PORTFOLIO for offer in offers])
    return kind[contracts.offer].astype(np.int64), portfolio[contracts.offer]
