"""One request's view of the environment: who calls, when, and what it has looked up so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from seedkit.emulator.addresses import Key, is_guid, parse_row_address
from seedkit.emulator.content import bulk_messages
from seedkit.emulator.errors import (
    ADDRESS,
    MISSING_KEY_ROW,
    UNKNOWN_KEY,
    PlatformError,
    missing_row,
    no_segment,
)
from seedkit.emulator.metadata.navigation import collections
from seedkit.emulator.storage.layout import INTEGER_TYPES, REAL_TYPES, Layout
from seedkit.emulator.storage.store import Store
from seedkit.emulator.writing.plan import CURRENCY, RATE, Plan, make_plan
from seedkit.emulator.writing.values import fits_int64, format_moment
from seedkit.schema import Catalogue, Relationship


class Environment:
    """The open environment with everything that is worked out once."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID] | None,
    ) -> None:
        self.store = store
        self.catalogue = catalogue
        self.clock = clock
        self.layouts = store.layouts
        self.by_entity_set = {layout.entity_set: layout for layout in self.layouts.values()}
        self.collections: Mapping[str, Mapping[str, Relationship]] = collections(catalogue)
        self.caller: str = store.fact("caller")
        self.base_currency: str = store.fact("base currency")
        self.currencies = next(
            layout for layout in self.layouts.values() if layout.primary_id == CURRENCY
        )
        self._new_id = new_id
        self._plans: dict[str, Plan] = {}
        store.connection.create_function("platform_now", 0, lambda: format_moment(clock()))

    @cached_property
    def bulk_messages(self) -> frozenset[tuple[str, str]]:
        """Return the pairs of table and message that the environment offers."""
        return bulk_messages(self.store.connection)

    def layout(self, entity_set: str) -> Layout:
        """Return the table of an entity set; 404 when there is none."""
        try:
            return self.by_entity_set[entity_set]
        except KeyError:
            raise no_segment(entity_set) from None

    def plan(self, table: str) -> Plan:
        """Return the prepared writing of a table."""
        if table not in self._plans:
            self._plans[table] = make_plan(self.layouts[table], self.layouts)
        return self._plans[table]

    def new_id(self) -> str:
        """Return a fresh id for a row whose maker gave none."""
        return self.store.take_id() if self._new_id is None else str(self._new_id())


@dataclass
class Session:
    """One request: `references` holds the rows that `$1`, `$2` ... stand for in a change set."""

    environment: Environment
    now: str
    caller: str
    behalf_of: str | None = None
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    wanted: dict[str, set[str]] = field(default_factory=dict)
    _rates: dict[str, float] = field(default_factory=dict)
    _units: dict[str, str | None] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """Return the store."""
        return self.environment.store

    def want(self, table: str, row_id: str) -> None:
        """Note a row that must exist before anything is written."""
        self.wanted.setdefault(table, set()).add(row_id)

    def check_wanted(self) -> None:
        """Refuse when a noted row isn't there: one query per target table."""
        for table, ids in self.wanted.items():
            missing = self.store.missing(self.environment.layouts[table], sorted(ids))
            if missing:
                raise missing_row(table, missing[0])
        self.wanted.clear()

    def rate(self, currency: str) -> float:
        """Return the units of a currency for one of the base currency."""
        if currency not in self._rates:
            layout = self.environment.currencies
            row = self.store.row(layout, currency)
            if row is None:
                raise missing_row(layout.name, currency)
            self._rates[currency] = row[layout.position[RATE]] or 1.0
        return self._rates[currency]

    def unit_of(self, owner_table: str, owner: str) -> str | None:
        """Return the business unit of a user or team."""
        if owner not in self._units:
            layout = self.environment.layouts[owner_table]
            row = self.store.row(layout, owner)
            self._units[owner] = None if row is None else row[layout.position["businessunitid"]]
        return self._units[owner]

    def locate(self, text: str) -> tuple[Layout, str]:
        """Return table and id of a row named in a bind or `@odata.id`; it may not exist."""
        if text.startswith("$"):
            table, row_id = self.reference(text)
            return self.environment.layouts[table], row_id
        address = parse_row_address(text)
        layout = self.environment.layout(address.entity_set)
        return layout, self.row_id(layout, address.key)

    def reference(self, text: str) -> tuple[str, str]:
        """Return table and id that `$n` stands for."""
        try:
            return self.references[text]
        except KeyError:
            raise PlatformError(
                ADDRESS, f"Content-ID Reference: '{text}' does not exist in the batch context."
            ) from None

    def row_id(self, layout: Layout, key: Key) -> str:
        """Return the id behind a key; 404 when no row has the alternate key."""
        found = self.find(layout, key)
        if found is None:
            raise PlatformError(
                MISSING_KEY_ROW,
                f"A record with the specified key values does not exist in {layout.name} entity",
            )
        return found

    def find(self, layout: Layout, key: Key) -> str | None:
        """Return the id behind a key, None when no row has the alternate key."""
        if key.row_id is not None:
            return key.row_id
        values = key_values(layout, key)
        condition = " AND ".join(f'"{name}" = ?' for name in values)
        query = f'SELECT "{layout.primary_id}" FROM "{layout.name}" WHERE {condition}'
        found = self.store.connection.execute(query, tuple(values.values())).fetchone()
        return None if found is None else str(found[0])


def key_values(layout: Layout, key: Key) -> dict[str, Any]:
    """Return the columns of an alternate key with typed values; 400 when it is no defined key."""
    lookups = {f"_{name}_value": name for name, c in layout.table.columns.items() if c.is_lookup}
    named = {lookups.get(name, name): value for name, value in key.parts.items()}
    defined = [set(columns) for columns in layout.table.alternate_keys.values()]
    bare_lookup = any(name in lookups.values() for name in key.parts)
    if bare_lookup or set(named) not in (*defined, {layout.primary_id}):
        raise PlatformError(
            UNKNOWN_KEY, f"The columns {sorted(key.parts)} are not a key of {layout.name}."
        )
    return {name: _typed(layout, name, value) for name, value in named.items()}


def _typed(layout: Layout, name: str, value: str | None) -> Any:
    kind = layout.table.columns[name].type
    try:
        if value is None:
            return None
        if kind in INTEGER_TYPES:
            number = int(value)
            if not fits_int64(number):
                raise ValueError(value)
            return number
        return float(value) if kind in REAL_TYPES else value.lower() if is_guid(value) else value
    except ValueError:
        raise PlatformError(ADDRESS, f"Bad value '{value}' for the key column {name}.") from None
