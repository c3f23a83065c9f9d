"""The bank's catalogue: what it offers and who tends to hold how much of it.

The figures and their sources stand in `offers.toml` beside this file.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from seedkit.population.draw import Whole
from seedkit.population.words import (
    AccountKind,
    Category,
    CreditKind,
    HolderRole,
    InvestmentKind,
    LoanKind,
    Possession,
    SavingKind,
)

AGE_BANDS = (35, 45, 55, 65, 75)  # first ages of all bands but the first
INCOME_BANDS = (31_000, 54_000, 91_000, 151_000, 249_000)  # fifths, the last one halved
BANDS = 6

PORTFOLIO = "PORTFOLIO"
IN_PORTFOLIO = (Possession.STOCK, Possession.POOLED_FUND, Possession.BOND)
FOREIGN_CURRENCY = "foreign_currency"
BY_FIRMS = "firms"
AS_MAIN_ACCOUNT = "joint"

KINDS: dict[Category, type[IntEnum]] = {
    Category.ACCOUNT: AccountKind,
    Category.SAVING: SavingKind,
    Category.LOAN: LoanKind,
    Category.INVESTMENT: InvestmentKind,
    Category.CREDIT_LINE: CreditKind,
}


class Need(IntEnum):
    """What a person must be to hold an offer. All but MINOR ask for an adult."""

    ADULT = 0
    MINOR = 1
    HEAD = 2  # the household's head or partner
    COUPLE = 3
    HOME_OWNER = 4
    PARENT = 5  # of a minor at home
    EARNER = 6  # at work or retired
    EMPLOYEE = 7
    STUDENT = 8  # or was one within the longest term of a loan
    BUYER = 9  # of a vehicle, within the longest term of a loan
    FIRM = 10  # for a firm of their own that banks with us


class Other(IntEnum):
    """Whom a further role goes to."""

    PARTNER = 0
    PARENT = 1
    CHILD = 2  # the one that an offer for parents is meant for
    TEENAGER = 3
    GROWN_CHILD = 4  # of an owner past working age


class Spread(IntEnum):
    """How far amounts lie apart; a row of the spreads."""

    NARROW = 0
    MIDDLE = 1


class Form(IntEnum):
    """How a couple holds something."""

    JOINT = 0
    HEAD = 1
    PARTNER = 2
    BOTH = 3  # one each


class Further(NamedTuple):
    """A further role on holdings with one owner."""

    role: HolderRole
    other: Other
    share: float


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of the catalogue."""

    prefix: str
    name: str
    category: Category
    kind: int
    need: Need
    of: str  # the survey's kind that it holds a part of, PORTFOLIO, or ""
    given: int  # per mille of those who have some of that kind
    held: Whole | str  # per mille by age and income band, FOREIGN_CURRENCY, BY_FIRMS, or everyone
    size: Whole  # limits: median by age and income band, whole units of currency
    spread: Spread
    most: int  # percent of a year's income, 0 without limit
    rates: tuple[int, int]
    couples: tuple[int, ...]  # weights of Form; none: as the main account
    terms: tuple[tuple[int, int], ...]  # (months, weight)
    further: tuple[Further, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All offers, in the order in which a person's holdings stand, and their columns."""

    offers: tuple[Offer, ...]
    category: Whole
    kind: Whole
    need: Whole
    size: Whole  # [offer, age band, income band]
    spread: Whole
    most: Whole  # percent of a year's income, 0 without limit
    months: Whole  # [offer, choice]
    month_weights: Whole
    spreads: Whole  # [Spread, quantile], millionths

    def row(self, prefix: str) -> int:
        """Return the index of an offer."""
        return [offer.prefix for offer in self.offers].index(prefix)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """Return the bank's catalogue."""
    text = (files("seedkit.population") / "offers.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    offers = tuple(_offer(entry) for entry in data["offer"])
    months, weights = _terms(offers)
    return Catalogue(
        offers=offers,
        category=np.array([offer.category for offer in offers], np.int64),
        kind=np.array([offer.kind for offer in offers], np.int64),
        need=np.array([offer.need for offer in offers], np.int64),
        size=np.stack([offer.size for offer in offers]),
        spread=np.array([offer.spread for offer in offers], np.int64),
        most=np.array([offer.most for offer in offers], np.int64),
        months=months,
        month_weights=weights,
        spreads=np.array([data["spreads"][spread.name] for spread in Spread], np.int64),
    )


def _terms(offers: tuple[Offer, ...]) -> tuple[Whole, Whole]:
    """Return the choices of months and their weights; offers without end have 0 months."""
    terms = [offer.terms or ((0, 1),) for offer in offers]
    width = max(map(len, terms))
    padded = [list(choices) + [(0, 0)] * (width - len(choices)) for choices in terms]
    table = np.array(padded, np.int64)
    return table[:, :, 0], table[:, :, 1]


def _offer(entry: dict[str, Any]) -> Offer:
    """Read one offer."""
    category = Category[entry["category"]]
    couples, held = entry["couples"], entry.get("held", 0)
    return Offer(
        prefix=entry["prefix"],
        name=entry["name"],
        category=category,
        kind=KINDS[category][entry["kind"]],
        need=Need[entry["need"]],
        of=entry.get("of", ""),
        given=entry.get("given", 0),
        held=held if isinstance(held, str) else _cells(held),
        size=_cells(entry.get("size", 0)),
        spread=Spread[entry.get("spread", Spread.NARROW.name)],
        most=entry.get("most", 0),
        rates=(entry["rates"][0], entry["rates"][1]),
        couples=() if couples == AS_MAIN_ACCOUNT else tuple(couples),
        terms=tuple((months, weight) for months, weight in entry.get("terms", ())),
        further=tuple(
            Further(HolderRole[role], Other[other], share / 1_000)
            for role, other, share in entry.get("further", ())
        ),
    )


def _cells(figures: int | dict[str, Any]) -> Whole:
    """Return the 6 x 6 table that two margins give when age and income act apart."""
    if isinstance(figures, int):
        return np.full((BANDS, BANDS), figures, np.int64)
    both = np.outer(figures["by_age"], figures["by_income"])
    return np.asarray(both // figures["overall"], np.int64)
