"""Looking before deleting: which rows are ours, which are doubtful, and what hangs on them.

Two marks must agree before a row is ours: the run's number in its column, an id that carries the
same mark, the ledger's word that we made it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from seedkit.dataverse.answers import FORBIDDEN
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.listing import among, windows
from seedkit.dataverse.metadata import NUMBER_COLUMN, LiveRelationship, LiveTable
from seedkit.errors import MissingInTargetError, ServiceError
from seedkit.load.present import mark_of, numbered_ids, present_ids
from seedkit.plan import Plan, TablePlan
from seedkit.purge.companions import strangers_filter
from seedkit.purge.memory import Memory


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
    """What a table holds of a run: ours, and rows for which only one mark speaks.

    `without_number` are those of ours that the ledger knows and the number does not find.
    """

    ours: list[str] = field(default_factory=list)
    without_number: list[str] = field(default_factory=list)
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


async def _survey_table(
    api: WebApi, plan: Plan, table: TablePlan, live: LiveTable, memory: Memory
) -> TableSurvey:
    result = TableSurvey()
    numbered = await numbered_ids(api, plan, table) if live.numbered else []
    for id in numbered:
        (result.ours if mark_of(id, plan, table) else result.doubtful).append(id)
    seen = set(numbered)
    unseen = [id for id in memory.ids(table.name) if id not in seen]
    present = await present_ids(api, table, unseen)
    if table.numbered:
        # The number can't be changed: somebody deleted ours and took its id.
        result.doubtful += present
    else:
        result.without_number = present
        result.ours += present
    return result


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
    above, own = tables[parent.name], tables.get(child.name, TableSurvey())
    link = f"_{relationship.column}_value"
    names = [name for name in (child.primary_id, child.primary_name, link) if name]
    somebodys = strangers_filter(child.name, parent.name)
    if somebodys is None:
        return []
    rows = [
        row
        for hanging in _below_ours(plan, parent, relationship, above)
        for clause in _perhaps_not_ours(plan, child, own)
        for row in await _read(
            api, child, {"$select": ",".join(names), "$filter": hanging + somebodys + clause}
        )
    ]
    if not rows:
        return []  # the usual case; the sets below are as large as the run
    accepted, staying = set(own.ours), set(above.doubtful)
    return [
        _stranger(api, row, child, parent.name, relationship.column)
        for row in rows
        if row[child.primary_id] not in accepted and row[link] not in staying
    ]


async def _read(api: WebApi, table: LiveTable, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """Read rows that may be others'; not to be allowed to see them is no proof of none."""
    try:
        return await api.all(table.entity_set, query)
    except ServiceError as error:
        if error.status != FORBIDDEN:
            raise
        raise MissingInTargetError(
            f"This account may not read {table.name}, and rows of it may hang on ours: "
            f"{error.reason}",
            "Give it a role that reads the table, or purge with another account. See what it "
            "lacks with: seedkit check --environment NAME",
        ) from None


def _below_ours(
    plan: Plan, parent: LiveTable, relationship: LiveRelationship, above: TableSurvey
) -> list[str]:
    """Return filters for the rows that hang on ours: by their parents' number, or by id."""
    by_number = [f"{relationship.bind}/{NUMBER_COLUMN} eq {plan.mark}"] if parent.numbered else []
    link = f"_{relationship.column}_value"
    return by_number + [
        "(" + " or ".join(f"{link} eq {id}" for id in window) + ")"
        for window in windows(above.without_number)
    ]


def _perhaps_not_ours(plan: Plan, child: LiveTable, own: TableSurvey) -> list[str]:
    """Return what to add to a filter so that it finds few rows of ours, and all others."""
    if not child.numbered:
        return [""]
    doubtful = [f" and {among(child.primary_id, window)}" for window in windows(own.doubtful)]
    return [f" and ({NUMBER_COLUMN} ne {plan.mark} or {NUMBER_COLUMN} eq null)", *doubtful]


def _stranger(
    api: WebApi, row: Mapping[str, Any], child: LiveTable, parent: str, column: str
) -> Stranger:
    id = row[child.primary_id]
    name = row.get(child.primary_name or "") or ""
    link = f"{api.url}/main.aspx?pagetype=entityrecord&etn={child.name}&id={id}"
    return Stranger(child.name, id, name, parent, column, link)
