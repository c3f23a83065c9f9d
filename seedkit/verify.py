"""Rows expected against rows there, per table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seedkit.dataverse.client import WebApi
from seedkit.ledger import Ledger, RunState
from seedkit.load.header import expected_rows
from seedkit.load.loader import settled_rows
from seedkit.load.present import marked_ids, present_ids
from seedkit.plan import Plan
from seedkit.purge.memory import Memory


@dataclass(frozen=True, slots=True)
class TableCheck:
    """How many rows of a table a run made, and how many are there."""

    table: str
    expected: int
    found: int

    @property
    def holds(self) -> bool:
        """Tell whether the two agree."""
        return self.expected == self.found


async def verify(plan: Plan, api: WebApi, ledger: Ledger | None) -> list[TableCheck]:
    """Compare a run's rows by the ledger, or by the header note without one, with those there.

    Of a purged run none may be there, and of a partly kept one those that its note tells of.
    """
    expected: Mapping[str, int] = {}
    if not (ledger and ledger.is_purged(plan.run_id)):
        if ledger and not ledger.is_in(plan.run_id, RunState.KEPT):
            expected = settled_rows(ledger, plan.run_id)
        expected = expected or await expected_rows(api, plan)
    memory = Memory(plan, ledger)
    checks = []
    for table in plan.tables:
        if table.numbered:
            found = len(await marked_ids(api, plan, table))
        else:
            found = len(await present_ids(api, table, list(memory.rows(table.name))))
        if found or expected.get(table.name):
            checks.append(TableCheck(table.name, expected.get(table.name, 0), found))
    return checks
