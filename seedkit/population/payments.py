"""Direct debits and standing orders on checking accounts."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from seedkit.population.accounts import checking_rows
from seedkit.population.amounts import CENTS, to_step
from seedkit.population.contracts import (
    SAVINGS_ACCOUNT,
    YOUTH_ACCOUNT,
    Contracts,
    owned_of,
)
from seedkit.population.days import NEVER, add_days, add_months, months_back
from seedkit.population.draw import (
    ONE,
    Whole,
    below,
    between,
    coin,
    expand,
    pick,
    pick_by,
    raw,
    texts,
)
from seedkit.population.holders import Holders
from seedkit.population.model import (
    Dates,
    DirectDebits,
    Flags,
    Ints,
    Money,
    StandingOrders,
    Texts,
)
from seedkit.population.offers import Other
from seedkit.population.payments_tables import (
    ALLOWANCE,
    CREDITORS,
    DAYS,
    FAILURES,
    MONTHS,
    OWN_SAVINGS,
    PURPOSES,
    RENT,
)
from seedkit.population.scene import PRICE_BASE, Scene
from seedkit.population.words import Frequency, ItemStatus, Tenure

_YEAR_MONTHS = 12
_LONGEST = 60  # payments that an order of days looks back on
_ENDING = 0.15  # of direct debits
_LIMIT_STEP = 50 * CENTS
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


def make_direct_debits(scene: Scene, contracts: Contracts) -> DirectDebits:
    """Draw direct debits: monthly bills, each account by different creditors."""
    rng = scene.stream("direct debits")
    accounts = checking_rows(contracts)
    mean = scene.profile.instruments.direct_debits
    of, number = expand(_counts(rng, mean, accounts.size))
    creditor = _different(rng, number, of, accounts.size, len(CREDITORS))
    rhythm = _monthly(rng, scene.today, contracts.opened[accounts[of]], np.ones(of.size, np.int64))
    runs = rhythm.last >= contracts.opened[accounts[of]]
    of, creditor, rhythm = of[runs], creditor[runs], _take(rhythm, runs)
    n = of.size
    bill = _amounts(scene, rng, [(c.lowest, c.highest) for c in CREDITORS], creditor)
    status, reason = _outcomes(scene, rng, n)
    ends = add_months(rhythm.following, between(rng, 1, 4 * _YEAR_MONTHS, n))
    return DirectDebits(
        household=contracts.household[accounts[of]],
        holding=accounts[of].astype(np.int32),
        creditor=texts([c.name for c in CREDITORS])[creditor],
        creditor_code=texts([f"CID-{i:05d}" for i in range(101, 101 + len(CREDITORS))])[creditor],
        mandate=texts([f"MND-{scene.number:04d}-{row:05d}" for row in range(n)]),
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
    scene: Scene, holders: Holders, contracts: Contracts, codes: Texts
) -> StandingOrders:
    """Draw standing orders: rent, savings, allowances, gifts, clubs; `codes` are the contracts'."""
    rng = scene.stream("standing orders")
    accounts = checking_rows(contracts)
    of, _ = expand(_counts(rng, scene.profile.instruments.standing_orders, accounts.size))
    row = accounts[of]
    purpose, target = _purposes(scene, rng, holders, contracts, row)
    frequency = pick_by(rng, tuple(p.frequencies for p in PURPOSES), purpose)
    rhythm = _rhythm(rng, scene.today, contracts.opened[row], frequency)
    runs = rhythm.last >= contracts.opened[row]
    row, purpose, target, frequency = row[runs], purpose[runs], target[runs], frequency[runs]
    rhythm, n = _take(rhythm, runs), row.size
    status, reason = _outcomes(scene, rng, n)
    amounts = _amounts(scene, rng, [(p.lowest, p.highest) for p in PURPOSES], purpose)
    by_month = np.isin(frequency, list(MONTHS))
    weekly = np.isin(frequency, [Frequency.WEEKLY, Frequency.BIWEEKLY])
    return StandingOrders(
        household=contracts.household[row],
        holding=row.astype(np.int32),
        creditor=_payees(rng, purpose),
        creditor_account=_payee_accounts(rng, codes, target),
        amount=to_step(amounts, 5 * CENTS),
        frequency=frequency.astype(np.int8),
        day_of_month=np.where(by_month, _day_of_month(rhythm.last), 0).astype(np.int8),
        day_of_week=np.where(weekly, _day_of_week(rhythm.last), 0).astype(np.int8),
        first_date=rhythm.first,
        last_date=rhythm.last,
        last_status=status,
        last_reason=reason,
        next_date=rhythm.following,
    )


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


def _different(rng: np.random.Generator, number: Whole, of: Whole, n: int, size: int) -> Whole:
    """Draw members of a list of prime length, without repeats inside a parent as far as it goes."""
    start, step = below(rng, size, n), between(rng, 1, size - 1, n)
    return (start[of] + number * step[of]) % size


def _amounts(
    scene: Scene, rng: np.random.Generator, ranges: list[tuple[int, int]], which: Whole
) -> Money:
    """Draw amounts between the limits of each row's creditor, at today's prices."""
    limits = np.array(ranges, np.int64)[which] * CENTS * scene.price_level // PRICE_BASE
    low, high = limits[:, 0], limits[:, 1]
    one, two = between(rng, low, high, which.size), between(rng, low, high, which.size)
    return np.minimum(one, two)  # small bills are more frequent


def _outcomes(scene: Scene, rng: np.random.Generator, n: int) -> tuple[Ints, Texts]:
    """Draw how the last items ended, and why the failed ones failed."""
    failed = coin(rng, scene.profile.instruments.failed, n)
    status = np.where(
        failed, ItemStatus.REJECTED + pick(rng, _STATUS_WEIGHTS, n), ItemStatus.SUCCESSFUL
    )
    widest = max(map(len, FAILURES))
    table = np.array([texts * widest if len(texts) == 1 else texts for texts in FAILURES], object)
    return status.astype(np.int8), table[status, below(rng, widest, n)]


def _purposes(
    scene: Scene, rng: np.random.Generator, holders: Holders, contracts: Contracts, row: Whole
) -> tuple[Whole, Whole]:
    """Draw what orders are for, and the row of our own account that they fill (-1: elsewhere)."""
    owner = contracts.owner[row]
    child = holders.others[Other.CHILD, owner]
    savings = owned_of(contracts, SAVINGS_ACCOUNT)[owner]
    youth = owned_of(contracts, YOUTH_ACCOUNT)[child]
    rents = scene.households.tenure[contracts.household[row]] == Tenure.RENTER
    weights = np.tile(np.array([p.weight for p in PURPOSES]), (row.size, 1))
    weights[~rents, RENT] = 0
    weights[savings < 0, OWN_SAVINGS] = 0
    weights[youth < 0, ALLOWANCE] = 0
    purpose = pick_by(rng, weights, np.arange(row.size))
    return purpose, np.select([purpose == OWN_SAVINGS, purpose == ALLOWANCE], [savings, youth], -1)


def _payees(rng: np.random.Generator, purpose: Whole) -> Texts:
    widest = max(len(p.names) for p in PURPOSES)
    table = np.array(
        [[p.names[i % len(p.names)] for i in range(widest)] for p in PURPOSES], dtype=object
    )
    return table[purpose, below(rng, widest, purpose.size)]


def _payee_accounts(rng: np.random.Generator, codes: Texts, target: Whole) -> Texts:
    """Return the code of our own account, or an invented one at another bank."""
    elsewhere = texts([f"EXT-{number:08d}" for number in below(rng, 10**8, target.size).tolist()])
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


def _take(rhythm: Rhythm, rows: Flags) -> Rhythm:
    return replace(
        rhythm, **{item.name: getattr(rhythm, item.name)[rows] for item in fields(rhythm)}
    )


def _day_of_month(days: Dates) -> Ints:
    first = days.astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray((days - first).astype(np.int64) + 1)


def _day_of_week(days: Dates) -> Ints:
    """Return 1 for Sunday to 7 for Saturday."""
    return (days.astype(np.int64) + _EPOCH_DAY) % _WEEK + 1
