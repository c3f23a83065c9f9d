"""Making a plan: a profile resolved against a live environment, where nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import Environment, read_currencies
from seedkit.dataverse.metadata import NUMBER_COLUMN, LiveTable, read_tables
from seedkit.errors import MissingInTargetError, UsageError
from seedkit.marks import mark_for, start_tick
from seedkit.ordering import Arrangement, Edge, arrange
from seedkit.plan.model import Plan, TablePlan

REQUIRED_LEVELS = frozenset({"ApplicationRequired", "SystemRequired"})
MARK_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What a plan is made from, before an environment is asked.

    `tables` are (name, number) pairs, `links` (table, column, target) triples of the records, and
    `columns` the names of all plain columns that records write, by table.
    """

    run_id: str
    profile_name: str
    profile: Mapping[str, Any]
    as_of: date
    now: datetime
    fingerprint: Mapping[str, str]
    tables: tuple[tuple[str, int], ...]
    links: tuple[tuple[str, str, str], ...]
    columns: Mapping[str, Sequence[str]]


async def make_plan(request: PlanRequest, api: WebApi, environment: Environment) -> Plan:
    """Resolve a request against an environment; nothing is written there."""
    own = [name for name, _ in request.tables]
    foreign = sorted({target for _, _, target in request.links} - set(own))
    every = await read_tables(api, own + foreign)
    live = {name: every[name] for name in own}
    check_columns(request.columns, live)
    base, currencies = await read_currencies(api)
    profile = bind_currencies(request.profile, base, currencies)
    arrangement = arrange(live, _edges(request.links, live))
    return Plan(
        run_id=request.run_id,
        mark=await _unused_mark(api, request.run_id, live.values()),
        started=start_tick(request.now),
        created=request.now.astimezone(UTC).isoformat(timespec="seconds"),
        profile_name=request.profile_name,
        profile=profile,
        as_of=request.as_of.isoformat(),
        fingerprint=dict(request.fingerprint),
        environment=environment,
        currencies=currencies,
        foreign_sets={name: every[name].entity_set for name in foreign},
        tables=tuple(
            _plan_table(live[name], number, request.links, arrangement)
            for name, number in request.tables
        ),
    )


def check_columns(columns: Mapping[str, Sequence[str]], live: Mapping[str, LiveTable]) -> None:
    """Stop before anything is written when the environment lacks columns that records write."""
    missing = [
        f"{table}.{name}"
        for table, names in columns.items()
        for name in names
        if name not in live[table].columns or not live[table].columns[name].creatable
    ]
    if missing:
        raise MissingInTargetError(
            f"The environment lacks columns that the rows need: {', '.join(missing)}.",
            "Update the solution that brings these tables, or use the local environment.",
        )


def bind_currencies(
    profile: Mapping[str, Any], base: str, known: Iterable[str]
) -> Mapping[str, Any]:
    """Return the profile with its currencies settled.

    `environment` becomes the base currency; foreign currencies that the environment lacks are
    left out, and with all of them foreign-currency accounts. MissingInTargetError when it lacks
    the profile's own currency.
    """
    wanted = profile["currency"]
    if wanted != "environment" and wanted not in known:
        raise MissingInTargetError(
            f"The environment has no currency {wanted}.",
            "Add it there, or seed with: --set currency=environment",
        )
    banking = profile["banking"]
    foreign = [code for code in banking["foreign_currencies"].split() if code in known]
    share = banking["foreign_currency"] if foreign else 0.0
    return {
        **profile,
        "currency": base if wanted == "environment" else wanted,
        "banking": {
            **banking,
            "foreign_currencies": " ".join(foreign),
            "foreign_currency": share,
        },
    }


def _edges(links: Iterable[tuple[str, str, str]], live: Mapping[str, LiveTable]) -> list[Edge]:
    return [
        Edge(table, target, column, live[table].column(column).required in REQUIRED_LEVELS)
        for table, column, target in links
    ]


def _plan_table(
    live: LiveTable,
    number: int,
    links: Iterable[tuple[str, str, str]],
    arrangement: Arrangement,
) -> TablePlan:
    own = [(column, target) for table, column, target in links if table == live.name]
    return TablePlan(
        name=live.name,
        number=number,
        entity_set=live.entity_set,
        primary_id=live.primary_id,
        layer=arrangement.layer_of(live.name),
        create_by="CreateMultiple" if "CreateMultiple" in live.messages else "$batch",
        update_by="UpdateMultiple" if "UpdateMultiple" in live.messages else "$batch",
        numbered=live.numbered,
        binds={f"{column}:{target}": live.bind(column, target) for column, target in own},
        deferred=tuple(
            sorted({edge.column for edge in arrangement.opened if edge.child == live.name})
        ),
    )


async def _unused_mark(api: WebApi, run_id: str, tables: Iterable[LiveTable]) -> int:
    """Return the first mark of the run id that no row of any table carries."""
    numbered = [table for table in tables if table.numbered]
    for attempt in range(MARK_ATTEMPTS):
        mark = mark_for(run_id, attempt)
        used = await asyncio.gather(*(_carries(api, table, mark) for table in numbered))
        if not any(used):
            return mark
    raise UsageError(f"Every mark of the run id {run_id} is taken.", "Give another --run-id.")


async def _carries(api: WebApi, table: LiveTable, mark: int) -> bool:
    query = {
        "$select": table.primary_id,
        "$filter": f"{NUMBER_COLUMN} eq {mark}",
        "$top": "1",
    }
    return bool((await api.get(table.entity_set, query))["value"])
