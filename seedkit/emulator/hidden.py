"""An environment where parts are missing: what it hides is taken out of what it knows.

Rows of hidden tables stay in the file, so switching back brings everything back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import orjson

from seedkit.emulator.settings import Settings
from seedkit.emulator.storage.layout import Layout
from seedkit.emulator.storage.store import Store
from seedkit.schema import Catalogue, Column, Table

_FILTERS = "sdkmessagefilter"
_FACT = "hidden messages"


class _Part(Catalogue):
    """Some of the tables of a catalogue, perhaps with fewer columns."""

    def __init__(self, whole: Catalogue, tables: Mapping[str, Table]) -> None:
        self._folder = whole._folder
        self._shipped = whole._shipped or whole
        self._own_choices = whole._own_choices
        self._tables = dict(tables)

    def __getitem__(self, name: str) -> Table:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __contains__(self, name: object) -> bool:
        return name in self._tables


def shown(
    catalogue: Catalogue, layouts: Mapping[str, Layout], settings: Settings
) -> tuple[Catalogue, Mapping[str, Layout]]:
    """Return the tables and layouts without what the settings hide."""
    if not (settings.hidden_tables or settings.hidden_columns or settings.hidden_options):
        return catalogue, layouts
    tables = {
        name: _reduced(table, settings)
        for name, table in catalogue.items()
        if name not in settings.hidden_tables and not _ties_hidden(table, settings)
    }
    part = _Part(catalogue, tables)
    return part, {name: replace(layouts[name], table=table) for name, table in tables.items()}


def _ties_hidden(table: Table, settings: Settings) -> bool:
    """Tell whether a table ties rows of a hidden one to others: it goes with that one."""
    pairs = table.many_to_many
    hidden = settings.hidden_tables
    return pairs is not None and not {pairs.first.table, pairs.second.table}.isdisjoint(hidden)


def _reduced(table: Table, settings: Settings) -> Table:
    columns = {
        name: _without_targets(_without_options(table.name, column, settings), settings)
        for name, column in table.columns.items()
        if f"{table.name}.{name}" not in settings.hidden_columns and not _is_dead(column, settings)
    }
    keys = {
        name: key for name, key in table.alternate_keys.items() if all(c in columns for c in key)
    }
    return replace(table, columns=columns, alternate_keys=keys)


def _is_dead(column: Column, settings: Settings) -> bool:
    """Tell whether a lookup has no table left to point at."""
    return bool(column.targets) and set(column.targets or ()) <= set(settings.hidden_tables)


def _without_targets(column: Column, settings: Settings) -> Column:
    if not column.targets or not set(column.targets) & set(settings.hidden_tables):
        return column
    left = {n: r for n, r in column.targets.items() if n not in settings.hidden_tables}
    return replace(column, targets=left)


def _without_options(table: str, column: Column, settings: Settings) -> Column:
    if not column.options:
        return column
    prefix = f"{table}.{column.name}."
    dropped = {
        int(name.removeprefix(prefix))
        for name in settings.hidden_options
        if name.startswith(prefix) and name.removeprefix(prefix).lstrip("-").isdigit()
    }
    if not dropped:
        return column
    left = {value: option for value, option in column.options.items() if value not in dropped}
    return replace(column, options=left)


def hide_messages(store: Store, settings: Settings) -> None:
    """Take the messages that the settings hide out of the list of messages, put others back.

    The rows taken out are kept as a fact of the file.
    """
    layout = store.layouts[_FILTERS]
    kept = orjson.loads(store.fact(_FACT) or "[]")
    if kept:
        store.insert(layout, kept)
    taken = []
    for row_id in _hidden_filters(store, settings):
        taken.append(store.row(layout, row_id))
        store.connection.execute(
            f'DELETE FROM "{layout.name}" WHERE "{layout.primary_id}" = ?', (row_id,)
        )
    store.set_facts({_FACT: orjson.dumps(taken).decode()})


def _hidden_filters(store: Store, settings: Settings) -> list[str]:
    found = store.connection.execute(
        "SELECT f.sdkmessagefilterid, f.primaryobjecttypecode, m.name FROM sdkmessagefilter f "
        "JOIN sdkmessage m ON m.sdkmessageid = f.sdkmessageid"
    )
    return [
        row_id
        for row_id, table, message in found
        if table in settings.hidden_tables or f"{table}.{message}" in settings.hidden_messages
    ]
