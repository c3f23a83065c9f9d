"""The ledger: a small local journal, written before each request leaves.

One SQLite file holds the plan of every run, one line per request (table, block, first row, count,
state) and one line per row that was refused or skipped. It speaks in ranges: ids follow from the
plan, so no id is stored.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Self

import orjson

from seedkit.errors import AmbiguousRunError, LedgerError, RunNotFoundError
from seedkit.plan import Plan, meant

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
# The script at index n takes a ledger from format n to format n + 1; 0 is an empty file.
UPGRADES = (_TABLES,)
FORMAT = len(UPGRADES)


class RunState(Enum):
    """How far a run has come."""

    SEEDING = "seeding"
    SEEDED = "seeded"
    PURGING = "purging"
    PURGED = "purged"


class Step(Enum):
    """What a request does: make rows, or set the lookups that close a cycle."""

    CREATE = "create"
    LINK = "link"


class RequestState(Enum):
    """What is known of a range: about to leave, every row done or lost, or to be found out."""

    INTENDED = "intended"
    SETTLED = "settled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Range:
    """Rows `first` to `first + count - 1` of a table in a block."""

    step: Step
    table: str
    block: int
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class LostRow:
    """A row that was refused by the environment, or skipped because an ancestor was."""

    step: Step
    table: str
    block: int
    row: int
    id: str
    state: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A run as the ledger knows it."""

    plan: Plan
    state: RunState
    watermark: int | None


class Ledger:
    """The journal file. Every method commits before it returns."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or create the journal; LedgerError when the file or its folder is no use."""
        with contextlib.ExitStack() as undo:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
                undo.callback(connection.close)
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")  # intent must survive a power cut
                _prepare(connection, path)
            except (OSError, sqlite3.Error) as error:
                raise _unusable(path, error) from error
            undo.pop_all()
        return cls(connection, path)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def add_run(self, plan: Plan) -> None:
        """Record a new run; LedgerError when the id is taken. A purged run's id is free again."""
        if self.is_purged(plan.run_id):
            self._forget(plan.run_id)
        elif self._one("SELECT 1 FROM runs WHERE run_id = ?", plan.run_id):
            raise LedgerError(
                f"There already is a run {plan.run_id}.",
                f"Give another --run-id, or finish it with: seedkit resume {plan.run_id}",
            )
        self._write_run(plan, RunState.SEEDING)

    def is_purged(self, run_id: str) -> bool:
        """Tell whether a run of this id was made here and purged."""
        query = "SELECT 1 FROM runs WHERE run_id = ? AND state = ?"
        return self._one(query, run_id, RunState.PURGED.value) is not None

    def set_state(self, run_id: str, state: RunState, watermark: int | None = None) -> None:
        """Record how far a run has come, and the highest row version seen."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE runs SET state = ?, watermark = coalesce(?, watermark) WHERE run_id = ?",
                (state.value, watermark, run_id),
            )

    def runs(self) -> list[RunEntry]:
        """Return all runs that are not purged, oldest first."""
        rows = self._all(
            "SELECT plan, state, watermark FROM runs WHERE state <> ? ORDER BY created, rowid",
            RunState.PURGED.value,
        )
        return [_read_entry(row) for row in rows]

    def find(self, name: str | None) -> RunEntry:
        """Return the run that a name, prefix or `latest` means; None: the only one there is."""
        runs = {entry.plan.run_id: entry for entry in self.runs()}
        plans = [entry.plan for entry in runs.values()]
        fitting = plans if name is None else meant(plans, name)
        if not fitting:
            what = "no run" if name is None else f"no run {name!r}"
            raise RunNotFoundError(f"The ledger knows {what}.", "See: seedkit runs")
        if len(fitting) > 1:
            names = ", ".join(plan.run_id for plan in fitting)
            raise AmbiguousRunError(f"Several runs fit: {names}.", "Name one of them.")
        return runs[fitting[0].run_id]

    def intend(self, run_id: str, ranges: Iterable[Range]) -> list[int]:
        """Write down requests that are about to leave; return their numbers."""
        with self._transaction() as connection:
            return [
                _inserted(
                    connection.execute(
                        "INSERT INTO requests (run_id, step, name, block, first, count, state) "
                        "VALUES (?, ?, ?, ?, ?, ?, ?)",
                        (
                            *(run_id, r.step.value, r.table, r.block, r.first, r.count),
                            RequestState.INTENDED.value,
                        ),
                    )
                )
                for r in ranges
            ]

    def settle(self, number: int, state: RequestState) -> None:
        """Write down what became of a request."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE requests SET state = ? WHERE number = ?", (state.value, number)
            )

    def lose(self, run_id: str, rows: Iterable[LostRow]) -> None:
        """Write down rows that were refused or skipped."""
        with self._transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO lost_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (run_id, r.step.value, r.table, r.block, r.row, r.id, r.state, r.code, r.reason)
                    for r in rows
                ],
            )

    def forget_lost(self, run_id: str) -> None:
        """Forget refused and skipped rows, so that a resume tries their ranges again."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE requests SET state = ? WHERE run_id = ? AND EXISTS (SELECT 1 FROM "
                "lost_rows AS l WHERE l.run_id = requests.run_id AND l.step = requests.step AND "
                "l.name = requests.name AND l.block = requests.block AND l.row >= requests.first "
                "AND l.row < requests.first + requests.count)",
                (RequestState.UNKNOWN.value, run_id),
            )
            connection.execute("DELETE FROM lost_rows WHERE run_id = ?", (run_id,))

    def requests(self, run_id: str) -> Iterator[tuple[Range, RequestState]]:
        """Return every request of a run with its state, in the order of writing."""
        rows = self._all(
            "SELECT step, name, block, first, count, state FROM requests "
            "WHERE run_id = ? ORDER BY number",
            run_id,
        )
        for step, name, block, first, count, state in rows:
            yield Range(Step(step), name, block, first, count), RequestState(state)

    def lost_rows(self, run_id: str) -> list[LostRow]:
        """Return the rows of a run that were refused or skipped."""
        rows = self._all(
            "SELECT step, name, block, row, id, state, code, reason FROM lost_rows "
            "WHERE run_id = ? ORDER BY step, name, block, row",
            run_id,
        )
        return [LostRow(Step(row[0]), *row[1:]) for row in rows]

    def _forget(self, run_id: str) -> None:
        with self._transaction() as connection:
            for table in ("requests", "lost_rows", "runs"):
                connection.execute(f"DELETE FROM {table} WHERE run_id = ?", (run_id,))

    def _write_run(self, plan: Plan, state: RunState) -> None:
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, NULL, ?)",
                (
                    plan.run_id,
                    state.value,
                    plan.environment.id,
                    plan.profile_name,
                    plan.created,
                    plan.to_bytes().decode(),
                ),
            )

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        return next(iter(self._all(query, *values)), None)

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from error

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._connection:
                yield self._connection
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from error


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


def _read_entry(row: tuple[Any, ...]) -> RunEntry:
    plan, state, watermark = row
    return RunEntry(Plan.from_json(orjson.loads(plan)), RunState(state), watermark)


def _inserted(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid


_WAYS_OUT = {
    "locked": "Another process uses it; try again when it is done.",
    "not a database": "Move it away; runs are then found by their header notes: seedkit runs",
    "malformed": "Move it away; runs are then found by their header notes: seedkit runs",
}
_WAY_OUT = "Check the folder's rights and free space, or choose another with SEEDKIT_HOME."


def _unusable(path: Path, error: Exception) -> LedgerError:
    ways = [way for sign, way in _WAYS_OUT.items() if sign in str(error)]
    return LedgerError(f"The ledger {path} can't be used ({error}).", (*ways, _WAY_OUT)[0])
