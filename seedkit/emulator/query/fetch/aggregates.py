"""Aggregate queries: functions over rows, and what they are grouped by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from seedkit.emulator.errors import PlatformError
from seedkit.emulator.query.fetch.compiler import Joined
from seedkit.emulator.query.fetch.errors import (
    ATTRIBUTE_WITH_AGGREGATE,
    BAD_AGGREGATE,
    NO_ALIAS,
)
from seedkit.emulator.query.fetch.outputs import Output, Outputs, Values, number
from seedkit.emulator.query.fetch.sources import Field, Source
from seedkit.emulator.query.fetch.syntax import Attribute
from seedkit.emulator.query.periods import PERIODS_A_YEAR
from seedkit.emulator.storage.layout import DATE_TYPES, REAL_TYPES

ROW_LIMIT = 50_000  # [documented]

_WHOLE_TYPES = frozenset({"integer", "bigint"})
_MONTHS = 12 // PERIODS_A_YEAR


@dataclass
class Grouping:
    """The SQL that an aggregate query groups by, and its aliases for the order."""

    by: list[str] = field(default_factory=list)
    aliases: dict[str, str] = field(default_factory=dict)


def add_aggregates(outputs: Outputs, joined: Sequence[Joined]) -> Grouping:
    """Add the outputs of an aggregate query; 400 for a column that is neither one nor grouped."""
    grouping = Grouping()
    for part in joined:
        if part.body.every:
            raise _neither("all-attributes")
        for attribute in part.body.attributes:
            _add(outputs, grouping, part.source, attribute)
    if not outputs.found:
        raise PlatformError(BAD_AGGREGATE, "An aggregate query needs a column with a function.")
    return grouping


def _add(outputs: Outputs, grouping: Grouping, source: Source, attribute: Attribute) -> None:
    if not attribute.alias:
        raise PlatformError(NO_ALIAS, f"The aggregated column '{attribute.name}' needs an alias.")
    if bool(attribute.aggregate) == attribute.groupby:
        raise _neither(attribute.name)
    found = outputs.names.find(source, attribute.name)
    if attribute.aggregate:
        output, sql = _aggregated(outputs, found, attribute)
    elif attribute.dategrouping:
        output, sql = _date_part(outputs, grouping, found, attribute)
    else:
        output, sql = outputs.column(attribute.alias, found, attribute.name), found.sql
        grouping.by.append(sql)
        grouping.by.extend([found.target] if found.target else [])
    grouping.aliases[attribute.alias] = sql
    outputs.add(output)


def _aggregated(outputs: Outputs, found: Field, attribute: Attribute) -> tuple[Output, str]:
    alias, name, kind = str(attribute.alias), str(attribute.aggregate), found.column.type
    if attribute.distinct and name != "countcolumn":
        raise PlatformError(BAD_AGGREGATE, f"'{name}' doesn't take distinct.")
    if name in ("count", "countcolumn"):
        what = "*" if name == "count" else "DISTINCT " * attribute.distinct + found.sql
        sql, column = f"count({what})", number()
    else:
        allowed = REAL_TYPES | _WHOLE_TYPES
        if kind not in (allowed | DATE_TYPES if name in ("min", "max") else allowed):
            raise PlatformError(
                BAD_AGGREGATE, f"'{name}' can't be worked out for '{attribute.name}' of '{kind}'."
            )
        sql, column = _function(name, found.sql, whole=kind in _WHOLE_TYPES), found.column
    return Output(alias, column, outputs.selection.add(sql), known_as=attribute.name), sql


def _function(name: str, sql: str, *, whole: bool) -> str:
    if name == "sum":
        return f"coalesce(sum({sql}), 0)"  # of no values it is nought [documented]
    if name == "avg" and whole:
        return f"CAST(avg({sql}) AS INTEGER)"  # as SQL Server divides whole numbers [documented]
    return f"{name}({sql})"


def _date_part(
    outputs: Outputs, grouping: Grouping, found: Field, attribute: Attribute
) -> tuple[Output, str]:
    if found.column.type not in DATE_TYPES:
        raise PlatformError(BAD_AGGREGATE, f"'{attribute.name}' is no date to be grouped by.")
    part, alias = str(attribute.dategrouping), str(attribute.alias)
    sql = _PARTS[part](found.sql)
    at = outputs.selection.add(sql)
    grouping.by.append(sql)
    write: Callable[[Values], str | None] | None = None
    if part == "fiscal-year":
        write = lambda values: f"FY{values[at]}"  # noqa: E731  # closes over its position
    elif part == "fiscal-period":
        # A period is one of a certain year, as its text says [documented]; its number is not.
        year = _year(found.sql)
        grouping.by.append(year)
        year_at = outputs.selection.add(year)
        write = lambda values: f"Quarter {values[at]} FY{values[year_at]}"  # noqa: E731
    return Output(alias, number(), at, write=write, known_as=attribute.name), sql


def _time(code: str) -> Callable[[str], str]:
    return lambda sql: f"CAST(strftime('{code}', {sql}) AS INTEGER)"


_day, _month, _year = _time("%d"), _time("%m"), _time("%Y")
_day_of_year, _weekday = _time("%j"), _time("%w")


def _week(sql: str) -> str:
    # The week of 1 January is the first, the next begins on Sunday, as in SQL Server [documented].
    day = f"({_day_of_year(sql)} - 1)"
    first = f"((({_weekday(sql)} - {day}) % 7 + 7) % 7)"
    return f"(({day} + {first}) / 7 + 1)"


def _quarter(sql: str) -> str:
    return f"(({_month(sql)} - 1) / {_MONTHS} + 1)"


_PARTS: dict[str, Callable[[str], str]] = {
    "day": _day,
    "week": _week,
    "month": _month,
    "quarter": _quarter,
    "year": _year,
    "fiscal-period": _quarter,
    "fiscal-year": _year,
}


def _neither(name: str) -> PlatformError:
    return PlatformError(
        ATTRIBUTE_WITH_AGGREGATE,
        f"'{name}' has no aggregate and is not grouped by, in a query that aggregates.",
    )
