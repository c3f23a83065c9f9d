"""The population in plain words, as columns: what its files say, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seedkit.extract.contract import TABLES, Column, Kind

Values = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. Texts and choices are str objects, "" where unknown; days are NaT there.

    Numbers, money (units of currency), rates (per cent) and flags (0.0 or 1.0) are float64, NaN
    where unknown.
    """

    columns: Mapping[str, Values]

    def __getitem__(self, name: str) -> Values:
        return self.columns[name]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def knows(self, name: str) -> bool:
        """Tell whether any row has a value in a column."""
        return bool(filled(self.columns[name]).any())


@dataclass(frozen=True, slots=True)
class About:
    """What `run.json` says."""

    as_of: date
    money_year: int
    scale_to_2022: float
    locale: str
    households: int
    random_seed: int | None


@dataclass(frozen=True, slots=True)
class Extract:
    """The five tables of some households, complete in themselves."""

    households: Sheet
    people: Sheet
    holdings: Sheet
    cards: Sheet
    events: Sheet

    def sheets(self) -> dict[str, Sheet]:
        """Return the tables by name."""
        return {name: getattr(self, name) for name in TABLES}


def filled(values: Values) -> NDArray[np.bool_]:
    """Return which values are known."""
    if values.dtype.kind == "M":
        return ~np.isnat(values)
    if values.dtype.kind == "f":
        return ~np.isnan(values)
    return np.asarray(values != "", np.bool_)


def empty(column: Column, rows: int) -> Values:
    """Return a column in which nothing is known."""
    if column.kind is Kind.DAY:
        return np.full(rows, np.datetime64("NaT", "D"))
    if column.kind in (Kind.TEXT, Kind.CHOICE):
        return np.full(rows, "", dtype=object)
    return np.full(rows, np.nan)


def make_sheet(table: str, rows: int, known: Mapping[str, Values]) -> Sheet:
    """Return a table with all its columns; those that are not given stay empty."""
    columns = {
        column.name: known[column.name] if column.name in known else empty(column, rows)
        for column in TABLES[table]
    }
    return Sheet(columns)
