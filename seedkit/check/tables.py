"""Tables, columns, bind names and choice values that the rows need; messages and keys."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from seedkit.check.brings import UPDATE, solution_of, title_of, way_to, way_to_part
from seedkit.check.model import Area, Finding, Look, Probe, State, several
from seedkit.dataverse.details import ACTIVE, LiveKey, read_keys, read_options
from seedkit.dataverse.metadata import BULK_MESSAGES, LiveTable
from seedkit.errors import MissingInTargetError
from seedkit.schema import load_catalogue

_AREA = Area.TABLES


async def tables(look: Look) -> list[Finding]:
    """Tell of tables that are not there, and of columns and lookups that those there lack."""
    live = await look.tables()
    found = [_no_table(name) for name, table in live.items() if table is None]
    for table in live.values():
        if table is not None:
            found += [*_lacking_columns(look, table), *_lacking_binds(look, table)]
    if found:
        return found
    uses = look.uses.request
    columns = sum(len(look.uses.columns(name)) for name in live)
    detail = f"all {len(live)} tables, {columns} columns and {len(uses.links)} lookups are there"
    return [Finding(_AREA, "metadata", State.OK, detail)]


def _no_table(name: str) -> Finding:
    solution = solution_of(name)
    brought = f"; {solution} ({title_of(solution)}) brings it" if solution else ""
    return Finding(_AREA, name, State.MISSING, f"there is no such table{brought}", way_to(name))


def _lacking_columns(look: Look, table: LiveTable) -> Iterable[Finding]:
    written = look.uses.columns(table.name)
    gone = [name for name in written if name not in table.columns]
    shut = [name for name in written if name not in gone and not table.columns[name].creatable]
    for names, what in ((gone, "lacks the column"), (shut, "lets nobody write the column")):
        if names:
            detail = f"{what}{'s' * (len(names) > 1)} {several(names)}"
            yield Finding(_AREA, table.name, State.MISSING, detail, way_to_part(table.name))


def _lacking_binds(look: Look, table: LiveTable) -> Iterable[Finding]:
    gone = set()
    for own, column, target in look.uses.request.links:
        if own != table.name:
            continue
        try:
            table.bind(column, target)
        except MissingInTargetError:
            gone.add(f"{column} to {target}")
    if gone:
        detail = f"lacks the lookup{'s' * (len(gone) > 1)} {several(sorted(gone))}"
        yield Finding(_AREA, table.name, State.MISSING, detail, way_to_part(table.name))


async def choices(look: Look) -> list[Finding]:
    """Tell of values that rows may have and that the choices of the environment lack."""
    present = await look.present()
    answers = await asyncio.gather(*(_lacking_values(look, table) for table in present))
    found = [finding for answer in answers for finding, _ in answer if finding]
    if found:
        return found
    count = sum(number for answer in answers for _, number in answer)
    return [Finding(_AREA, "choices", State.OK, f"all {count} values that rows may have")]


async def _lacking_values(look: Look, table: LiveTable) -> list[tuple[Finding | None, int]]:
    """Return per choice column the finding, None where nothing lacks, and how many were looked at.

    Choices are asked for only where rows write one.
    """
    written = {
        name: values
        for name, values in look.uses.choices.get(table.name, {}).items()
        if name in table.columns and name in look.uses.columns(table.name)
    }
    types = {table.columns[name].type for name in written}
    options = await read_options(look.api, table.name, types)
    return [
        (_value_finding(table.name, name, sorted(values - options[name])), len(values))
        for name, values in written.items()
        if name in options
    ]


def _value_finding(table: str, column: str, gone: list[int]) -> Finding | None:
    if not gone:
        return None
    named = [_named(table, column, value) for value in gone]
    detail = f"lacks the value{'s' * (len(gone) > 1)} {several(named)}"
    return Finding(_AREA, f"{table}.{column}", State.MISSING, detail, way_to_part(table))


def _named(table: str, column: str, value: int) -> str:
    """Return a value with the label that the schema files have for it."""
    known = load_catalogue()[table].columns[column].options if table in load_catalogue() else None
    return f"{value} ({known[value].label})" if known and value in known else str(value)


async def messages(look: Look) -> list[Finding]:
    """Tell which tables take bulk messages, and how the others are written."""
    written = {name for name, columns in look.uses.request.columns.items() if columns}
    present = [table for table in await look.present() if table.name in written]
    found = []
    for message in BULK_MESSAGES:
        without = [table.name for table in present if message not in table.messages]
        if without:
            detail = (
                f"{several(without)} can't be written by it; their rows go by $batch, more slowly"
            )
            remedy = "Nothing to do: it works, with more requests."
            found.append(Finding(_AREA, message, State.NOTE, detail, remedy))
    if found:
        return found
    detail = (
        f"{' and '.join(BULK_MESSAGES)} on all tables; rows are deleted one by one, in batches, "
        "because ordinary tables have no DeleteMultiple"
    )
    return [Finding(_AREA, "bulk messages", State.OK, detail)]


async def keys(look: Look) -> list[Finding]:
    """Tell of alternate keys whose index is not active, and of those that lack."""
    present = await look.present()
    answers = await asyncio.gather(*(read_keys(look.api, table.name) for table in present))
    live = [key for answer in answers for key in answer]
    found = [_sleeping(key) for key in live if key.status != ACTIVE]
    there = {(key.table, frozenset(key.columns)) for key in live}
    found += [_no_key(*key) for key in _known_keys(present) if key not in there]
    if found:
        return found
    return [Finding(_AREA, "alternate keys", State.OK, f"all {len(live)} are active")]


def _known_keys(tables: Iterable[LiveTable]) -> list[tuple[str, frozenset[str]]]:
    """Return the keys that the schema files have, as tables and sets of columns."""
    catalogue = load_catalogue()
    return [
        (table.name, frozenset(columns))
        for table in tables
        if table.name in catalogue
        for columns in catalogue[table.name].alternate_keys.values()
    ]


def _sleeping(key: LiveKey) -> Finding:
    detail = f"the index of {key.name} ({', '.join(key.columns)}) is {key.status}, not {ACTIVE}"
    remedy = "Wait until it is built, or reactivate the key in the maker portal (Tables > Keys)."
    return Finding(_AREA, key.table, State.NOTE, detail, remedy)


def _no_key(table: str, columns: frozenset[str]) -> Finding:
    named = ", ".join(sorted(columns))
    detail = f"lacks the alternate key on {named}: nothing keeps rows unique by it"
    return Finding(_AREA, table, State.NOTE, detail, UPDATE)


PROBES = (
    Probe(_AREA, "metadata", tables, needed=True),
    Probe(_AREA, "choices", choices),
    Probe(_AREA, "bulk messages", messages),
    Probe(_AREA, "alternate keys", keys),
)
