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
