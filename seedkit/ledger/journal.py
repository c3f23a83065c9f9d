"""The journal itself: what is written down of runs, requests and lost rows, and read again."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import orjson

from seedkit.errors import AmbiguousRunError, LedgerError, RunNotFoundError
from seedkit.ledger.file import MOVE, open_file, unusable
from seedkit.ledger.model import (
    Holder,
    LostRow,
    Origin,
    Range,
    RequestState,
    RunEntry,
    RunState,
    Step,
)
from seedkit.plan import Plan, meant


class Ledger:
    """The journal file. Every method commits before it returns."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open or create the journal; LedgerError when the file or its folder is no use."""
        return cls(open_file(path), path)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def check(self) -> None:
        """Read the whole file; LedgerError when a part of it is damaged."""
        ((found,), *_) = self._all("PRAGMA quick_check(1)")
        if found != "ok":
            raise unusable(self.path, sqlite3.DatabaseError(f"malformed: {found}"))

    def add_run(self, plan: Plan) -> None:
        """Record a new run; LedgerError when the id is taken. A purged run's id is free again."""
        if self.is_purged(plan.run_id):
            self._forget(plan.run_id)
        elif self.knows(plan.run_id):
            place = self.find(plan.run_id).plan.environment
            raise LedgerError(
                f"There already is a run {plan.run_id}, in {place.name} ({place.id}).",
                f"Give another --run-id, or finish it with: seedkit resume {plan.run_id}",
            )
        self._write_run(plan, RunState.SEEDING)

    def is_purged(self, run_id: str) -> bool:
        """Tell whether a run of this id was made here and purged."""
        return self.is_in(run_id, RunState.PURGED)

    def is_in(self, run_id: str, state: RunState) -> bool:
        """Tell whether a run of this id is in a state."""
        return self.state_of(run_id) is state

    def has(self, run_id: str) -> bool:
        """Tell whether a run of this id was ever made here, or taken over."""
        return self.state_of(run_id) is not None

    def knows(self, run_id: str) -> bool:
        """Tell whether a run of this id was made here, or taken over, and not purged."""
        return self.state_of(run_id) not in (None, RunState.PURGED)

    def state_of(self, run_id: str) -> RunState | None:
        """Return how far a run of this id has come; None when none was ever made here."""
        found = self._one("SELECT state FROM runs WHERE run_id = ?", run_id)
        return None if found is None else RunState(found[0])

    def set_state(self, run_id: str, state: RunState, origin: Origin | None = None) -> None:
        """Record how far a run has come, and where its rows come from when that is given."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE runs SET state = ?, purged_since = NULL WHERE run_id = ?",
                (state.value, run_id),
            )
            if origin is not None:
                connection.execute(
                    "UPDATE runs SET began = ?, ended = ?, watermark = ? WHERE run_id = ?",
                    (origin.began, origin.ended, origin.watermark, run_id),
                )
                connection.executemany(
                    "INSERT OR IGNORE INTO makers VALUES (?, ?)",
                    [(run_id, maker) for maker in sorted(origin.makers)],
                )

    def begin_purge(self, run_id: str, version: int) -> None:
        """Record that a purge begins, and the highest row version before it, once."""
        with self._transaction() as connection:
            connection.execute(
                "UPDATE runs SET state = ?, purged_since = coalesce(purged_since, ?) "
                "WHERE run_id = ?",
                (RunState.PURGING.value, version, run_id),
            )

    def purged_since(self, run_id: str) -> int | None:
        """Return the highest row version before a purge that has begun and not ended."""
        found = self._one("SELECT purged_since FROM runs WHERE run_id = ?", run_id)
        return None if found is None else found[0]

    def origin(self, run_id: str) -> Origin:
        """Return who made a run's rows and when, as far as this ledger knows."""
        makers = self._all("SELECT maker FROM makers WHERE run_id = ?", run_id)
        query = "SELECT began, ended, watermark FROM runs WHERE run_id = ?"
        return Origin(frozenset(row[0] for row in makers), *(self._one(query, run_id) or ()))

    def runs(self, *, purged: bool = False) -> list[RunEntry]:
        """Return all runs, oldest first; those that were purged only when asked for."""
        rows = self._all(
            "SELECT plan, state, watermark FROM runs WHERE state <> ? OR ? ORDER BY created, rowid",
            RunState.PURGED.value,
            purged,
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
            return _insert(connection, run_id, ranges, RequestState.INTENDED)

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
        """Forget refused and skipped rows, so that a resume tries their ranges again.

        A run that lost rows is no longer a finished one.
        """
        if not self.lost_rows(run_id):
            return
        with self._transaction() as connection:
            connection.execute(
                "UPDATE runs SET state = ? WHERE run_id = ? AND state = ?",
                (RunState.SEEDING.value, run_id, RunState.SEEDED.value),
            )
            connection.execute(
                "UPDATE requests SET state = ? WHERE run_id = ? AND EXISTS (SELECT 1 FROM "
                "lost_rows AS l WHERE l.run_id = requests.run_id AND l.step = requests.step AND "
                "l.name = requests.name AND l.block = requests.block AND l.row >= requests.first "
                "AND l.row < requests.first + requests.count)",
                (RequestState.UNKNOWN.value, run_id),
            )
            connection.execute("DELETE FROM lost_rows WHERE run_id = ?", (run_id,))

    def restate(self, run_id: str, step: Step, table: str, ranges: Iterable[Range]) -> None:
        """Put ranges that were found to be done in the place of a table's settled ones.

        Ranges of unknown outcome stay as they are.
        """
        settled = RequestState.SETTLED.value
        with self._transaction() as connection:
            connection.execute(
                "DELETE FROM requests WHERE run_id = ? AND step = ? AND name = ? AND state = ?",
                (run_id, step.value, table, settled),
            )
            _insert(connection, run_id, ranges, RequestState.SETTLED)

    def regain(self, run_id: str, rows: Iterable[LostRow]) -> None:
        """Forget that rows were lost: they are there."""
        with self._transaction() as connection:
            connection.executemany(
                "DELETE FROM lost_rows WHERE run_id = ? AND step = ? AND name = ? AND block = ? "
                "AND row = ?",
                [(run_id, r.step.value, r.table, r.block, r.row) for r in rows],
            )

    def set_holder(self, run_id: str, holder: Holder) -> None:
        """Record who works on a run."""
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO holders VALUES (?, ?, ?, ?, ?)",
                (run_id, holder.process, holder.machine, holder.since, holder.command),
            )

    def holder(self, run_id: str) -> Holder | None:
        """Return who worked on a run last; whether it still does, the ledger can't tell."""
        query = "SELECT process, machine, since, command FROM holders WHERE run_id = ?"
        found = self._one(query, run_id)
        return None if found is None else Holder(*found)

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
            for table in ("requests", "lost_rows", "makers", "runs"):
                connection.execute(f"DELETE FROM {table} WHERE run_id = ?", (run_id,))

    def _write_run(self, plan: Plan, state: RunState) -> None:
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO runs (run_id, state, environment_id, profile, created, "
                "plan) VALUES (?, ?, ?, ?, ?, ?)",
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
            raise unusable(self.path, error) from error

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._connection:
                yield self._connection
        except sqlite3.Error as error:
            raise unusable(self.path, error) from error


def _read_entry(row: tuple[Any, ...]) -> RunEntry:
    plan, state, watermark = row
    try:
        return RunEntry(Plan.from_json(orjson.loads(plan)), RunState(state), watermark)
    except (LedgerError, ValueError) as error:
        hint = error.hint if isinstance(error, LedgerError) else None
        raise LedgerError(
            f"The ledger holds a run that is damaged: {error}", hint or MOVE
        ) from error


def _insert(
    connection: sqlite3.Connection, run_id: str, ranges: Iterable[Range], state: RequestState
) -> list[int]:
    return [
        _inserted(
            connection.execute(
                "INSERT INTO requests (run_id, step, name, block, first, count, state) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (run_id, r.step.value, r.table, r.block, r.first, r.count, state.value),
            )
        )
        for r in ranges
    ]


def _inserted(cursor: sqlite3.Cursor) -> int:
    assert cursor.lastrowid is not None
    return cursor.lastrowid
