"""The closed lists of customer service: what a case is about, and which desk works on it."""

from __future__ import annotations

from enum import IntEnum


class Topic(IntEnum):
    """What a customer asks about; each topic follows from something that the customer has."""

    CARD_LOST = 0
    CARD_STOLEN = 1
    CARD_DISPUTE = 2
    CARD_DECLINED = 3
    CARD_RENEWAL = 4
    CREDIT_LIMIT = 5
    PAYMENT_FAILED = 6
    STANDING_ORDER = 7
    FOREIGN_TRANSFER = 8
    OVERDRAFT = 9
    FEES = 10
    ACCOUNT_OPENING = 11
    ACCOUNT_CLOSING = 12
    SAVINGS_MATURITY = 13
    INVESTMENT = 14
    MORTGAGE = 15
    LOAN_ARREARS = 16
    ADDRESS_CHANGE = 17
    NAME_CHANGE = 18
    BEREAVEMENT = 19
    ONLINE_ACCESS = 20
    COMPLAINT = 21


class Desk(IntEnum):
    """Who works on it; each desk has a queue."""

    FRONT = 0
    CARDS = 1
    PAYMENTS = 2
    SAVINGS = 3
    LENDING = 4
    ESTATES = 5
    COMPLAINTS = 6


class CaseKind(IntEnum):
    """What sort of matter a case is."""

    QUESTION = 0
    PROBLEM = 1
    REQUEST = 2


class Origin(IntEnum):
    """How a customer came to us with it."""

    PHONE = 0
    EMAIL = 1
    WEB = 2
    CHAT = 3


class Priority(IntEnum):
    """How much it presses."""

    HIGH = 0
    NORMAL = 1
    LOW = 2


class CaseState(IntEnum):
    """Where a case stands; the first four are open, the next two resolved."""

    IN_PROGRESS = 0
    ON_HOLD = 1
    WAITING = 2  # for details from the customer
    RESEARCHING = 3
    SOLVED = 4
    INFORMED = 5
    CANCELLED = 6


OPEN_STATES = (CaseState.IN_PROGRESS, CaseState.ON_HOLD, CaseState.WAITING, CaseState.RESEARCHING)
RESOLVED_STATES = (CaseState.SOLVED, CaseState.INFORMED)


class About(IntEnum):
    """Which part of the block a case follows from."""

    NOTHING = 0
    HOLDING = 1
    CARD = 2
    DIRECT_DEBIT = 3
    STANDING_ORDER = 4
    EVENT = 5


class Done(IntEnum):
    """What was done about a case or a customer."""

    PHONE_CALL = 0
    EMAIL = 1
    APPOINTMENT = 2
    TASK = 3
    LETTER = 4


class Progress(IntEnum):
    """Whether it is still to be done."""

    OPEN = 0
    COMPLETED = 1
    CANCELLED = 2


class Sender(IntEnum):
    """Who says something in a conversation."""

    CUSTOMER = 0
    BOT = 1
    AGENT = 2


class Sentiment(IntEnum):
    """How a customer sounds, from bad to good."""

    VERY_NEGATIVE = 0
    NEGATIVE = 1
    SLIGHTLY_NEGATIVE = 2
    NEUTRAL = 3
    SLIGHTLY_POSITIVE = 4
    POSITIVE = 5
    VERY_POSITIVE = 6


class ArticleState(IntEnum):
    """Where an article is in its life."""

    DRAFT = 0
    IN_REVIEW = 1
    PUBLISHED = 2
    EXPIRED = 3
    ARCHIVED = 4


class Tie(IntEnum):
    """What somebody outside the family does for a customer."""

    ACCOUNTANT = 0
    LAWYER = 1
    ADVISER = 2
    POWER_OF_ATTORNEY = 3
