"""Tables and global choices as JSON documents, in the format of the shipped schema files."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from seedkit.schema.catalogue import (
    Choice,
    Column,
    ManyToMany,
    Option,
    Relationship,
    Table,
    read_options,
    read_table,
)

Document = dict[str, Any]

_TABLE_APART = frozenset({"columns", "alternate_keys", "facts_from", "many_to_many"})
_COLUMN_APART = frozenset({"name", "options", "targets"})


def to_table(text: str) -> Table:
    """Return the table that a document describes."""
    return read_table(json.loads(text))


def from_table(table: Table) -> str:
    """Return a table's document; `to_table` makes an equal table of it."""
    found: Document = _plain(table, _TABLE_APART)
    found["facts_from"] = list(table.facts_from)
    found["alternate_keys"] = {name: list(key) for name, key in table.alternate_keys.items()}
    if table.many_to_many is not None:
        found["many_to_many"] = _from_pairs(table.many_to_many)
    found["columns"] = {name: _from_column(column) for name, column in table.columns.items()}
    return json.dumps(found, ensure_ascii=False)


def to_choice(text: str) -> Choice:
    """Return the global choice that a document describes."""
    data = json.loads(text)
    return Choice(**{**data, "options": read_options(data["options"])})


def from_choice(choice: Choice) -> str:
    """Return a global choice's document."""
    found = {
        "name": choice.name,
        "label": choice.label,
        "kind": choice.kind,
        "options": _from_options(choice.options.values()),
        "description": choice.description,
    }
    return json.dumps(found, ensure_ascii=False)


def _plain(thing: Any, apart: frozenset[str]) -> Document:
    """Return the fields of a dataclass that JSON can hold, without those at their defaults."""
    return {
        item.name: getattr(thing, item.name)
        for item in fields(thing)
        if item.name not in apart and getattr(thing, item.name) != item.default
    }


def _from_column(column: Column) -> Document:
    found = _plain(column, _COLUMN_APART)
    if column.options is not None:
        found["options"] = _from_options(column.options.values())
    if column.targets is not None:
        found["targets"] = {
            name: _from_relationship(relationship) for name, relationship in column.targets.items()
        }
    return found


def _from_options(options: Any) -> Document:
    found: Document = {}
    for option in options:
        found[str(option.value)] = _from_option(option)
    return found


def _from_option(option: Option) -> Document:
    known = {"label": option.label, "state": option.state, "status": option.default_status}
    return {name: value for name, value in known.items() if value is not None}


def _from_relationship(relationship: Relationship) -> Document:
    found: Document = {"bind": relationship.bind}
    if relationship.name is not None:
        found["relationship"] = relationship.name
    if relationship.collection is not None:
        found["collection"] = relationship.collection
    cascade = relationship.cascade
    return {**found, "cascade": None if cascade is None else dict(cascade)}


def _from_pairs(pairs: ManyToMany) -> Document:
    return {
        "name": pairs.name,
        **{
            end: {"table": side.table, "column": side.column, "collection": side.collection}
            for end, side in (("first", pairs.first), ("second", pairs.second))
        },
    }
