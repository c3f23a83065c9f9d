"""A plan: a profile resolved against an environment, frozen. A run is nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Self

import orjson

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import Environment, read_currencies
from seedkit.dataverse.metadata import NUMBER_COLUMN, LiveTable, read_tables
from seedkit.errors import LedgerError, MissingInTargetError, UsageError
from seedkit.marks import Stamp, mark_for, start_tick
from seedkit.ordering import Arrangement, Edge, arrange

FORMAT = 1
LATEST = "latest"  # means the newest run, so no run can be called so
RUN_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,38}[a-z0-9]")
REQUIRED_LEVELS = frozenset({"ApplicationRequired", "SystemRequired"})
MARK_ATTEMPTS = 20


def check_run_id(run_id: str) -> str:
    """Return a run id that is fit for keys, addresses and file names; UsageError otherwise."""
    if not RUN_ID.fullmatch(run_id) or run_id == LATEST:
        raise UsageError(
            f"The run id {run_id!r} won't do.",
            "Use 2 to 40 lower-case letters, digits and hyphens, such as --run-id retail-7f3a",
        )
    return run_id


def meant(plans: Sequence[Plan], name: str, *, whole: bool = False) -> list[Plan]:
    """Return the plans that a name may mean: the newest for `latest`, an exact id, a beginning.

    `whole` takes no beginning of an id for the id.
    """
    if name == LATEST:
        return sorted(plans, key=lambda plan: plan.created)[-1:]
    exact = [plan for plan in plans if plan.run_id == name]
    return exact or [plan for plan in plans if not whole and plan.run_id.startswith(name)]


@dataclass(frozen=True, slots=True)
class TablePlan:
    """How a table's rows are made: its address, message, layer and lookups.

    `binds` maps "column:target" to the exact name before `@odata.bind`; `deferred` lists the
    lookups that close a cycle and are set in a second pass; `create_by` and `update_by` are a
    bulk message or `$batch`; `numbered` tells whether rows carry the mark in a column.
    """

    name: str
    number: int
    entity_set: str
    primary_id: str
    layer: int
    create_by: str
    update_by: str
    numbered: bool
    binds: Mapping[str, str]
    deferred: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that decides a run's rows and where they go."""

    run_id: str
    mark: int
    started: int
    created: str
    profile_name: str
    profile: Mapping[str, Any]
    as_of: str
    fingerprint: Mapping[str, str]
    environment: Environment
    currencies: Mapping[str, str]
    foreign_sets: Mapping[str, str]
    tables: tuple[TablePlan, ...]

    @property
    def stamp(self) -> Stamp:
        """Return what all ids of the run share."""
        return Stamp(self.mark, self.started)

    @property
    def as_of_date(self) -> date:
        """Return the day at which the bank's world is seen."""
        return date.fromisoformat(self.as_of)

    @property
    def layers(self) -> tuple[tuple[TablePlan, ...], ...]:
        """Return the tables by layer, parents first."""
        count = 1 + max(table.layer for table in self.tables)
        return tuple(
            tuple(table for table in self.tables if table.layer == number)
            for number in range(count)
        )

    def table(self, name: str) -> TablePlan:
        """Return the plan of one table; LedgerError when the run has none of this name."""
        for table in self.tables:
            if table.name == name:
                return table
        raise LedgerError(f"The plan of run {self.run_id} has no table {name}.")

    @property
    def sets(self) -> Mapping[str, str]:
        """Return the entity set of every table that the run writes or points at."""
        return {**self.foreign_sets, **{table.name: table.entity_set for table in self.tables}}

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain values, with its format."""
        return {"format": FORMAT, **asdict(self)}

    def to_bytes(self) -> bytes:
        """Return the plan as canonical JSON."""
        return orjson.dumps(self.to_json(), option=orjson.OPT_SORT_KEYS)

    @property
    def digest(self) -> str:
        """Return the plan's hash."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read a plan; LedgerError when a later version wrote it or it is not whole."""
        if not isinstance(data, Mapping):
            raise LedgerError("A recorded plan is not whole: it has no fields.")
        if data.get("format") != FORMAT:
            raise LedgerError(
                f"This plan has format {data.get('format')}, and this version knows {FORMAT}.",
                "Install the version of seedkit that made the run.",
            )
        try:
            values = {key: value for key, value in data.items() if key != "format"}
            values["environment"] = Environment(**values["environment"])
            values["tables"] = tuple(
                TablePlan(**{**entry, "deferred": tuple(entry["deferred"])})
                for entry in values["tables"]
            )
            check_run_id(values["run_id"])  # it names files, and a note may come from anywhere
            return cls(**values)
        except (KeyError, TypeError, ValueError) as error:
            raise LedgerError(f"A recorded plan is not whole: {error}.") from None


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
