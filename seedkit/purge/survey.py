"""Looking before deleting: which rows are ours, which are doubtful, and what hangs on them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import LiveTable
from seedkit.ledger import Origin
from seedkit.plan import Plan, TablePlan
from seedkit.purge.acceptance import doubt_about
from seedkit.purge.candidates import read_candidates
from seedkit.purge.findings import Doubtful, Survey, TableSurvey, link_to
from seedkit.purge.memory import Memory
from seedkit.purge.rows import Rows
from seedkit.purge.strangers import find_strangers


async def survey(
    api: WebApi, plan: Plan, live: Mapping[str, LiveTable], memory: Memory, origin: Origin
) -> Survey:
    """Collect a run's rows and the strangers that hang on them; nothing is changed."""
    tables = await collect(api, plan, live, memory, origin)
    parents = [live[name] for name, rows in tables.items() if len(rows.ours)]
    searched = await asyncio.gather(
        *(find_strangers(api, plan, parent, live, tables) for parent in parents)
    )
    return Survey(tables, tuple(stranger for group in searched for stranger in group))


async def collect(
    api: WebApi, plan: Plan, live: Mapping[str, LiveTable], memory: Memory, origin: Origin
) -> dict[str, TableSurvey]:
    """Return what each table holds of a run."""
    found = await asyncio.gather(
        *(
            _survey_table(api, plan, table, live[table.name], memory, origin)
            for table in plan.tables
        )
    )
    return dict(zip((table.name for table in plan.tables), found, strict=True))


async def _survey_table(
    api: WebApi, plan: Plan, table: TablePlan, live: LiveTable, memory: Memory, origin: Origin
) -> TableSurvey:
    ours, without_number, doubtful = [], [], []
    async for row in read_candidates(api, plan, table, live, memory):
        doubt = doubt_about(row, origin, must_have_number=table.numbered)
        if doubt is not None:
            link = link_to(api.url, table.name, row.id)
            doubtful.append(Doubtful(table.name, row.id, doubt.value, link))
            continue
        ours.append(row.id)
        if not row.number:
            without_number.append(row.id)
    return TableSurvey(
        ours=Rows.of(plan.stamp, table.number, ours),
        without_number=Rows.of(plan.stamp, table.number, without_number),
        doubtful=tuple(doubtful),
    )
