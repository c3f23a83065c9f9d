"""Figures of people that the product has no column for: what they are, and each person's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from seedkit.custom.details import DECIMAL, TEXT, WHOLE, YES_NO
from seedkit.population.days import day, whole_years
from seedkit.population.model import Flags, People, Standing
from seedkit.population.standing import ADULT
from seedkit.population.standing_tables import SCORE_LIMITS
from seedkit.population.words import Education, Way
from seedkit.records.tables import TABLE_OF_PART
from seedkit.records.values import only
from seedkit.records.view import BlockView

PEOPLE_TABLE = TABLE_OF_PART["people"].name
_EDUCATION = tuple(level.name.lower() for level in Education)
_WAYS = tuple(way.name.lower() for way in Way)


@dataclass(frozen=True, slots=True)
class Customers:
    """The people of a block who are rows."""

    people: People
    standing: Standing
    as_of: date

    @property
    def adults(self) -> Flags:
        """Tell who is of age: the bank judges nobody else."""
        return self.people.age >= ADULT


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: the type of its values, how to read them, and between which ends they lie.

    `words` are the values of a text. `everyone` tells that no customer is without it.
    """

    type: str
    read: Callable[[Customers], list[Any]]
    low: int = 0
    high: int = 0
    words: tuple[str, ...] = ()
    everyone: bool = False

    @property
    def types(self) -> frozenset[str]:
        """Return the types of columns that take it."""
        return frozenset({WHOLE, DECIMAL} if self.type == WHOLE else {self.type})

    @property
    def longest(self) -> int:
        """Return how many characters it may have, written as text."""
        return max(map(len, self.words or (str(self.high), "yes")))


def figures_of(name: str, view: BlockView) -> list[Any]:
    """Return a figure of each customer of a block; None where there is none."""
    sheet, block = view.sheet("people"), view.block
    people, standing = sheet.pick(block.people), sheet.pick(block.standing)
    return FIGURES[name].read(Customers(people, standing, view.as_of))


def _score(who: Customers) -> list[Any]:
    score = who.standing.score
    return only(who.adults & (score > 0), score.tolist())


def _churn_risk(who: Customers) -> list[Any]:
    risk = who.standing.churn_risk
    return only(who.adults & (risk > 0), risk.tolist())


def _late(who: Customers) -> list[Any]:
    return only(who.adults, who.standing.late.tolist())


def _main_channel(who: Customers) -> list[Any]:
    way = who.standing.main_channel
    return only(who.adults & (way >= 0), [_WAYS[index] for index in way.tolist()])


def _tenure(who: Customers) -> list[Any]:
    years: list[Any] = whole_years(who.people.customer_since, day(who.as_of)).tolist()
    return years


def _education(who: Customers) -> list[Any]:
    return only(who.adults, [_EDUCATION[index] for index in who.people.education.tolist()])


# By the names that profiles have for them.
FIGURES: Mapping[str, Figure] = {
    "score": Figure(WHOLE, _score, *SCORE_LIMITS),
    "churn_risk": Figure(WHOLE, _churn_risk, 0, 100),
    "late_60": Figure(YES_NO, _late),
    "main_channel": Figure(TEXT, _main_channel, words=_WAYS),
    "tenure_years": Figure(WHOLE, _tenure, 0, 120, everyone=True),
    "education": Figure(TEXT, _education, words=_EDUCATION),
}
