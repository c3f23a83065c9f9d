"""Taking over the schema that was pulled from an environment.

Tables, columns, choices and keys that the shipped schema lacks are added. Where both know a
column, the environment's word goes: lengths, bounds, options, cascades. What the pulled tables
lack of the shipped ones is hidden, and so are bulk messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seedkit.emulator.metadata.edit import SchemaEdit
from seedkit.schema import Catalogue, Choice, Column, Relationship, Table
from seedkit.schema.saved import SavedSchema

if TYPE_CHECKING:
    from seedkit.emulator.storage.store import Store

BULK = ("CreateMultiple", "UpdateMultiple")
# What a definition tells of a column; the rest of a shipped one says how the platform fills it.
_TOLD = (
    "label",
    "allows",
    "required",
    "max_length",
    "precision",
    "min",
    "max",
    "behavior",
    "default",
    "autonumber",
    "choice",
    "options",
)


def adopt(store: Store, schema: SavedSchema) -> dict[str, Any]:
    """Store a pulled schema, within a transaction; return the switches that hide what it lacks."""
    catalogue = store.catalogue
    edit = SchemaEdit(catalogue)
    changed = False
    for choice in schema.choices.values():
        if _differs(catalogue.choices.get(choice.name), choice):
            edit.put_choice(choice)
            changed = True
    for table in schema.tables.values():
        old = edit.table(table.name) if edit.knows(table.name) else None
        new = table if old is None else _over(old, table)
        if new != old:
            edit.put_table(new)
            changed = True
    if changed:
        edit.keep(store)
    return hidden(schema, catalogue)


def hidden(schema: SavedSchema, catalogue: Catalogue) -> dict[str, Any]:
    """Return the switches that hide what the shipped schema has and a pulled one lacks."""
    both = [(catalogue[name], table) for name, table in schema.tables.items() if name in catalogue]
    return {
        "hidden_columns": [
            f"{shipped.name}.{name}"
            for shipped, table in both
            for name in shipped.columns
            if name not in table.columns
        ],
        "hidden_messages": [
            f"{shipped.name}.{message}"
            for shipped, _ in both
            for message in BULK
            if message not in schema.messages.get(shipped.name, ())
        ],
    }


def _differs(old: Choice | None, new: Choice) -> bool:
    return old is None or (old.label, old.options) != (new.label, new.options)


def _over(shipped: Table, pulled: Table) -> Table:
    """Return a shipped table as the environment has it."""
    columns = dict(shipped.columns)
    for name, column in pulled.columns.items():
        columns[name] = _column(columns[name], column) if name in columns else column
    known = {frozenset(key) for key in shipped.alternate_keys.values()}
    keys = {name: key for name, key in pulled.alternate_keys.items() if frozenset(key) not in known}
    return replace(
        shipped,
        label=pulled.label,
        collection_label=pulled.collection_label,
        columns=columns,
        alternate_keys={**shipped.alternate_keys, **keys},
    )


def _column(shipped: Column, pulled: Column) -> Column:
    """Return a shipped column as the environment has it; another type than ours is left alone."""
    if shipped.type != pulled.type:
        return shipped
    told = dict(_told(shipped, pulled))
    if shipped.targets is not None and pulled.targets is not None:
        told["targets"] = _targets(shipped.targets, pulled.targets)
    return replace(shipped, **told) if told else shipped


def _told(shipped: Column, pulled: Column) -> Iterator[tuple[str, Any]]:
    for name in _TOLD:
        old, new = getattr(shipped, name), getattr(pulled, name)
        same = old == new or (name == "default" and not old and not new)
        if not same and not (new is None and name != "default"):
            yield name, new


def _targets(
    shipped: Mapping[str, Relationship], pulled: Mapping[str, Relationship]
) -> Mapping[str, Relationship]:
    """Return the relationships of a lookup: those that agree stay as they are."""
    found = dict(shipped)
    for parent, new in pulled.items():
        old = found.get(parent)
        if old is None or (old.bind, old.cascade) != (new.bind, new.cascade):
            found[parent] = new
    return found
