"""Reading the database file from outside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from seedkit.emulator.storage.layout import make_layouts
from seedkit.schema import load_catalogue


def environment_id(database: Path) -> str | None:
    """Return the id of the environment in a file; None when there is none in it."""
    try:
        with closing(_open_to_read(database)) as connection:
            query = "SELECT value FROM environment WHERE name = 'environment'"
            found = connection.execute(query).fetchone()
    except sqlite3.Error:
        return None
    return None if found is None else str(found[0])


def is_in_use(database: Path) -> bool:
    """Tell whether another connection has the file open: only the last one may leave WAL."""
    with closing(sqlite3.connect(database, timeout=0)) as connection:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError:
            return True
    return bool(mode != "delete")


def _open_to_read(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)


def read_all(database: Path) -> dict[str, list[dict[str, object]]]:
    """Return every row of every table, ordered by id."""
    with closing(_open_to_read(database)) as connection:
        found = {}
        for name, layout in make_layouts(load_catalogue()).items():
            cursor = connection.execute(f'SELECT * FROM "{name}" ORDER BY "{layout.primary_id}"')
            found[name] = [dict(zip(layout.columns, row, strict=True)) for row in cursor]
        return found
