"""The shape of the bank's world: frozen dataclasses of NumPy columns.

One `Block` is 256 households. Every part of a block begins with the column `household`, the index
of the household in the block (0 to 255), and is sorted by it; so the front of a block is a slice
of each part, and a row's number in its part never depends on how many households were asked for.

Units, unless a field says otherwise: money is int64 in minor units (cents) of the row's currency
and never negative (a debt is what is owed); rates are int32 in basis points (681 = 6.81 per cent
a year); dates are datetime64[D], NaT where there is none; text is an object array of str, "" where
there is none; a closed list is int8 holding a member of `words`; an index into another part is
int32, -1 where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

BLOCK_HOUSEHOLDS = 256
NO_FIGURE = -(2**31)  # a performance that is not known yet

Ints = NDArray[np.integer[Any]]
Money = NDArray[np.int64]
Dates = NDArray[np.datetime64]
Texts = NDArray[np.object_]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Branches:
    """The bank's branches, best known first."""

    code: Texts  # unique inside the bank
    name: Texts
    street: Texts
    city: Texts
    state: Texts  # two letters
    postcode: Texts
    phone: Texts  # fictional range, area code of the city
    latitude: Ints  # int32, 1/10,000 degree
    longitude: Ints


@dataclass(frozen=True, slots=True)
class Products:
    """Financial market products, invented; prices in the bank's own currency."""

    name: Texts
    kind: Ints  # ProductKind
    ticker: Texts
    price: Money
    performance_1y: Ints  # basis points, may be negative
    performance_3y: Ints
    performance_ytd: Ints
    coupon: Ints  # bonds: basis points, else 0
    matures: Dates  # bonds, else NaT


@dataclass(frozen=True, slots=True)
class Bank:
    """The bank itself: made once per run, the same for any number of households."""

    name: str
    code: str
    street: str
    city: str
    state: str
    postcode: str
    phone: str
    country: str
    currency: str
    currencies: tuple[str, ...]  # ISO codes; index 0 is the bank's own
    exchange_rates: tuple[int, ...]  # own minor units per 10,000 minor units of each currency
    branches: Branches
    products: Products


@dataclass(frozen=True, slots=True)
class Households:
    """Households; `household` is 0, 1, 2, ..."""

    household: Ints
    kind: Ints  # HouseholdKind
    street: Texts
    city: Texts
    state: Texts
    postcode: Texts
    branch: Ints  # the nearest one
    tenure: Ints  # Tenure
    home_value: Money  # owners only, else 0
    home_since: Dates  # moved in
    income: Money  # a year, before tax; the sum of its members


@dataclass(frozen=True, slots=True)
class People:
    """Members of households, head first, then partner, then children by age."""

    household: Ints
    place: Ints  # Place
    sex: Ints
    birth: Dates
    age: Ints  # completed years on the as-of date
    first_name: Texts
    last_name: Texts
    marital: Ints
    education: Ints
    employment: Ints
    occupation: Texts
    employer: Texts
    job_since: Dates  # employees and self-employed, else NaT
    income: Money  # a year
    email: Texts
    mobile: Texts
    home_phone: Texts
    government_id: Texts  # never issued, masked
    channel: Ints  # Channel
    customer: Flags  # known to the bank; every adult is
    customer_since: Dates  # NaT when no customer
    spouse: Ints  # index of the partner (married or living together), -1
    mother: Ints  # index inside the household, -1
    father: Ints


@dataclass(frozen=True, slots=True)
class Relationships:
    """`other` is `kind` to `person`. Both directions are rows.

    `household` is the later household of the two, so that a link never points behind it.
    """

    household: Ints
    person: Ints
    other: Ints
    kind: Ints  # Kinship


@dataclass(frozen=True, slots=True)
class LifeEvents:
    """Past and planned events of people."""

    household: Ints
    person: Ints
    kind: Ints  # Event
    date: Dates
    title: Texts  # at most 50 characters
    planned: Flags  # date on or after the as-of date
    touched: Dates  # when the bank last wrote about it; before `date` for an overdue one


@dataclass(frozen=True, slots=True)
class Goals:
    """Financial goals, each tied to a life event, at most one per event."""

    household: Ints
    person: Ints
    event: Ints
    name: Texts
    target: Money
    progress: Money  # at most target
    due: Dates
    completed: Flags


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of customers. The first row of each household with customers is its main one."""

    household: Ints
    kind: Ints  # GroupKind
    name: Texts
    primary: Ints  # person


@dataclass(frozen=True, slots=True)
class GroupMembers:
    """Who belongs to a group; (group, person) is unique."""

    household: Ints
    group: Ints
    person: Ints
    role: Ints  # GroupRole
    main: Flags  # the person's main household: exactly one row per customer


@dataclass(frozen=True, slots=True)
class GroupHoldings:
    """Which holdings a group sees; (group, holding) is unique, owners are members."""

    household: Ints
    group: Ints
    holding: Ints


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is common to all holdings. The detail of row i is in the part of its category."""

    household: Ints
    category: Ints  # Category
    kind: Ints  # AccountKind, SavingKind, LoanKind, InvestmentKind or CreditKind
    name: Texts
    code: Texts  # the contract's number, unique by construction
    currency: Ints  # index into Bank.currencies
    balance: Money  # assets: value (accounts: negative when overdrawn); debts: what is owed
    rate: Ints
    opened: Dates
    last_used: Dates  # last transaction


@dataclass(frozen=True, slots=True)
class Accounts:
    """Details of accounts; `holding` indexes Holdings, as in the other details."""

    household: Ints
    holding: Ints
    available: Money  # balance + overdraft limit - blocked - uncleared
    average: Money
    uncleared: Money
    blocked: Money
    transactions: Ints  # in the last month
    interest_kind: Ints


@dataclass(frozen=True, slots=True)
class Savings:
    """Details of long-term savings."""

    household: Ints
    holding: Ints
    term_months: Ints
    matures: Dates
    accrued: Money
    projected: Money  # interest until maturity
    at_maturity: Money
    source: Texts  # where the first deposit came from
    instructions: Texts  # what to do at maturity


@dataclass(frozen=True, slots=True)
class Loans:
    """Details of loans.

    The balance is the principal that is left after `paid_months` instalments; overdue capital is
    part of it, overdue interest and fees are not.
    """

    household: Ints
    holding: Ints
    principal: Money
    instalment: Money  # a month
    term_months: Ints
    paid_months: Ints
    starts: Dates
    matures: Dates
    interest_kind: Ints
    interest_paid: Money
    last_payment: Dates
    next_payment: Dates
    next_review: Dates  # NaT for fixed rates
    overdue_since: Dates  # NaT when paid up
    arrears_capital: Money
    arrears_interest: Money
    arrears_fees: Money
    collection_risk: Ints  # Risk
    pay_from: Ints  # PayFrom
    repayment_account: Texts  # code of the account that pays, "" otherwise
    event: Ints  # the life event that began it, -1


@dataclass(frozen=True, slots=True)
class Investments:
    """Details of investments. Balance = cash + sum of its positions."""

    household: Ints
    holding: Ints
    portfolio: Texts
    cash: Money
    gain: Money  # signed: positions' value - cost
    performance: Ints  # basis points, signed, as the next three
    performance_1y: Ints  # NO_FIGURE in the first year
    performance_3y: Ints  # NO_FIGURE in the first three years
    performance_ytd: Ints
    objective: Ints
    risk: Ints
    horizon: Ints


@dataclass(frozen=True, slots=True)
class CreditLines:
    """Details of credit lines; credit cards stand on them."""

    household: Ints
    holding: Ints
    limit: Money
    statement_balance: Money
    statement: Dates
    next_statement: Dates
    minimum_due: Money
    monthly_percentage: Ints  # basis points of the balance
    last_due: Dates
    next_payment: Dates
    delinquent: Flags


@dataclass(frozen=True, slots=True)
class HoldingRoles:
    """Who is what to a holding; (holding, person) is unique; one OWNER per holding."""

    household: Ints
    holding: Ints
    person: Ints
    role: Ints  # HolderRole


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards; a debit card stands on an account, a credit or charge card on a credit line."""

    household: Ints
    holding: Ints
    person: Ints
    kind: Ints  # CardKind
    network: Texts
    number: Texts  # masked, last four digits only
    status: Ints
    issued: Dates
    activated: Dates  # NaT when never
    expires: Dates
    embossed: Texts
    product: Texts
    purchase_limit: Money
    withdrawal_limit: Money
    transactions: Ints
    withdrawals: Ints
    last_used: Dates
    last_withdrawal: Dates


@dataclass(frozen=True, slots=True)
class DirectDebits:
    """Direct debits on accounts."""

    household: Ints
    holding: Ints
    creditor: Texts
    creditor_code: Texts
    mandate: Texts
    starts: Dates
    ends: Dates
    limit: Money
    last_amount: Money
    last_date: Dates
    last_status: Ints  # ItemStatus
    last_reason: Texts
    next_amount: Money
    next_date: Dates


@dataclass(frozen=True, slots=True)
class StandingOrders:
    """Standing orders on accounts."""

    household: Ints
    holding: Ints
    creditor: Texts
    creditor_account: Texts
    amount: Money
    frequency: Ints  # Frequency
    day_of_month: Ints  # 1 to 28 when monthly or longer, else 0
    day_of_week: Ints  # 1 Sunday to 7 Saturday when weekly or biweekly, else 0
    first_date: Dates
    last_date: Dates
    last_status: Ints
    last_reason: Texts
    next_date: Dates


@dataclass(frozen=True, slots=True)
class Overdrafts:
    """Overdrafts on checking accounts."""

    household: Ints
    holding: Ints
    limit: Money
    used: Money
    rate: Ints


@dataclass(frozen=True, slots=True)
class Positions:
    """Positions of investments: value = quantity x price, to the cent."""

    household: Ints
    holding: Ints
    product: Ints  # index into Bank.products
    quantity: Ints  # int64, hundredths of a unit
    cost: Money  # average cost of one unit
    price: Money
    value: Money
    kind: Ints  # PositionKind


@dataclass(frozen=True, slots=True)
class Block:
    """256 households with all that belongs to them."""

    number: int
    households: Households
    people: People
    relationships: Relationships
    events: LifeEvents
    goals: Goals
    groups: Groups
    group_members: GroupMembers
    group_holdings: GroupHoldings
    holdings: Holdings
    holding_roles: HoldingRoles
    accounts: Accounts
    savings: Savings
    loans: Loans
    investments: Investments
    credit_lines: CreditLines
    cards: Cards
    direct_debits: DirectDebits
    standing_orders: StandingOrders
    overdrafts: Overdrafts
    positions: Positions

    def front(self, households: int) -> Block:
        """Return the block's first `households` households with all that belongs to them."""
        if households >= BLOCK_HOUSEHOLDS:
            return self
        parts = {
            item.name: front(getattr(self, item.name), households)
            for item in fields(self)
            if item.name != "number"
        }
        return replace(self, **parts)


Part = TypeVar("Part")


def front(part: Part, households: int) -> Part:
    """Return the rows of a part that belong to the first `households` households."""
    stop = int(np.searchsorted(part.household, households))  # type: ignore[attr-defined]
    columns = {
        item.name: getattr(part, item.name)[:stop]
        for item in fields(part)  # type: ignore[arg-type]
    }
    return replace(part, **columns)  # type: ignore[type-var]
