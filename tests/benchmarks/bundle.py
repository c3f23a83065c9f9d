"""What a household's rows hold, as the peers must make them: tables, columns, kinds of values.

The columns stand in `bundle.txt`. How many rows a household has and how often a column is filled
is measured from our own files in the same run, so that all make the same amount of data.
Kinds with a colon look at other rows:

    ref:TABLE      the address of one of the household's rows of another table
    of:TABLE       one row for each of the household's rows of that table, pointing at it
    same:COLUMN    the same value as another column of the row
    joined:A+B     the names of rows of other tables (and a word), such as a person and an account
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

ONCE = frozenset({"msfsi_bank", "msfsi_branch", "msfsi_financialmarketproduct"})
COLUMNS = Path(__file__).with_name("bundle.txt")


@dataclass(frozen=True, slots=True)
class Shape:
    """How many rows of each table a household has (or a run, if made once), and how full they are.

    `filled` holds for each table the part of rows in which a column has a value.
    """

    rows: Mapping[str, float]
    filled: Mapping[str, Mapping[str, float]]


def read_columns() -> dict[str, dict[str, str]]:
    """Return for each table its columns and their kinds; parents stand before children."""
    tables: dict[str, dict[str, str]] = {}
    columns: dict[str, str] = {}
    for line in COLUMNS.read_text(encoding="utf-8").splitlines():
        words = line.split()
        if line.startswith("#") or not words:
            continue
        if line.startswith(" "):
            columns[words[0]] = words[1]
        else:
            columns = tables[words[0]] = {}
    return tables


def measure_shape(folder: Path, households: int) -> Shape:
    """Return the shape of files that were made for so many households."""
    rows: dict[str, float] = {}
    filled: dict[str, dict[str, float]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        found: Counter[str] = Counter()
        count = 0
        with path.open("rb") as file:
            for line in file:
                found.update(orjson.loads(line).keys())
                count += 1
        rows[path.stem] = count if path.stem in ONCE else count / households
        filled[path.stem] = {name: number / count for name, number in found.items()}
    return Shape(rows, filled)


def write_shape(shape: Shape, path: Path) -> None:
    """Write a shape, for processes that need it."""
    path.write_bytes(orjson.dumps(asdict(shape)))


def read_shape(path: Path) -> Shape:
    """Read a shape back."""
    return Shape(**orjson.loads(path.read_bytes()))
