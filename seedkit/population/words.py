"""The words of the bank's world: every closed list that the population uses.

Arrays hold these as small integers. Nothing here knows how an environment stores them.
"""

from __future__ import annotations

from enum import IntEnum


class HouseholdKind(IntEnum):
    """Who lives together."""

    SINGLE = 0
    COUPLE = 1
    COUPLE_WITH_CHILDREN = 2
    ONE_PARENT = 3


class Tenure(IntEnum):
    """How the household holds its home."""

    OWNER = 0
    RENTER = 1


class Place(IntEnum):
    """A person's place in the household; the head comes first."""

    HEAD = 0
    PARTNER = 1
    CHILD = 2  # of head or partner, of any age
    PARENT = 3  # of head or partner
    SIBLING = 4  # of the head
    HOUSEMATE = 5


class Sex(IntEnum):
    """Sex as the name tables know it."""

    FEMALE = 0
    MALE = 1


class Marital(IntEnum):
    """Marital status in law."""

    SINGLE = 0
    MARRIED = 1
    DIVORCED = 2
    WIDOWED = 3
    SEPARATED = 4  # married to somebody who lives elsewhere


class Education(IntEnum):
    """Highest finished education, in rising order."""

    LESS_THAN_HIGH_SCHOOL = 0
    HIGH_SCHOOL = 1
    SOME_COLLEGE = 2
    ASSOCIATE = 3
    BACHELOR = 4
    ADVANCED = 5


class Employment(IntEnum):
    """Main state of work."""

    EMPLOYEE = 0
    SELF_EMPLOYED = 1
    UNEMPLOYED = 2
    RETIRED = 3
    DISABLED = 4
    STUDENT = 5
    HOMEMAKER = 6
    PUPIL = 7


class Channel(IntEnum):
    """How a person prefers to be reached."""

    EMAIL = 0
    PHONE = 1
    MAIL = 2
    ANY = 3


class Way(IntEnum):
    """How a person mostly reaches the account."""

    MOBILE = 0
    ONLINE = 1
    BRANCH = 2
    ATM = 3
    PHONE = 4


class Kinship(IntEnum):
    """What `other` is to `person`: (anna, ben, CHILD) reads «Ben is Anna's child»."""

    SPOUSE = 0
    CHILD = 1
    PARENT = 2
    SIBLING = 3
    GRANDCHILD = 4
    GRANDPARENT = 5
    EX_SPOUSE = 6
    EXTENDED_FAMILY = 7
    ACCOUNTANT = 8
    ACCOUNTING_CLIENT = 9
    LAWYER = 10
    LEGAL_CLIENT = 11
    PRINCIPAL = 12
    POWER_OF_ATTORNEY = 13


class Event(IntEnum):
    """What happens in a life."""

    MARRIAGE = 0
    DIVORCE = 1
    WIDOWHOOD = 2
    CHILD_BORN = 3
    GRANDCHILD_BORN = 4
    HIGH_SCHOOL = 5
    SKILLS_TRAINING = 6
    ASSOCIATE_DEGREE = 7
    BACHELOR_DEGREE = 8
    MASTER_DEGREE = 9
    DOCTORATE = 10
    JOB_STARTED = 11
    JOB_ENDED = 12
    BUSINESS_STARTED = 13
    BUSINESS_CLOSED = 14
    HOME_PURCHASE = 15
    HOME_SALE = 16
    VEHICLE_PURCHASE = 17
    VEHICLE_SALE = 18
    LOSS_OF_LOVED_ONE = 19
    ILLNESS = 20
    PROCEDURE = 21
    OTHER = 22
    BIRTHDAY = 23


class GroupKind(IntEnum):
    """A main household, or a group that people made for a purpose."""

    HOUSEHOLD = 0
    CUSTOM = 1


class GroupRole(IntEnum):
    """What a member is to the group's primary member."""

    PRIMARY = 0
    SPOUSE = 1
    DOMESTIC_PARTNER = 2
    CHILD = 3
    PARENT = 4
    OTHER = 5
    MEMBER = 6


class Category(IntEnum):
    """The five categories of holdings."""

    CREDIT_LINE = 0
    LOAN = 1
    INVESTMENT = 2
    SAVING = 3
    ACCOUNT = 4


class AccountKind(IntEnum):
    """Kinds of accounts."""

    CHECKING = 0
    SAVINGS = 1
    OTHER = 2


class SavingKind(IntEnum):
    """Kinds of long-term savings."""

    DEPOSIT = 0
    PROVIDENT_FUND = 1
    OTHER = 2


class LoanKind(IntEnum):
    """Kinds of loans."""

    MORTGAGE = 0
    SECURED = 1
    UNSECURED = 2
    OTHER = 3


class InvestmentKind(IntEnum):
    """Kinds of investments."""

    BROKERAGE = 0
    DISCRETIONARY = 1
    RETIREMENT = 2
    EDUCATION = 3
    CUSTODIAL = 4
    OTHER = 5


class CreditKind(IntEnum):
    """Kinds of credit lines."""

    REVOLVING = 0
    NON_REVOLVING = 1
    OTHER = 2


class Trade(IntEnum):
    """What a firm does."""

    OTHER = 0
    FARMING = 1
    MEDIA = 2
    BUILDING = 3
    SERVICES = 4
    CONSULTING = 5
    CARE = 6
    HEALTH = 7
    FOOD = 8
    REPAIR = 9
    LAW = 10
    PROPERTY = 11
    TRANSPORT = 12
    RETAIL = 13
    FINANCE = 14


class HolderRole(IntEnum):
    """What a person is to a holding."""

    OWNER = 0
    JOINT_OWNER = 1
    CARDHOLDER = 2
    SIGNATORY = 3
    CO_SIGNER = 4
    BENEFICIARY = 5
    GUARANTOR = 6


class InterestKind(IntEnum):
    """How interest is set."""

    FIXED = 0
    PERIODICAL = 1
    FLOATING = 2


class Risk(IntEnum):
    """Low, medium, high: of collection or of an investment."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2


class Objective(IntEnum):
    """What an investment is for."""

    SAFETY = 0
    GROWTH = 1
    RETIREMENT = 2
    TAX = 3
    LIQUIDITY = 4


class Horizon(IntEnum):
    """How long an investment is meant to stay."""

    LONG = 0
    MEDIUM = 1
    SHORT = 2


class PayFrom(IntEnum):
    """Where a loan's instalments come from."""

    CHECKING = 0
    SAVINGS = 1
    TRANSFER = 2
    CHECK = 3
    CASH = 4


class Instrument(IntEnum):
    """The kinds of instruments that hang on a holding."""

    DIRECT_DEBIT = 0
    STANDING_ORDER = 1
    CARD = 2
    OVERDRAFT = 3
    POSITION = 4


class CardKind(IntEnum):
    """Kinds of cards."""

    DEBIT = 0
    CREDIT = 1
    CHARGE = 2


class CardStatus(IntEnum):
    """Status of a card."""

    ACTIVE = 0
    STOLEN = 1
    NOT_ACTIVATED = 2
    LOST = 3
    EXPIRES_SOON = 4
    EXPIRED = 5


class ItemStatus(IntEnum):
    """Outcome of the last direct debit or standing order."""

    SUCCESSFUL = 0
    REJECTED = 1
    FAILED = 2


class Frequency(IntEnum):
    """How often a standing order pays."""

    DAILY = 0
    WEEKLY = 1
    BIWEEKLY = 2
    MONTHLY = 3
    QUARTERLY = 4
    YEARLY = 5


class ProductKind(IntEnum):
    """Kinds of financial market products."""

    EQUITY = 0
    BOND = 1
    MUTUAL_FUND = 2
    ETF = 3
    OPTION = 4
    CASH = 5
    FOREIGN_CURRENCY = 6
    CRYPTOCURRENCY = 7
    OTHER = 8


class PositionKind(IntEnum):
    """Long or short."""

    LONG = 0
    SHORT = 1


class Possession(IntEnum):
    """What a household owns or owes, in the survey's kinds; names as in the fitted figures."""

    HOME = 0
    MORTGAGE = 1
    HELOC = 2
    RETIREMENT = 3
    VEHICLE = 4
    VEHICLE_LOAN = 5
    CHECKING = 6
    SAVINGS = 7
    MONEY_MARKET = 8
    OTHER_TRANSACTION = 9  # prepaid cards, cash in brokerage accounts
    STOCK = 10
    POOLED_FUND = 11
    CD = 12
    SAVINGS_BOND = 13
    BOND = 14
    LIFE_INSURANCE = 15
    MANAGED = 16  # annuities and trusts
    OTHER_FINANCIAL = 17
    BUSINESS = 18
    OTHER_REAL_ESTATE = 19
    OTHER_RESIDENTIAL_DEBT = 20
    OTHER_PROPERTY = 21
    OTHER_ASSET = 22
    EDUCATION_LOAN = 23
    CREDIT_CARD = 24  # what is left after the last payment
    OTHER_INSTALMENT = 25
    OTHER_LINE = 26
    OTHER_DEBT = 27
