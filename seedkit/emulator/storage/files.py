"""The database file seen from outside: what is in it, who has it open, how to be rid of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import orjson

from seedkit.emulator.storage.layout import make_layouts
from seedkit.emulator.storage.overlay import overlay
from seedkit.schema import load_catalogue

MEMORY = ":memory:"


def is_memory(database: Path) -> bool:
    """Tell whether a database has no file."""
    return str(database) == MEMORY


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


def write_note(database: Path, url: str, authority: Path | None) -> None:
    """Leave a note beside a served file that tells other commands how to reach the server."""
    if not is_memory(database):
        trusted = None if authority is None else str(authority.resolve())
        _note(database).write_bytes(orjson.dumps({"url": url, "authority": trusted}))


def read_note(database: Path) -> tuple[str, str | None] | None:
    """Return address and authority's file of the server that left a note; it may have died."""
    try:
        found = orjson.loads(_note(database).read_bytes())
        return found["url"], found["authority"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remove_note(database: Path, url: str) -> None:
    """Remove the note of the server at an address, and no other's."""
    note = None if is_memory(database) else read_note(database)
    if note is not None and note[0] == url:
        _note(database).unlink(missing_ok=True)


def _note(database: Path) -> Path:
    return database.with_name(database.name + "-served")


def remove(database: Path) -> None:
    """Remove the database file with what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _open_to_read(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)


def read_all(database: Path) -> dict[str, list[dict[str, object]]]:
    """Return every row of every table of a file, ordered by id."""
    with closing(_open_to_read(database)) as connection:
        return read_rows(connection)


def read_rows(connection: sqlite3.Connection) -> dict[str, list[dict[str, object]]]:
    """Return every row of every table of an open environment, ordered by id."""
    found = {}
    for name, layout in make_layouts(overlay(connection, load_catalogue())).items():
        columns = ", ".join(f'"{column}"' for column in layout.columns)
        cursor = connection.execute(
            f'SELECT {columns} FROM "{name}" ORDER BY "{layout.primary_id}"'
        )
        found[name] = [dict(zip(layout.columns, row, strict=True)) for row in cursor]
    return found
