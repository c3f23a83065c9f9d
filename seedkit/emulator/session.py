"""One request's view of the environment: who calls, when, and what it has looked up so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from seedkit.emulator.access import PRINCIPALS, Directory
from seedkit.emulator.addresses import Key, is_guid, parse_row_address
from seedkit.emulator.content import bulk_messages
from seedkit.emulator.errors import (
    ADDRESS,
    MISSING_KEY_ROW,
    UNKNOWN_KEY,
    PlatformError,
    missing_row,
    no_segment,
    unknown_reference,
)
from seedkit.emulator.hidden import shown
from seedkit.emulator.metadata.navigation import collections
from seedkit.emulator.settings import Settings
from seedkit.emulator.storage.layout import ID_TYPES, INTEGER_TYPES, REAL_TYPES, TEXT_TYPES, Layout
from seedkit.emulator.storage.pairs import Link, links
from seedkit.emulator.storage.store import Store
from seedkit.emulator.writing.plan import CURRENCY, RATE, Plan, make_plan
from seedkit.emulator.writing.values import fits_int64, format_moment
from seedkit.schema import Relationship

if TYPE_CHECKING:
    from seedkit.emulator.access import Access
    from seedkit.emulator.jobs.engine import Engine
    from seedkit.emulator.writing.delete import Deleter


class Environment:
    """The open environment with everything that is worked out once."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID] | None,
        settings: Settings | None = None,
    ) -> None:
        self.store = store
        self.settings = Settings() if settings is None else settings
        self.fails_job: Callable[[str], bool] | None = None
        self.engine: Engine | None = None
        self.clock = clock
        self.administrator: str = store.fact("caller")
        self.caller: str = self.settings.caller or self.administrator
        self.base_currency: str = store.fact("base currency")
        self._new_id = new_id
        self._arrange()
        store.connection.create_function("platform_now", 0, lambda: format_moment(clock()))

    def follow_schema(self) -> bool:
        """Take over the schema when it has changed, by whomever; tell whether it had."""
        self.store.follow_schema()
        if self._arranged_for == self.store.schema_stamp:
            return False
        self._arrange()
        return True

    def _arrange(self) -> None:
        """Work out everything that hangs on the schema."""
        self._arranged_for = self.store.schema_stamp
        self.catalogue, self.layouts = shown(
            self.store.catalogue, self.store.layouts, self.settings
        )
        self.by_entity_set = {layout.entity_set: layout for layout in self.layouts.values()}
        self.collections: Mapping[str, Mapping[str, Relationship]] = collections(self.catalogue)
        self.pairs: Mapping[str, Mapping[str, Link]] = links(self.catalogue)
        self.currencies = next(
            layout for layout in self.layouts.values() if layout.primary_id == CURRENCY
        )
        self._plans: dict[str, Plan] = {}
        for name in ("bulk_messages", "deleter"):
            self.__dict__.pop(name, None)

    @cached_property
    def bulk_messages(self) -> frozenset[tuple[str, str]]:
        """Return the pairs of table and message that the environment offers."""
        return bulk_messages(self.store.connection)

    @cached_property
    def deleter(self) -> Deleter:
        """Return what deletes rows with their cascade."""
        from seedkit.emulator.writing.delete import Deleter

        return Deleter(self.store, self.catalogue)

    @property
    def jobs(self) -> Engine:
        """Return what runs background jobs; there is one as soon as requests are answered."""
        assert self.engine is not None
        return self.engine

    @cached_property
    def directory(self) -> Directory:
        """Return what looks up the rights of users."""
        return Directory(self.store, self.administrator)

    def find_user(self, name: str) -> str | None:
        """Return the id of a user named by id, Entra object id or domain name."""
        query = (
            "SELECT systemuserid FROM systemuser WHERE systemuserid = :name "
            "OR azureactivedirectoryobjectid = :name OR domainname = :name"
        )
        found = self.store.connection.execute(query, {"name": name.lower()}).fetchone()
        return None if found is None else str(found[0])

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
    """One request to `host`: `references` holds what `$1`, `$2` ... stand for in a change set."""

    environment: Environment
    now: str
    caller: str
    behalf_of: str | None = None
    host: str = ""
    detects_duplicates: bool = False
    access: Access | None = None  # None may do everything
    inside: str | None = None  # the action whose own writes these are
    references: dict[str, tuple[str, str]] = field(default_factory=dict)
    wanted: dict[str, set[str]] = field(default_factory=dict)
    _owners: set[tuple[str, str]] = field(default_factory=set)
    _rates: dict[str, float] = field(default_factory=dict)
    _units: dict[str, str | None] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """Return the store."""
        return self.environment.store

    def need(self, privilege: str) -> None:
        """Refuse when the caller lacks a privilege."""
        if self.access is not None:
            self.access.need(privilege)

    def need_on(self, right: str, layout: Layout) -> None:
        """Refuse when the caller has a right on no row of a table."""
        if self.access is not None:
            self.access.need_on(right, layout.table)

    def need_row(self, right: str, layout: Layout, row: Sequence[Any]) -> None:
        """Refuse when the caller lacks a right on a row."""
        if self.access is not None:
            self.access.need_row(right, layout, row)

    def need_owner(self, layout: Layout, owner_table: str, owner: str) -> None:
        """Refuse a user or team as owner of a row who may read no row of its table [documented]."""
        if (layout.name, owner) not in self._owners:
            self.environment.directory.check_owner(layout, owner_table, owner)
            self._owners.add((layout.name, owner))

    def need_append(self, layout: Layout) -> None:
        """Refuse when rows of a table can't be hung on those that are wanted."""
        if self.access is not None and set(self.wanted) - PRINCIPALS:
            self.access.need_on("Append", layout.table)

    def need_deletes(self, rows: Iterable[tuple[str, str]]) -> None:
        """Refuse when one of the rows, given by table and id, can't be deleted by the caller."""
        if self.access is None:
            return
        for table, row_id in rows:
            layout = self.environment.layouts[table]
            self.access.need_row("Delete", layout, self.store.row(layout, row_id) or ())

    def want(self, table: str, row_id: str) -> None:
        """Note a row that must exist before anything is written."""
        self.wanted.setdefault(table, set()).add(row_id)

    def check_wanted(self) -> None:
        """Refuse when a noted row isn't there: one query per target table."""
        for table, ids in self.wanted.items():
            missing = self.store.missing(self.environment.layouts[table], sorted(ids))
            if missing:
                raise missing_row(table, missing[0])
            if self.access is not None:
                self.access.need_targets(self.environment.layouts[table], sorted(ids))
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
        address = parse_row_address(text, self.host)
        layout = self.environment.layout(address.entity_set)
        return layout, self.row_id(layout, address.key)

    def reference(self, text: str) -> tuple[str, str]:
        """Return table and id that `$n` stands for."""
        try:
            return self.references[text]
        except KeyError:
            raise unknown_reference(text) from None

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
    quoted = {lookups.get(name, name) for name in key.quoted}
    for name, value in named.items():
        kind = layout.table.columns[name].type
        _check_quotes(name, value, kind in TEXT_TYPES, kind in ID_TYPES, name in quoted)
    return {name: _typed(layout, name, value) for name, value in named.items()}


def _check_quotes(name: str, value: str | None, text: bool, guid: bool, quoted: bool) -> None:
    """Refuse a text without quotes [documented] and a number in them [inferred]."""
    if value is not None and text != quoted and not guid:
        raise PlatformError(ADDRESS, f"Bad value '{value}' for the key column {name}.")


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
