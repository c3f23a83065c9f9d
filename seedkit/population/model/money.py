"""Holdings with their details, roles and instruments."""

from __future__ import annotations

from dataclasses import dataclass

from seedkit.population.model.columns import Dates, Flags, Ints, Money, Texts


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
    overdue_since: Dates  # the first due that was not met, NaT when paid up
    carried: Money  # what was left of cards' balances after the last payment; at most the balance


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
class Elsewhere:
    """What households own and owe beside what they have with us; a row per household and kind.

    Together with our holdings it is all that the household has, the home apart.
    """

    household: Ints
    kind: Ints  # Possession
    amount: Money  # debts are positive too; 0: a card that is paid in full every month
