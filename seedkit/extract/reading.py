"""The population's files back into columns: ours, or anybody's that keep to the contract."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from seedkit.errors import Fault, FilesError
from seedkit.extract.contract import RUN_FILE, TABLES, Column, Kind
from seedkit.extract.model import About, Extract, Sheet, Values, empty
from seedkit.population.draw import texts

_MOST_FAULTS = 10  # named of one file
_FLAGS = {"true": 1.0, "false": 0.0, "": np.nan}
_HINT = "What the files must hold stands in docs/reference/population-files.md"


def read_extract(folder: Path) -> tuple[About, Extract]:
    """Read a folder of files; FilesError lists what is wrong with them.

    Columns beside those of the contract are left alone.
    """
    found = _read_about(folder / RUN_FILE)
    faults: list[Fault] = []
    sheets = {table: _read_sheet(folder / f"{table}.csv", table, faults) for table in TABLES}
    if faults:
        raise FilesError(faults, _HINT)
    return found, Extract(**sheets)


def _read_about(file: Path) -> About:
    try:
        data = orjson.loads(file.read_bytes())
        return About(
            as_of=date.fromisoformat(data["as_of"]),
            money_year=int(data["money_year"]),
            scale_to_2022=float(data["scale_to_2022"]),
            locale=str(data["locale"]),
            households=int(data["households"]),
            random_seed=data.get("random_seed"),
        )
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        problem = f"can't be used ({type(error).__name__}: {error})"
        raise FilesError([Fault(file.name, None, "", problem)], _HINT) from None


def _read_sheet(file: Path, table: str, faults: list[Fault]) -> Sheet:
    """Return a table; what is wrong with it goes to `faults`."""
    try:
        names, rows = _cells(file)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        faults.append(Fault(file.name, None, "", f"can't be read ({error})"))
        return Sheet({column.name: empty(column, 0) for column in TABLES[table]})
    columns = {}
    for column in TABLES[table]:
        if column.name in names:
            place = names.index(column.name)
            columns[column.name] = _column(column, [row[place] for row in rows], file.name, faults)
        else:
            columns[column.name] = empty(column, len(rows))
            if not column.optional:
                faults.append(Fault(file.name, 1, column.name, "the column is missing."))
    return Sheet(columns)


def _cells(file: Path) -> tuple[list[str], list[list[str]]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.reader(lines)
        names = next(rows, [])
        found = list(rows)
    for number, row in enumerate(found, start=2):
        if len(row) != len(names):
            raise csv.Error(f"line {number} has {len(row)} cells, the head {len(names)}")
    return names, found


def _column(column: Column, cells: list[str], file: str, faults: list[Fault]) -> Values:
    """Return the values of a column; a cell that is no such value is a fault and unknown."""
    if column.kind in (Kind.TEXT, Kind.CHOICE):
        if column.choices:
            faults.extend(_strangers(column, cells, file))
        return texts(cells)
    values, bad = [], []
    for line, cell in enumerate(cells, start=2):
        try:
            values.append(_value(column.kind, cell))
        except (ValueError, KeyError):
            values.append(_value(column.kind, ""))
            bad.append(Fault(file, line, column.name, f"{cell!r} is no {column.kind.value}."))
    faults.extend(bad[:_MOST_FAULTS])
    return np.array(values, "datetime64[D]" if column.kind is Kind.DAY else np.float64)


def _strangers(column: Column, cells: list[str], file: str) -> Iterator[Fault]:
    known = {"", *column.choices}
    for cell in sorted(set(cells) - known)[:_MOST_FAULTS]:
        yield Fault(file, cells.index(cell) + 2, column.name, f"{cell!r} is not in the list.")


def _value(kind: Kind, cell: str) -> Any:
    if kind is Kind.DAY:
        return np.datetime64(cell, "D") if cell else np.datetime64("NaT", "D")
    if kind is Kind.FLAG:
        return _FLAGS[cell]
    return float(cell) if cell else np.nan
