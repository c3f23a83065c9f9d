"""Asking an environment about what a profile adds and leaves out; nothing is written there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from seedkit.custom.binding import Binding, Bindings, bind, literal
from seedkit.custom.checks import Case, faults_of
from seedkit.custom.custom import Custom
from seedkit.custom.details import ColumnDetail, from_live
from seedkit.custom.finish import sources
from seedkit.custom.naming import Problem, did_you_mean
from seedkit.custom.skipping import needed_problems
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import LiveTable, look_up_tables
from seedkit.dataverse.traits import read_traits
from seedkit.errors import MissingInTargetError, ServiceError
from seedkit.generators import Table
from seedkit.profile.columns import ColumnValue, Reference
from seedkit.records.tables import LINKS, TABLES

# What hangs on a part of a feature is left out with it, and nothing else needs its rows.
_FEATURED = frozenset(table.name for table in TABLES if table.features)
_PLAIN_LINKS = tuple(link for link in LINKS if _FEATURED.isdisjoint((link[0], link[2])))
HINT = "Change the profile or the environment, then: seedkit check --profile NAME --environment ENV"
SHOWN_ROWS = 3
BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """What an environment says to a profile: bindings, and what does not fit there."""

    bindings: Bindings
    problems: tuple[Problem, ...]


async def bind_live(api: WebApi, custom: Custom, households: int) -> Bindings:
    """Return what a profile's columns mean in an environment.

    MissingInTargetError names every table and column that does not fit there.
    """
    answer = await ask(api, custom, households)
    if answer.problems:
        lines = "\n".join(f"  {problem}" for problem in answer.problems)
        raise MissingInTargetError(
            f"The environment does not take what the profile asks for:\n{lines}", HINT
        )
    return answer.bindings


async def ask(api: WebApi, custom: Custom, households: int) -> Answer:
    """Compare what a profile adds and leaves out with an environment's own description."""
    live = await look_up_tables(api, sorted(_tables_of(custom)))
    problems = [
        Problem(f"columns.{name}", "is a table that the environment lacks.")
        for name, table in live.items()
        if table is None and (name in custom.columns or name in _targets(custom))
    ]
    known = {name: table for name, table in live.items() if table is not None}
    problems += _required_problems(custom, known)
    problems += _plugin_problems(custom, live)
    bindings: dict[str, dict[str, Binding]] = {}
    for table, specs in custom.columns.items():
        if table in known:
            details = await _details(api, known[table], specs)
            problems += _problems(table, specs, details, households)
            found, faults = await _find_rows(api, table, specs, known)
            problems += faults
            bindings[table] = {
                name: bind(spec, details[name], found.get(name, ""))
                for name, spec in specs.items()
                if name in details
            }
    return Answer(bindings, tuple(problems))


def _targets(custom: Custom) -> set[str]:
    return {target for _, _, target in custom.references}


def _tables_of(custom: Custom) -> set[str]:
    """Return the tables that must be asked about."""
    left_out = custom.omitted
    needing = {table for table, _, target in _PLAIN_LINKS if target in left_out.tables}
    own = {*custom.columns, *left_out.columns, *custom.declared}
    return (own | _targets(custom) | needing) - left_out.tables


async def _details(
    api: WebApi, table: LiveTable, specs: Mapping[str, ColumnValue]
) -> dict[str, ColumnDetail]:
    """Return what the columns take that are given, and those that they are made of."""
    names = {*specs, *(source for spec in specs.values() for source in sources(spec))}
    types = {table.columns[name].type for name in names if name in table.columns}
    return from_live(table, await read_traits(api, table.name, types))


def _problems(
    table: str,
    specs: Mapping[str, ColumnValue],
    details: Mapping[str, ColumnDetail],
    households: int,
) -> Iterator[Problem]:
    for name, spec in specs.items():
        key = f"columns.{table}.{name}"
        if name not in details:
            yield Problem(key, "is no column there.", did_you_mean(name, details))
            continue
        case = Case(details[name], specs, details, households)
        for problem, suggestion in faults_of(spec, case):
            yield Problem(key, problem, suggestion)


def _required_problems(custom: Custom, live: Mapping[str, LiveTable]) -> Iterable[Problem]:
    """Return what can't be left out because the environment requires it."""
    required = {
        (name, column)
        for name, table in live.items()
        for column, detail in from_live(table, {}).items()
        if detail.required
    }
    return needed_problems(custom.omitted, _PLAIN_LINKS, required)


def _plugin_problems(custom: Custom, live: Mapping[str, LiveTable | None]) -> Iterator[Problem]:
    """Return what plug-ins need and the environment lacks: tables, columns, lookups."""
    for plugin in custom.plugins:
        for table in plugin.tables:
            there = live.get(table.name)
            if table.name in custom.omitted.tables:
                continue
            if there is None:
                needed = f"needs the table {table.name}, which the environment lacks."
                yield Problem(f"generators.{plugin.name}", needed)
                continue
            for column in _lacking(table, there):
                needed = f"needs the column {table.name}.{column}, which can't be written there."
                yield Problem(f"generators.{plugin.name}", needed)


def _lacking(table: Table, there: LiveTable) -> Iterator[str]:
    for column in table.columns:
        if column not in there.columns or not there.columns[column].creatable:
            yield column
    known = {(lookup.column, lookup.parent) for lookup in there.lookups}
    for link in table.links:
        if (link.column, link.target) not in known:
            yield f"{link.column} (pointing at {link.target})"


async def _find_rows(
    api: WebApi, table: str, specs: Mapping[str, ColumnValue], live: Mapping[str, LiveTable]
) -> tuple[dict[str, str], list[Problem]]:
    """Return the ids of the rows that columns look up, and what was not found."""
    wanted = {
        name: (spec, live[spec.lookup])
        for name, spec in specs.items()
        if isinstance(spec, Reference) and spec.lookup in live
    }
    found = await asyncio.gather(*(_find_row(api, spec, there) for spec, there in wanted.values()))
    ids, problems = {}, []
    for name, result in zip(wanted, found, strict=True):
        if isinstance(result, Fault):
            problems.append(Problem(f"columns.{table}.{name}", result.text))
        else:
            ids[name] = result
    return ids, problems


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was not found."""

    text: str


async def _find_row(api: WebApi, spec: Reference, table: LiveTable) -> str | Fault:
    condition = spec.filter or filter_of(spec)
    names = [name for name in (table.primary_id, table.primary_name) if name]
    query = {"$select": ",".join(names), "$filter": condition, "$top": str(SHOWN_ROWS)}
    try:
        rows = (await api.get(table.entity_set, query))["value"]
    except ServiceError as error:
        if error.status != BAD_REQUEST:
            raise
        return Fault(f"can't be looked up in {table.name} by {condition}: {error.reason}")
    if len(rows) == 1:
        return str(rows[0][table.primary_id])
    if not rows:
        return Fault(f"finds no row of {table.name} by {condition}.")
    shown = ", ".join(
        f"{row.get(table.primary_name or '') or 'one without a name'} ({row[table.primary_id]})"
        for row in rows
    )
    more = " and perhaps more" if len(rows) == SHOWN_ROWS else ""
    return Fault(f"finds several rows of {table.name} by {condition}: {shown}{more}.")


def filter_of(spec: Reference) -> str:
    """Return the OData filter that a key means."""
    return " and ".join(f"{name} eq {literal(value)}" for name, value in (spec.key or {}).items())
