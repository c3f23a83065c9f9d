"""One change of the schema while it is being made: what it replaces, adds and removes.

Everything is kept apart until `commit`, which stores it and alters the file's tables within the
transaction of the request; the environment takes it over before the next operation.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from seedkit.emulator.content import announce_table, withdraw_table
from seedkit.emulator.errors import (
    DEPENDENCY,
    DUPLICATE_KEY,
    MISSING_ROW,
    NAME_TAKEN,
    SCHEMA_NAME,
    PlatformError,
    shown,
)
from seedkit.emulator.metadata.labels import metadata_id
from seedkit.schema import Catalogue, Choice, Column, Relationship, Table

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.store import Store

_PREFIXED = re.compile(r"[A-Za-z][A-Za-z0-9]{1,7}_[A-Za-z0-9_]+").fullmatch
_RESERVED = "mscrm"
_FIRST_CODE = 10_000  # of the numbers of custom tables [expected]


class SchemaEdit:
    """The working copy of a schema that one request changes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._tables: dict[str, Table | None] = {}
        self._choices: dict[str, Choice | None] = {}
        self._gone: list[tuple[str, str]] = []

    def tables(self) -> Iterator[Table]:
        """Return all tables as they are now."""
        for name in [*self._catalogue, *(x for x in self._tables if x not in self._catalogue)]:
            table = self._tables.get(name, self._catalogue.get(name))
            if table is not None:
                yield table

    def knows(self, name: str) -> bool:
        """Tell whether there is a table."""
        return self._tables.get(name, self._catalogue.get(name)) is not None

    def table(self, name: str) -> Table:
        """Return a table as it is now; 404 when there is none."""
        table = self._tables.get(name, self._catalogue.get(name))
        if table is None:
            raise PlatformError(MISSING_ROW, f"Could not find an entity with name {name}.")
        return table

    def choice(self, name: str) -> Choice | None:
        """Return a global choice as it is now."""
        return self._choices.get(name, self._catalogue.choices.get(name))

    def is_shipped(self, name: str) -> bool:
        """Tell whether a table is none that this environment added."""
        return self._catalogue.is_shipped(name)

    def is_shipped_choice(self, name: str) -> bool:
        """Tell whether a global choice is none that this environment added."""
        return self._catalogue.is_shipped_choice(name)

    def is_custom_column(self, table: str, name: str) -> bool:
        """Tell whether a column was added by a customer, rather than shipped or the platform's."""
        added = not self._catalogue.is_shipped(table, name)
        return added and _PREFIXED(name) is not None and name != self.table(table).primary_id

    def is_shipped_key(self, table: str, name: str) -> bool:
        """Tell whether a key is none that this environment added."""
        return self._catalogue.is_shipped_key(table, name)

    def find_choice(self, row_id: str) -> Choice | None:
        """Return the global choice with an id."""
        names = [*self._choices, *self._catalogue.choices]
        return next((self.choice(n) for n in names if metadata_id("choice", n) == row_id), None)

    def add_table(self, table: Table) -> None:
        """Add a table; 400 when the name is taken."""
        if self.knows(table.name):
            raise _taken("An entity", table.name)
        self._tables[table.name] = table

    def put_table(self, table: Table) -> None:
        """Replace a table."""
        self._tables[table.name] = table

    def put_column(self, table: str, column: Column) -> None:
        """Add or replace a column."""
        old = self.table(table)
        self.put_table(replace(old, columns={**old.columns, column.name: column}))

    def add_column(self, table: str, column: Column) -> None:
        """Add a column; 400 when the name is taken."""
        if column.name in self.table(table).columns:
            raise _taken(f"An attribute of {table}", column.name)
        self.put_column(table, column)

    def drop_columns(self, table: str, names: set[str]) -> None:
        """Remove columns."""
        old = self.table(table)
        left = {name: column for name, column in old.columns.items() if name not in names}
        self.put_table(replace(old, columns=left))

    def drop_table(self, name: str) -> None:
        """Remove a table."""
        self._tables[name] = None

    def put_choice(self, choice: Choice) -> None:
        """Add or replace a global choice, also in the columns that use it."""
        self._choices[choice.name] = choice
        for table in list(self.tables()):
            for column in table.columns.values():
                if column.choice == choice.name:
                    self.put_column(table.name, replace(column, options=choice.options))

    def drop_choice(self, name: str) -> None:
        """Remove a global choice."""
        self._choices[name] = None

    def note_gone(self, kind: str, metadata_id: str) -> None:
        """Note a deleted part, for clients that ask what has gone."""
        self._gone.append((kind, metadata_id))

    def relationship_names(self) -> set[str]:
        """Return the schema names of all relationships, in lower case."""
        found = {
            item.name.lower()
            for table in self.tables()
            for item in table.relationships
            if item.name is not None
        }
        pairs = {t.many_to_many.name.lower() for t in self.tables() if t.many_to_many is not None}
        return found | pairs

    def children(self, name: str) -> list[Relationship]:
        """Return the relationships of a table to its children."""
        return [r for table in self.tables() for r in table.relationships if r.parent == name]

    def commit(self, session: Session) -> None:
        """Store the change; 412 when rows already there collide in a new key."""
        self.keep(session.store)

    def keep(self, store: Store) -> None:
        """Store the change, within a transaction; errors as `commit`."""
        before = dict(store.layouts)
        for name, table in self._tables.items():
            if table is not None and name not in before:
                code = _FIRST_CODE + store.take_numbers("object type codes", 1) - 1
                self._tables[name] = replace(table, type_code=code)
        try:
            store.change_schema(self._tables, self._choices, self._gone)
        except sqlite3.IntegrityError as error:
            raise PlatformError(
                DUPLICATE_KEY, f"The key can't be made: rows already there collide ({error})."
            ) from None
        for name, table in self._tables.items():
            if table is None:
                withdraw_table(store, before[name].table)
            elif name not in before:
                announce_table(store, store.layouts[name])


def checked_name(what: str, schema_name: object) -> str:
    """Return a schema name that starts with a customization prefix; 400 for any other."""
    if schema_name is None:
        raise PlatformError(SCHEMA_NAME, f"The {what} has no schema name: one is required.")
    if not isinstance(schema_name, str) or _PREFIXED(schema_name) is None:
        raise PlatformError(
            SCHEMA_NAME,
            f"The {what} name {shown(schema_name)} is invalid: it must begin with a customization "
            "prefix and an underscore, and hold letters, digits and underscores only.",
        )
    if schema_name.lower().startswith(_RESERVED):
        raise PlatformError(SCHEMA_NAME, f"The prefix '{_RESERVED}' is reserved.")
    return schema_name


def in_use(what: str, users: str) -> PlatformError:
    """Return the refusal to delete what something else depends on."""
    return PlatformError(
        DEPENDENCY, f"The {what} can't be deleted because it is referenced by {users}."
    )


def _taken(what: str, name: str) -> PlatformError:
    return PlatformError(NAME_TAKEN, f"{what} with the name {name} already exists.")
