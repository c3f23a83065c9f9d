"""How each topic is worked on: by whom, how quickly, and what it takes.

Hand-set: no public figures by topic were found. Times are quantiles at even steps, in worked
minutes of a desk (600 a day); shares are in parts of one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seedkit.population.service.hours import WORKDAY as D
from seedkit.population.service.words import Desk, Topic


class Way(NamedTuple):
    """How a topic is worked on."""

    desk: Desk
    kinds: tuple[int, int, int]  # weights of CaseKind
    priorities: tuple[int, int, int]  # weights of Priority
    at_once: float  # factor on the share that is settled at first contact
    takes: tuple[int, ...]  # worked minutes of the others until they are resolved
    promised: int  # worked minutes within which it ought to be
    meets: float = 0.0  # of the others: an appointment
    writes: float = 0.0  # of the others: a letter
    amount: tuple[int, int] = (0, 0)  # of money in whole units, where no fact gives it


_HOURS = (30, 90, 240, D, 2 * D, 4 * D)
_DAYS = (120, D, 2 * D, 3 * D, 5 * D, 10 * D)
_WEEK = (D, 2 * D, 4 * D, 7 * D, 11 * D, 22 * D)
_WEEKS = (3 * D, 6 * D, 10 * D, 15 * D, 24 * D, 45 * D)

WAYS: dict[Topic, Way] = {
    Topic.CARD_LOST: Way(Desk.CARDS, (0, 60, 40), (70, 30, 0), 1.2, _HOURS, D),
    Topic.CARD_STOLEN: Way(Desk.CARDS, (0, 95, 5), (100, 0, 0), 1.0, _DAYS, D),
    Topic.CARD_DISPUTE: Way(
        Desk.CARDS, (10, 85, 5), (25, 70, 5), 0.25, _WEEKS, 10 * D, 0, 0.3, (8, 900)
    ),
    Topic.CARD_DECLINED: Way(Desk.CARDS, (40, 60, 0), (35, 60, 5), 1.25, _HOURS, D, 0, 0, (6, 700)),
    Topic.CARD_RENEWAL: Way(Desk.CARDS, (65, 5, 30), (0, 60, 40), 1.25, _DAYS, 3 * D),
    Topic.CREDIT_LIMIT: Way(
        Desk.LENDING, (15, 0, 85), (5, 75, 20), 0.5, _WEEK, 5 * D, 0.02, 0.35, (500, 6_000)
    ),
    Topic.PAYMENT_FAILED: Way(Desk.PAYMENTS, (30, 70, 0), (35, 60, 5), 1.0, _DAYS, 2 * D),
    Topic.STANDING_ORDER: Way(Desk.PAYMENTS, (30, 10, 60), (5, 70, 25), 1.25, _HOURS, 2 * D),
    Topic.FOREIGN_TRANSFER: Way(Desk.PAYMENTS, (35, 60, 5), (30, 65, 5), 0.6, _WEEK, 4 * D),
    Topic.OVERDRAFT: Way(Desk.FRONT, (55, 15, 30), (10, 70, 20), 1.1, _DAYS, 3 * D),
    Topic.FEES: Way(Desk.FRONT, (60, 40, 0), (2, 58, 40), 1.1, _DAYS, 3 * D, 0, 0.05, (3, 39)),
    Topic.ACCOUNT_OPENING: Way(Desk.FRONT, (45, 15, 40), (5, 80, 15), 0.8, _DAYS, 4 * D, 0.15, 0.1),
    Topic.ACCOUNT_CLOSING: Way(Desk.FRONT, (50, 0, 50), (5, 65, 30), 0.7, _WEEK, 4 * D, 0.1, 0.2),
    Topic.SAVINGS_MATURITY: Way(
        Desk.SAVINGS, (55, 0, 45), (5, 80, 15), 0.7, _WEEK, 5 * D, 0.3, 0.25
    ),
    Topic.INVESTMENT: Way(
        Desk.SAVINGS, (60, 5, 35), (10, 75, 15), 0.55, _WEEK, 5 * D, 0.4, 0.15, (50, 900)
    ),
    Topic.MORTGAGE: Way(
        Desk.LENDING, (50, 10, 40), (10, 75, 15), 0.6, _WEEK, 5 * D, 0.3, 0.35, (500, 20_000)
    ),
    Topic.LOAN_ARREARS: Way(Desk.LENDING, (10, 50, 40), (60, 40, 0), 0.3, _WEEKS, 5 * D, 0.1, 0.6),
    Topic.ADDRESS_CHANGE: Way(Desk.FRONT, (5, 0, 95), (0, 60, 40), 1.2, _DAYS, 3 * D, 0, 0.1),
    Topic.NAME_CHANGE: Way(Desk.FRONT, (10, 0, 90), (0, 75, 25), 0.4, _WEEK, 5 * D, 0.3, 0.2),
    Topic.BEREAVEMENT: Way(Desk.ESTATES, (15, 5, 80), (50, 50, 0), 0.1, _WEEKS, 15 * D, 0.5, 0.8),
    Topic.ONLINE_ACCESS: Way(Desk.FRONT, (15, 80, 5), (20, 65, 15), 1.25, _HOURS, D),
    Topic.COMPLAINT: Way(Desk.COMPLAINTS, (0, 95, 5), (30, 65, 5), 0.2, _WEEKS, 10 * D, 0.05, 0.7),
}

DESKS = np.array([WAYS[topic].desk for topic in Topic], np.int64)  # by topic
