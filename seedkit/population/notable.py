"""What people are made for on purpose: to show one thing each, or to be hard to handle."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from seedkit.population.draw import texts
from seedkit.population.model import Ints, Notables

SHOWCASE_BLOCK = 4_094  # the last one that ids can number; its households are made to measure


class Showcase(StrEnum):
    """What each showcase customer shows."""

    MATURING_MORTGAGE = "maturing mortgage"
    LOAN_REVIEW = "loan review"
    LATE_LOAN = "late loan"
    MATURING_SAVINGS = "maturing savings"
    UNEVEN_ACCOUNT = "account off its average"
    BLOCKED_AMOUNT = "blocked amount"
    OVERDRAFT_LIMIT = "overdraft limit"
    FOREIGN_CURRENCY = "foreign currency"
    FAILED_DEBIT = "failed direct debit"
    FAILED_ORDER = "failed standing order"
    EXPIRING_CARD = "expiring card"
    STOLEN_CARD = "stolen card"
    INVESTOR = "investor"
    ALL_CATEGORIES = "all categories"
    ANOTHERS_HOLDING = "holding of somebody else"
    OVERDUE_EVENT = "overdue event"
    NEW_EVENT = "new event"
    BIRTHDAY = "birthday"
    FAMILY = "family"
    BLENDED_FAMILY = "blended family"
    WIDOWED = "widowed"
    STUDENT = "student"
    CUSTOM_GROUP = "group beside the household"


class EdgeCase(StrEnum):
    """What makes a customer hard to handle."""

    LONGEST_NAME = "longest name"
    APOSTROPHE = "apostrophe"
    HYPHEN = "hyphen"
    UMLAUT = "umlaut"
    RIGHT_TO_LEFT = "right-to-left name"
    CJK = "CJK name"
    ONE_NAME = "one name only"
    EMOJI = "emoji"
    FIELDS_MISSING = "fields missing"
    LEAP_DAY = "29 February"
    TWINS = "twins"
    YOUNG_OWNER = "owner of 17"
    SAME_SEX = "same-sex couple"
    BLENDED = "child of one"
    LARGE_GROUP = "group of 50"
    NOTHING_THERE = "balance of zero"
    ONE_CENT = "balance of one cent"
    LARGEST_AMOUNT = "largest amount"
    ALL_EXPIRED = "everything expired"


def notables(households: Sequence[int], persons: Sequence[int], what: Sequence[str]) -> Notables:
    """Return people with what they were made for, sorted by household and person."""
    order: Ints = np.lexsort((np.array(persons, np.int64), np.array(households, np.int64)))
    return Notables(
        household=np.array(households, np.int32)[order],
        person=np.array(persons, np.int32)[order],
        what=texts([str(item) for item in what])[order],
    )
