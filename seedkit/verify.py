"""Rows expected against rows there, per table and per state in which they end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from seedkit.dataverse.client import WORDED, WebApi
from seedkit.ledger import Ledger, RunState
from seedkit.load.header import expected_rows, expected_states
from seedkit.load.loader import settled_rows
from seedkit.load.lost import Ended
from seedkit.load.present import marked_rows, present_ids
from seedkit.plan import Plan, TablePlan
from seedkit.purge.memory import Memory
from seedkit.records.batch import STATE, STATUS


@dataclass(frozen=True, slots=True)
class StateCheck:
    """How many rows of a table ended in a state and status, and how many are in them now.

    `words` is what the environment calls the two; their values where no row shows it.
    """

    table: str
    state: int
    status: int
    words: str
    expected: int
    found: int

    @property
    def holds(self) -> bool:
        """Tell whether the two agree."""
        return self.expected == self.found


@dataclass(frozen=True, slots=True)
class TableCheck:
    """How many rows of a table a run made, and how many are there."""

    table: str
    expected: int
    found: int
    states: tuple[StateCheck, ...] = ()

    @property
    def holds(self) -> bool:
        """Tell whether they agree, and the states of rows."""
        return self.expected == self.found and all(state.holds for state in self.states)


async def verify(plan: Plan, api: WebApi, ledger: Ledger | None) -> list[TableCheck]:
    """Compare a run's rows by the ledger, or by the header note without one, with those there.

    Of a purged run none may be there, and of a partly kept one those that its note tells of. The
    states in which rows end stand in the header note alone, when the run is finished.
    """
    expected: Mapping[str, int] = {}
    ended: Mapping[Ended, int] = {}
    if not (ledger and ledger.is_purged(plan.run_id)):
        if ledger and not ledger.is_in(plan.run_id, RunState.KEPT):
            expected = settled_rows(ledger, plan.run_id)
        expected = expected or await expected_rows(api, plan)
        ended = await expected_states(api, plan)
    memory, checks = Memory(plan, ledger), []
    for table in plan.tables:
        states = {key: count for key, count in ended.items() if key[0] == table.name}
        if table.numbered:
            found, kinds = await _count(api, plan, table, states)
        else:
            found = len(await present_ids(api, table, list(memory.rows(table.name))))
            kinds = ()
        if found or expected.get(table.name):
            checks.append(TableCheck(table.name, expected.get(table.name, 0), found, kinds))
    return checks


async def _count(
    api: WebApi, plan: Plan, table: TablePlan, expected: Mapping[Ended, int]
) -> tuple[int, tuple[StateCheck, ...]]:
    """Count a table's rows, and those in each of the states that are expected."""
    columns = (STATE, STATUS) if expected else ()
    there: Counter[Ended] = Counter()
    words: dict[Ended, str] = {}
    rows = 0
    async for row in marked_rows(api, plan, table, *columns):
        rows += 1
        if columns:
            key = (table.name, row[STATE], row[STATUS])
            there[key] += 1
            words[key] = ", ".join(str(row.get(f"{name}{WORDED}", row[name])) for name in columns)
    return rows, tuple(
        StateCheck(*key, words.get(key, f"{key[1]}, {key[2]}"), count, there[key])
        for key, count in expected.items()
    )
