"""Seeding and purging the local environment, and what SQLite alone needs for as many rows.

python -m tests.benchmarks.local seedkit HOUSEHOLDS FOLDER
python -m tests.benchmarks.local sqlite HOUSEHOLDS FOLDER
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, redirect_stdout
from pathlib import Path
from typing import Any

from seedkit.cli.app import run
from tests.benchmarks.laps import Laps
from tests.benchmarks.ours import AS_OF, PROFILE, watch_making, write_rows

TRANSACTION = 250  # rows, as many as a request of the loader carries


def invoke(*words: str) -> dict[str, Any]:
    """Run a command in this process and return its JSON document."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        code = run(["--quiet", *words, "--json"])
    if code:
        raise RuntimeError(f"{words[0]} ended with {code}: {printed.getvalue()}")
    document: dict[str, Any] = json.loads(printed.getvalue())
    return document


def seed(households: int) -> dict[str, Any]:
    """Seed a run."""
    words = ("--profile", PROFILE, "--households", str(households), "--as-of", AS_OF)
    return invoke("seed", *words)


def measure_seedkit(households: int, folder: Path) -> dict[str, float]:
    """Seed and purge; one household goes first, so that the environment is there and all loaded."""
    os.environ["SEEDKIT_HOME"] = str(folder)
    seed(1)
    invoke("purge", "--yes")
    laps = Laps()
    laps.mark(0)
    with watch_making(lambda block, making: None) as making:
        rows = sum(seed(households)["rows"].values())
    laps.mark(rows)
    deleted = sum(invoke("purge", "--yes")["deleted"].values())
    laps.mark(rows + deleted)
    return {
        "rows": rows,
        "deleted": deleted,
        **_rates("seed", laps, 0),
        **_rates("purge", laps, 1),
        "making_share_of_seed": making.seconds
        / (laps.marks[1].processor - laps.marks[0].processor),
    }


def measure_sqlite(households: int, folder: Path) -> dict[str, float]:
    """Insert the same rows as JSON text into one table."""
    files, laps = folder / "files", Laps()
    files.mkdir()
    write_rows(households, files)
    lines = [
        line for path in sorted(files.iterdir()) for line in path.read_text("utf-8").split("\n")
    ]
    texts = [(number, line) for number, line in enumerate(lines) if line]
    with closing(sqlite3.connect(folder / "bound.sqlite3", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL").fetchall()
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
        laps.mark(0)
        for part in _parts(texts):
            database.execute("BEGIN")
            database.executemany("INSERT INTO row VALUES (?, ?)", part)
            database.execute("COMMIT")
        laps.mark(len(texts))
    return {"rows": len(texts), **_rates("insert", laps, 0)}


def _parts(rows: list[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    for first in range(0, len(rows), TRANSACTION):
        yield rows[first : first + TRANSACTION]


def _rates(name: str, laps: Laps, start: int) -> dict[str, float]:
    first, last = laps.marks[start], laps.marks[start + 1]
    rows = last.rows - first.rows
    return {
        f"{name}_seconds": last.wall - first.wall,
        f"{name}_processor_seconds": last.processor - first.processor,
        f"{name}_rows_per_second": rows / (last.wall - first.wall),
        f"{name}_rows_per_processor_second": rows / (last.processor - first.processor),
    }


MEASURES = {"seedkit": measure_seedkit, "sqlite": measure_sqlite}

if __name__ == "__main__":
    contender, households, folder = sys.argv[1:]
    print(json.dumps(MEASURES[contender](int(households), Path(folder))))
