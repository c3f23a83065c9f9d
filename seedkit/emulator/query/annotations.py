"""Annotations beside values: formatted texts, and where lookups lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from seedkit.emulator.storage.layout import Layout, property_name, target_column
from seedkit.emulator.storage.store import id_list
from seedkit.emulator.writing.plan import CURRENCY
from seedkit.schema import Column

if TYPE_CHECKING:
    from seedkit.emulator.session import Environment

FORMATTED = "OData.Community.Display.V1.FormattedValue"
TARGET = "Microsoft.Dynamics.CRM.lookuplogicalname"
NAVIGATION = "Microsoft.Dynamics.CRM.associatednavigationproperty"
TOTAL = "Microsoft.Dynamics.CRM.totalrecordcount"
TOTAL_EXCEEDED = "Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"
ATTRIBUTE_NAME = "OData.Community.Display.V1.AttributeName"
PAGING_COOKIE = "Microsoft.Dynamics.CRM.fetchxmlpagingcookie"
MORE_RECORDS = "Microsoft.Dynamics.CRM.morerecords"

Wanted = frozenset[str]

_OF_FETCH = frozenset({ATTRIBUTE_NAME, PAGING_COOKIE, MORE_RECORDS})
_ALL = frozenset({FORMATTED, TARGET, NAVIGATION, TOTAL, TOTAL_EXCEEDED}) | _OF_FETCH


def read_wanted(preference: str | None) -> Wanted:
    """Return the annotations that a preference asks for.

    A star at the end stands for any rest, a minus in front takes names away again.
    """
    patterns = [part.strip() for part in (preference or "").split(",")]
    refused = [pattern[1:] for pattern in patterns if pattern.startswith("-")]
    return frozenset(
        name for name in _ALL if _fits_any(name, patterns) and not _fits_any(name, refused)
    )


def _fits_any(name: str, patterns: Sequence[str]) -> bool:
    return any(
        name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
        for pattern in patterns
    )


class Annotator:
    """Adds the wanted annotations to the rows of one query."""

    def __init__(self, environment: Environment, wanted: Wanted) -> None:
        self._environment = environment
        self._wanted = wanted
        self._symbols: dict[str, str] = {}

    def annotate(
        self,
        layout: Layout,
        at: Mapping[str, int],
        found: Sequence[Sequence[Any]],
        rows: Sequence[dict[str, Any]],
    ) -> None:
        """Add annotations to rows; `found` holds their stored values, `at` where each lies."""
        columns = [column for key, column in layout.by_property.items() if rows and key in rows[0]]
        for column in columns:
            if column.name not in at:
                continue  # a name that a result bears only by chance
            if column.is_lookup:
                self._annotate_lookup(column, at, found, rows)
            elif FORMATTED in self._wanted:
                self._annotate_value(column, at, found, rows)

    def _annotate_value(
        self,
        column: Column,
        at: Mapping[str, int],
        found: Sequence[Sequence[Any]],
        rows: Sequence[dict[str, Any]],
    ) -> None:
        key, index, currency = f"{column.name}@{FORMATTED}", at[column.name], at.get(CURRENCY)
        for values, row in zip(found, rows, strict=True):
            value = values[index]
            if value is not None:
                symbol = ""
                if column.type == "money" and currency is not None and values[currency]:
                    symbol = self._symbol(values[currency])
                text = (
                    table_label(self._environment, value)
                    if column.type == "entityname"
                    else formatted(column, value, symbol)
                )
                if text is not None:
                    row[key] = text

    def _annotate_lookup(
        self,
        column: Column,
        at: Mapping[str, int],
        found: Sequence[Sequence[Any]],
        rows: Sequence[dict[str, Any]],
    ) -> None:
        index, kind, key = (
            at[column.name],
            at.get(target_column(column.name)),
            property_name(column),
        )
        targets = column.targets or {}
        only = next(iter(targets))
        tables = [only if kind is None else values[kind] for values in found]
        ids = [values[index] for values in found]
        names = self._names(zip(tables, ids, strict=True)) if FORMATTED in self._wanted else {}
        for row, table, row_id in zip(rows, tables, ids, strict=True):
            if row_id is None:
                continue
            if FORMATTED in self._wanted and names.get(row_id) is not None:
                row[f"{key}@{FORMATTED}"] = names[row_id]
            if NAVIGATION in self._wanted:
                row[f"{key}@{NAVIGATION}"] = targets[table].bind
            if TARGET in self._wanted:
                row[f"{key}@{TARGET}"] = table

    def _names(self, pairs: Any) -> dict[str, str]:
        """Return the primary names of rows, one query per table."""
        by_table: dict[str, set[str]] = {}
        for table, row_id in pairs:
            if row_id is not None:
                by_table.setdefault(table, set()).add(row_id)
        names: dict[str, str] = {}
        for table, ids in by_table.items():
            layout = self._environment.layouts[table]
            primary_name = layout.table.primary_name
            if primary_name in layout.position:
                sql = (
                    f'SELECT "{layout.primary_id}", "{primary_name}" FROM "{table}" '
                    f'WHERE "{layout.primary_id}" IN (SELECT value FROM json_each(?))'
                )
                names.update(
                    self._environment.store.connection.execute(sql, (id_list(sorted(ids)),))
                )
        return names

    def base_symbol(self) -> str:
        """Return the symbol of the base currency, which amounts of many rows are shown with."""
        return self._symbol(self._environment.base_currency)

    def _symbol(self, currency: str) -> str:
        if currency not in self._symbols:
            layout = self._environment.currencies
            row = self._environment.store.row(layout, currency)
            at = layout.position["currencysymbol"]
            self._symbols[currency] = "" if row is None else row[at] or ""
        return self._symbols[currency]


def table_label(environment: Environment, name: str) -> str | None:
    """Return how a column that holds a table's name shows it [expected]; None for no table."""
    layout = environment.layouts.get(name)
    return None if layout is None else layout.table.label


def formatted(column: Column, value: Any, symbol: str = "") -> str | None:
    """Return a value as a US English user in UTC sees it; None where there is no such text."""
    if column.options and column.type in ("picklist", "state", "status", "boolean"):
        option = column.options.get(int(value))
        return None if option is None else option.label
    if column.type == "multipicklist" and column.options:
        options = [column.options.get(int(part)) for part in str(value).split(",")]
        return "; ".join(option.label for option in options if option is not None)
    if column.type in ("datetime", "dateonly"):
        return _moment(column, value)
    if column.type in ("integer", "bigint"):
        return f"{value:,}"
    if column.type in ("money", "decimal", "double"):
        return _amount(column, value, symbol)
    return None


def _amount(column: Column, value: float, symbol: str) -> str:
    digits = min(2 if column.precision is None else column.precision, 10)
    if column.type == "money":
        digits = 2
    sign = "-" if value < 0 else ""
    return f"{sign}{symbol}{abs(value):,.{digits}f}"


def _moment(column: Column, text: str) -> str:
    moment = datetime.fromisoformat(text)
    day = f"{moment.month}/{moment.day}/{moment.year}"
    if column.type == "dateonly" or column.format == "date":
        return day
    hour = moment.hour % 12 or 12
    return f"{day} {hour}:{moment.minute:02d} {'AM' if moment.hour < 12 else 'PM'}"
