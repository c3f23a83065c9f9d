"""Investments and their positions: what a portfolio is worth is the sum of what lies in it.

A position's value is quantity x price, rounded to the cent (halves up); a portfolio's balance is
its cash and these values; its gain is the values less quantity x average cost, rounded alike.
What a position cost follows from when it was bought: for three years back from what its product
earned, before that from a drift and a chance that grows with the root of time.
"""

from __future__ import annotations

import numpy as np

from seedkit.population.accounts import last_days
from seedkit.population.amounts import BASIS, CENTS, scaled
from seedkit.population.common import Common, own_currency, within_income
from seedkit.population.contracts import Contracts
from seedkit.population.days import whole_years
from seedkit.population.draw import Whole, amount, below, between, coin, expand, pick_by
from seedkit.population.model import (
    NO_FIGURE,
    Flags,
    Ints,
    Investments,
    Money,
    Positions,
    Products,
)
from seedkit.population.offers import IN_PORTFOLIO, PORTFOLIO, catalogue
from seedkit.population.scene import Scene
from seedkit.population.words import Category, InvestmentKind, PositionKind, ProductKind, Risk

FEWEST, MOST = 2, 6  # positions of a portfolio
_WHOLE = 1_000_000  # parts of a portfolio
HUNDREDTHS = 100  # of a unit: how quantities count
CORE = (
    ProductKind.EQUITY,
    ProductKind.BOND,
    ProductKind.MUTUAL_FUND,
    ProductKind.ETF,
    ProductKind.CASH,
)
WHOLE_UNITS = (ProductKind.EQUITY, ProductKind.ETF, ProductKind.OPTION)

_KINDS_IN_SLOTS = (  # of IN_PORTFOLIO
    (ProductKind.EQUITY,),
    (ProductKind.MUTUAL_FUND, ProductKind.ETF),
    (ProductKind.BOND,),
)
_ANY = len(_KINDS_IN_SLOTS)  # the slot of other forms of investment
_SLOTS = _ANY + 1
_LEAST_WORTH = 100  # cents: nothing smaller can be split up
_ADVENTUROUS = 0.9  # of large dynamic brokerage accounts hold one product that is not core
_LARGE = 15_000 * CENTS
_CAREER_FROM, _LONGEST_CAREER = 22, 45  # age, years
_YEARS_BROUGHT = 6  # that the transfer into a new retirement account stands for
_PUT_BY = 25  # percent of a year's pay, with what it earned since
_LEAST = 200 * CENTS
_SPECIAL_PART = (2, 8)  # percent of what the other positions are worth
_CHEAP = 1_000  # cents: of anything cheaper at least one whole unit is held

_CASH = (0, 20, 60, 120, 250, 500, 1_400)  # quantiles, basis points of the portfolio
_HELD = (40, 100)  # percent of a portfolio's age that a position has
_YEAR, _KNOWN_YEARS = 365, 3  # days; years of which products know their return
_PAR = 100 * CENTS  # to which bonds were bought
_LOWEST_GAIN = -6_000  # basis points
# By ProductKind: mean gain and standard deviation of a year in basis points, before the known
# years; how many days a position is held at most. Round figures of long records.
_DRIFT = np.array([700, 0, 600, 650, 0, 0, 50, 1_500, 400])
_DEVIATION = np.array([1_800, 0, 1_200, 1_400, 0, 0, 700, 4_000, 900])
_LONGEST = np.array([9_000, 7_300, 9_000, 9_000, 9_000, 120, 2_000, 1_800, 4_000])
_NORMAL = (-233, -128, -84, -52, -25, 0, 25, 52, 84, 128, 233)  # quantiles, hundredths
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
_CALMEST = np.array([Risk.LOW, Risk.MEDIUM, Risk.LOW, Risk.LOW, Risk.LOW])  # by Objective
_BOLDEST = np.array([Risk.MEDIUM, Risk.HIGH, Risk.HIGH, Risk.HIGH, Risk.MEDIUM])
PORTFOLIOS = (  # by Objective and Risk
    *("Safety, conservative", "Safety, balanced", "Safety, dynamic"),
    *("Growth, conservative", "Growth, balanced", "Growth, dynamic"),
    *("Retirement, conservative", "Retirement, balanced", "Retirement, dynamic"),
    *("Tax-aware, conservative", "Tax-aware, balanced", "Tax-aware, dynamic"),
    *("Reserve, conservative", "Reserve, balanced", "Reserve, dynamic"),
)


def make_investments(scene: Scene, contracts: Contracts) -> tuple[Investments, Positions, Common]:
    """Draw portfolios and fill them with products."""
    rng = scene.stream("investments")
    rows = contracts.of(Category.INVESTMENT)
    own = contracts.take(rows)
    n, kind = rows.size, catalogue().kind[own.offer]
    wanted = np.maximum(_within_a_career(scene, own, within_income(own, own.size)), _LEAST_WORTH)
    in_parts = parts_of(scene, own)
    cash = scaled(wanted, amount(rng, _CASH, n), BASIS)
    # of a portfolio, all is shares, funds and bonds
    cash = np.where(in_parts.any(axis=1), 0, cash)
    age = np.searchsorted(_AGE_BANDS, scene.people.age[own.owner], side="right")
    objective = pick_by(rng, _OBJECTIVES, kind)
    risk = np.clip(pick_by(rng, _RISKS, age), _CALMEST[objective], _BOLDEST[objective])
    horizon = pick_by(rng, _HORIZONS, age)
    positions = _fill(scene, own, rows, wanted - cash, risk, in_parts)
    of = np.searchsorted(rows, positions.holding)
    cost = scaled(positions.cost, positions.quantity, HUNDREDTHS)
    worth, paid = _sum(positions.value, of, n), _sum(cost, of, n)
    performance = ((worth - paid) * BASIS // paid).astype(np.int32)
    year, three, to_date = _returns(scene, own, positions, of, worth, performance)
    investments = Investments(
        household=own.household,
        holding=rows.astype(np.int32),
        portfolio=scene.locale.say.each(PORTFOLIOS)[objective * len(Risk) + risk],
        cash=cash,
        gain=worth - paid,
        performance=performance,
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


def parts_of(scene: Scene, own: Contracts) -> Whole:
    """Return [investment, kind in portfolios]: per million of what is in it, 0 for other forms."""
    have = np.stack([scene.surveyed.amounts[kind.name.lower()] for kind in IN_PORTFOLIO], axis=1)
    part = have * _WHOLE // np.maximum(have.sum(axis=1), 1)[:, None]
    portfolio = np.array([offer.of == PORTFOLIO for offer in catalogue().offers])[own.offer]
    return np.where(portfolio[:, None], part[own.household], 0)


def _within_a_career(scene: Scene, own: Contracts, wanted: Money) -> Money:
    """Return sizes of retirement accounts cut to what could be put by, here or before."""
    retirement = catalogue().kind[own.offer] == InvestmentKind.RETIREMENT
    worked = np.clip(scene.people.age[own.owner] - _CAREER_FROM, 1, _LONGEST_CAREER)
    years = np.minimum(whole_years(own.opened, scene.today) + _YEARS_BROUGHT, worked)
    most = scene.people.income[own.owner] * years * _PUT_BY // 100
    return np.where(retirement, np.minimum(wanted, np.maximum(most, _LEAST)), wanted)


def _fill(
    scene: Scene, own: Contracts, rows: Whole, worth: Money, risk: Ints, in_parts: Whole
) -> Positions:
    """Draw two to six different products for each portfolio and share its worth among them."""
    rng = scene.stream("positions")
    products = scene.bank.products
    kinds = (in_parts > 0).sum(axis=1)
    bold = catalogue().kind[own.offer] == InvestmentKind.BROKERAGE
    bold &= (risk == Risk.HIGH) & (worth >= _LARGE) & coin(rng, _ADVENTUROUS, rows.size)
    counts = np.maximum(between(rng, FEWEST, MOST, rows.size), kinds + bold)
    of, number = expand(counts)
    special = (number == counts[of] - 1) & bold[of]
    slot, product = _products(rng, products, of, number, special, in_parts)
    there = product >= 0
    of, special, slot, product = of[there], special[there], slot[there], product[there]
    n = of.size
    share = _parts(rng, special, of, slot, worth, in_parts)
    price = products.price[product]
    quantity = _quantities(products.kind[product], price, share)
    held = (scene.today - own.opened[of]).astype(np.int64) * between(rng, *_HELD, n) // 100
    return Positions(
        household=own.household[of],
        holding=rows[of].astype(np.int32),
        product=product.astype(np.int32),
        quantity=quantity,
        cost=_costs(rng, products, product, held),
        price=price,
        value=scaled(quantity, price, HUNDREDTHS),
        kind=np.full(n, PositionKind.LONG, np.int8),
    )


def _parts(
    rng: np.random.Generator,
    special: Flags,
    of: Whole,
    slot: Whole,
    worth: Money,
    in_parts: Whole,
) -> Money:
    """Draw what each position is worth: its part of its slot; that of a special one is small."""
    weight = np.where(special, 0, between(rng, 15, 100, of.size))
    key = of * _SLOTS + slot
    whole = np.where(slot == _ANY, worth[of], worth[of] * in_parts[of, slot % _ANY] // _WHOLE)
    usual = whole * weight // np.maximum(_sum(weight, key, worth.size * _SLOTS)[key], 1)
    extra = worth[of] * between(rng, *_SPECIAL_PART, of.size) // 100
    return np.where(special, extra, usual)


def _costs(rng: np.random.Generator, products: Products, product: Whole, days: Whole) -> Money:
    """Return what a unit cost so many days ago; bonds come from par within the known years."""
    kind, price = products.kind[product], products.price[product]
    days = np.minimum(days, _LONGEST[kind])
    recent = np.minimum(days, _KNOWN_YEARS * _YEAR)
    year, three = products.performance_1y[product], products.performance_3y[product]
    later = (three - year) * np.maximum(recent - _YEAR, 0) // ((_KNOWN_YEARS - 1) * _YEAR)
    gain = year * np.minimum(recent, _YEAR) // _YEAR + later
    before = days - recent
    root = np.sqrt(before * BASIS // _YEAR).astype(np.int64)  # hundredths of a root of years
    chance = _DEVIATION[kind] * root * amount(rng, _NORMAL, days.size) // BASIS
    # gains are skewed: twice as much is won as is lost, as one can't lose more than all
    gain = gain + _DRIFT[kind] * before // _YEAR + np.where(chance < 0, chance // 2, chance)
    gain = np.where(kind == ProductKind.CASH, 0, np.maximum(gain, _LOWEST_GAIN))
    to_par = price + (_PAR - price) * recent // (_KNOWN_YEARS * _YEAR)
    cost = np.where(kind == ProductKind.BOND, to_par, price * BASIS // (BASIS + gain))
    return np.asarray(np.maximum(cost, 1), np.int64)


def _products(
    rng: np.random.Generator,
    products: Products,
    of: Whole,
    number: Whole,
    special: Flags,
    in_parts: Whole,
) -> tuple[Whole, Whole]:
    """Draw (slot, product) for positions: of the kinds that portfolios hold, in turn.

    A slot is a kind, or any core product in other forms of investment. Where a kind has no
    product left that isn't in the portfolio yet, there is none (-1).
    """
    pools = _pools(products)
    slot, round_ = _slots(number, in_parts[of])
    found = np.full(of.size, -1, np.int64)
    start = below(rng, 1 << 16, (int(of.max(initial=-1)) + 1) * _SLOTS)[of * _SLOTS + slot]
    for which, pool in enumerate(pools):
        here = np.flatnonzero((slot == which) & ~special & (round_ < pool.size))
        found[here] = pool[(start[here] + round_[here]) % pool.size]
    rest = np.flatnonzero(~np.isin(products.kind, CORE))
    found[special] = rest[below(rng, rest.size, int(special.sum()))]
    return slot, found


def _slots(number: Whole, parts: Whole) -> tuple[Whole, Whole]:
    """Return the slot of each position, and how many of its portfolio came before in that slot."""
    held = parts > 0
    kinds = np.maximum(held.sum(axis=1), 1)
    order = np.argsort(~held, axis=1, kind="stable")  # the kinds that are there come first
    slot = order[np.arange(number.size), number % kinds]
    free = ~held.any(axis=1)
    return np.where(free, _ANY, slot), np.where(free, number, number // kinds)


def _pools(products: Products) -> tuple[Whole, ...]:
    """Return the products of each slot; those of any kind lie mixed, so that neighbours differ."""
    core = np.flatnonzero(np.isin(products.kind, CORE))
    mixed = np.concatenate([core[first::MOST] for first in range(MOST)])
    kinds = [np.flatnonzero(np.isin(products.kind, kinds)) for kinds in _KINDS_IN_SLOTS]
    return (*kinds, mixed)


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


def _returns(
    scene: Scene,
    own: Contracts,
    positions: Positions,
    of: Whole,
    worth: Money,
    performance: Ints,
) -> tuple[Ints, Ints, Ints]:
    """Return what portfolios earned in one year, in three, and in this one: as their products did.

    Those that began this year earned since then what they earned in all.
    """
    products = scene.bank.products
    year, three, to_date = (
        _weighted(returns, positions, of, worth)
        for returns in (
            products.performance_1y,
            products.performance_3y,
            products.performance_ytd,
        )
    )
    age = whole_years(own.opened, scene.today)
    begun = own.opened >= scene.today.astype("datetime64[Y]")
    return (
        np.where(age >= 1, year, NO_FIGURE).astype(np.int32),
        np.where(age >= _KNOWN_YEARS, three, NO_FIGURE).astype(np.int32),
        np.where(begun, performance, to_date).astype(np.int32),
    )


def _weighted(returns: Ints, positions: Positions, of: Whole, worth: Money) -> Whole:
    """Return the returns of portfolios: those of their products, weighted by value."""
    total = _sum(positions.value * returns[positions.product], of, worth.size)
    return np.asarray(total // worth, np.int32)
