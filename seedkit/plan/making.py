"""Making a plan: a profile resolved against a live environment, where nothing is written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from seedkit.dataverse.acting import BACKDATE, Acting
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import (
    LANGUAGES,
    Environment,
    read_currencies,
    read_languages,
)
from seedkit.dataverse.manner import Manner
from seedkit.dataverse.metadata import NUMBER_COLUMN, LiveTable, read_tables
from seedkit.errors import MissingInTargetError, UsageError
from seedkit.marks import mark_for, start_tick
from seedkit.ordering import Arrangement, Edge, arrange
from seedkit.plan.model import Owner, Plan, TablePlan
from seedkit.plan.owners import owner_binds, owner_sets, read_owners
from seedkit.plan.rights import check_owners

PARTY, PARTY_COLUMN = "activityparty", "partyid"  # one who takes part in an activity
MARK_ATTEMPTS = 20


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """What a plan is made from, before an environment is asked.

    `owners` are names with weights, `agents` those of customer service; `backdates` asks for rows
    to be created on days of the past; `lifetime` is how long the run may stay, None for as long as
    nobody purges it.
    `tables` are (name, number) pairs, `links` (table, column, target) triples of the records,
    `parties` (table, target) pairs of activities and those who take part in them, and `columns`
    the names of all plain columns that records write, by table.
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
    owners: Mapping[str, float] = field(default_factory=dict)
    agents: Mapping[str, float] = field(default_factory=dict)
    acting: Acting = field(default_factory=Acting)
    backdates: bool = True
    # Lookups of rows that the environment has, as `links`, and what columns mean there.
    references: tuple[tuple[str, str, str], ...] = ()
    bindings: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    lifetime: timedelta | None = None
    parties: tuple[tuple[str, str], ...] = ()
    left_out: tuple[str, ...] = ()  # of what the profile asks for; the environment lacks it

    @property
    def everyone(self) -> Mapping[str, float]:
        """Return the names of all that rows are given to."""
        return {**self.owners, **self.agents}

    @property
    def foreign(self) -> frozenset[str]:
        """Return the tables that rows of the run need beside their own."""
        targets = {target for _, _, target in self.links} | {target for _, target in self.parties}
        return frozenset(targets | ({PARTY} if self.parties else set())) - dict(self.tables).keys()


async def make_plan(request: PlanRequest, api: WebApi, environment: Environment) -> Plan:
    """Resolve a request against an environment; nothing is written there.

    From then on the client makes its requests as the run's are made.
    """
    wanted = (BACKDATE,) if request.backdates else ()
    rights = await request.acting.begin(api, environment.user, Manner(), wanted)
    owners = await read_owners(api, request.owners)
    agents = await read_owners(api, request.agents)
    everyone = (*owners, *agents)
    whoever = api.manner.impersonated.id if api.manner.impersonated else environment.user
    own = [name for name, _ in request.tables]
    looked_up = {target for _, _, target in request.references} - set(own)
    foreign = sorted(request.foreign | looked_up)
    every = await read_tables(api, own + foreign)
    live = {name: every[name] for name in own}
    check_columns(request.columns, live)
    owned = [name for name in request.columns if live[name].owned]
    await check_owners(api, whoever, everyone, owned)
    base, currencies = await read_currencies(api)
    profile = bind_currencies(request.profile, base, currencies)
    parties = [Edge(table, target, PARTY_COLUMN, True) for table, target in request.parties]
    arrangement = arrange(live, [*edges_of(request.links, live), *parties])
    return Plan(
        run_id=request.run_id,
        mark=await _unused_mark(api, request.run_id, live.values()),
        started=start_tick(request.now),
        created=_moment(request.now),
        profile_name=request.profile_name,
        profile=profile,
        as_of=request.as_of.isoformat(),
        fingerprint=dict(request.fingerprint),
        environment=environment,
        currencies=currencies,
        languages=await read_languages(api) if LANGUAGES in foreign else {},
        foreign_sets={name: every[name].entity_set for name in foreign} | owner_sets(everyone),
        tables=tuple(
            _plan_table(every, name, number, request, arrangement, everyone)
            for name, number in request.tables
        ),
        owners=owners,
        agents=agents,
        left_out=request.left_out,
        impersonated=api.manner.impersonated,
        bypass_logic=api.manner.bypass_logic,
        backdates=BACKDATE in rights,
        columns=request.bindings,
        expires=None if request.lifetime is None else _moment(request.now + request.lifetime),
    )


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds")


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


def edges_of(links: Iterable[tuple[str, str, str]], live: Mapping[str, LiveTable]) -> list[Edge]:
    """Return what points at what; a lookup that the environment requires is firm."""
    return [
        Edge(table, target, column, live[table].column(column).needed)
        for table, column, target in links
    ]


def _plan_table(
    every: Mapping[str, LiveTable],
    name: str,
    number: int,
    request: PlanRequest,
    arrangement: Arrangement,
    owners: tuple[Owner, ...],
) -> TablePlan:
    live = every[name]
    return TablePlan(
        name=live.name,
        number=number,
        entity_set=live.entity_set,
        primary_id=live.primary_id,
        layer=arrangement.layer_of(live.name),
        create_by="CreateMultiple" if "CreateMultiple" in live.messages else "$batch",
        update_by="UpdateMultiple" if "UpdateMultiple" in live.messages else "$batch",
        numbered=live.numbered,
        binds=_binds(live, request.links)
        | (owner_binds(live, owners) if name in request.columns else {})
        | {
            f"{PARTY_COLUMN}:{target}": every[PARTY].bind(PARTY_COLUMN, target)
            for table, target in request.parties
            if table == name
        },
        deferred=_deferred(name, request.links, arrangement),
        references=_binds(live, request.references),
    )


def _deferred(
    name: str, links: Iterable[tuple[str, str, str]], arrangement: Arrangement
) -> tuple[str, ...]:
    """Return a table's lookups that close a cycle, those that point at its own rows among them."""
    opened = {edge.column for edge in arrangement.opened if edge.child == name}
    own = {column for table, column, target in links if table == target == name}
    return tuple(sorted(opened | own))


def _binds(live: LiveTable, links: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    own = [(column, target) for table, column, target in links if table == live.name]
    return {f"{column}:{target}": live.bind(column, target) for column, target in own}


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
