"""What the population's files hold: five tables, their columns, and the closed lists in them.

The writer, the reader, the faults and the page `docs/reference/population-files.md` all follow
these definitions. A column keeps its name and meaning; others may be added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

RUN_FILE = "run.json"


class Kind(Enum):
    """What stands in a column; the value is what the reference page says."""

    TEXT = "text"
    CHOICE = "one of a list"
    WHOLE = "whole number"
    NUMBER = "number"
    MONEY = "money"
    RATE = "per cent a year"
    DAY = "date"
    FLAG = "`true` or `false`"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; an `optional` one may be missing or empty in a file that can be measured."""

    name: str
    kind: Kind
    meaning: str
    choices: tuple[str, ...] = ()
    optional: bool = False


def _text(name: str, meaning: str) -> Column:
    return Column(name, Kind.TEXT, meaning)


def _choice(name: str, meaning: str, choices: tuple[str, ...], optional: bool = False) -> Column:
    return Column(name, Kind.CHOICE, meaning, choices, optional)


def _whole(name: str, meaning: str, optional: bool = False) -> Column:
    return Column(name, Kind.WHOLE, meaning, (), optional)


def _money(name: str, meaning: str, optional: bool = False) -> Column:
    return Column(name, Kind.MONEY, meaning, (), optional)


def _day(name: str, meaning: str, optional: bool = False) -> Column:
    return Column(name, Kind.DAY, meaning, (), optional)


def _flag(name: str, meaning: str, optional: bool = False) -> Column:
    return Column(name, Kind.FLAG, meaning, (), optional)


TYPES = ("single", "single_with_children", "couple", "couple_with_children", "other")
TENURES = ("owner", "renter", "other")
ROLES = ("head", "partner", "child", "parent", "relative", "housemate")
FAMILY_ROLES = ("head", "partner", "child")
SEXES = ("female", "male", "other")
MARITAL = ("single", "married", "separated", "divorced", "widowed")
SCHOOLING = (
    "less_than_high_school",
    "high_school",
    "some_college_no_degree",
    "associate",
    "bachelor",
    "advanced",
)
WORK = (
    "employee",
    "self_employed",
    "unemployed",
    "retired",
    "disabled",
    "student",
    "homemaker",
    "other",
)
CHANNELS = ("mobile", "online", "branch", "atm", "phone")
BEHAVIOURS = ("inactive", "transactor", "revolver", "transitioner")
CARD_KINDS = ("credit", "debit", "prepaid")
CARD_STATUS = ("active", "inactive", "blocked", "lost", "stolen", "expired", "closed")

# Kinds of holdings with what they are; the survey's own column stands in brackets.
TRANSACTION = {
    "checking": "checking accounts (checking)",
    "savings": "savings accounts (saving)",
    "money_market": "money-market deposits and funds (mma)",
    "brokerage_cash": "cash in brokerage accounts (call)",
    "prepaid": "prepaid cards (rest of liq)",
}
FINANCIAL = TRANSACTION | {
    "cd": "certificates of deposit (cds)",
    "savings_bond": "savings bonds (savbnd)",
    "bond": "other bonds held directly (bond)",
    "stock": "shares held directly (stocks)",
    "pooled_fund": "funds outside retirement plans, without money-market funds (nmmf)",
    "retirement": "pensions with an account of one's own, never promised ones (retqliq)",
    "life_insurance": "cash value of life insurance (cashli)",
    "managed": "annuities and trusts (othma)",
    "other_financial": "money lent to others, royalties and the like (othfin)",
}
ASSETS = FINANCIAL | {
    "vehicle": "vehicles (vehic)",
    "other_real_estate": "property beside the main home, net of its debt (oresre, nnresre)",
    "business": "private businesses, net (bus)",
    "other_asset": "other things of value (rest of asset)",
}
DEBTS = {
    "mortgage": "first and further mortgages on the main home (nh_mort)",
    "heloc": "what is drawn on a home-equity line (heloc)",
    "other_residential_debt": "debt on homes beside the main one (resdbt)",
    "vehicle_loan": "vehicle loans (veh_inst)",
    "education_loan": "education loans (edn_inst)",
    "other_instalment": "other loans paid back in instalments (oth_inst)",
    "credit_card": "card balance left after the last payment; 0 when paid in full (ccbal)",
    "other_line": "credit lines that no home secures (othloc)",
    "other_debt": "loans against securities, policies and pensions (odebt)",
}
HOLDING_KINDS = ASSETS | DEBTS
SIGNED = ("checking", "business", "other_real_estate")  # kinds whose amount may be below 0

MEASURED_EVENTS = ("marriage", "divorce", "widowed", "birth_of_child", "move")

HOUSEHOLDS = (
    _text("id", "unique"),
    _choice("type", "by the members who form the family", TYPES),
    _whole("size", "how many rows of `people.csv` belong to it"),
    _text("city", "of the home"),
    _text("state", "of the home; a region elsewhere"),
    _text("postcode", "of the home"),
    _choice("home_tenure", "how the home is held; `other` is rent-free and the like", TENURES),
    _money("home_value", "market value of the main home; empty unless owned"),
    _money("income", "a year, before tax, all sources; sum of the family's members"),
    _flag("late_60", "60 or more days late with some payment within the past year", True),
    _flag("turned_down", "refused credit, or given less, within the past year", True),
    Column(
        "weight",
        Kind.NUMBER,
        "how many households the row stands for, 1 when empty; for rows of a survey",
        (),
        True,
    ),
)
PEOPLE = (
    _text("id", "unique"),
    _text("household", "`id` of the household"),
    _choice("role", "exactly one `head`, an adult, and at most one `partner`", ROLES),
    _flag(
        "in_family",
        "shares the family's economy; empty: `true` for head, partner and child, else `false`",
        True,
    ),
    _choice("sex", "", SEXES),
    _day("birth_date", ""),
    _whole("age", "completed years on the as-of date"),
    _choice("marital_status", "in law; under 18 empty or `single`", MARITAL),
    _choice("education", "highest finished, adults", SCHOOLING),
    _choice("employment", "main state of work, from 16", WORK),
    _text("occupation", "free text"),
    _day("job_since", "first day with the present employer, employees", True),
    _money("income", "the person's own, a year"),
    _whole("score", "credit score, 300 to 850; empty when there is none", True),
    _choice("preferred_channel", "main way of reaching the account", CHANNELS, True),
    _day("customer_since", "empty when no customer of the bank"),
)
HOLDINGS = (
    _text("id", "unique"),
    _text("household", "`id` of the household"),
    _text("owners", "ids of people with `;` between them; empty means the household"),
    _choice("kind", "see the list below", tuple(HOLDING_KINDS)),
    _money("amount", "an asset's value, or what is still owed: positive for debts as well"),
    _money("limit", "of cards and lines"),
    Column("rate", Kind.RATE, "interest"),
    _money("payment", "monthly payment that the contract demands, debts", True),
    _day("opened", "first day of the contract"),
    _day("matures", "last day of the contract"),
    _whole("days_past_due", "debts; 0 when paid up", True),
    _flag("with_us", "lies with our bank; `false` elsewhere"),
    _money("statement_balance", "cards: of the last statement, before payment", True),
    _choice("behaviour", "cards: how the account is used", BEHAVIOURS, True),
)
CARDS = (
    _text("id", "unique"),
    _text("person", "`id` of the carrier"),
    _text("holding", "`id` of the checking account, savings account or card account behind it"),
    _choice("kind", "a charge card counts as `credit`", CARD_KINDS),
    _text("network", "brand"),
    _choice("status", "", CARD_STATUS),
    _day("issued", ""),
    _day("expires", ""),
    _flag("with_us", "issued by our bank"),
)
EVENTS = (
    _text("person", "`id` of the person"),
    _text("kind", "see the list below"),
    _day("date", ""),
    _flag("planned", "still to come"),
)
TABLES: Mapping[str, tuple[Column, ...]] = {
    "households": HOUSEHOLDS,
    "people": PEOPLE,
    "holdings": HOLDINGS,
    "cards": CARDS,
    "events": EVENTS,
}
ROW_OF = {
    "households": "a household",
    "people": "a member of a household, children too",
    "holdings": "an account, contract or asset, whatever bank it lies with",
    "cards": "a card",
    "events": "something that happened, or is planned, in a person's life",
}
