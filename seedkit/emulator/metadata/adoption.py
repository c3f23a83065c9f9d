"""Taking over the schema that was pulled from an environment.

Tables, columns, choices and keys that the shipped schema lacks are added. Where both know a
column, the environment's word goes: lengths, bounds, options, cascades. What the pulled tables
lack of the shipped ones is hidden, and so are bulk messages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seedkit.emulator.content.messages import bulk_messages
from seedkit.emulator.metadata.edit import SchemaEdit
from seedkit.emulator.metadata.newfiles import file_parts, owner_of
from seedkit.emulator.storage.layout import USUAL_KB
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
        new = _with_parts(table if old is None else _over(old, table))
        if new != old:
            edit.put_table(new)
            changed = True
    if changed:
        edit.keep(store)
    offered = bulk_messages(store.connection)
    return {
        "hidden_columns": list(_columns_lacking(schema, catalogue)),
        "hidden_messages": [
            f"{name}.{message}"
            for name in schema.tables
            for message in BULK
            if (name, message) in offered and message not in schema.messages.get(name, ())
        ],
    }


def _columns_lacking(schema: SavedSchema, catalogue: Catalogue) -> Iterator[str]:
    """Return the columns that the file's schema has and the pulled one lacks."""
    for name, table in schema.tables.items():
        old = catalogue[name].columns if name in catalogue else ()
        for column in old:
            if column not in table.columns and owner_of(catalogue[name], column) is None:
                yield f"{name}.{column}"


def _with_parts(table: Table) -> Table:
    """Return a table with what the platform keeps beside files and images."""
    columns = dict(table.columns)
    for column in table.columns.values():
        for part in file_parts(column):
            columns.setdefault(part.name, part)
    return table if len(columns) == len(table.columns) else replace(table, columns=columns)


def _differs(old: Choice | None, new: Choice) -> bool:
    return old is None or old.options != new.options


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
    if shipped.type != pulled.type or shipped.type == "partylist":
        return shipped
    told = dict(_told(shipped, pulled))
    if shipped.targets is not None and pulled.targets is not None:
        told["targets"] = _targets(shipped.targets, pulled.targets)
    return replace(shipped, **told) if told else shipped


def _told(shipped: Column, pulled: Column) -> Iterator[tuple[str, Any]]:
    for name in _TOLD:
        old, new = getattr(shipped, name), getattr(pulled, name)
        same = old == new or (name == "default" and not old and not new)
        usual = name == "max" and old is None and new == USUAL_KB.get(shipped.type)
        if not same and not usual and not (new is None and name != "default"):
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
