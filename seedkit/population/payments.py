"""Direct debits and standing orders on checking accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np

from seedkit.population.amounts import CENTS, to_step
from seedkit.population.contracts import Contracts
from seedkit.population.days import NEVER, add_days, add_months, months_back
from seedkit.population.draw import (
    ONE,
    Whole,
    below,
    between,
    choose,
    coin,
    pick,
    pick_by,
    raw,
    texts,
)
from seedkit.population.model import (
    Dates,
    DirectDebits,
    Flags,
    Ints,
    Money,
    StandingOrders,
    Texts,
)
from seedkit.population.payers import Payers
from seedkit.population.payments_tables import (
    CREDITORS,
    DAYS,
    DEBIT_REFUSALS,
    FAULTS,
    LANDLORDS,
    MONTHS,
    NO_FUNDS,
    ORDER_REFUSALS,
    PART_OF_MONTH,
    PURPOSES,
    SCARCE,
    Creditor,
    Purpose,
)
from seedkit.population.prices import PRICE_BASE
from seedkit.population.scene import Scene
from seedkit.population.words import Frequency, ItemStatus

_YEAR_MONTHS = 12
_LONGEST = 60  # payments that an order of days looks back on
_ENDING = 0.15  # of direct debits
_LIMIT_STEP = 50 * CENTS
_MORE_AT_HOME = 3  # times as many payments as from other accounts
_LARGEST_PART = 10  # percent of the income that one payment takes
_RENTS_BY_ORDER = 1.3  # part of renters who pay by standing order, per order on an account
_RENT_SHARE = (21, 34)  # percent of the household's income
_RENT_LIMITS = (600, 4_500)
_LARGEST_RENT = 42  # percent of the income, however small it is
_STATUS_WEIGHTS = (50, 50)  # of failed items: rejected, failed
_HALVINGS = 30
_WEEK = 7
_EPOCH_DAY = 4  # 1 January 1970 was the fifth day of a week that begins on Sunday


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When payments are due: the first, the last one until today, and the next."""

    first: Dates
    last: Dates
    following: Dates


@dataclass(frozen=True, slots=True)
class _Orders:
    """Standing orders before their rhythm is drawn."""

    row: Whole  # of the contracts
    payee: Texts
    amount: Money  # each time
    frequency: Whole
    since: Dates  # not before
    target: Whole  # row of our own account that is paid, -1 elsewhere


Columns = TypeVar("Columns", Rhythm, _Orders)


def make_direct_debits(scene: Scene, payers: Payers, contracts: Contracts) -> DirectDebits:
    """Draw direct debits: monthly bills, each account by different creditors."""
    rng = scene.stream("direct debits")
    counts = _counts_by_account(rng, scene.profile.instruments.direct_debits, payers)
    of, creditor = _different(rng, counts, CREDITORS, payers)
    since = payers.since[_payers_of(CREDITORS)[creditor], of]
    rhythm = _monthly(rng, scene.today, since, np.ones(of.size, np.int64))
    runs = rhythm.last >= since
    row, creditor, rhythm = payers.row[of[runs]], creditor[runs], _take(rhythm, runs)
    n = row.size
    bill = _amounts(scene, rng, CREDITORS, creditor, contracts.income[row])
    scarce = contracts.size[row] < SCARCE * bill
    status, reason = _outcomes(scene, rng, DEBIT_REFUSALS, scarce)
    ends = add_months(rhythm.following, between(rng, 1, 4 * _YEAR_MONTHS, n))
    return DirectDebits(
        household=contracts.household[row],
        holding=row.astype(np.int32),
        creditor=scene.locale.say.each(c.name for c in CREDITORS)[creditor],
        creditor_code=texts([f"CID-{i:05d}" for i in range(101, 101 + len(CREDITORS))])[creditor],
        mandate=texts([f"MND-{scene.number:04d}-{item:05d}" for item in range(n)]),
        starts=rhythm.first,
        ends=np.where(coin(rng, _ENDING, n), ends, NEVER),
        limit=to_step(bill * between(rng, 150, 300, n) // 100, _LIMIT_STEP) + _LIMIT_STEP,
        last_amount=bill,
        last_date=rhythm.last,
        last_status=status,
        last_reason=reason,
        next_amount=bill * between(rng, 95, 110, n) // 100,
        next_date=rhythm.following,
    )


def make_standing_orders(
    scene: Scene, payers: Payers, contracts: Contracts, codes: Texts
) -> StandingOrders:
    """Draw standing orders: rent, savings, allowances, gifts, clubs; `codes` are the contracts'."""
    rng = scene.stream("standing orders")
    orders = _orders(scene, rng, payers, contracts)
    rhythm = _rhythm(rng, scene.today, orders.since, orders.frequency)
    runs = rhythm.last >= orders.since
    orders, rhythm = _take(orders, runs), _take(rhythm, runs)
    scarce = contracts.size[orders.row] < SCARCE * orders.amount
    status, reason = _outcomes(scene, rng, ORDER_REFUSALS, scarce)
    by_month = np.isin(orders.frequency, list(MONTHS))
    weekly = np.isin(orders.frequency, [Frequency.WEEKLY, Frequency.BIWEEKLY])
    return StandingOrders(
        household=contracts.household[orders.row],
        holding=orders.row.astype(np.int32),
        creditor=orders.payee,
        creditor_account=_payee_accounts(scene, rng, codes, orders.target),
        amount=to_step(orders.amount, 5 * CENTS),
        frequency=orders.frequency.astype(np.int8),
        day_of_month=np.where(by_month, _day_of_month(rhythm.last), 0).astype(np.int8),
        day_of_week=np.where(weekly, _day_of_week(rhythm.last), 0).astype(np.int8),
        first_date=rhythm.first,
        last_date=rhythm.last,
        last_status=status,
        last_reason=reason,
        next_date=rhythm.following,
    )


def _orders(
    scene: Scene, rng: np.random.Generator, payers: Payers, contracts: Contracts
) -> _Orders:
    """Draw the rents of those who rent, and what accounts pay beside them."""
    mean = scene.profile.instruments.standing_orders
    rents = _rents(scene, rng, payers, contracts, min(1.0, mean * _RENTS_BY_ORDER))
    left = max(mean - rents.row.size / max(payers.row.size, 1), 0.0)
    further = _further(scene, rng, payers, contracts, left)
    both = {
        item.name: np.concatenate([getattr(rents, item.name), getattr(further, item.name)])
        for item in fields(_Orders)
    }
    order = np.argsort(both["row"], kind="stable")
    return _Orders(**{name: column[order] for name, column in both.items()})


def _rents(
    scene: Scene, rng: np.random.Generator, payers: Payers, contracts: Contracts, share: float
) -> _Orders:
    """Draw rents: a part of the household's income, since it moved in."""
    of = np.flatnonzero(payers.rents & coin(rng, share, payers.row.size))
    row = payers.row[of]
    month = scene.households.income[contracts.household[row]] // _YEAR_MONTHS
    asked = month * between(rng, *_RENT_SHARE, row.size) // 100
    low, high = (limit * CENTS * scene.price_level // PRICE_BASE for limit in _RENT_LIMITS)
    return _Orders(
        row=row,
        payee=choose(rng, scene.locale.say.each(LANDLORDS), row.size),
        amount=np.minimum(np.clip(asked, low, high), month * _LARGEST_RENT // 100),
        frequency=np.full(row.size, Frequency.MONTHLY, np.int64),
        since=payers.moved_in[of],
        target=np.full(row.size, -1, np.int64),
    )


def _further(
    scene: Scene, rng: np.random.Generator, payers: Payers, contracts: Contracts, mean: float
) -> _Orders:
    """Draw all orders that are no rent; amounts follow from those of a month."""
    of, purpose = _different(rng, _counts_by_account(rng, mean, payers), PURPOSES, payers)
    who, row = _payers_of(PURPOSES)[purpose], payers.row[of]
    frequency = pick_by(rng, tuple(p.frequencies for p in PURPOSES), purpose)
    month = _amounts(scene, rng, PURPOSES, purpose, contracts.income[row])
    return _Orders(
        row=row,
        payee=scene.locale.say.each(p.name for p in PURPOSES)[purpose],
        amount=month * np.array(PART_OF_MONTH)[frequency] // 1_000,
        frequency=frequency,
        since=payers.since[who, of],
        target=payers.target[who, of],
    )


def _counts_by_account(rng: np.random.Generator, mean: float, payers: Payers) -> Whole:
    """Draw counts around a mean of all accounts; those that pay for the home have more."""
    n, homes = payers.row.size, int(payers.home.sum())
    other = mean * n / max(n + (_MORE_AT_HOME - 1) * homes, 1)
    at_home, elsewhere = _counts(rng, other * _MORE_AT_HOME, n), _counts(rng, other, n)
    return np.where(payers.home, at_home, elsewhere)


def _counts(rng: np.random.Generator, mean: float, n: int) -> Whole:
    """Draw counts around a mean as independent arrivals give them (Poisson)."""
    none = 1.0 - mean / (1 << _HALVINGS)  # by squaring: exp(-mean) to seven digits, alike anywhere
    for _ in range(_HALVINGS):
        none *= none
    shares, total, most = [none], none, int(3 * mean) + 10
    for count in range(1, most):
        shares.append(shares[-1] * mean / count)
        total += shares[-1]
    ends = np.cumsum(np.array([int(share / total * ONE) for share in shares], np.int64))
    return np.searchsorted(ends[:-1], raw(rng, n), side="right").astype(np.int64)


def _different(
    rng: np.random.Generator,
    counts: Whole,
    items: Sequence[Creditor | Purpose],
    payers: Payers,
) -> tuple[Whole, Whole]:
    """Draw (account, item) of so many different items for each account, as far as there are.

    A draw divided by the weight is an item's turn: the heavier it is, the sooner it comes.
    """
    weight = np.array([item.weight for item in items])
    may = payers.may[_payers_of(items)].T
    turn = np.where(may, raw(rng, may.size).reshape(may.shape) // weight, ONE)
    order = np.argsort(turn, axis=1, kind="stable")
    of, place = np.nonzero(np.arange(len(items)) < np.minimum(counts, may.sum(axis=1))[:, None])
    return of, order[of, place]


def _payers_of(items: Sequence[Creditor | Purpose]) -> Whole:
    return np.array([item.who for item in items], np.int64)


def _amounts(
    scene: Scene,
    rng: np.random.Generator,
    items: Sequence[Creditor | Purpose],
    which: Whole,
    income: Money,
) -> Money:
    """Draw amounts a month at today's prices; who earns little takes what is cheap."""
    limits = np.array([(item.lowest, item.highest) for item in items], np.int64)[which]
    limits = limits * CENTS * scene.price_level // PRICE_BASE
    low = limits[:, 0]
    high = np.clip(income // _YEAR_MONTHS * _LARGEST_PART // 100, low, limits[:, 1])
    one, two = between(rng, low, high, which.size), between(rng, low, high, which.size)
    return np.minimum(one, two)  # small bills are more frequent


def _outcomes(
    scene: Scene, rng: np.random.Generator, refusals: tuple[str, ...], scarce: Flags
) -> tuple[Ints, Texts]:
    """Draw how the last items ended, and why: for want of money only where little lies."""
    n = scarce.size
    failed = coin(rng, scene.profile.instruments.failed, n)
    status = np.where(
        failed, ItemStatus.REJECTED + pick(rng, _STATUS_WEIGHTS, n), ItemStatus.SUCCESSFUL
    )
    said = (("",), refusals, FAULTS, (NO_FUNDS,))
    widest = max(map(len, said))
    table = np.stack([np.resize(scene.locale.say.each(reasons), widest) for reasons in said])
    why = status + (scarce & (status == ItemStatus.FAILED))
    return status.astype(np.int8), table[why, below(rng, widest, n)]


def _payee_accounts(scene: Scene, rng: np.random.Generator, codes: Texts, target: Whole) -> Texts:
    """Return the code of our own account, or an invented one at another bank."""
    numbers = below(rng, 10**8, target.size).tolist()
    elsewhere = texts([scene.locale.numbers.account_elsewhere(number) for number in numbers])
    return np.where(target >= 0, codes[target], elsewhere)


def _rhythm(
    rng: np.random.Generator, today: np.datetime64, opened: Dates, frequency: Whole
) -> Rhythm:
    """Draw the rhythm of orders of any frequency."""
    months = np.array([MONTHS.get(f, 0) for f in Frequency])[frequency]
    days = np.array([DAYS.get(f, 0) for f in Frequency])[frequency]
    by_month = _monthly(rng, today, opened, np.maximum(months, 1))
    by_day = _daily(rng, today, opened, np.maximum(days, 1))
    pairs = {
        item.name: np.where(months > 0, getattr(by_month, item.name), getattr(by_day, item.name))
        for item in fields(Rhythm)
    }
    return Rhythm(**pairs)


def _monthly(rng: np.random.Generator, today: np.datetime64, opened: Dates, step: Whole) -> Rhythm:
    """Draw a rhythm of whole months on a day from 1 to 28, begun since the account is open."""
    n = opened.size
    month = np.full(n, today.astype("datetime64[M]").astype("datetime64[D]"))
    this_month = add_days(month, between(rng, 0, 27, n))
    latest = np.where(this_month <= today, this_month, add_months(this_month, -1))
    shift = np.minimum(below(rng, step, n), months_back(latest, opened))
    last = add_months(latest, -shift)
    times = months_back(last, opened) // step
    first = add_months(last, -step * below(rng, times + 1, n))
    return Rhythm(first, last, add_months(last, step))


def _daily(rng: np.random.Generator, today: np.datetime64, opened: Dates, step: Whole) -> Rhythm:
    """Draw a rhythm of days, begun since the account is open."""
    n = opened.size
    last = add_days(np.full(n, today), -below(rng, step, n))
    times = np.clip((last - opened).astype(np.int64) // step, 0, _LONGEST)
    first = add_days(last, -step * below(rng, times + 1, n))
    return Rhythm(first, last, add_days(last, step))


def _take(columns: Columns, rows: Flags) -> Columns:
    """Return some of the rows."""
    return replace(
        columns, **{item.name: getattr(columns, item.name)[rows] for item in fields(columns)}
    )


def _day_of_month(days: Dates) -> Ints:
    first = days.astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray((days - first).astype(np.int64) + 1)


def _day_of_week(days: Dates) -> Ints:
    """Return 1 for Sunday to 7 for Saturday."""
    return (days.astype(np.int64) + _EPOCH_DAY) % _WEEK + 1
