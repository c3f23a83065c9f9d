"""What the ledger remembers of a run, as ids: worked out from ranges, never stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from seedkit.ledger import Ledger, Step
from seedkit.plan import Plan
from seedkit.spans import Spans


class Memory:
    """The rows that the ledger says we made or may have made; empty without a ledger."""

    def __init__(self, plan: Plan, ledger: Ledger | None) -> None:
        self._plan = plan
        pairs: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
        for part, _ in ledger.requests(plan.run_id) if ledger else ():
            if part.step is Step.CREATE:
                pairs[part.table, part.block].append((part.first, part.count))
        self._spans = {key: Spans(found) for key, found in pairs.items()}
        # A refused row is not ours, even when a row with its id is there: that one was in the way.
        lost = ledger.lost_rows(plan.run_id) if ledger else ()
        self._lost = frozenset(row.id for row in lost if row.step is Step.CREATE)

    def ids(self, table: str) -> Iterator[str]:
        """Return the ids of all rows of a table that we made or may have made."""
        number = self._plan.table(table).number
        for (name, block), spans in self._spans.items():
            if name == table:
                for first, count in spans.pairs():
                    ids = self._plan.stamp.ids(number, block, count, first)
                    yield from (id for id in ids if id not in self._lost)
