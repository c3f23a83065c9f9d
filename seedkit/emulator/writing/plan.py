"""What is worked out once per table so that writing many rows is fast."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from seedkit.emulator.addresses import GUID
from seedkit.emulator.rules import COMPOSED
from seedkit.emulator.storage.layout import Layout, is_polymorphic, target_column
from seedkit.emulator.writing.values import Setter, make_setter
from seedkit.schema import Column, Relationship, Table

CURRENCY = "transactioncurrencyid"
RATE = "exchangerate"
OWNER = "ownerid"
OVERRIDDEN = "overriddencreatedon"

# The platform fills these in itself when they are left out, although it needs them.
_FILLED_BY_PLATFORM = frozenset(
    {"uniqueidentifier", "owner", "boolean", "picklist", "state", "status", "integer", "bigint"}
)


@dataclass(frozen=True, slots=True)
class Bind:
    """One `name@odata.bind`: where the id goes, and which tables it may point at."""

    name: str
    index: int
    table_index: int | None
    targets: Mapping[str, str]
    plain: Callable[[str], re.Match[str] | None]
    plain_target: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A money column beside its shadow in the base currency."""

    index: int
    base_index: int
    digits: int


@dataclass(frozen=True, slots=True)
class Composed:
    """A text that the platform puts together from other columns."""

    index: int
    sources: tuple[int, ...]
    compose: Callable[..., str | None]


@dataclass(frozen=True)
class Plan:
    """The prepared writing of one table."""

    layout: Layout
    defaults: tuple[Any, ...]
    create: Mapping[str, Setter]
    update: Mapping[str, Setter]
    create_binds: Mapping[str, Bind]
    update_binds: Mapping[str, Bind]
    currency: int | None
    amounts: tuple[Amount, ...]
    composed: tuple[Composed, ...]
    numbered: Mapping[int, str]
    needed: tuple[tuple[int, str], ...]
    state_of_status: Mapping[int, int]
    status_of_state: Mapping[int, int]

    def at(self, column: str) -> int | None:
        """Return the position of a column, None when the table lacks it."""
        return self.layout.position.get(column)


def make_plan(layout: Layout, layouts: Mapping[str, Layout]) -> Plan:
    """Return the prepared writing of a table."""
    table = layout.table
    setters = {
        name: (column, make_setter(table, column, layout.position[name]))
        for name, column in table.columns.items()
        if name in layout.position and not column.is_lookup
    }
    binds = _binds(layout, layouts)
    return Plan(
        layout=layout,
        defaults=tuple(_default(layout, name) for name in layout.columns),
        create={n: put for n, (column, put) in setters.items() if _creatable(table, column)},
        update={n: put for n, (column, put) in setters.items() if _updatable(table, column)},
        create_binds={k: b for k, (column, b) in binds.items() if column.creatable},
        update_binds={k: b for k, (column, b) in binds.items() if column.updatable},
        currency=_currency(layout),
        amounts=_amounts(layout),
        composed=_composed(layout),
        numbered={
            layout.position[name]: column.autonumber
            for name, column in table.columns.items()
            if column.autonumber is not None and name in layout.position
        },
        needed=tuple(
            (layout.position[column.name], column.name)
            for column in table.columns.values()
            if column.required == "system"
            and column.creatable
            and column.type not in _FILLED_BY_PLATFORM
            and column.name in layout.position
        ),
        state_of_status=_state_of_status(table),
        status_of_state=_status_of_state(table),
    )


def _creatable(table: Table, column: Column) -> bool:
    # The key is writable on create wherever rows can be created [documented].
    return column.creatable or column.name == table.primary_id


def _updatable(table: Table, column: Column) -> bool:
    return column.updatable and column.name != table.primary_id


def _default(layout: Layout, name: str) -> Any:
    column = layout.table.columns.get(name)
    if column is None:
        return None
    if column.type == "state":
        return column.default or 0
    return int(column.default) if isinstance(column.default, bool) else column.default


def _binds(layout: Layout, layouts: Mapping[str, Layout]) -> dict[str, tuple[Column, Bind]]:
    found = {}
    for name, relationships in layout.single_navigation.items():
        column = layout.table.columns[relationships[0].column]
        found[f"{name}@odata.bind"] = column, _bind(layout, layouts, column, relationships)
    return found


def _bind(
    layout: Layout,
    layouts: Mapping[str, Layout],
    column: Column,
    relationships: tuple[Relationship, ...],
) -> Bind:
    targets = {layouts[item.parent].entity_set: item.parent for item in relationships}
    entity_set, parent = next(iter(targets.items()))
    return Bind(
        name=relationships[0].bind,
        index=layout.position[column.name],
        table_index=(
            layout.position[target_column(column.name)] if is_polymorphic(column) else None
        ),
        targets=targets,
        plain=re.compile(rf"/?{re.escape(entity_set)}\(({GUID})\)").fullmatch,
        plain_target=parent,
    )


def _currency(layout: Layout) -> int | None:
    column = layout.table.columns.get(CURRENCY)
    if column is None or not column.is_lookup or RATE not in layout.position:
        return None
    return layout.position[CURRENCY]


def _amounts(layout: Layout) -> tuple[Amount, ...]:
    return tuple(
        Amount(
            layout.position[str(column.base_of)],
            layout.position[column.name],
            4 if column.precision is None else column.precision,
        )
        for column in layout.table.columns.values()
        if column.base_of in layout.position and column.name in layout.position
    )


def _composed(layout: Layout) -> tuple[Composed, ...]:
    position = layout.position
    return tuple(
        Composed(position[name], tuple(position[source] for source in sources), compose)
        for name, (sources, compose) in COMPOSED.get(layout.name, {}).items()
        if name in position and all(source in position for source in sources)
    )


def _state_of_status(table: Table) -> dict[int, int]:
    status = table.columns.get("statuscode")
    options = (status.options if status is not None else None) or {}
    return {value: option.state for value, option in options.items() if option.state is not None}


def _status_of_state(table: Table) -> dict[int, int]:
    """Return each state's own status reason; where none is named, the first that belongs to it."""
    found: dict[int, int] = {}
    for status, state in _state_of_status(table).items():
        found.setdefault(state, status)
    state_column = table.columns.get("statecode")
    for value, option in ((state_column.options if state_column else None) or {}).items():
        if option.default_status is not None:
            found[value] = option.default_status
    return found
