"""Investments and their positions: what a portfolio is worth is the sum of what lies in it.

A position's value is quantity x price, rounded to the cent (halves up); a portfolio's balance is
its cash and these values; its gain is the values less quantity x average cost, rounded alike.
"""

from __future__ import annotations

import numpy as np

from seedkit.population.accounts import last_days
from seedkit.population.amounts import BASIS, scaled
from seedkit.population.common import Common, draw_sizes, own_currency
from seedkit.population.contracts import Contracts
from seedkit.population.draw import Whole, amount, below, between, coin, expand, pick_by
from seedkit.population.model import Flags, Ints, Investments, Money, Positions, Products, Texts
from seedkit.population.offers import catalogue
from seedkit.population.scene import Scene
from seedkit.population.words import Category, InvestmentKind, PositionKind, ProductKind

FEWEST, MOST = 2, 6  # positions of a portfolio
HUNDREDTHS = 100  # of a unit: how quantities count
CORE = (
    ProductKind.EQUITY,
    ProductKind.BOND,
    ProductKind.MUTUAL_FUND,
    ProductKind.ETF,
    ProductKind.CASH,
)
WHOLE_UNITS = (ProductKind.EQUITY, ProductKind.ETF, ProductKind.OPTION)

_ADVENTUROUS = 0.25  # of brokerage accounts hold one product that is not core
_CHEAP = 1_000  # cents: of anything cheaper at least one whole unit is held

_CASH = (0, 20, 60, 120, 250, 500, 1_400)  # quantiles, basis points of the portfolio
_GAINS = (-3_500, -900, -100, 400, 1_000, 1_900, 3_200, 5_500, 14_000)  # over cost, basis points
_DAYS_AGO = np.array([[0, 4, 11, 20, 29, 45, 80, 140, 300]])  # quantiles of the last transaction

_AGE_BANDS = (35, 55, 65)
_RISKS = ((15, 45, 40), (20, 50, 30), (35, 50, 15), (55, 38, 7))  # by age band
_HORIZONS = ((70, 22, 8), (62, 30, 8), (35, 45, 20), (20, 45, 35))
_OBJECTIVES = (  # by InvestmentKind: safety, growth, retirement, tax, liquidity
    (10, 60, 5, 5, 20),
    (25, 50, 15, 10, 0),
    (0, 0, 100, 0, 0),
    (30, 60, 0, 10, 0),
    (30, 60, 0, 5, 5),
    (40, 5, 50, 5, 0),
)
PORTFOLIOS: Texts = np.array(
    [
        ["Safety, conservative", "Safety, balanced", "Safety, dynamic"],
        ["Growth, conservative", "Growth, balanced", "Growth, dynamic"],
        ["Retirement, conservative", "Retirement, balanced", "Retirement, dynamic"],
        ["Tax-aware, conservative", "Tax-aware, balanced", "Tax-aware, dynamic"],
        ["Reserve, conservative", "Reserve, balanced", "Reserve, dynamic"],
    ],
    dtype=object,
)


def make_investments(scene: Scene, contracts: Contracts) -> tuple[Investments, Positions, Common]:
    """Draw portfolios and fill them with products."""
    rng = scene.stream("investments")
    rows = contracts.of(Category.INVESTMENT)
    own = contracts.take(rows)
    n, kind = rows.size, catalogue().kind[own.offer]
    wanted = draw_sizes(rng, own)
    cash = scaled(wanted, amount(rng, _CASH, n), BASIS)
    age = np.searchsorted(_AGE_BANDS, scene.people.age[own.owner], side="right")
    objective, risk = pick_by(rng, _OBJECTIVES, kind), pick_by(rng, _RISKS, age)
    horizon = pick_by(rng, _HORIZONS, age)
    positions = _fill(scene, own, rows, wanted - cash)
    of = np.searchsorted(rows, positions.holding)
    cost = scaled(positions.cost, positions.quantity, HUNDREDTHS)
    worth, paid = _sum(positions.value, of, n), _sum(cost, of, n)
    products = scene.bank.products
    year, three, to_date = (
        _weighted(returns, positions, of, worth)
        for returns in (
            products.performance_1y,
            products.performance_3y,
            products.performance_ytd,
        )
    )
    investments = Investments(
        household=own.household,
        holding=rows.astype(np.int32),
        portfolio=PORTFOLIOS[objective, risk],
        cash=cash,
        gain=worth - paid,
        performance=((worth - paid) * BASIS // paid).astype(np.int32),
        performance_1y=year,
        performance_3y=three,
        performance_ytd=to_date,
        objective=objective.astype(np.int8),
        risk=risk.astype(np.int8),
        horizon=horizon.astype(np.int8),
    )
    last_used = last_days(rng, scene.today, own.opened, _DAYS_AGO, np.zeros(n, np.int64))
    rate = np.zeros(n, np.int64)
    return investments, positions, Common(rows, cash + worth, rate, last_used, own_currency(n))


def _fill(scene: Scene, own: Contracts, rows: Whole, worth: Money) -> Positions:
    """Draw two to six different products for each portfolio and share its worth among them."""
    rng = scene.stream("positions")
    products = scene.bank.products
    counts = between(rng, FEWEST, MOST, rows.size)
    of, number = expand(counts)
    n = of.size
    last = (number == counts[of] - 1) & coin(rng, _ADVENTUROUS, rows.size)[of]
    trades = catalogue().kind[own.offer[of]] == InvestmentKind.BROKERAGE
    product = _products(rng, products, number, last & trades)
    part = between(rng, 15, 100, n)
    share = worth[of] * part // _sum(part, of, rows.size)[of]
    price = products.price[product]
    quantity = _quantities(products.kind[product], price, share)
    stable = products.kind[product] == ProductKind.CASH
    gain = np.where(stable, 0, amount(rng, _GAINS, n))
    return Positions(
        household=own.household[of],
        holding=rows[of].astype(np.int32),
        product=product.astype(np.int32),
        quantity=quantity,
        cost=price * BASIS // (BASIS + gain),
        price=price,
        value=scaled(quantity, price, HUNDREDTHS),
        kind=np.full(n, PositionKind.LONG, np.int8),
    )


def _products(rng: np.random.Generator, products: Products, number: Whole, special: Flags) -> Whole:
    """Draw a product for each position; those of a portfolio come from different sixths."""
    is_core = np.isin(products.kind, CORE)
    core, rest = np.flatnonzero(is_core), np.flatnonzero(~is_core)
    size = (core.size - number + MOST - 1) // MOST
    usual = core[number + MOST * below(rng, size, number.size)]
    return np.where(special, rest[below(rng, rest.size, number.size)], usual)


def _quantities(kind: Ints, price: Money, worth: Money) -> Money:
    """Return how much of a product a sum buys; of some only whole units."""
    bought = worth * HUNDREDTHS // price
    whole = np.isin(kind, WHOLE_UNITS) & (bought >= HUNDREDTHS)
    bought = np.where(whole, bought // HUNDREDTHS * HUNDREDTHS, bought)
    return np.asarray(np.maximum(bought, np.where(price < _CHEAP, HUNDREDTHS, 1)))


def _sum(values: Money, of: Whole, n: int) -> Money:
    """Return the sums of values by parent."""
    total = np.zeros(n, np.int64)
    np.add.at(total, of, values)
    return total


def _weighted(returns: Ints, positions: Positions, of: Whole, worth: Money) -> Whole:
    """Return the returns of portfolios: those of their products, weighted by value."""
    total = _sum(positions.value * returns[positions.product], of, worth.size)
    return np.asarray(total // worth, np.int32)
