"""Long-term savings: what they earn until they mature."""

from __future__ import annotations

import numpy as np

from seedkit.population.accounts import last_days
from seedkit.population.amounts import scaled
from seedkit.population.common import Common, draw_rates, own_currency, within_income
from seedkit.population.contracts import Contracts
from seedkit.population.days import add_months
from seedkit.population.draw import Whole, pick_by
from seedkit.population.model import Ints, Money, Savings
from seedkit.population.offers import catalogue
from seedkit.population.scene import Scene
from seedkit.population.words import Category

_YEAR = 365 * 10_000  # days of a year in basis points of a whole

# Quantiles of days since the last payment by SavingKind: a deposit is paid in once.
_DAYS_AGO = np.array([[100_000] * 3, [0, 15, 31], [0, 16, 40]])

SOURCES = (
    "Transfer from checking account",
    "Transfer from savings account",
    "Payroll deduction",
    "Deposit at the branch",
    "Renewal of an earlier deposit",
    "Transfer from another bank",
)
_SOURCE_WEIGHTS = ((35, 20, 0, 15, 20, 10), (15, 0, 80, 0, 0, 5), (45, 25, 20, 10, 0, 0))
INSTRUCTIONS = (
    "Renew for the same term",
    "Pay out to checking account",
    "Pay out to savings account",
    "Renew principal, pay out interest",
    "Contact the customer first",
)
_INSTRUCTION_WEIGHTS = ((50, 20, 10, 12, 8), (0, 50, 10, 0, 40), (20, 50, 20, 5, 5))


def make_savings(scene: Scene, contracts: Contracts) -> tuple[Savings, Common]:
    """Draw deposits and plans: interest is simple, on actual days, and paid at maturity."""
    rng = scene.stream("savings")
    rows = contracts.of(Category.SAVING)
    own = contracts.take(rows)
    kind = catalogue().kind[own.offer]
    matures = add_months(own.opened, own.term)
    balance, rate = np.maximum(within_income(own, own.size), 1), draw_rates(scene, rng, own)
    projected = interest(balance, rate, (matures - own.opened).astype(np.int64))
    savings = Savings(
        household=own.household,
        holding=rows.astype(np.int32),
        term_months=own.term.astype(np.int32),
        matures=matures,
        accrued=interest(balance, rate, (scene.today - own.opened).astype(np.int64)),
        projected=projected,
        at_maturity=balance + projected,
        source=scene.locale.say.each(SOURCES)[pick_by(rng, _SOURCE_WEIGHTS, kind)],
        instructions=scene.locale.say.each(INSTRUCTIONS)[pick_by(rng, _INSTRUCTION_WEIGHTS, kind)],
    )
    last_used = last_days(rng, scene.today, own.opened, _DAYS_AGO, kind)
    return savings, Common(rows, balance, rate, last_used, own_currency(rows.size))


def interest(balance: Money, rate: Ints, days: Whole) -> Money:
    """Return simple interest on a balance for a number of days, rounded to the cent."""
    return scaled(balance, rate * days, _YEAR)
