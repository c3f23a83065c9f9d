"""The typed catalogue over the schema files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import orjson

from seedkit.errors import UnknownNameError

LOOKUP_TYPES = frozenset({"lookup", "customer", "owner"})


class Delete(Enum):
    """What deleting the parent does to the child row; UNKNOWN where no source tells."""

    CASCADE = "cascade"
    REMOVE_LINK = "remove_link"
    RESTRICT = "restrict"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice. `state` is set on status reasons, `default_status` on states."""

    value: int
    label: str
    state: int | None = None
    default_status: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A global choice; `kind` is the type of the columns that use it."""

    name: str
    label: str
    kind: str
    options: Mapping[int, Option]
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Relationship:
    """One target of a lookup: the 1:N relationship from `parent` to `child`.

    `bind` is the exact, case-sensitive name before `@odata.bind`; `collection` is the parent's
    navigation property to its children. `cascade` maps an action (assign, delete, merge,
    reparent, share, unshare) to its behaviour, leaves out what has none, and is None where no
    source tells.
    """

    child: str
    column: str
    parent: str
    bind: str
    name: str | None
    collection: str | None
    cascade: Mapping[str, str] | None

    @property
    def on_delete(self) -> Delete:
        """Return what deleting the parent does to the child."""
        if self.cascade is None:
            return Delete.UNKNOWN
        return Delete(self.cascade.get("delete", "none"))


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `allows` holds c, r, u for valid on create, read, update.

    `required` is none, recommended, required (a form rule) or system (the platform needs it).
    `min` and `max` bound numbers, `precision` counts decimals, `max_length` counts characters.
    `participation` is the role that a party list's members have in the activity. Of an image
    column, `full_image` tells that not only a thumbnail is kept, `primary_image` that it stands
    for the row.
    """

    name: str
    type: str
    schema_name: str
    label: str
    allows: str
    required: str = "none"
    max_length: int | None = None
    precision: int | None = None
    min: float | None = None
    max: float | None = None
    format: str | None = None
    behavior: str | None = None
    default: Any = None
    computed: str | None = None
    base_of: str | None = None
    autonumber: str | None = None
    choice: str | None = None
    participation: int | None = None
    full_image: bool = False
    primary_image: bool = False
    options: Mapping[int, Option] | None = None
    targets: Mapping[str, Relationship] | None = None
    description: str | None = None

    @property
    def is_lookup(self) -> bool:
        """Tell whether the column points at rows of other tables."""
        return self.type in LOOKUP_TYPES and self.targets is not None

    @property
    def creatable(self) -> bool:
        """Tell whether a create may name the column."""
        return "c" in self.allows

    @property
    def updatable(self) -> bool:
        """Tell whether an update may name the column."""
        return "u" in self.allows


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a many-to-many relationship.

    `column` is the intersect table's column that holds ids of `table`; `collection` is the
    navigation property by which rows of `table` reach the other end.
    """

    table: str
    column: str
    collection: str


@dataclass(frozen=True, slots=True)
class ManyToMany:
    """A many-to-many relationship; it belongs to the intersect table that holds its pairs."""

    name: str
    intersect: str
    first: Side
    second: Side


@dataclass(frozen=True)
class Table:
    """One table with its columns, alternate keys and the solution that brings it.

    `type_code` is the number of a table that an environment added.
    """

    name: str
    schema_name: str
    entity_set: str
    label: str
    collection_label: str
    primary_id: str
    primary_name: str | None
    ownership: str
    solution: str | None
    facts_from: tuple[str, ...]
    alternate_keys: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, Column]
    api_create: str = "yes"
    many_to_many: ManyToMany | None = None
    description: str | None = None
    type_code: int | None = None

    def column(self, name: str) -> Column:
        """Return a column by its logical name; UnknownNameError suggests the nearest."""
        try:
            return self.columns[name]
        except KeyError:
            raise UnknownNameError(f"column of {self.name}", name, self.columns) from None

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """Return the columns' numbers in the order of the table, from 1."""
        return {name: number for number, name in enumerate(self.columns, 1)}

    @cached_property
    def relationships(self) -> tuple[Relationship, ...]:
        """Return the N:1 relationships of all lookups, in column order."""
        return tuple(
            relationship
            for column in self.columns.values()
            if column.targets
            for relationship in column.targets.values()
        )

    @property
    def primary_image(self) -> str | None:
        """Return the name of the image column that stands for a row, None without one."""
        return next((name for name, found in self.columns.items() if found.primary_image), None)

    @cached_property
    def binds(self) -> Mapping[str, Relationship]:
        """Return the relationships by their bind name."""
        return {relationship.bind: relationship for relationship in self.relationships}


class Catalogue(Mapping[str, Table]):
    """All known tables by logical name, each read when it is first asked for.

    `overlaid` gives one in which an environment's own tables and choices lie over the shipped.
    """

    def __init__(self, folder: Traversable) -> None:
        self._folder = folder
        self._shipped: Catalogue | None = None
        self._own_choices: Mapping[str, Choice] = {}
        self._files = {
            item.name.removesuffix(".json"): item
            for item in sorted(folder.iterdir(), key=lambda item: item.name)
            if item.name.endswith(".json")
        }
        self._tables: dict[str, Table] = {}

    def overlaid(self, tables: Mapping[str, Table], choices: Mapping[str, Choice]) -> Catalogue:
        """Return a catalogue in which own tables and choices replace or join the shipped ones."""
        if not tables and not choices:
            return self
        found = Catalogue(self._folder)
        found._shipped = self
        found._own_choices = choices
        found._files.update({name: self._folder for name in tables if name not in found._files})
        found._tables = {**self._tables, **tables}
        return found

    def is_shipped(self, table: str, column: str | None = None) -> bool:
        """Tell whether a table, or a column of it, is none that an environment added."""
        if self._shipped is None:
            return table in self
        shipped = self._shipped
        return table in shipped and (column is None or column in shipped[table].columns)

    def is_shipped_key(self, table: str, name: str) -> bool:
        """Tell whether an alternate key is none that an environment added."""
        shipped = self if self._shipped is None else self._shipped
        return table in shipped and name in shipped[table].alternate_keys

    def is_shipped_choice(self, name: str) -> bool:
        """Tell whether a global choice is none that an environment added."""
        return name in (self._shipped or self).choices

    def __getitem__(self, name: str) -> Table:
        if name not in self._tables:
            if self._shipped is not None and name in self._shipped:
                return self._shipped[name]
            if name not in self._files:
                raise UnknownTableError(name, self._files)
            self._tables[name] = read_table(orjson.loads(self._files[name].read_bytes()))
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, name: object) -> bool:
        return name in self._files

    @cached_property
    def by_entity_set(self) -> Mapping[str, Table]:
        """Return the tables by entity set name, as addresses of the Web API use them."""
        return {table.entity_set: table for table in self.values()}

    @cached_property
    def choices(self) -> Mapping[str, Choice]:
        """Return the global choices by name, as the columns that use them tell."""
        found = {
            column.choice: Choice(column.choice, column.label, column.type, column.options)
            for table in self.values()
            for column in table.columns.values()
            if column.choice is not None and column.options is not None
        }
        return {**found, **self._own_choices}

    @cached_property
    def children(self) -> Mapping[str, tuple[Relationship, ...]]:
        """Return, per parent table, the relationships from its children."""
        found: dict[str, list[Relationship]] = {name: [] for name in self}
        for table in self.values():
            for relationship in table.relationships:
                found[relationship.parent].append(relationship)
        return {parent: tuple(items) for parent, items in found.items()}

    @cached_property
    def many_to_many(self) -> Mapping[str, tuple[ManyToMany, ...]]:
        """Return, per table, the many-to-many relationships that it takes part in."""
        found: dict[str, list[ManyToMany]] = {name: [] for name in self}
        for table in self.values():
            if table.many_to_many is not None:
                sides = (table.many_to_many.first.table, table.many_to_many.second.table)
                for name in dict.fromkeys(sides):
                    found[name].append(table.many_to_many)
        return {name: tuple(items) for name, items in found.items()}


class UnknownTableError(UnknownNameError, KeyError):
    """No schema file describes this table."""

    def __init__(self, name: str, known: Mapping[str, object]) -> None:
        super().__init__("table", name, known)

    __str__ = Exception.__str__


@lru_cache(maxsize=1)
def load_catalogue() -> Catalogue:
    """Return the catalogue of the shipped schema files."""
    return Catalogue(files("seedkit.schema").joinpath("tables"))


def read_table(data: dict[str, Any]) -> Table:
    """Return the table that a schema file's JSON describes."""
    columns = {
        name: _read_column(data["name"], name, entry) for name, entry in data["columns"].items()
    }
    keys = {name: tuple(key) for name, key in data["alternate_keys"].items()}
    pairs = data.get("many_to_many")
    taken = {"columns", "alternate_keys", "facts_from", "many_to_many"}
    return Table(
        columns=columns,
        alternate_keys=keys,
        facts_from=tuple(data["facts_from"]),
        many_to_many=None if pairs is None else _read_pairs(data["name"], pairs),
        **{key: data[key] for key in data.keys() - taken},
    )


def _read_pairs(intersect: str, entry: dict[str, Any]) -> ManyToMany:
    return ManyToMany(entry["name"], intersect, Side(**entry["first"]), Side(**entry["second"]))


def _read_column(table: str, name: str, entry: dict[str, Any]) -> Column:
    options = entry.pop("options", None)
    targets = entry.pop("targets", None)
    return Column(
        name=name,
        options=None if options is None else read_options(options),
        targets=None if targets is None else _read_targets(table, name, targets),
        **entry,
    )


def read_options(entries: dict[str, Any]) -> Mapping[int, Option]:
    """Return the options that a schema file's JSON describes, by value."""
    return {int(value): _read_option(int(value), entry) for value, entry in entries.items()}


def _read_option(value: int, entry: str | dict[str, Any]) -> Option:
    if isinstance(entry, str):
        return Option(value, entry)
    return Option(value, entry["label"], entry.get("state"), entry.get("status"))


def _read_targets(
    table: str, column: str, entries: dict[str, dict[str, Any]]
) -> Mapping[str, Relationship]:
    return {
        parent: Relationship(
            child=table,
            column=column,
            parent=parent,
            bind=entry["bind"],
            name=entry.get("relationship"),
            collection=entry.get("collection"),
            cascade=entry["cascade"],
        )
        for parent, entry in entries.items()
    }
