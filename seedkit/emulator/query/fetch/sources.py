"""The tables of one query under their aliases, and the columns that can be named in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from seedkit.emulator.errors import PlatformError
from seedkit.emulator.query.fetch.errors import BAD_ALIAS, UNKNOWN_ALIAS, no_attribute, no_entity
from seedkit.emulator.session import Environment
from seedkit.emulator.storage.layout import (
    ID_TYPES,
    TEXT_TYPES,
    Layout,
    is_polymorphic,
    target_column,
)
from seedkit.schema import Column

_is_alias = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*").fullmatch
COMPANION = "name"  # what the name of a column of texts beside a lookup or a choice ends in


class Parameters:
    """What is unique in one statement: the names of its values and of its tables."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self._names: dict[tuple[type, Any], str] = {}
        self._aliases = 0

    def add(self, value: Any) -> str:
        """Keep a value and return what stands for it in the SQL."""
        # Equal values share a name, so that equal expressions are equal texts.
        name = self._names.setdefault((type(value), value), f"p{len(self._names)}")
        self.values[name] = value
        return f":{name}"

    def alias(self) -> str:
        """Return a name for a table that no other table of the statement has."""
        self._aliases += 1
        return f"s{self._aliases}"


@dataclass(frozen=True, slots=True)
class Source:
    """One table of a query: `name` is how conditions, orders and rows call it; None is the main."""

    layout: Layout
    alias: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Field:
    """A column of one source as SQL."""

    source: Source
    sql: str
    column: Column

    @property
    def target(self) -> str | None:
        """Return the SQL for the table that a lookup points at; None for anything else."""
        if not self.column.is_lookup:
            return None
        if is_polymorphic(self.column):
            return f'{self.source.alias}."{target_column(self.column.name)}"'
        return f"'{next(iter(self.column.targets or {}))}'"


@dataclass
class Names:
    """Hands out the sources of a query and finds their columns."""

    environment: Environment
    parameters: Parameters
    visible: list[Source] = field(default_factory=list)
    joins: int = 0

    def open(self, table: str, name: str | None) -> Source:
        """Return a source for a table under a fresh SQL alias; 400 for an unknown table."""
        layout = self.environment.layouts.get(table)
        if layout is None:
            raise no_entity(table)
        return Source(layout, self.parameters.alias(), name)

    def join(self, table: str, alias: str | None) -> Source:
        """Return the source of a join; without an alias it is called by table and position."""
        self.joins += 1
        if alias is not None:
            check_alias(alias)
        name = alias or f"{table}{self.joins}"
        if any(source.name == name for source in self.visible):
            raise PlatformError(BAD_ALIAS, f"The alias '{name}' stands for two tables.")
        source = self.open(table, name)
        self.visible.append(source)
        return source

    def named(self, name: str) -> Source:
        """Return the visible source of a name: its alias, else its table's when there is one."""
        for source in self.visible:
            if source.name == name:
                return source
        same = [source for source in self.visible if source.layout.name == name]
        if len(same) != 1:
            raise PlatformError(UNKNOWN_ALIAS, f"The query joins no table under the name '{name}'.")
        return same[0]

    def find(self, source: Source, name: str) -> Field:
        """Return a column of a source, or the text beside one; 400 when there is neither."""
        column = source.layout.table.columns.get(name)
        if column is not None and "r" in column.allows:
            return Field(source, source.layout.expression(name, source.alias), column)
        owner = source.layout.readable.get(name.removesuffix(COMPANION))
        if owner is None or not name.endswith(COMPANION) or not has_text(owner):
            raise no_attribute(source.layout.name, name)
        pseudo = Column(name=name, type="string", schema_name=name, label=name, allows="r")
        return Field(source, self.text(self.find(source, owner.name)), pseudo)

    def text(self, found: Field) -> str:
        """Return the SQL for the text beside a lookup or a choice."""
        if found.column.is_lookup:
            return f"({self._target_name(found)}) COLLATE NOCASE"
        return f"({self._label(found)}) COLLATE NOCASE"

    def _label(self, found: Field) -> str:
        cases = [
            f"WHEN {value:d} THEN {self.parameters.add(option.label)}"
            for value, option in (found.column.options or {}).items()
        ]
        return f"CASE {found.sql} {' '.join(cases)} END" if cases else "NULL"

    def _target_name(self, found: Field) -> str:
        names = {
            table: self._primary_name(self.environment.layouts[table], found.sql)
            for table in found.column.targets or {}
            if table in self.environment.layouts
        }
        if not names:
            return "NULL"
        if not is_polymorphic(found.column):
            return next(iter(names.values()))
        cases = " ".join(f"WHEN '{table}' THEN ({sql})" for table, sql in names.items())
        return f"CASE {found.target} {cases} END"

    def _primary_name(self, layout: Layout, row_id: str) -> str:
        name = layout.table.primary_name
        if name is None or name not in layout.position:
            return "NULL"
        return f'SELECT n."{name}" FROM "{layout.name}" n WHERE n."{layout.primary_id}" = {row_id}'


def check_alias(alias: str) -> None:
    """Refuse an alias of other characters than the platform takes [observed]."""
    if _is_alias(alias) is None:
        raise PlatformError(
            BAD_ALIAS,
            f"Invalid character specified for alias: {alias}. Only characters within the ranges "
            "[A-Z], [a-z] or [0-9] or _ are allowed.",
        )


def has_text(column: Column) -> bool:
    """Tell whether a text stands beside a column's value: of lookups and choices."""
    return column.is_lookup or (bool(column.options) and column.type != "multipicklist")


def family(column: Column) -> int:
    """Return a number that columns share whose values can be compared with each other."""
    families: Sequence[frozenset[str]] = (
        TEXT_TYPES,
        ID_TYPES,
        frozenset({"datetime"}),
        frozenset({"dateonly"}),
        frozenset({"boolean"}),
    )
    return next(
        (number for number, types in enumerate(families) if column.type in types), len(families)
    )
