"""How a catalogue table lies in the store: its physical columns and their positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from seedkit.emulator.rules import CALCULATED
from seedkit.emulator.rules.views import stored_table, view_statements
from seedkit.schema import Catalogue, Column, Relationship, Table

TEXT_TYPES = frozenset({"string", "memo", "entityname", "multipicklist"})
# A file column reads as the id of its file.
ID_TYPES = frozenset({"uniqueidentifier", "lookup", "customer", "owner", "file"})
# KB that a column of each type takes unless it has a maximum of its own [documented].
USUAL_KB = {"file": 32_768, "image": 10_240}
FILE_TYPES = frozenset(USUAL_KB)
DATE_TYPES = frozenset({"datetime", "dateonly"})
INTEGER_TYPES = frozenset({"integer", "bigint", "boolean", "picklist", "state", "status"})
REAL_TYPES = frozenset({"money", "decimal", "double"})
STORED_TYPES = TEXT_TYPES | ID_TYPES | DATE_TYPES | INTEGER_TYPES | REAL_TYPES

BASE64 = "platform_base64"  # the function of the connection that writes bytes as Base64
VERSION = "versionnumber"
TAG = "importsequencenumber"


@dataclass(frozen=True)
class Layout:
    """A table with its physical columns.

    Each stored column keeps its name; a lookup with several targets has a second one beside it
    that names the target's table.
    """

    table: Table
    columns: tuple[str, ...]
    position: Mapping[str, int]

    @property
    def name(self) -> str:
        """Return the logical name of the table."""
        return self.table.name

    @cached_property
    def stored(self) -> str | None:
        """Return the table that holds the rows; None when all are computed from other rows."""
        return stored_table(self.name)

    @cached_property
    def select_by_id(self) -> str:
        """Return the SQL that reads all columns of the row whose id is the parameter."""
        names = ", ".join(f'"{name}"' for name in self.columns)
        return f'SELECT {names} FROM "{self.name}" WHERE "{self.primary_id}" = ?'

    @property
    def entity_set(self) -> str:
        """Return the entity set name of the table."""
        return self.table.entity_set

    @property
    def primary_id(self) -> str:
        """Return the name of the primary key column."""
        return self.table.primary_id

    @cached_property
    def readable(self) -> Mapping[str, Column]:
        """Return the columns that a query may name, by logical name."""
        return {
            name: column
            for name, column in self.table.columns.items()
            if "r" in column.allows and column.type in STORED_TYPES
        }

    @cached_property
    def images(self) -> Mapping[str, Column]:
        """Return the image columns: they are read when they are named, never with all columns."""
        return {
            name: column
            for name, column in self.table.columns.items()
            if column.type == "image" and "r" in column.allows
        }

    @cached_property
    def by_property(self) -> Mapping[str, Column]:
        """Return the readable columns by the names that OData uses: lookups as `_name_value`."""
        return {property_name(column): column for column in self.readable.values()}

    @cached_property
    def single_navigation(self) -> Mapping[str, tuple[Relationship, ...]]:
        """Return the relationships to parents by navigation name (an owner has two targets)."""
        found: dict[str, list[Relationship]] = {}
        for relationship in self.table.relationships:
            found.setdefault(relationship.bind, []).append(relationship)
        return {name: tuple(items) for name, items in found.items()}

    def expression(self, column: str, alias: str) -> str:
        """Return the SQL for a column's value: calculated ones are worked out when read.

        An image reads as the Base64 of its thumbnail [documented].
        """
        if column in self.images:
            return (
                f'(SELECT {BASE64}(i.data) FROM "file content" i WHERE '
                f'i.row = {alias}."{self.primary_id}" AND i."table" = \'{self.name}\' '
                f"AND i.\"column\" = '{column}')"
            )
        formula = CALCULATED.get(self.name, {}).get(column)
        if formula is not None:
            return "(" + formula.format(t=alias) + ")"
        return f'{alias}."{column}"' if column in self.position else "NULL"


def property_name(column: Column) -> str:
    """Return the name under which OData reads a column."""
    return f"_{column.name}_value" if column.is_lookup else column.name


def target_column(column: str) -> str:
    """Return the physical column that names the table a polymorphic lookup points at."""
    return f"{column}@table"


def is_polymorphic(column: Column) -> bool:
    """Tell whether a lookup may point at several tables."""
    return column.targets is not None and len(column.targets) > 1


def make_layouts(catalogue: Catalogue) -> dict[str, Layout]:
    """Return the layout of every table of the catalogue."""
    return {table.name: _make_layout(table) for table in catalogue.values()}


def create_statements(layout: Layout, layouts: Mapping[str, Layout]) -> list[str]:
    """Return the SQL that creates a table with its indexes.

    Indexed are what purges and cascades look for: lookups that point at the tables with many rows
    (those that users own) and the import tag. More indexes were measured to cost more than they
    bring: each slows down every insert.
    """
    if layout.stored is None:
        return view_statements(layout, layouts)
    columns = ", ".join(
        f'"{name}" {sql_type(layout, name)}' + (" PRIMARY KEY" * (name == layout.primary_id))
        for name in layout.columns
    )
    statements = [f'CREATE TABLE "{layout.stored}" ({columns})']
    for name, key in layout.table.alternate_keys.items():
        quoted = ", ".join(f'"{column}"' for column in key)
        statements.append(
            f'CREATE UNIQUE INDEX "{layout.name}:{name}" ON "{layout.stored}" ({quoted})'
        )
    if (pairs := layout.table.many_to_many) is not None:
        ends = f'"{pairs.first.column}", "{pairs.second.column}"'
        statements.append(f'CREATE UNIQUE INDEX "{layout.name}:pair" ON "{layout.name}" ({ends})')
        statements.append(
            f'CREATE INDEX "{layout.name}:back" ON "{layout.name}" ("{pairs.second.column}")'
        )
    for name in _indexed(layout, layouts):
        extra = f', "{layout.primary_id}"' if name == TAG else ""
        statements.append(
            f'CREATE INDEX "{layout.name}.{name}" ON "{layout.stored}" ("{name}"{extra}) '
            f'WHERE "{name}" IS NOT NULL'
        )
    return [*statements, *view_statements(layout, layouts)]


def _make_layout(table: Table) -> Layout:
    names: list[str] = [table.primary_id]
    for column in table.columns.values():
        if column.type not in STORED_TYPES or column.computed or column.name == table.primary_id:
            continue
        names.append(column.name)
        if is_polymorphic(column):
            names.append(target_column(column.name))
    if VERSION not in names:
        names.append(VERSION)
    return Layout(table, tuple(names), {name: index for index, name in enumerate(names)})


def sql_type(layout: Layout, name: str) -> str:
    """Return the declared type of a physical column."""
    column = layout.table.columns.get(name)
    if column is None:
        return "INTEGER" if name == VERSION else "TEXT"
    if column.type in TEXT_TYPES:
        return "TEXT COLLATE NOCASE"
    if column.type in INTEGER_TYPES:
        return "INTEGER"
    return "REAL" if column.type in REAL_TYPES else "TEXT"


def _indexed(layout: Layout, layouts: Mapping[str, Layout]) -> list[str]:
    found = [TAG] if TAG in layout.position else []
    for column in layout.table.columns.values():
        if column.name in layout.position and column.is_lookup and column.targets:
            targets = [layouts[target] for target in column.targets if target in layouts]
            if any(target.table.ownership == "user" for target in targets):
                found.append(column.name)
    return found
