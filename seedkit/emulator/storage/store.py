"""The SQLite file behind the local environment.

One writer at a time: every write runs in a `BEGIN IMMEDIATE` transaction, so two processes may
have the same file open. The counters (row version, server-made ids) lie in the file.
"""

from __future__ import annotations

import hashlib
import shlex
import sqlite3
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import orjson

from seedkit.emulator.storage import blobs, overlay
from seedkit.emulator.storage.layout import BASE64, Layout, create_statements, make_layouts
from seedkit.errors import TargetError
from seedkit.schema import Catalogue, Choice, Table

IDS = UUID("7f1d9d3e-5d0c-5a6b-9c55-5eed10ca1000")

_BUSY_SECONDS = 30
_STATEMENTS_KEPT = 2000
_STRIDE = 1_000_000  # steps of SQLite's machine between two looks at the work that was done
# Strides that one request may take, some ten seconds; the platform gives a query two minutes.
# Counted in steps, for a clock would make the same requests end differently.
WORK_LIMIT = 300


class Store:
    """An open database file with the layouts of its tables."""

    def __init__(
        self,
        path: Path,
        catalogue: Catalogue,
        page_limit: int | None = None,
        content: sqlite3.Connection | None = None,
    ) -> None:
        self.path = path
        self._shipped = self.catalogue = catalogue
        self.layouts = make_layouts(catalogue)
        self.schema_stamp: str | None = None
        self.connection = sqlite3.connect(
            path,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_STATEMENTS_KEPT,
        )
        if content is not None:  # a snapshot takes the place of what was there, or nothing does
            content.backup(self.connection)
        self._depth = 0
        self._knows_schema = False
        self._filled: frozenset[str] = frozenset()
        self._filled_at: int | None = None
        self._others_at: int | None = None
        self._work = 0
        self._prepare(page_limit)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def _prepare(self, page_limit: int | None) -> None:
        for pragma in (
            "journal_mode = WAL",
            # With a WAL a commit survives a killed process, since the system has its pages. A power
            # failure may take the last ones, whole; FULL would cost a disk flush per request.
            "synchronous = NORMAL",
            "cache_size = -65536",
            "temp_store = MEMORY",
            "wal_autocheckpoint = 4000",
        ):
            self.connection.execute(f"PRAGMA {pragma}").fetchall()
        self.connection.set_progress_handler(self._count_work, _STRIDE)
        self.connection.create_function(
            BASE64, 1, lambda data: b64encode(data).decode(), deterministic=True
        )
        if page_limit is not None:
            self.connection.execute(f"PRAGMA max_page_count = {page_limit:d}").fetchall()

    def begin_work(self) -> None:
        """Give the statements from now on the whole work that one request may take.

        What takes more is interrupted, a sqlite3.OperationalError.
        """
        self._work = 0

    def _count_work(self) -> bool:
        self._work += 1
        return self._work > WORK_LIMIT

    def ensure(self, fill: Callable[[Store], None]) -> None:
        """Create the tables and their first content when the file is new.

        TargetError when another version made the file with other tables.
        """
        statements = [
            statement
            for layout in self.layouts.values()
            for statement in create_statements(layout, self.layouts)
        ]
        statements += blobs.STATEMENTS
        made_by = hashlib.sha256("\n".join(statements).encode()).hexdigest()
        with self.transaction():
            if self._is_new():
                self._create(statements, made_by)
                fill(self)
            elif self.fact("tables") != made_by:
                file = shlex.quote(str(self.path))
                raise TargetError(
                    f"The local environment in {self.path} was made by another version.",
                    hint=f"Start afresh with: seedkit emulator reset --database {file}",
                )
        self.follow_schema()

    def follow_schema(self) -> bool:
        """Read the file's own tables anew when they have changed; tell whether they had.

        Each operation asks; within a transaction, where nobody else can write, once is enough.
        """
        if self._knows_schema:
            return False
        found = overlay.stamp(self.connection)
        self._knows_schema = self._depth > 0
        if found == self.schema_stamp:
            return False
        self.schema_stamp = found
        self.catalogue = overlay.overlay(self.connection, self._shipped)
        self.layouts = make_layouts(self.catalogue)
        self._filled_at = None
        return True

    def change_schema(
        self,
        tables: Mapping[str, Table | None],
        choices: Mapping[str, Choice | None],
        gone: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Keep changed tables and choices, None for deleted ones, and alter the file to fit.

        `gone` names deleted parts by kind and id. sqlite3.IntegrityError when rows already there
        don't fit a new key. Part of the transaction around it.
        """
        overlay.keep(self.connection, tables, choices, gone)
        catalogue = overlay.overlay(self.connection, self._shipped)
        for statement in overlay.alter_statements(self.layouts, catalogue, tables):
            self.connection.execute(statement)
        self._knows_schema = False
        self.follow_schema()

    def _is_new(self) -> bool:
        """Tell whether the file is empty; TargetError when it holds something else."""
        names = {row[0] for row in self.connection.execute("SELECT name FROM sqlite_master")}
        if names and "environment" not in names:
            raise TargetError(
                f"{self.path} is a database, but not a local environment.",
                hint="Choose another file with --database, or another folder with SEEDKIT_HOME",
            )
        return not names

    def _create(self, statements: Sequence[str], made_by: str) -> None:
        self.connection.execute("CREATE TABLE environment (name TEXT PRIMARY KEY, value)")
        for statement in statements:
            self.connection.execute(statement)
        self.set_facts({"tables": made_by, "version": 0, "ids": 0})

    def fact(self, name: str) -> Any:
        """Return one fact about the environment, such as who calls by default."""
        query = "SELECT value FROM environment WHERE name = ?"
        found = self.connection.execute(query, (name,)).fetchone()
        return None if found is None else found[0]

    def set_facts(self, facts: Mapping[str, Any]) -> None:
        """Store facts about the environment."""
        self.connection.executemany(
            "INSERT OR REPLACE INTO environment VALUES (?, ?)", list(facts.items())
        )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run a block as all or nothing; inside another one it is a savepoint."""
        begin, done, undo = _bounds(self._depth)
        self.connection.execute(begin)
        if not self._depth:  # others may have written until now
            self._knows_schema, self._others_at = False, None
        self._depth += 1
        try:
            yield
            self.connection.execute(done)
        except BaseException:
            # A full disk makes SQLite roll back by itself; then nothing is left to undo.
            if self.connection.in_transaction:
                for statement in undo:
                    self.connection.execute(statement)
            self._knows_schema = False
            raise
        finally:
            self._depth -= 1
            self._knows_schema &= self._depth > 0

    def changes(self) -> tuple[int, int]:
        """Return what differs once this connection has written or another has committed."""
        return self.connection.total_changes, self._others()

    def _others(self) -> int:
        """Return what differs once another connection has committed; never in a transaction."""
        if self._others_at is None or not self._depth:
            self._others_at = int(self.connection.execute("PRAGMA data_version").fetchone()[0])
        return self._others_at

    def take_versions(self, count: int) -> int:
        """Return the first of `count` fresh row versions."""
        return self._take("version", count)

    def take_id(self) -> str:
        """Return a fresh server-made id; the same sequence in every new database."""
        return str(uuid5(IDS, f"row {self._take('ids', 1)}"))

    def take_numbers(self, series: str, count: int) -> int:
        """Return the first of `count` fresh numbers of a series, which begins with 1."""
        query = (
            "INSERT INTO environment VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET value = value + excluded.value RETURNING value"
        )
        name = f"numbers {series}"
        last: int = self.connection.execute(query, (name, count)).fetchone()[0]
        return last - count + 1

    def _take(self, counter: str, count: int) -> int:
        query = "UPDATE environment SET value = value + ? WHERE name = ? RETURNING value"
        last: int = self.connection.execute(query, (count, counter)).fetchone()[0]
        return last - count + 1

    def row(self, layout: Layout, row_id: str) -> list[Any] | None:
        """Return the stored columns of one row, None when there is none."""
        found = self.connection.execute(layout.select_by_id, (row_id,)).fetchone()
        return None if found is None else list(found)

    def has(self, layout: Layout, row_id: str) -> bool:
        """Tell whether a table has a row; a third of what `missing` takes for a single id."""
        query = f'SELECT 1 FROM "{layout.name}" WHERE "{layout.primary_id}" = ?'
        return self.connection.execute(query, (row_id,)).fetchone() is not None

    def missing(self, layout: Layout, ids: Sequence[str]) -> list[str]:
        """Return those ids that no row of the table has."""
        query = (
            "SELECT wanted.value FROM json_each(?) AS wanted WHERE NOT EXISTS "
            f'(SELECT 1 FROM "{layout.name}" WHERE "{layout.primary_id}" = wanted.value)'
        )
        return [found[0] for found in self.connection.execute(query, (id_list(ids),))]

    def filled(self) -> frozenset[str]:
        """Return the tables that may hold rows of their own; the others surely hold none.

        Looked up anew only after another connection has written: a delete asks this each time.
        """
        written = self._others()
        if written != self._filled_at:
            self._filled_at = written
            self._filled = frozenset(
                name
                for name, layout in self.layouts.items()
                if layout.stored is not None
                and self.connection.execute(f'SELECT 1 FROM "{layout.stored}" LIMIT 1').fetchone()
            )
        return self._filled

    def insert(self, layout: Layout, rows: Sequence[Sequence[Any]]) -> None:
        """Insert full rows in the order of the layout's columns; the only way that rows come in.

        Only columns with a value in some row are bound: on wide tables that was measured to take
        a third of the time.
        """
        if layout.name not in self._filled:
            self._filled |= {layout.name}
        nothing = (None,) * len(rows)
        filled = [
            (name, values)
            for name, values in zip(layout.columns, zip(*rows, strict=True), strict=True)
            if values != nothing
        ]
        names = ", ".join(f'"{name}"' for name, _values in filled)
        marks = ", ".join("?" * len(filled))
        self.connection.executemany(
            f'INSERT INTO "{layout.name}" ({names}) VALUES ({marks})',
            zip(*(values for _name, values in filled), strict=True),
        )

    def update(self, layout: Layout, row_id: str, values: Mapping[str, Any]) -> None:
        """Set columns of one row."""
        assignments = ", ".join(f'"{name}" = ?' for name in values)
        self.connection.execute(
            f'UPDATE "{layout.name}" SET {assignments} WHERE "{layout.primary_id}" = ?',
            (*values.values(), row_id),
        )


def id_list(ids: Sequence[str]) -> str:
    """Return ids as the JSON text that `json_each` takes: one statement for any number."""
    return orjson.dumps(list(ids)).decode()


def took_too_long(error: sqlite3.Error) -> bool:
    """Tell whether an error means that a request's work was more than it may take."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT


# How SQLite says that a statement is nested too deeply, or has too many values or tables.
_TOO_COMPLEX = (
    "parser stack overflow",
    "Expression tree is too large",
    "too many SQL variables",
    "pattern too complex",
    "at most 64 tables in a join",
    "too many FROM clause terms",
)


def is_too_complex(error: sqlite3.Error) -> bool:
    """Tell whether an error means that a query is more than the store can take."""
    return any(text in str(error) for text in _TOO_COMPLEX)


def is_full(error: sqlite3.Error) -> bool:
    """Tell whether an error means that the disk or the page limit is full."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


def _bounds(depth: int) -> tuple[str, str, tuple[str, ...]]:
    if depth == 0:
        return "BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",)
    name = f"level{depth}"
    return f"SAVEPOINT {name}", f"RELEASE {name}", (f"ROLLBACK TO {name}", f"RELEASE {name}")
