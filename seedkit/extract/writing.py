"""The population's files, block after block: the same plan gives the same bytes."""

from __future__ import annotations

import csv
import io
from collections import Counter
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import BinaryIO

import numpy as np
import orjson

from seedkit import __version__
from seedkit.extract.contract import RUN_FILE, TABLES, Column, Kind
from seedkit.extract.making import make_extracts
from seedkit.extract.model import About, Sheet, Values, filled
from seedkit.population.locale import locale_of
from seedkit.population.model import BLOCK_HOUSEHOLDS
from seedkit.population.prices import price_level
from seedkit.profile.models import Profile
from seedkit.progress import Progress

_LEVEL_BASE = 10_000
_FORMATS = {Kind.WHOLE: "%.0f", Kind.NUMBER: "%.6g", Kind.MONEY: "%.2f", Kind.RATE: "%.2f"}


def about(profile: Profile, as_of: date) -> About:
    """Return what `run.json` says about a profile's population."""
    return About(
        as_of=as_of,
        money_year=as_of.year,
        scale_to_2022=round(_LEVEL_BASE / price_level(locale_of(profile.locale), as_of), 6),
        locale=profile.locale,
        households=profile.households,
        random_seed=profile.random_seed,
    )


def write_population(
    name: str, profile: Profile, as_of: date, out: Path, progress: Progress
) -> Counter[str]:
    """Write the five tables and `run.json` of a profile; return how many rows each table has."""
    rows: Counter[str] = Counter()
    blocks = -(-profile.households // BLOCK_HOUSEHOLDS)
    _write_about(name, profile, as_of, out)
    with ExitStack() as stack:
        files = {table: stack.enter_context((out / f"{table}.csv").open("wb")) for table in TABLES}
        for table, file in files.items():
            write_head(file, table)
        for block, extract in make_extracts(profile, as_of):
            progress.share((block.number + 1) / blocks)
            for table, sheet in extract.sheets().items():
                progress.expect(table, len(sheet))
                write_rows(files[table], table, sheet)
                rows[table] += len(sheet)
                progress.done(table, len(sheet))
    return rows


def write_head(file: BinaryIO, table: str) -> None:
    """Write the names of a table's columns."""
    file.write(_lines([[column.name for column in TABLES[table]]]))


def write_rows(file: BinaryIO, table: str, sheet: Sheet) -> None:
    """Append rows of a table."""
    cells = [_cells(column, sheet[column.name]) for column in TABLES[table]]
    file.write(_lines([list(row) for row in zip(*cells, strict=True)]))


def _write_about(name: str, profile: Profile, as_of: date, out: Path) -> None:
    found = about(profile, as_of)
    document = {
        "as_of": found.as_of,
        "money_year": found.money_year,
        "scale_to_2022": found.scale_to_2022,
        "locale": found.locale,
        "households": found.households,
        "random_seed": found.random_seed,
        "currency": profile.currency,
        "profile": name,
        "seedkit": __version__,
    }
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    (out / RUN_FILE).write_bytes(orjson.dumps(document, option=options))


def _cells(column: Column, values: Values) -> list[str]:
    """Return a column as text; what is not known is an empty cell."""
    if column.kind in (Kind.TEXT, Kind.CHOICE):
        return [str(value) for value in values]
    there = filled(values)
    if column.kind is Kind.DAY:
        return list(np.where(there, np.datetime_as_string(values), ""))
    if column.kind is Kind.FLAG:
        return list(np.where(there, np.where(values == 1.0, "true", "false"), ""))
    style = _FORMATS[column.kind]
    pairs = zip(values.tolist(), there.tolist(), strict=True)
    return [style % value if known else "" for value, known in pairs]


def _lines(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
