"""Accounts and the overdrafts on them."""

from __future__ import annotations

import numpy as np

from seedkit.population.amounts import CENTS, scaled, to_step
from seedkit.population.bank import EXCHANGE_BASE
from seedkit.population.common import Common, draw_rates, within_income
from seedkit.population.contracts import FOREIGN_ACCOUNT, Contracts
from seedkit.population.days import add_days
from seedkit.population.draw import Whole, amount, amount_by, between, coin, pick
from seedkit.population.model import Accounts, Bank, Dates, Ints, Money, Overdrafts
from seedkit.population.offers import catalogue
from seedkit.population.scene import Scene
from seedkit.population.words import AccountKind, Category, InterestKind

WITHOUT_CENTS = ("JPY",)  # their amounts are whole units, so their minor units end on 00
MONTH_DAYS = 30

_OVERDRAWN = 0.07  # of accounts with an overdraft
_BLOCKED = 0.015
_UNCLEARED = 0.12
_UNEVEN = 0.05  # of accounts: balance far from its average
_ALERT = (72, 128)  # percent: an average within these of what is available raises no alert

# Quantiles in percent: an overdraft's limit of a month's income; its use of the limit.
_OVERDRAFT_SHARE = (10, 15, 20, 25, 30, 40, 60)
_OVERDRAFT_USE = (3, 12, 22, 33, 45, 60, 96)
_OVERDRAFT_STEP = 100 * CENTS
_LARGEST_OVERDRAFT = 5_000 * CENTS

# Quantiles by AccountKind: days since the last transaction; transactions a month.
_DAYS_AGO = np.array(
    [
        [0, 0, 1, 1, 2, 3, 5, 9, 28],
        [0, 3, 7, 12, 18, 25, 34, 60, 160],
        [0, 4, 9, 15, 22, 29, 45, 80, 200],
    ]
)
_TRANSACTIONS = np.array(
    [
        [2, 9, 15, 21, 27, 33, 41, 52, 85],
        [1, 1, 1, 2, 2, 3, 4, 5, 9],
        [1, 1, 1, 1, 2, 2, 3, 4, 6],
    ]
)


def make_overdrafts(scene: Scene, contracts: Contracts) -> Overdrafts:
    """Draw the overdrafts on checking accounts and how far they are used."""
    rng = scene.stream("overdrafts")
    checking = checking_rows(contracts)
    rows = checking[coin(rng, scene.profile.instruments.overdrafts, checking.size)]
    n = rows.size
    asked = contracts.income[rows] // 12 * amount(rng, _OVERDRAFT_SHARE, n) // 100
    limit = np.minimum(to_step(asked, _OVERDRAFT_STEP), _LARGEST_OVERDRAFT)
    used = limit * amount(rng, _OVERDRAFT_USE, n) // 100 + between(rng, -99, 99, n)
    return Overdrafts(
        household=contracts.household[rows],
        holding=rows.astype(np.int32),
        limit=limit,
        used=np.where(coin(rng, _OVERDRAWN, n), used, 0),
        rate=(scene.locale.prices.overdraft + 100 * between(rng, 0, 9, n)).astype(np.int32),
    )


def checking_rows(contracts: Contracts) -> Whole:
    """Return the rows of checking accounts."""
    rows = contracts.of(Category.ACCOUNT)
    kind = catalogue().kind[contracts.offer[rows]]
    return np.asarray(rows[kind == AccountKind.CHECKING])


def make_accounts(
    scene: Scene, contracts: Contracts, overdrafts: Overdrafts
) -> tuple[Accounts, Common]:
    """Draw balances and movements of accounts; overdrawn is who uses an overdraft."""
    rng = scene.stream("accounts")
    rows = contracts.of(Category.ACCOUNT)
    own = contracts.take(rows)
    n = rows.size
    kind = catalogue().kind[own.offer]
    limit, used = (
        _by_row(overdrafts.limit, overdrafts, rows),
        _by_row(overdrafts.used, overdrafts, rows),
    )
    currency = _currencies(scene, rng, own)
    size = in_currency(scene.bank, within_income(own, own.size), currency)
    balance = np.where(used > 0, -used, size)
    free = np.maximum(balance, 0)
    blocked = np.where(coin(rng, _BLOCKED, n), free * between(rng, 5, 40, n) // 100, 0)
    uncleared = np.where(coin(rng, _UNCLEARED, n), free * between(rng, 1, 15, n) // 100, 0)
    blocked, uncleared = (whole_units(scene.bank, x, currency) for x in (blocked, uncleared))
    available = balance + limit - blocked - uncleared
    last_used = last_days(rng, scene.today, own.opened, _DAYS_AGO, kind)
    accounts = Accounts(
        household=own.household,
        holding=rows.astype(np.int32),
        available=available,
        average=whole_units(scene.bank, _averages(rng, balance, available), currency),
        uncleared=uncleared,
        blocked=blocked,
        transactions=_transactions(rng, scene.today, last_used, kind),
        interest_kind=_interest_kinds(kind),
    )
    return accounts, Common(rows, balance, draw_rates(scene, rng, own), last_used, currency)


def in_currency(bank: Bank, own: Money, currency: Ints) -> Money:
    """Return amounts of the bank's currency in other ones, at today's rates."""
    rates = np.array(bank.exchange_rates, np.int64)[currency]
    return whole_units(bank, own * EXCHANGE_BASE // rates, currency)


def whole_units(bank: Bank, value: Money, currency: Ints) -> Money:
    """Return amounts without minor units in the currencies that have none."""
    coarse = np.array([code in WITHOUT_CENTS for code in bank.currencies])[currency]
    return np.where(coarse, value // CENTS * CENTS, value)


def last_days(
    rng: np.random.Generator, today: np.datetime64, since: Dates, table: Whole, rows: Whole
) -> Dates:
    """Draw the day of each last transaction from quantiles of days ago, not before `since`."""
    return np.maximum(add_days(np.full(rows.size, today), -amount_by(rng, table, rows)), since)


def _by_row(values: Money, overdrafts: Overdrafts, rows: Whole) -> Money:
    """Return a column of overdrafts at the rows of accounts, 0 where there is none."""
    column = np.zeros(rows.size, np.int64)
    column[np.searchsorted(rows, overdrafts.holding)] = values
    return column


def _currencies(scene: Scene, rng: np.random.Generator, own: Contracts) -> Ints:
    """Draw the currency of foreign-currency accounts; all others are in the bank's own."""
    foreign = own.are(FOREIGN_ACCOUNT)
    others = len(scene.bank.currencies) - 1
    if not others:
        return np.zeros(own.offer.size, np.int8)
    which = 1 + pick(rng, np.arange(others, 0, -1), own.offer.size)
    return np.where(foreign, which, 0).astype(np.int8)


def _averages(rng: np.random.Generator, balance: Money, available: Money) -> Money:
    """Draw average balances: near the present one, so that few accounts raise an alert."""
    n = balance.size
    average = scaled(np.maximum(balance, 0), between(rng, 75, 115, n), 100)
    low, high = (available * 100 // share for share in reversed(_ALERT))
    far = scaled(np.maximum(available, 0), between(rng, 20, 260, n), 100)
    return np.where(coin(rng, _UNEVEN, n), far, np.clip(average, low, high))


def _transactions(
    rng: np.random.Generator, today: np.datetime64, last_used: Dates, kind: Whole
) -> Ints:
    """Draw the number of transactions in the last month: none when the last one is older."""
    count = amount_by(rng, _TRANSACTIONS, kind)
    quiet = (today - last_used).astype(np.int64) > MONTH_DAYS
    return np.where(quiet, 0, count).astype(np.int32)


def _interest_kinds(kind: Whole) -> Ints:
    by_kind = (InterestKind.FIXED, InterestKind.FLOATING, InterestKind.PERIODICAL)
    return np.array(by_kind, np.int8)[kind]
