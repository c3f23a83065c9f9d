"""What the ledger remembers of a run, as ids: worked out from ranges, never stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from seedkit.ledger import Ledger, Step
from seedkit.marks import MAX_ROWS
from seedkit.plan import Plan
from seedkit.purge.rows import Rows
from seedkit.spans import Spans


class Memory:
    """The rows that the ledger says we made or may have made; empty without a ledger."""

    def __init__(self, plan: Plan, ledger: Ledger | None) -> None:
        self._plan = plan
        self._spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._lost: dict[str, list[str]] = defaultdict(list)
        for part, _ in ledger.requests(plan.run_id) if ledger else ():
            if part.step is Step.CREATE:
                place = part.block * MAX_ROWS + part.first
                self._spans[part.table].append((place, part.count))
        for row in ledger.lost_rows(plan.run_id) if ledger else ():
            if row.step is Step.CREATE:
                self._lost[row.table].append(row.id)

    def rows(self, table: str) -> Rows:
        """Return the rows of a table that we made or may have made."""
        stamp, number = self._plan.stamp, self._plan.table(table).number
        made = Rows(stamp, number, Spans(self._spans[table]))
        return made - Rows.of(stamp, number, self.lost(table))

    def lost(self, table: str) -> Iterable[str]:
        """Return the ids of rows that were refused.

        They are not ours, even when a row with that id is there: that one was in the way.
        """
        return self._lost[table]
