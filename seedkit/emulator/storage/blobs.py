"""The contents of file and image columns, and transfers of them that are under way."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from seedkit.emulator.storage.layout import FILE_TYPES, Layout

# No table of the platform has a space in its name.
STATEMENTS = (
    'CREATE TABLE "file content" (id TEXT PRIMARY KEY, "table" TEXT NOT NULL, row TEXT NOT NULL, '
    '"column" TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, data BLOB NOT NULL)',
    'CREATE UNIQUE INDEX "file content:of" ON "file content" (row, "table", "column")',
    'CREATE TABLE "file transfer" (token TEXT PRIMARY KEY, "table" TEXT NOT NULL, '
    'row TEXT NOT NULL, "column" TEXT NOT NULL, name TEXT NOT NULL)',
    'CREATE TABLE "file block" (token TEXT NOT NULL, id TEXT NOT NULL, data BLOB NOT NULL, '
    "PRIMARY KEY (token, id))",
)

ATTACHMENTS = "fileattachment"  # the table whose rows describe the files of others


@dataclass(frozen=True, slots=True)
class Place:
    """One file or image column of one row."""

    table: str
    row_id: str
    column: str

    @property
    def values(self) -> tuple[str, str, str]:
        """Return row, table and column as the statements take them."""
        return self.row_id, self.table, self.column


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was uploaded; `type` is its MIME type."""

    id: str
    name: str
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Transfer:
    """An upload or a download that was begun."""

    token: str
    place: Place
    name: str


class Blobs:
    """Files by the place they belong to, and transfers by their token."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, place: Place) -> File | None:
        """Return the file of a column, None when it has none."""
        found = self._connection.execute(
            'SELECT id, name, type, data FROM "file content" '
            'WHERE row = ? AND "table" = ? AND "column" = ?',
            place.values,
        ).fetchone()
        return None if found is None else File(*found)

    def put(self, place: Place, file: File) -> None:
        """Store the file of a column in place of the one it had."""
        self.drop(place)
        self._connection.execute(
            'INSERT INTO "file content" (row, "table", "column", id, name, type, data) '
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*place.values, file.id, file.name, file.type, file.data),
        )

    def drop(self, place: Place) -> None:
        """Forget the file of a column."""
        self._connection.execute(
            'DELETE FROM "file content" WHERE row = ? AND "table" = ? AND "column" = ?',
            place.values,
        )

    def place_of(self, file_id: str) -> Place | None:
        """Return where a file belongs, None when there is no such file."""
        found = self._connection.execute(
            'SELECT "table", row, "column" FROM "file content" WHERE id = ?', (file_id,)
        ).fetchone()
        return None if found is None else Place(*found)

    def begin(self, transfer: Transfer) -> None:
        """Note a transfer."""
        self._connection.execute(
            'INSERT INTO "file transfer" (token, row, "table", "column", name) '
            "VALUES (?, ?, ?, ?, ?)",
            (transfer.token, *transfer.place.values, transfer.name),
        )

    def transfer(self, token: str) -> Transfer | None:
        """Return a transfer that was begun and not ended, None when there is none."""
        found = self._connection.execute(
            'SELECT "table", row, "column", name FROM "file transfer" WHERE token = ?', (token,)
        ).fetchone()
        return None if found is None else Transfer(token, Place(*found[:3]), found[3])

    def add_block(self, token: str, block_id: str, data: bytes) -> None:
        """Store a block of an upload, in place of the one with the same id."""
        self._connection.execute(
            'INSERT OR REPLACE INTO "file block" (token, id, data) VALUES (?, ?, ?)',
            (token, block_id, data),
        )

    def blocks(self, token: str) -> dict[str, bytes]:
        """Return the blocks of an upload in the order of their ids."""
        query = 'SELECT id, data FROM "file block" WHERE token = ? ORDER BY id'
        return dict(self._connection.execute(query, (token,)))

    def end(self, token: str) -> None:
        """Forget a transfer with its blocks."""
        for table in ("file transfer", "file block"):
            self._connection.execute(f'DELETE FROM "{table}" WHERE token = ?', (token,))


def file_deletes(layouts: Mapping[str, Layout]) -> dict[str, tuple[str, ...]]:
    """Return, per table, the SQL that drops the files of a row: its id is the parameter.

    The rows that describe the files go with them [expected].
    """
    described = _DESCRIBED if ATTACHMENTS in layouts else ()
    return {
        layout.name: tuple(text.format(_of_row(layout.name)) for text in (*described, _CONTENT))
        for layout in layouts.values()
        if any(column.type in FILE_TYPES for column in layout.table.columns.values())
    }


def _of_row(table: str) -> str:
    return f'"file content" WHERE row = ? AND "table" = \'{table}\''


_CONTENT = "DELETE FROM {}"
_DESCRIBED = (f'DELETE FROM "{ATTACHMENTS}" WHERE {ATTACHMENTS}id IN (SELECT id FROM {{}})',)
