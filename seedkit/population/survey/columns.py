"""What decisions look at: one row per household, one column per trait or earlier decision.

All values are whole ten-thousandths. They lie in an array of floats, because sums of products of
whole numbers below 2**53 are exact in any order, so that the fast matrix product gives the same
bytes on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from seedkit.population.draw import Whole
from seedkit.population.model import Flags
from seedkit.population.survey.curves import UNIT

AGE_BANDS = (35, 45, 55, 65, 75)  # first ages of all bands but the first
BANDS = 6
AGE_HINGES = (28, 35, 45, 55, 65, 75)
SCORE_HINGES = (-1, 0, 1, 2)
MOST_CHILDREN = 5
# scores whose lower half counts apart
BENT = ("home", "retirement", "vehicle", "checking", "savings")

# what tells, once a debt is decided, whether any was found so far: who owes nothing at all is a
# kind of family, and would be too rare if each debt looked at the others one by one
OWING = {"education_loan": "owes so far", "credit_card": "owes with cards"}
DEBTS_BY_THEN = (
    "mortgage",
    "heloc",
    "vehicle_loan",
    "other_residential_debt",
    "education_loan",
    "credit_card",
)


@dataclass(slots=True)
class Columns:
    """A growing table of columns with names; grows in place while a chain is drawn."""

    names: list[str]
    values: NDArray[np.float64]  # [household, column]
    filled: int = 0
    places: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, values: Whole) -> None:
        """Fill the next column, which must be the one of that name."""
        if self.names[self.filled] != name:
            raise ValueError(f"column {self.names[self.filled]} comes before {name}")
        self.values[:, self.filled] = values
        self.places[name] = self.filled
        self.filled += 1

    def add_flag(self, name: str, flag: Flags) -> None:
        """Fill the next column with 1 or 0."""
        self.add(name, flag * UNIT)

    def rows(self, rows: Whole) -> Columns:
        """Return some of the rows."""
        return Columns(self.names, self.values[rows], self.filled, self.places)

    def of(self, name: str) -> Whole:
        """Return a filled column."""
        return self.values[:, self.places[name]].astype(np.int64)


def new_columns(names: list[str], households: int) -> Columns:
    """Return an empty table of columns."""
    return Columns(names, np.zeros((households, len(names)), np.float64))


def product(a: Whole, b: Whole) -> Whole:
    """Return products of ten-thousandths."""
    return np.asarray(a * b // UNIT, np.int64)


def age_columns(age: Whole) -> dict[str, Whole]:
    """Return what decisions see of the head's age (years): decades, bent at hinges; its band."""
    decade = UNIT // 10
    hinges = {f"age>{at}": np.maximum(age - at, 0) * decade for at in AGE_HINGES}
    band = np.searchsorted(AGE_BANDS, age, side="right")
    bands = {f"age band {row}": (band == row) * UNIT for row in range(BANDS)}
    return {"one": np.full(age.size, UNIT), "age": (age - 50) * decade, **hinges, **bands}


def work_columns(columns: Columns) -> dict[str, Whole]:
    """Return products of what is known of persons once their work is drawn."""
    age, couple, college = columns.of("age"), columns.of("couple"), columns.of("college")
    active = columns.of("active")
    return {
        "age x couple": product(age, couple),
        "age x college": product(age, college),
        "age x child": product(age, columns.of("child")),
        "age x active": product(age, active),
        "couple x college": product(couple, college),
        "couple x active": product(couple, active),
    }


def income_columns(columns: Columns, score: Whole, cuts: Whole) -> dict[str, Whole]:
    """Return what decisions see of income: its score, bent at hinges, its group, products.

    `cuts` are the scores that begin the groups of income above the first.
    """
    hinges = {f"income>{at}": np.maximum(score - at * UNIT, 0) for at in SCORE_HINGES}
    group = np.searchsorted(cuts, score, side="right")
    groups = {f"income group {row}": (group == row) * UNIT for row in range(BANDS)}
    low, age, active = groups["income group 0"], columns.of("age"), columns.of("active")
    return {
        "income": score,
        **hinges,
        **groups,
        "income x age": product(score, age),
        "income x couple": product(score, columns.of("couple")),
        "income x active": product(score, active),
        "income x own business": product(score, columns.of("own business")),
        "income x college": product(score, columns.of("college")),
        "lowest x age": product(low, age),
        "lowest x active": product(low, active),
        "lowest x couple": product(low, columns.of("couple")),
    }


def home_columns(columns: Columns) -> dict[str, Whole]:
    """Return products with owning the home."""
    owner = columns.of("owns home")
    groups = {
        f"owner x income group {row}": product(owner, columns.of(f"income group {row}"))
        for row in range(BANDS)
    }
    return {
        "owner x income": product(owner, columns.of("income")),
        "owner x age": product(owner, columns.of("age")),
        **groups,
    }


def owing(columns: Columns) -> Flags:
    """Return who owes something of what has been decided."""
    known = [name for name in DEBTS_BY_THEN if f"owns {name}" in columns.places]
    return np.asarray(np.any([columns.of(f"owns {name}") > 0 for name in known], axis=0))


def add_all(columns: Columns, parts: Mapping[str, Whole]) -> None:
    """Fill the next columns."""
    for name, values in parts.items():
        columns.add(name, values)
