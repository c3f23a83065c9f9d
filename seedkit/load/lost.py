"""Rows that will not come: refused by the environment, or skipped with a refused ancestor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from seedkit.ledger import Ledger, LostRow, Step
from seedkit.records.batch import RecordBatch

Ended = tuple[str, int, int]  # a table, and the values of state and status in which rows end

REFUSED = "refused"
SKIPPED = "skipped"


class LostRows:
    """What a run has lost so far; the ledger holds the same."""

    def __init__(self, ledger: Ledger, run_id: str) -> None:
        self._ledger = ledger
        self._run_id = run_id
        self._lost: set[tuple[Step, str]] = set()
        self._origin: dict[str, str] = {}
        for row in ledger.lost_rows(run_id):
            self._remember(row)

    def refuse(self, step: Step, batch: RecordBatch, row: int, code: str, reason: str) -> None:
        """Record that the environment refused a row."""
        self._record(
            [LostRow(step, batch.table, batch.block, row, batch.ids[row], REFUSED, code, reason)]
        )

    def skip_descendants(self, step: Step, batch: RecordBatch, rows: list[int]) -> list[int]:
        """Record the rows that point at lost ones as skipped; return the others.

        Rows that an earlier attempt has lost stay as they are recorded. A lost row has no state
        either, and that is no second loss.
        """
        if not self._lost:
            return rows
        rows = [row for row in rows if (step, batch.ids[row]) not in self._lost]
        if step.changes_states:
            return [row for row in rows if batch.ids[row] not in self._origin]
        origins = {row: self._lost_ancestor(batch, row) for row in rows}
        skipped = [
            LostRow(step, batch.table, batch.block, row, batch.ids[row], SKIPPED, "", origin)
            for row, origin in origins.items()
            if origin is not None
        ]
        if skipped:
            self._record(skipped)
        return [row for row, origin in origins.items() if origin is None]

    def ended(self, batch: RecordBatch) -> Counter[Ended]:
        """Return how many rows of a batch have come to each of its final states."""
        states = batch.states
        if states is None:
            return Counter()
        return Counter(
            (batch.table, state, status)
            for id, state, status in zip(batch.ids, states.states, states.statuses, strict=True)
            if state is not None and status is not None and not self._is_open(id)
        )

    def _is_open(self, id: str) -> bool:
        """Tell whether a row has no final state: it was lost, or its change of state was."""
        steps = (Step.STATE, Step.PARENT_STATE)
        return id in self._origin or any((step, id) in self._lost for step in steps)

    def count(self, state: str) -> dict[str, int]:
        """Return how many rows per table have a state."""
        rows = self._ledger.lost_rows(self._run_id)
        return dict(Counter(row.table for row in rows if row.state == state))

    def _lost_ancestor(self, batch: RecordBatch, row: int) -> str | None:
        if batch.ids[row] in self._origin:
            return self._origin[batch.ids[row]]
        for lookup in batch.lookups:
            parent = lookup.ids[row]
            if parent is not None and parent in self._origin:
                return self._origin[parent]
        return None

    def _record(self, rows: Iterable[LostRow]) -> None:
        rows = list(rows)
        self._ledger.lose(self._run_id, rows)
        for row in rows:
            self._remember(row)

    def _remember(self, row: LostRow) -> None:
        """Keep the first ancestor's name, however long the line of descent."""
        self._lost.add((row.step, row.id))
        if row.step is not Step.CREATE:
            return
        name = f"its ancestor {row.table} {row.id} was refused"
        self._origin[row.id] = row.reason if row.state == SKIPPED else name
