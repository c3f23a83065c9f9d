"""What a customer's overview warns of: the conditions of the alerts, as the application has them.

Showcases take quiet households, so that each overview tells of one thing only.
"""

from __future__ import annotations

import numpy as np

from seedkit.population.days import known
from seedkit.population.model import Dates, Flags, Ints
from seedkit.population.scenery import Scenery
from seedkit.population.words import CardStatus, ItemStatus

LOAN_DAYS, SAVING_DAYS, CARD_DAYS = 60, 30, 60  # that dates are near for, past or to come
LATE_DAYS = 30
UNEVEN_PERCENT = 30  # of the average
NEAR_LIMIT_PERCENT = 80


def alerts_by_household(scenery: Scenery) -> Ints:
    """Return how many alerts each household has."""
    found = np.zeros(len(scenery.block.households.household), np.int64)
    for part, raised in _raised(scenery).items():
        np.add.at(found, getattr(scenery.block, part).household, raised)
    return found


def _raised(scenery: Scenery) -> dict[str, Ints]:
    """Return how many alerts each row of the parts raises."""
    block = scenery.block
    return {
        "accounts": blocked(scenery) * 1 + uneven(scenery),
        "loans": maturing(scenery) * 1 + in_review(scenery) + late(scenery),
        "savings": near(scenery, block.savings.matures, SAVING_DAYS) * 1,
        "overdrafts": near_limit(scenery) * 1,
        "direct_debits": _failed(block.direct_debits.last_date, block.direct_debits.last_status),
        "standing_orders": _failed(
            block.standing_orders.last_date, block.standing_orders.last_status
        ),
        "cards": dotted(scenery) * 1,
    }


def near(scenery: Scenery, days: Dates, within: int) -> Flags:
    """Tell which days are nearer than so many days, past or to come."""
    return np.asarray(np.abs(scenery.days_until(days)) < within)


def blocked(scenery: Scenery) -> Flags:
    """Tell of which accounts more is blocked than lies on them on average."""
    own = scenery.block.accounts
    return np.asarray(own.blocked > own.average)


def uneven(scenery: Scenery) -> Flags:
    """Tell which accounts are far from their average."""
    own = scenery.block.accounts
    apart = 100 * np.abs(own.available - own.average) >= UNEVEN_PERCENT * np.abs(own.average)
    return np.asarray(apart & (own.average != 0))


def maturing(scenery: Scenery) -> Flags:
    """Tell which loans end soon."""
    return near(scenery, scenery.block.loans.matures, LOAN_DAYS)


def in_review(scenery: Scenery) -> Flags:
    """Tell of which loans the interest is reviewed soon."""
    return near(scenery, scenery.block.loans.next_review, LOAN_DAYS)


def late(scenery: Scenery) -> Flags:
    """Tell which loans are long overdue."""
    since = scenery.block.loans.overdue_since
    return np.asarray(known(since) & (scenery.days_until(since) < -LATE_DAYS))


def near_limit(scenery: Scenery) -> Flags:
    """Tell which overdrafts are nearly used up."""
    own = scenery.block.overdrafts
    used = 100 * own.used >= NEAR_LIMIT_PERCENT * own.limit
    return np.asarray(used & (own.used > 0) & (own.limit > 0))


def dotted(scenery: Scenery) -> Flags:
    """Tell which cards have a red dot."""
    own = scenery.block.cards
    near_end = scenery.days_until(own.expires) < CARD_DAYS
    return np.asarray((own.status != CardStatus.ACTIVE) | near_end)


def _failed(days: Dates, status: Ints) -> Ints:
    return np.asarray((known(days) & (status != ItemStatus.SUCCESSFUL)) * 1)
