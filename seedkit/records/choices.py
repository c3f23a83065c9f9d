"""The population's words as options of choice columns: one dictionary per list of words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from seedkit.population.model import Flags, Ints
from seedkit.population.service.words import ArticleState
from seedkit.population.words import (
    AccountKind,
    CardKind,
    CardStatus,
    Category,
    Channel,
    CreditKind,
    Event,
    Frequency,
    GroupKind,
    GroupRole,
    HolderRole,
    Horizon,
    Instrument,
    InterestKind,
    InvestmentKind,
    ItemStatus,
    Kinship,
    LoanKind,
    Marital,
    Objective,
    PayFrom,
    PositionKind,
    ProductKind,
    Risk,
    SavingKind,
    Sex,
    Trade,
)
from seedkit.records.batch import RecordBatch
from seedkit.records.values import only


class Chosen(list[int | None]):
    """The option values of many rows; `possible` are all that other rows may have."""

    def __init__(self, values: Iterable[int | None], possible: frozenset[int]) -> None:
        super().__init__(values)
        self.possible = possible

    def where(self, shown: Flags) -> Chosen:
        """Return the values where `shown`, and None elsewhere."""
        return Chosen(only(shown, self), self.possible)


def written_choices(batch: RecordBatch) -> dict[str, frozenset[int]]:
    """Return the whole numbers that a batch's columns may hold, those of choices among them.

    What a column holds by a choice of ours is all that the choice knows, else what it holds here.
    """
    found = {}
    for name, values in batch.columns.items():
        if isinstance(values, Chosen):
            found[name] = values.possible
        elif all(type(value) is int or value is None for value in values):
            found[name] = frozenset(value for value in values if type(value) is int)
    return found


@dataclass(frozen=True, slots=True)
class Choice:
    """The option value for each word of a closed list."""

    options: Mapping[IntEnum, int]

    def of(self, words: Ints) -> Chosen:
        """Return the option values of many words."""
        values = np.zeros(max(self.options) + 1, dtype=np.int64)
        values[list(self.options)] = list(self.options.values())
        return Chosen(values[words].tolist(), frozenset(self.options.values()))


ASSET = 1
LIABILITY = 2
PRIMARY_ADDRESS = 3
CUSTOMER = 3  # what an account is to the bank
PRIVATE = 2  # who owns a firm: not the public
DAYS_OF_WEEK = frozenset(range(1, 8))  # the population's numbers are the options'

GENDER = Choice({Sex.FEMALE: 2, Sex.MALE: 1})
FAMILY_STATUS = Choice(
    {
        Marital.SINGLE: 1,
        Marital.MARRIED: 2,
        Marital.DIVORCED: 3,
        Marital.WIDOWED: 4,
        Marital.SEPARATED: 2,
    }
)
# The platform's own industries; those without a near one count as services to consumers.
INDUSTRY = Choice(
    {
        Trade.OTHER: 8,
        Trade.FARMING: 2,
        Trade.MEDIA: 3,
        Trade.BUILDING: 28,
        Trade.SERVICES: 8,
        Trade.CONSULTING: 7,
        Trade.CARE: 27,
        Trade.HEALTH: 11,
        Trade.FOOD: 13,
        Trade.REPAIR: 19,
        Trade.LAW: 21,
        Trade.PROPERTY: 29,
        Trade.TRANSPORT: 30,
        Trade.RETAIL: 25,
        Trade.FINANCE: 16,
    }
)
CONTACT_METHOD = Choice({Channel.ANY: 1, Channel.EMAIL: 2, Channel.PHONE: 3, Channel.MAIL: 5})

KINSHIP = Choice(
    {
        Kinship.ACCOUNTANT: 104800000,
        Kinship.ACCOUNTING_CLIENT: 104800001,
        Kinship.LAWYER: 104800002,
        Kinship.LEGAL_CLIENT: 104800003,
        Kinship.CHILD: 104800004,
        Kinship.PARENT: 104800005,
        Kinship.GRANDCHILD: 104800006,
        Kinship.GRANDPARENT: 104800007,
        Kinship.SPOUSE: 104800008,
        Kinship.EX_SPOUSE: 104800009,
        Kinship.EXTENDED_FAMILY: 104800010,
        Kinship.SIBLING: 104800011,
        Kinship.PRINCIPAL: 104800012,
        Kinship.POWER_OF_ATTORNEY: 104800013,
    }
)

GROUP_KIND = Choice({GroupKind.HOUSEHOLD: 104800000, GroupKind.CUSTOM: 104800001})
GROUP_ROLE = Choice(
    {
        GroupRole.SPOUSE: 104800000,
        GroupRole.DOMESTIC_PARTNER: 104800001,
        GroupRole.CHILD: 104800002,
        GroupRole.PARENT: 104800003,
        GroupRole.OTHER: 104800004,
        GroupRole.MEMBER: 104800005,
        # What a member is to itself has no option but "blank"; the group names its primary member.
        GroupRole.PRIMARY: 104800005,
    }
)

_MARITAL_STATUS, _FAMILY, _EDUCATION, _EMPLOYMENT = 104800001, 104800002, 104800003, 104800004
_RESIDENCE, _VEHICLE, _HEALTH = 104800005, 104800006, 104800008

EVENT_CATEGORY = Choice(
    {
        Event.BIRTHDAY: 104800000,
        Event.MARRIAGE: _MARITAL_STATUS,
        Event.DIVORCE: _MARITAL_STATUS,
        Event.WIDOWHOOD: _MARITAL_STATUS,
        Event.CHILD_BORN: _FAMILY,
        Event.GRANDCHILD_BORN: _FAMILY,
        Event.HIGH_SCHOOL: _EDUCATION,
        Event.SKILLS_TRAINING: _EDUCATION,
        Event.ASSOCIATE_DEGREE: _EDUCATION,
        Event.BACHELOR_DEGREE: _EDUCATION,
        Event.MASTER_DEGREE: _EDUCATION,
        Event.DOCTORATE: _EDUCATION,
        Event.JOB_STARTED: _EMPLOYMENT,
        Event.JOB_ENDED: _EMPLOYMENT,
        Event.BUSINESS_STARTED: _EMPLOYMENT,
        Event.BUSINESS_CLOSED: _EMPLOYMENT,
        Event.HOME_PURCHASE: _RESIDENCE,
        Event.HOME_SALE: _RESIDENCE,
        Event.VEHICLE_PURCHASE: _VEHICLE,
        Event.VEHICLE_SALE: _VEHICLE,
        Event.LOSS_OF_LOVED_ONE: _HEALTH,
        Event.ILLNESS: _HEALTH,
        Event.PROCEDURE: _HEALTH,
        Event.OTHER: 104800009,
    }
)
EVENT_TYPE = Choice(
    {
        Event.BIRTHDAY: 104800000,
        Event.MARRIAGE: 104800001,
        Event.DIVORCE: 104800002,
        Event.WIDOWHOOD: 104800003,
        Event.CHILD_BORN: 104800004,
        Event.GRANDCHILD_BORN: 104800005,
        Event.HIGH_SCHOOL: 921950001,
        Event.SKILLS_TRAINING: 921950002,
        Event.ASSOCIATE_DEGREE: 921950003,
        Event.BACHELOR_DEGREE: 921950004,
        Event.MASTER_DEGREE: 921950005,
        Event.DOCTORATE: 921950006,
        Event.JOB_STARTED: 104800011,
        Event.JOB_ENDED: 104800012,
        Event.BUSINESS_STARTED: 104800013,
        Event.BUSINESS_CLOSED: 104800014,
        Event.HOME_PURCHASE: 104800015,
        Event.HOME_SALE: 104800016,
        Event.VEHICLE_PURCHASE: 104800015,
        Event.VEHICLE_SALE: 104800016,
        Event.LOSS_OF_LOVED_ONE: 104800019,
        Event.ILLNESS: 104800020,
        Event.PROCEDURE: 104800021,
        Event.OTHER: 104800022,
    }
)

CATEGORY = Choice(
    {
        Category.CREDIT_LINE: 104800000,
        Category.LOAN: 104800001,
        Category.INVESTMENT: 104800002,
        Category.SAVING: 104800003,
        Category.ACCOUNT: 104800004,
    }
)
CLASSIFICATION = Choice(
    {
        Category.CREDIT_LINE: LIABILITY,
        Category.LOAN: LIABILITY,
        Category.INVESTMENT: ASSET,
        Category.SAVING: ASSET,
        Category.ACCOUNT: ASSET,  # an overdrawn account is an asset account below zero
    }
)
ACCOUNT_KIND = Choice(
    {
        AccountKind.CHECKING: 104800009,
        AccountKind.SAVINGS: 104800010,
        AccountKind.OTHER: 104800101,
    }
)
SAVING_KIND = Choice(
    {
        SavingKind.DEPOSIT: 104800011,
        SavingKind.PROVIDENT_FUND: 104800012,
        SavingKind.OTHER: 104800501,
    }
)
LOAN_KIND = Choice(
    {
        LoanKind.SECURED: 104800006,
        LoanKind.UNSECURED: 104800007,
        LoanKind.MORTGAGE: 104800008,
        LoanKind.OTHER: 104800401,
    }
)
INVESTMENT_KIND = Choice(
    {
        InvestmentKind.BROKERAGE: 104800000,
        InvestmentKind.DISCRETIONARY: 104800001,
        InvestmentKind.RETIREMENT: 104800002,
        InvestmentKind.EDUCATION: 104800003,
        InvestmentKind.CUSTODIAL: 104800004,
        InvestmentKind.OTHER: 104800301,
    }
)
CREDIT_KIND = Choice(
    {
        CreditKind.REVOLVING: 104800013,
        CreditKind.NON_REVOLVING: 104800014,
        CreditKind.OTHER: 104800201,
    }
)
HOLDER_ROLE = Choice(
    {
        HolderRole.OWNER: 104800000,
        HolderRole.CARDHOLDER: 104800001,
        HolderRole.SIGNATORY: 104800002,
        HolderRole.CO_SIGNER: 104800003,
        HolderRole.JOINT_OWNER: 104800004,
        HolderRole.BENEFICIARY: 104800005,
        HolderRole.GUARANTOR: 104800006,
    }
)
INTEREST_KIND = Choice(
    {
        InterestKind.FIXED: 104800000,
        InterestKind.PERIODICAL: 104800001,
        InterestKind.FLOATING: 104800002,
    }
)
COLLECTION_RISK = Choice({Risk.LOW: 104800000, Risk.MEDIUM: 104800001, Risk.HIGH: 104800002})
INVESTMENT_RISK = Choice({Risk.HIGH: 104800000, Risk.MEDIUM: 104800001, Risk.LOW: 104800002})
OBJECTIVE = Choice(
    {
        Objective.SAFETY: 104800000,
        Objective.GROWTH: 104800001,
        Objective.RETIREMENT: 104800002,
        Objective.TAX: 104800003,
        Objective.LIQUIDITY: 104800004,
    }
)
HORIZON = Choice({Horizon.LONG: 104800000, Horizon.MEDIUM: 104800001, Horizon.SHORT: 104800002})
PAY_FROM = Choice(
    {
        PayFrom.CHECKING: 104800000,
        PayFrom.TRANSFER: 104800002,
        PayFrom.CHECK: 104800003,
        PayFrom.SAVINGS: 104800004,
        PayFrom.CASH: 104800005,
    }
)

INSTRUMENT = Choice(
    {
        Instrument.DIRECT_DEBIT: 104800000,
        Instrument.STANDING_ORDER: 104800001,
        Instrument.CARD: 104800002,
        Instrument.OVERDRAFT: 104800003,
        Instrument.POSITION: 100000000,
    }
)
CARD_KIND = Choice(
    {CardKind.DEBIT: 104800000, CardKind.CREDIT: 104800001, CardKind.CHARGE: 104800002}
)
CARD_STATUS = Choice(
    {
        CardStatus.ACTIVE: 104800000,
        CardStatus.STOLEN: 104800001,
        CardStatus.NOT_ACTIVATED: 104800002,
        CardStatus.LOST: 104800003,
        CardStatus.EXPIRES_SOON: 104800004,
        CardStatus.EXPIRED: 104800005,
    }
)
ITEM_STATUS = Choice(
    {
        ItemStatus.SUCCESSFUL: 104800000,
        ItemStatus.REJECTED: 104800001,
        ItemStatus.FAILED: 104800002,
    }
)
FREQUENCY = Choice(
    {
        Frequency.DAILY: 104800000,
        Frequency.WEEKLY: 104800001,
        Frequency.MONTHLY: 104800002,
        Frequency.QUARTERLY: 104800003,
        Frequency.YEARLY: 104800004,
        Frequency.BIWEEKLY: 104800005,
    }
)
PRODUCT_KIND = Choice(
    {
        ProductKind.EQUITY: 104800000,
        ProductKind.BOND: 104800001,
        ProductKind.OPTION: 104800002,
        ProductKind.MUTUAL_FUND: 104800003,
        ProductKind.ETF: 104800004,
        ProductKind.CASH: 104800005,
        ProductKind.FOREIGN_CURRENCY: 104800006,
        ProductKind.CRYPTOCURRENCY: 104800007,
        ProductKind.OTHER: 105000000,
    }
)
POSITION_KIND = Choice({PositionKind.LONG: 104800000, PositionKind.SHORT: 104800001})

ARTICLE_STATE = Choice(
    {
        ArticleState.DRAFT: 0,
        ArticleState.IN_REVIEW: 0,
        ArticleState.PUBLISHED: 3,
        ArticleState.EXPIRED: 4,
        ArticleState.ARCHIVED: 5,
    }
)
ARTICLE_STATUS = Choice(
    {
        ArticleState.DRAFT: 2,
        ArticleState.IN_REVIEW: 4,
        ArticleState.PUBLISHED: 7,
        ArticleState.EXPIRED: 10,
        ArticleState.ARCHIVED: 12,
    }
)
