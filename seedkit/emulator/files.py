"""Reading the database file from outside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from seedkit.emulator.layout import make_layouts
from seedkit.schema import load_catalogue


def read_all(database: Path) -> dict[str, list[dict[str, object]]]:
    """Return every row of every table, ordered by id."""
    address = f"{database.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        found = {}
        for name, layout in make_layouts(load_catalogue()).items():
            cursor = connection.execute(f'SELECT * FROM "{name}" ORDER BY "{layout.primary_id}"')
            found[name] = [dict(zip(layout.columns, row, strict=True)) for row in cursor]
        return found
