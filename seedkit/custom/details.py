"""What a column takes, in one form whoever tells it: a live environment or the shipped schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seedkit.dataverse.metadata import LiveColumn, LiveTable
from seedkit.dataverse.traits import Traits
from seedkit.schema import Table

TEXT, WHOLE, DECIMAL, YES_NO = "text", "whole number", "decimal number", "yes/no"
DATE, MOMENT, CHOICE, CHOICES, LOOKUP = "date", "date and time", "choice", "choices", "lookup"
NUMBERS = frozenset({WHOLE, DECIMAL})
DAYS = frozenset({DATE, MOMENT})
OPTIONS = frozenset({CHOICE, CHOICES})

_LIVE = {
    "String": TEXT,
    "Memo": TEXT,
    "Integer": WHOLE,
    "BigInt": WHOLE,
    "Decimal": DECIMAL,
    "Double": DECIMAL,
    "Money": DECIMAL,
    "Boolean": YES_NO,
    "DateTime": MOMENT,
    "Picklist": CHOICE,
    "Lookup": LOOKUP,
    "Customer": LOOKUP,
}
_SHIPPED = {
    "string": TEXT,
    "memo": TEXT,
    "integer": WHOLE,
    "bigint": WHOLE,
    "decimal": DECIMAL,
    "double": DECIMAL,
    "money": DECIMAL,
    "boolean": YES_NO,
    "datetime": MOMENT,
    "dateonly": DATE,
    "picklist": CHOICE,
    "multipicklist": CHOICES,
    "lookup": LOOKUP,
    "customer": LOOKUP,
}
_REQUIRED = frozenset({"ApplicationRequired", "SystemRequired", "required", "system"})
_DATE_ONLY = "DateOnly"


@dataclass(frozen=True, slots=True)
class ColumnDetail:
    """What a column takes. `type` is one of the words above, or the source's own for others.

    `options` are values with each of their labels, `targets` the tables of a lookup.
    """

    type: str
    creatable: bool
    required: bool
    max_length: int | None = None
    low: float | None = None
    high: float | None = None
    decimals: int | None = None
    options: tuple[tuple[int, str], ...] = ()
    targets: tuple[str, ...] = ()


def from_live(table: LiveTable, traits: Mapping[str, Traits]) -> dict[str, ColumnDetail]:
    """Return the columns of a table as an environment describes it."""
    return {
        name: _from_live(table, column, traits.get(name, Traits()))
        for name, column in table.columns.items()
    }


def _from_live(table: LiveTable, column: LiveColumn, traits: Traits) -> ColumnDetail:
    type = _LIVE.get(column.type, column.type)
    if column.type == "Virtual" and traits.options is not None:
        type = CHOICES
    if type == MOMENT and traits.behavior == _DATE_ONLY:
        type = DATE
    return ColumnDetail(
        type=type,
        creatable=column.creatable,
        required=column.required in _REQUIRED,
        max_length=traits.max_length,
        low=traits.low,
        high=traits.high,
        decimals=traits.decimals,
        options=traits.options or (),
        targets=tuple(item.parent for item in table.lookups if item.column == column.name),
    )


def from_schema(table: Table) -> dict[str, ColumnDetail]:
    """Return the columns of a table as the shipped schema describes it."""
    return {
        name: ColumnDetail(
            type=DATE if column.behavior == _DATE_ONLY else _SHIPPED.get(column.type, column.type),
            creatable=column.creatable,
            required=column.required in _REQUIRED,
            max_length=column.max_length,
            low=column.min,
            high=column.max,
            decimals=column.precision,
            options=tuple(
                (option.value, option.label) for option in (column.options or {}).values()
            ),
            targets=tuple(column.targets or ()),
        )
        for name, column in table.columns.items()
    }
