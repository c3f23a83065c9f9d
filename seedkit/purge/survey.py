"""Looking before deleting: which rows are ours, which are doubtful, and what hangs on them.

Two marks must agree before a row is ours: the run's number in its column, an id that carries the
same mark, the ledger's word that we made it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import NUMBER_COLUMN, LiveRelationship, LiveTable
from seedkit.marks import read_id
from seedkit.plan import Plan, TablePlan
from seedkit.purge.memory import Memory

IDS_PER_QUERY = 100  # 39 characters each; an address may have 32,768


@dataclass(frozen=True, slots=True)
class Stranger:
    """A row that is not ours and would go with one of ours."""

    table: str
    id: str
    name: str
    parent: str
    column: str
    link: str


@dataclass(slots=True)
class TableSurvey:
    """What a table holds of a run: ours, and rows for which only one mark speaks."""

    ours: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Survey:
    """What an environment holds of a run."""

    tables: Mapping[str, TableSurvey]
    strangers: tuple[Stranger, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows of each table are ours."""
        return {name: len(found.ours) for name, found in self.tables.items() if found.ours}

    @property
    def stranger_counts(self) -> dict[str, int]:
        """Return how many strangers there are of each table."""
        return dict(Counter(stranger.table for stranger in self.strangers))

    @property
    def doubtful(self) -> dict[str, int]:
        """Return how many rows of each table only one mark speaks for."""
        return {name: len(found.doubtful) for name, found in self.tables.items() if found.doubtful}


async def survey(api: WebApi, plan: Plan, live: Mapping[str, LiveTable], memory: Memory) -> Survey:
    """Collect a run's rows and the strangers that hang on them; nothing is changed."""
    found = await asyncio.gather(
        *(_survey_table(api, plan, table, live[table.name], memory) for table in plan.tables)
    )
    tables = dict(zip((table.name for table in plan.tables), found, strict=True))
    parents = [live[name] for name, rows in tables.items() if rows.ours]
    searched = await asyncio.gather(
        *(find_strangers(api, plan, parent, live, tables) for parent in parents)
    )
    return Survey(tables, tuple(stranger for group in searched for stranger in group))


async def numbered_ids(api: WebApi, plan: Plan, table: TablePlan) -> list[str]:
    """Return the ids of all rows of a table that carry the run's number."""
    query = {"$select": table.primary_id, "$filter": f"{NUMBER_COLUMN} eq {plan.mark}"}
    return [row[table.primary_id] for row in await api.all(table.entity_set, query)]


async def _survey_table(
    api: WebApi, plan: Plan, table: TablePlan, live: LiveTable, memory: Memory
) -> TableSurvey:
    result = TableSurvey()
    numbered = await numbered_ids(api, plan, table) if live.numbered else []
    for id in numbered:
        agreed = carries_mark(id, plan, table) or memory.made(table.name, id)
        (result.ours if agreed else result.doubtful).append(id)
    # Rows that the ledger knows but the number does not find: gone, or without the column.
    unseen = sorted(set(memory.ids(table.name)) - set(numbered))
    result.ours += await _present(api, live, unseen)
    return result


def carries_mark(id: str, plan: Plan, table: TablePlan) -> bool:
    """Tell whether an id carries the run's mark and the table's number."""
    read = read_id(id)
    return read is not None and (read.mark, read.table_number) == (plan.mark, table.number)


async def _present(api: WebApi, table: LiveTable, ids: list[str]) -> list[str]:
    found: list[str] = []
    for first in range(0, len(ids), IDS_PER_QUERY):
        query = {
            "$select": table.primary_id,
            "$filter": _among(table.primary_id, ids[first : first + IDS_PER_QUERY]),
        }
        found += [row[table.primary_id] for row in await api.all(table.entity_set, query)]
    return found


async def find_strangers(
    api: WebApi,
    plan: Plan,
    parent: LiveTable,
    live: Mapping[str, LiveTable],
    tables: Mapping[str, TableSurvey],
) -> list[Stranger]:
    """Return the rows that are not ours and that deleting our rows of `parent` may delete.

    What a cascade does that the environment does not describe is taken for the worst.
    """
    searched = await asyncio.gather(
        *(
            _strangers_by(api, plan, parent, relationship, live, tables)
            for relationship in parent.children
            if relationship.takes_child and relationship.child in live
        )
    )
    return [stranger for group in searched for stranger in group]


async def _strangers_by(
    api: WebApi,
    plan: Plan,
    parent: LiveTable,
    relationship: LiveRelationship,
    live: Mapping[str, LiveTable],
    tables: Mapping[str, TableSurvey],
) -> list[Stranger]:
    child = live[relationship.child]
    own = tables.get(child.name, TableSurvey())
    ours_above = f"{relationship.bind}/{NUMBER_COLUMN} eq {plan.mark}"
    if not child.numbered:
        clauses = [ours_above]
    else:
        clauses = [f"{ours_above} and ({NUMBER_COLUMN} ne {plan.mark} or {NUMBER_COLUMN} eq null)"]
        clauses += [
            f"{ours_above} and {_among(child.primary_id, ids)}" for ids in _windows(own.doubtful)
        ]
    names = [name for name in (child.primary_id, child.primary_name) if name]
    rows = [
        row
        for clause in clauses
        for row in await api.all(child.entity_set, {"$select": ",".join(names), "$filter": clause})
    ]
    accepted = set(own.ours)
    return [
        _stranger(api, row, child, parent.name, relationship.column)
        for row in rows
        if row[child.primary_id] not in accepted
    ]


def _stranger(
    api: WebApi, row: Mapping[str, Any], child: LiveTable, parent: str, column: str
) -> Stranger:
    id = row[child.primary_id]
    name = row.get(child.primary_name or "") or ""
    link = f"{api.url}/main.aspx?pagetype=entityrecord&etn={child.name}&id={id}"
    return Stranger(child.name, id, name, parent, column, link)


def _among(column: str, ids: Iterable[str]) -> str:
    listed = ",".join(f"'{id}'" for id in ids)
    return f"Microsoft.Dynamics.CRM.In(PropertyName='{column}',PropertyValues=[{listed}])"


def _windows(ids: list[str]) -> Iterable[list[str]]:
    return (ids[first : first + IDS_PER_QUERY] for first in range(0, len(ids), IDS_PER_QUERY))
