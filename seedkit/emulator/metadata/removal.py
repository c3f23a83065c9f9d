"""Deleting parts of the schema, and the refusals when something depends on them.

What was shipped belongs to managed solutions and can't be deleted [documented].
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from seedkit.emulator.errors import DEPENDENCY, PlatformError
from seedkit.emulator.metadata.edit import SchemaEdit, in_use
from seedkit.emulator.metadata.labels import metadata_id
from seedkit.emulator.metadata.newfiles import file_parts, owner_of, with_primary_image
from seedkit.emulator.metadata.newtable import forget_table


def table(edit: SchemaEdit, name: str) -> None:
    """Delete a table; 400 when lookups of other tables or relationships need it."""
    _refuse_shipped(edit.is_shipped(name), f"table {name}")
    users = [f"{item.child}.{item.column}" for item in forget_table(edit, name)]
    for other in edit.tables():
        pairs = other.many_to_many
        if pairs is not None and name in (pairs.first.table, pairs.second.table):
            users.append(pairs.name)
    if users and name not in users:
        raise in_use(f"table {name}", ", ".join(users))
    edit.drop_table(name)
    edit.note_gone("Entity", metadata_id("table", name))


def column(edit: SchemaEdit, table: str, name: str) -> None:
    """Delete a column; 400 when it is the platform's own or part of a key."""
    found = edit.table(table)
    own = name == found.primary_name or not edit.is_custom_column(table, name)
    part = found.columns[name].base_of is not None or owner_of(found, name) is not None
    _refuse_shipped(own or part, f"column {table}.{name}")
    keys = [key for key, columns in found.alternate_keys.items() if name in columns]
    if keys:
        raise in_use(f"column {table}.{name}", f"the key {keys[0]}")
    if found.columns[name].targets:
        raise in_use(f"column {table}.{name}", "its relationship")
    _drop(edit, table, name)


def _drop(edit: SchemaEdit, table: str, name: str) -> None:
    columns = edit.table(table).columns
    gone = {name} | {c.name for c in columns.values() if c.base_of == name}
    gone |= {part.name for part in file_parts(columns[name])}
    edit.drop_columns(table, gone)
    edit.put_table(with_primary_image(edit.table(table)))
    for item in sorted(gone):
        edit.note_gone("Attribute", metadata_id("column", f"{table}.{item}"))


def refuse_shipped_key(edit: SchemaEdit, table: str, name: str) -> None:
    """Refuse to delete a key that was shipped."""
    _refuse_shipped(edit.is_shipped_key(table, name), f"key {name}")


def relationship(edit: SchemaEdit, item: dict[str, Any]) -> None:
    """Delete a relationship with its lookup, or with its table of pairs."""
    if "IntersectEntityName" in item:
        name = item["IntersectEntityName"]
        _refuse_shipped(edit.is_shipped(name), f"relationship {item['SchemaName']}")
        edit.drop_table(name)
        edit.note_gone("Relationship", item["MetadataId"])
        return
    child, lookup = item["ReferencingEntity"], item["ReferencingAttribute"]
    own = not edit.is_custom_column(child, lookup)
    _refuse_shipped(own, f"relationship {item['SchemaName']}")
    found = edit.table(child)
    keys = [key for key, columns in found.alternate_keys.items() if lookup in columns]
    if keys:
        raise in_use(f"relationship {item['SchemaName']}", f"the key {keys[0]}")
    targets = dict(found.columns[lookup].targets or {})
    if len(targets) > 1:
        raise in_use(f"relationship {item['SchemaName']}", f"the customer lookup {lookup}")
    edit.put_column(child, replace(found.columns[lookup], targets=None))
    _drop(edit, child, lookup)
    edit.note_gone("Relationship", item["MetadataId"])


def choice(edit: SchemaEdit, name: str) -> None:
    """Delete a global choice; 400 when columns use it."""
    _refuse_shipped(edit.is_shipped_choice(name), f"option set {name}")
    users = [
        f"{table.name}.{column.name}"
        for table in edit.tables()
        for column in table.columns.values()
        if column.choice == name
    ]
    if users:
        raise in_use(f"option set {name}", ", ".join(users))
    edit.drop_choice(name)
    edit.note_gone("OptionSet", metadata_id("choice", name))


def _refuse_shipped(shipped: bool, what: str) -> None:
    if shipped:
        raise PlatformError(DEPENDENCY, f"The {what} is managed and can't be deleted.")
