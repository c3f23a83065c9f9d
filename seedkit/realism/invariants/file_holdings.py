"""Rules of the files about holdings and cards."""

from __future__ import annotations

import numpy as np

from seedkit.extract.contract import DEBTS, SIGNED
from seedkit.extract.model import Values, filled
from seedkit.population.days import whole_months
from seedkit.population.locale import locale_of
from seedkit.population.rates import mortgage_rate as usual_rate
from seedkit.realism.frames.model import equal, is_in
from seedkit.realism.invariants.files import ADULT, FileView
from seedkit.realism.invariants.model import Flags, Rule

CHILDRENS = (
    "checking",
    "savings",
    "cd",
    "stock",
    "bond",
    "pooled_fund",
    "savings_bond",
    "brokerage_cash",
)
LINES = ("credit_card", "other_line", "heloc")
OVER_LIMIT = 1.1
LONGEST_MORTGAGE = 480  # months
RATE_BAND = 1.5  # points around the year's mean
CARD_LIFE = (24, 72)  # months
EARNERS = ("employee", "self_employed", "retired", "disabled", "unemployed")
_NEVER = np.datetime64("9999-01-01")


def holding_household(v: FileView) -> Flags:
    """Every holding belongs to a household that is there."""
    return np.asarray(v.holding_home < 0)


def owners(v: FileView) -> Flags:
    """Owners are there and live in the holding's household; nobody owns one holding twice."""
    away = (v.owner < 0) | (v.home[v.owner] != v.holding_home[v.part])
    pairs = v.part * (len(v.extract.people) + 1) + v.owner
    _, first, place = np.unique(pairs, return_index=True, return_inverse=True)
    return np.asarray(away | (first[place] != np.arange(pairs.size)))


def sign(v: FileView) -> Flags:
    """Only overdrawn accounts, businesses and other property are worth less than nothing."""
    rows = v.extract.holdings
    return np.asarray((rows["amount"] < 0) & ~is_in(rows["kind"], SIGNED))


def opened(v: FileView) -> Flags:
    """No contract begins after the as-of date."""
    begin = v.extract.holdings["opened"]
    return np.asarray(begin[filled(begin)] > v.today)


def _earliest(v: FileView, days: Values) -> Values:
    """Return, by holding, the earliest of its owners' days; never where there is no owner."""
    found = np.full(len(v.extract.holdings), _NEVER)
    there = v.owner >= 0
    np.minimum.at(found, v.part[there], days[v.owner[there]])
    return found


def opened_of_age(v: FileView) -> Flags:
    """Contracts begin when an owner is of age; accounts for children may begin at birth."""
    rows = v.extract.holdings
    child = is_in(rows["kind"], CHILDRENS)
    earliest = np.where(
        child,
        _earliest(v, v.extract.people["birth_date"]),
        _earliest(v, v.birthday(ADULT)),
    )
    known = filled(rows["opened"]) & (earliest < _NEVER)
    return np.asarray(rows["opened"][known] < earliest[known])


def opened_as_customer(v: FileView) -> Flags:
    """With us nothing begins before an owner is a customer; a day of grace for the paperwork."""
    rows = v.extract.holdings
    since = v.extract.people["customer_since"]
    earliest = _earliest(v, np.where(filled(since), since, _NEVER))
    known = (rows["with_us"] == 1.0) & filled(rows["opened"]) & filled_owners(v)
    return np.asarray(rows["opened"][known] + np.timedelta64(1, "D") < earliest[known])


def filled_owners(v: FileView) -> Flags:
    """Return which holdings name an owner."""
    found = np.zeros(len(v.extract.holdings), np.bool_)
    found[v.part] = True
    return found


def matures(v: FileView) -> Flags:
    """Contracts end after they began, and not before the as-of date."""
    rows = v.extract.holdings
    known = filled(rows["matures"])
    off = (rows["matures"] <= rows["opened"]) | (rows["matures"] < v.today)
    return np.asarray(off[known])


def limits(v: FileView) -> Flags:
    """Cards and lines have a limit; what is owed exceeds it by a tenth at most, on homes never."""
    rows = v.extract.holdings
    mine = is_in(rows["kind"], LINES) & (rows["with_us"] == 1.0)
    most = rows["limit"] * np.where(equal(rows["kind"], "heloc"), 1.0, OVER_LIMIT)
    return np.asarray(~(rows["amount"] <= most + 0.005)[mine])


def days_late(v: FileView) -> Flags:
    """Days past due are at least 0, and nobody is late who owes nothing."""
    rows = v.extract.holdings
    days = rows["days_past_due"]
    owed = np.maximum(rows["amount"], np.nan_to_num(rows["statement_balance"]))
    off = (days < 0) | ((days > 0) & ~(owed > 0)) | ~is_in(rows["kind"], tuple(DEBTS))
    return np.asarray(off[filled(days)])


def mortgage_home(v: FileView) -> Flags:
    """Who owes on the main home owns it."""
    rows = v.extract.holdings
    mine = is_in(rows["kind"], ("mortgage", "heloc")) & (v.holding_home >= 0)
    owned = equal(v.extract.households["home_tenure"], "owner")
    return np.asarray(~owned[v.holding_home[mine]])


def mortgage_term(v: FileView) -> Flags:
    """Mortgages run for 40 years at most."""
    rows = v.extract.holdings
    mine = equal(rows["kind"], "mortgage") & filled(rows["matures"]) & filled(rows["opened"])
    return whole_months(rows["opened"][mine], rows["matures"][mine]) > LONGEST_MORTGAGE


def mortgage_rate(v: FileView) -> Flags:
    """Mortgages cost what was usual in the year they began, within 1.5 points."""
    rows = v.extract.holdings
    mine = equal(rows["kind"], "mortgage") & filled(rows["rate"]) & filled(rows["opened"])
    usual = usual_rate(locale_of(v.about.locale), rows["opened"][mine]) / 100
    return np.asarray(np.abs(rows["rate"][mine] - usual) > RATE_BAND)


def retirement_owner(v: FileView) -> Flags:
    """Retirement accounts belong to people who earn or have earned."""
    worked = is_in(v.extract.people["employment"], EARNERS)
    worked[v.past("job_start", "job_end", "business_start", "retirement")[0]] = True
    mine = equal(v.extract.holdings["kind"], "retirement")[v.part] & (v.owner >= 0)
    return ~worked[v.owner[mine]]


def card_links(v: FileView) -> Flags:
    """Cards lead to a person and a holding of one household: credit to a card account, the others
    to a checking or savings account.
    """
    cards, kind = v.extract.cards, v.extract.holdings["kind"]
    there = (v.card_person >= 0) & (v.card_holding >= 0)
    needs = np.where(
        equal(cards["kind"], "credit"),
        equal(kind[v.card_holding], "credit_card"),
        is_in(kind[v.card_holding], ("checking", "savings", "prepaid")),
    )
    together = v.home[v.card_person] == v.holding_home[v.card_holding]
    return np.asarray(~(there & needs & together))


def card_life(v: FileView) -> Flags:
    """Cards expire two to six years after issue; rounding to the month's end is allowed."""
    cards = v.extract.cards
    months = whole_months(cards["issued"], cards["expires"])
    low, high = CARD_LIFE
    return np.asarray((months < low) | (months > high) | (cards["issued"] > v.today))


def card_issued(v: FileView) -> Flags:
    """Cards are issued when the account behind them is open."""
    begin = v.extract.holdings["opened"][v.card_holding]
    known = filled(begin) & (v.card_holding >= 0)
    return np.asarray(v.extract.cards["issued"][known] < begin[known])


def card_expired(v: FileView) -> Flags:
    """A card past its last day is not active, and one before it has not expired."""
    cards = v.extract.cards
    over = cards["expires"] < v.today
    active = is_in(cards["status"], ("active", "inactive"))
    return np.asarray((over & active) | (~over & equal(cards["status"], "expired")))


HOLDING_RULES = tuple(
    Rule(f"files.{check.__name__}", " ".join((check.__doc__ or "").split()), check)
    for check in (
        holding_household,
        owners,
        sign,
        opened,
        opened_of_age,
        opened_as_customer,
        matures,
        limits,
        days_late,
        mortgage_home,
        mortgage_term,
        mortgage_rate,
        retirement_owner,
        card_links,
        card_life,
        card_issued,
        card_expired,
    )
)
