"""The bundle as a user of a data library would write it: row by row, value by value.

The library's own providers are called directly, without its slower conveniences (schemas, fields,
proxies), and the library draws ids and codes with its own seeded random numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import BinaryIO

import orjson

from tests.benchmarks.bundle import ONCE, Shape, read_columns
from tests.benchmarks.laps import Laps

Make = Callable[[], object]
Row = dict[str, object]

BLOCK = 256  # households between two laps, as many as ours makes at once
MARK = -1_500_000_000
DASH = " \N{EN DASH} "
OPTIONS = tuple(range(104_800_000, 104_800_010))
CODES = (1, 2, 3, 4)
PHRASES = (
    "Everyday Checking", "Home Mortgage", "Certificate of Deposit", "Rewards Credit Card",
    "Brokerage Account", "Car Loan", "Retirement Savings", "Bought a house", "Changed jobs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Library:
    """What a peer offers: its random numbers, ids, and one maker per kind of value."""

    random: Random
    identity: Callable[[], str]
    makers: Mapping[str, Make]


@dataclass(slots=True)
class TableMaker:
    """One table of the bundle, its columns sorted by how they are made."""

    name: str
    often: float
    always: list[tuple[str, Make]]
    sometimes: list[tuple[str, Make, float]]
    copies: list[tuple[str, str]]
    mirrors: list[tuple[str, str]]


class Bundles:
    """Households with all their rows, references valid."""

    def __init__(self, library: Library, shape: Shape) -> None:
        self._library = library
        self._ids: dict[str, list[str]] = {}
        self._names: dict[str, list[str]] = {}
        self._current = ""
        self._serial = 0
        columns = {name: kinds for name, kinds in read_columns().items() if name in shape.rows}
        tables = [self._table(name, kinds, shape) for name, kinds in columns.items()]
        self._once = [table for table in tables if table.name in ONCE]
        self._each = [table for table in tables if table.name not in ONCE]

    def bank(self) -> dict[str, list[Row]]:
        """Return the rows that are made once."""
        return self._make(self._once)

    def household(self) -> dict[str, list[Row]]:
        """Return the rows of one more household."""
        return self._make(self._each)

    def _make(self, tables: Sequence[TableMaker]) -> dict[str, list[Row]]:
        """Give ids to all rows first, since some point at rows of later tables."""
        identity = self._library.identity
        counts = {table.name: self._count(table) for table in tables if not table.mirrors}
        for table in tables:
            counts.setdefault(table.name, sum(counts.get(target, 0) for _, target in table.mirrors))
        fresh = {name: [identity() for _ in range(count)] for name, count in counts.items()}
        self._ids.update({name: ids for name, ids in fresh.items() if ids})
        return {table.name: self._rows(table, fresh) for table in tables if fresh[table.name]}

    def _count(self, table: TableMaker) -> int:
        """Draw how many rows there are; at first one of each, so that all can be pointed at."""
        if table.name not in self._ids:
            return math.ceil(table.often)
        whole = int(table.often)
        return whole + (self._library.random.random() < table.often - whole)

    def _rows(self, table: TableMaker, fresh: Mapping[str, list[str]]) -> list[Row]:
        names: list[str] = []
        rows = [self._row(table, identity, names) for identity in fresh[table.name]]
        for row, (column, address) in zip(rows, _addresses(table, fresh), strict=False):
            row[column] = address
        self._names[table.name] = names
        return rows

    def _row(self, table: TableMaker, identity: str, names: list[str]) -> Row:
        self._current = identity
        random = self._library.random.random
        row: Row = {name: make() for name, make in table.always}
        for name, make, part in table.sometimes:
            if random() < part:
                row[name] = make()
        for name, source in table.copies:
            if source in row:
                row[name] = row[source]
        names.append(_name(row))
        return row

    def _table(self, name: str, kinds: Mapping[str, str], shape: Shape) -> TableMaker:
        table = TableMaker(name, shape.rows[name], [], [], [], [])
        for column, kind in kinds.items():
            part = shape.filled[name].get(column, 0.0)
            word, _, rest = kind.partition(":")
            if word == "of":
                table.mirrors.append((column, rest))
            elif word == "same":
                table.copies.append((column, rest))
            elif part == 1.0:
                table.always.append((column, self._maker(name, word, rest)))
            elif part > 0:
                table.sometimes.append((column, self._maker(name, word, rest), part))
        return table

    def _maker(self, table: str, word: str, rest: str) -> Make:
        if word == "ref":
            return self._reference(rest)
        if word == "joined":
            return self._joined(rest.split("+"))
        if word == "id":
            return lambda: self._current
        if word == "key":
            return self._key(table.removeprefix("msfsi_").replace("_", "-"))
        return self._library.makers[word]

    def _reference(self, target: str) -> Make:
        ids, choice, head = self._ids, self._library.random.choice, f"/{entity_set(target)}("
        return lambda: f"{head}{choice(ids[target])})"

    def _joined(self, tables: Sequence[str]) -> Make:
        names, choice = self._names, self._library.random.choice
        if len(tables) == 1:
            (only,) = tables
            return lambda: f"{choice(names[only])}{DASH}{choice(PHRASES)}"
        first, second = tables
        return lambda: f"{choice(names[first])}{DASH}{choice(names[second])}"

    def _key(self, kind: str) -> Make:
        head = f"sk-retail-{kind}-"

        def make() -> str:
            self._serial += 1
            return f"{head}{self._serial}"

        return make


def write_bundles(library: Library, shape: Shape, households: int, out: Path) -> Laps:
    """Write the bank and its households to one file per table; return the laps."""
    bundles, laps, rows = Bundles(library, shape), Laps(), 0
    files: dict[str, BinaryIO] = {}
    laps.mark(0)
    with ExitStack() as stack:
        for number in range(-1, households):
            bundle = bundles.household() if number >= 0 else bundles.bank()
            for table, made in bundle.items():
                if table not in files:
                    files[table] = stack.enter_context((out / f"{table}.jsonl").open("wb"))
                _write(files[table], made)
                rows += len(made)
            if number == -1 or (number % BLOCK == BLOCK - 1 and number < households - 1):
                laps.mark(rows)
    laps.mark(rows)
    return laps


def entity_set(table: str) -> str:
    """Return the name under which addresses know a table."""
    return f"{table}s"


def _write(file: BinaryIO, rows: Sequence[Row]) -> None:
    for row in rows:
        file.write(orjson.dumps(row))
        file.write(b"\n")


def _addresses(table: TableMaker, fresh: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for column, target in table.mirrors:
        for identity in fresh.get(target, ()):
            yield column, f"/{entity_set(target)}({identity})"


def _name(row: Row) -> str:
    """Return what other rows call this one."""
    if "firstname" in row:
        return f"{row['firstname']} {row['lastname']}"
    return str(row.get("msfsi_name", ""))


def constants() -> dict[str, Make]:
    """Return the kinds that are the same for all libraries."""
    return {
        "mark": lambda: MARK,
        "yes": lambda: True,
        "no": lambda: False,
        "currency": lambda: "/transactioncurrencies(isocurrencycode='USD')",
    }
