"""The ledger's file: opening it, bringing it to the present format, and why it is no use."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from seedkit.errors import LedgerError
from seedkit.private import make_private_file

MEMORY = Path(":memory:")  # a ledger that is gone with its process
_BUSY_SECONDS = 10.0
_TABLES = """
CREATE TABLE runs (
    run_id TEXT PRIMARY KEY, state TEXT NOT NULL, environment_id TEXT NOT NULL,
    profile TEXT NOT NULL, created TEXT NOT NULL, watermark INTEGER, plan TEXT NOT NULL
);
CREATE TABLE requests (
    number INTEGER PRIMARY KEY, run_id TEXT NOT NULL, step TEXT NOT NULL, name TEXT NOT NULL,
    block INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, state TEXT NOT NULL
);
CREATE INDEX requests_of_run ON requests (run_id, step, name, block);
CREATE TABLE lost_rows (
    run_id TEXT NOT NULL, step TEXT NOT NULL, name TEXT NOT NULL, block INTEGER NOT NULL,
    row INTEGER NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, code TEXT NOT NULL,
    reason TEXT NOT NULL, PRIMARY KEY (run_id, step, name, block, row)
)
"""
_HOLDERS = """
CREATE TABLE holders (
    run_id TEXT PRIMARY KEY, process INTEGER NOT NULL, machine TEXT NOT NULL, since TEXT NOT NULL,
    command TEXT NOT NULL
)
"""
_MAKERS = """
CREATE TABLE makers (run_id TEXT NOT NULL, maker TEXT NOT NULL, PRIMARY KEY (run_id, maker));
ALTER TABLE runs ADD COLUMN began TEXT;
ALTER TABLE runs ADD COLUMN ended TEXT
"""
_PURGES = "ALTER TABLE runs ADD COLUMN purged_since INTEGER"
# The script at index n takes a ledger from format n to format n + 1; 0 is an empty file.
UPGRADES = (_TABLES, _HOLDERS, _MAKERS, _PURGES)
FORMAT = len(UPGRADES)


def open_file(path: Path) -> sqlite3.Connection:
    """Open or create the file; LedgerError when it or its folder is no use."""
    with contextlib.ExitStack() as undo:
        try:
            if path != MEMORY:
                make_private_file(path)  # the files -wal and -shm get the same rights
            connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
            undo.callback(connection.close)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")  # intent must survive a power cut
            _prepare(connection, path)
        except (OSError, sqlite3.Error) as error:
            raise unusable(path, error) from error
        undo.pop_all()
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    found = _format(connection)
    if found > FORMAT:
        raise LedgerError(
            f"The ledger {path} has format {found}, and this version knows up to {FORMAT}.",
            "Install the newer seedkit that wrote it: python -m pip install --upgrade seedkit",
        )
    if found < FORMAT:
        with connection:
            connection.execute("BEGIN IMMEDIATE")  # two may open the same ledger at once
            for script in UPGRADES[_format(connection) :]:
                for statement in script.split(";"):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {FORMAT}")


def _format(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


MOVE = (
    "Move it away, with the files -wal and -shm beside it. Runs are then found by their header "
    "notes:\nseedkit runs --environment ENV\nand go on from these: "
    "seedkit resume RUN --environment ENV"
)
_WAYS_OUT = {
    "locked": "Another process uses it; try again when it is done.",
    "not a database": MOVE,
    "malformed": MOVE,
}
_WAY_OUT = "Check the folder's rights and free space, or choose another with SEEDKIT_HOME."


def unusable(path: Path, error: Exception) -> LedgerError:
    """Return the error that says why the file is no use, and the way out."""
    ways = [way for sign, way in _WAYS_OUT.items() if sign in str(error)]
    return LedgerError(f"The ledger {path} can't be used ({error}).", (*ways, _WAY_OUT)[0])
