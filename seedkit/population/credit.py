"""Credit lines: limits, what is used of them, statements and dues."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population.accounts import last_days
from seedkit.population.amounts import BASIS, CENTS, scaled, to_step
from seedkit.population.common import (
    MISSED,
    Common,
    draw_limits,
    draw_rates,
    own_currency,
    within_means,
)
from seedkit.population.contracts import HOME_EQUITY_LINE, Contracts
from seedkit.population.days import NEVER, add_days, add_months, known, whole_months
from seedkit.population.draw import Whole, amount_by, between, coin, pick
from seedkit.population.model import CreditLines, Dates, Flags, Money
from seedkit.population.offers import catalogue
from seedkit.population.scene import Scene
from seedkit.population.words import Category, CreditKind

DAYS_TO_PAY = 25  # from a statement to its due date
SMALLEST_DUE = 35 * CENTS

_STEP = 100 * CENTS
_SMALLEST_LIMIT = 300 * CENTS
_LARGEST_OF_HOME = 40  # percent of its value
_LARGEST_OF_INCOME = 50  # percent of a year's income, all lines of a unit together

_HOME, _REST = 3, 4  # rows of the tables below, after those of CreditKind; _REST: of days alone
# Quantiles of use in basis points of the limit; revolving after those with a balance in a sample of
# one issuer: median near 30 %, mean 36 %.
_USE = np.array(
    [
        [100, 500, 1_000, 1_600, 2_200, 3_000, 3_900, 4_800, 5_900, 7_200, 9_800],
        [500, 1_500, 2_500, 3_400, 4_300, 5_200, 6_000, 6_900, 7_800, 8_700, 9_700],
        [100, 300, 600, 900, 1_300, 1_800, 2_300, 3_000, 3_900, 5_200, 8_500],
        [0, 0, 0, 0, 0, 400, 1_500, 2_800, 4_200, 6_000, 8_800],
    ]
)
_CARDS = (CreditKind.REVOLVING, CreditKind.OTHER)  # rows of the tables
_MOST_CARRIED = 97  # percent of the limit
_BOUGHT_BESIDE = 30  # percent of what is left of the limit, at most
_DAYS_AGO = np.array(
    [
        [0, 0, 1, 1, 2, 3, 5, 9, 20, 45, 150],
        [3, 8, 14, 20, 27, 35, 60, 90, 140, 220, 400],
        [0, 0, 1, 2, 3, 4, 6, 9, 14, 22, 60],
        [2, 10, 20, 30, 45, 70, 110, 160, 230, 320, 500],
        [95, 140, 190, 260, 340, 440, 560, 720, 950, 1_300, 2_200],
    ]
)
# Of card accounts that carry nothing over, two of three are not used at all: 40 % of all accounts,
# against the 20 % that are paid in full (Consumer Financial Protection Bureau, about 2015).
_AT_REST = 0.67
_MONTHLY = ((200, 200, 250, 300), (300, 300, 400, 500), (BASIS,) * 4, (100, 100, 150, 150))


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Statements and dues around today; absent where the line is younger than that."""

    statement: Dates
    next_statement: Dates
    last_due: Dates
    next_payment: Dates


def make_credit_lines(scene: Scene, contracts: Contracts) -> tuple[CreditLines, Common]:
    """Draw credit lines; nobody owes more than the limit."""
    rng = scene.stream("credit lines")
    rows = contracts.of(Category.CREDIT_LINE)
    own = contracts.take(rows)
    n = rows.size
    table = np.where(own.are(HOME_EQUITY_LINE), _HOME, catalogue().kind[own.offer])
    limit = _limits(scene, rng, own)
    carried = np.minimum(own.size, limit * _MOST_CARRIED // 100)
    rests = _at_rest(scene, own, table, carried)
    balance = np.where(rests, 0, _balances(rng, limit, carried, table))
    calendar = _calendar(scene.today, own.opened, between(rng, 1, 28, n))
    stated = scaled(balance, between(rng, 60, 105, n), 100)
    stated = np.minimum(np.maximum(stated, carried), limit)
    stated = np.where(known(calendar.statement), stated, 0)
    monthly = amount_by(rng, _MONTHLY, table) // 50 * 50
    late = coin(rng, scene.profile.banking.delinquent, n) & (stated > 0) & (carried > 0)
    overdue_since = _overdue_since(rng, own.opened, calendar.last_due, late)
    lines = CreditLines(
        household=own.household,
        holding=rows.astype(np.int32),
        limit=limit,
        statement_balance=stated,
        statement=calendar.statement,
        next_statement=calendar.next_statement,
        minimum_due=np.minimum(np.maximum(scaled(stated, monthly, BASIS), SMALLEST_DUE), stated),
        monthly_percentage=monthly.astype(np.int32),
        last_due=calendar.last_due,
        next_payment=calendar.next_payment,
        delinquent=known(overdue_since),
        overdue_since=overdue_since,
        carried=carried,
    )
    last_used = last_days(rng, scene.today, own.opened, _DAYS_AGO, np.where(rests, _REST, table))
    return lines, Common(rows, balance, draw_rates(scene, rng, own), last_used, own_currency(n))


def _limits(scene: Scene, rng: np.random.Generator, own: Contracts) -> Money:
    """Draw limits in whole hundreds; a home-equity line stays below a part of the home's value.

    All limits of a unit together stay below a part of its income.
    """
    limit = np.maximum(to_step(draw_limits(rng, own), _STEP), _SMALLEST_LIMIT)
    home = scene.households.home_value[own.household] * _LARGEST_OF_HOME // 100
    secured = np.minimum(limit, to_step(home, _STEP))
    asked = np.where(own.are(HOME_EQUITY_LINE), secured, limit)
    granted = to_step(within_means(own, asked, asked, _LARGEST_OF_INCOME), _STEP)
    return np.maximum(granted, _SMALLEST_LIMIT)


def _at_rest(scene: Scene, own: Contracts, table: Whole, carried: Money) -> Flags:
    """Draw which of the cards that carry nothing over lie in a drawer."""
    idle = np.isin(table, _CARDS) & ~own.of_firms & (carried == 0)
    return np.asarray(idle & coin(scene.stream("cards at rest"), _AT_REST, carried.size))


def _balances(rng: np.random.Generator, limit: Money, carried: Money, table: Whole) -> Money:
    """Return present balances: what cards carry over, and what was bought since.

    Who pays in full uses cards as their issuers see it; of other lines all is carried over.
    """
    bought = _used(rng, limit, amount_by(rng, _USE, table))
    more = scaled(limit - carried, between(rng, 0, _BOUGHT_BESIDE, limit.size), 100)
    cards = np.where(carried > 0, carried + more, bought)
    return np.where(np.isin(table, _CARDS), cards, carried)


def _overdue_since(rng: np.random.Generator, opened: Dates, last_due: Dates, late: Flags) -> Dates:
    """Return the first of the dues in a row that were not met, NaT without one."""
    late = late & known(last_due)
    due = np.where(late, last_due, opened)
    before = np.minimum(pick(rng, MISSED, late.size), whole_months(opened, due) - 1)
    return np.where(late, add_months(due, -np.maximum(before, 0)), NEVER)


def _used(rng: np.random.Generator, limit: Money, share: Whole) -> Money:
    """Return balances down to the cent for shares of the limit in use."""
    cents = between(rng, 0, CENTS - 1, limit.size)
    return np.where(share > 0, np.minimum(limit * share // BASIS + cents, limit), 0)


def _calendar(today: np.datetime64, opened: Dates, day_of_month: Whole) -> _Calendar:
    """Return statements on a day of the month and dues 25 days after them."""
    month = np.full(opened.size, today.astype("datetime64[M]").astype("datetime64[D]"))
    this_month = add_days(month, day_of_month - 1)
    last = np.where(this_month <= today, this_month, add_months(this_month, -1))
    following = add_months(last, 1)
    before = np.where(last >= opened, last, NEVER)
    due = add_days(before, DAYS_TO_PAY)
    open_due = known(due) & (due >= today)
    earlier = add_months(last, -1)
    earlier_due = np.where(earlier >= opened, add_days(earlier, DAYS_TO_PAY), NEVER)
    return _Calendar(
        statement=before,
        next_statement=following,
        last_due=np.where(open_due, earlier_due, due),
        next_payment=np.where(open_due, due, add_days(following, DAYS_TO_PAY)),
    )
