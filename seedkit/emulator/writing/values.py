"""Checks of single values: for each column a function that puts a sent value into a row.

A setter takes the row (a list in the order of the layout) and the value from the JSON body, and
refuses what the platform refuses. Storage forms: booleans 0/1, times as ISO text in UTC, amounts
as doubles (exact up to 15 digits).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from seedkit.emulator.addresses import is_guid
from seedkit.emulator.errors import (
    ARGUMENT,
    BAD_DATE,
    DECIMAL_OUTSIDE,
    INTEGER_OUTSIDE,
    OPTION_OUTSIDE,
    TEXT_TOO_LONG,
    PlatformError,
    payload_error,
    shown,
)
from seedkit.schema import Column, Table

Setter = Callable[[list[Any], Any], None]

EARLIEST_YEAR = 1753  # of SQL Server's datetime
_UTC_LENGTH = len("2025-01-31T09:30:00Z")
_INT32 = 2**31
_INT64 = 2**63
_NONE, _FARTHEST = timedelta(), timedelta(hours=14)  # of .NET's DateTimeOffset from UTC

_DAY = r"\d{4}-\d\d-\d\d"
_is_day = re.compile(_DAY, re.ASCII).fullmatch
_is_moment = re.compile(
    _DAY + r"T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?(?:Z|[+-]\d\d:\d\d)", re.ASCII
).fullmatch


def make_setter(table: Table, column: Column, index: int) -> Setter:
    """Return the function that checks a value and puts it at `index` of a row."""
    return _MAKERS[column.type](table, column, index)


def wrong_type(table: Table, column: Column, value: Any, expected: str) -> PlatformError:
    """Return the error for a value of the wrong JSON type."""
    return payload_error(
        table.entity_set,
        f"Cannot convert the value {shown(value)} of property '{column.name}' to the expected type "
        f"'{expected}'.",
    )


def _text(table: Table, column: Column, index: int) -> Setter:
    limit = column.max_length or 1_073_741_823

    def put(row: list[Any], value: Any) -> None:
        if value is not None:
            if type(value) is not str:
                raise wrong_type(table, column, value, "Edm.String")
            if 2 * len(value) > limit and utf16_length(value) > limit:
                raise PlatformError(TEXT_TOO_LONG, _too_long(table, column, utf16_length(value)))
            if "\0" in value:
                # No XML or SQL text of the platform can hold it; the code is inferred.
                raise PlatformError(ARGUMENT, f"'{column.name}' holds an invalid character.")
        # The platform keeps no empty texts: they are stored as null [expected].
        row[index] = value or None

    return put


def utf16_length(text: str) -> int:
    """Return a text's length as .NET counts it: most emoji are two units [expected]."""
    return len(text.encode("utf-16-le")) // 2


def _too_long(table: Table, column: Column, length: int) -> str:
    return (
        f"A validation error occurred. The length of the '{column.name}' attribute of the "
        f"'{table.name}' entity exceeded the maximum allowed length of '{column.max_length}'. "
        f"Length of the value sent: {length}."
    )


def integer_bounds(column: Column) -> tuple[float, float]:
    """Return the least and the greatest value of a column of whole numbers."""
    widest = _INT64 if column.type == "bigint" else _INT32
    low = -widest if column.min is None else column.min
    return low, widest - 1 if column.max is None else min(column.max, widest - 1)


def number_bounds(column: Column) -> tuple[float, float, int]:
    """Return the least and the greatest value of a column of numbers, and its decimals."""
    low = float("-inf") if column.min is None else column.min
    high = float("inf") if column.max is None else column.max
    return low, high, 10 if column.precision is None else column.precision


def _integer(table: Table, column: Column, index: int) -> Setter:
    low, high = integer_bounds(column)

    def put(row: list[Any], value: Any) -> None:
        if value is not None:
            if type(value) is not int:
                raise wrong_type(table, column, value, "Edm.Int32")
            if not low <= value <= high:
                raise PlatformError(INTEGER_OUTSIDE, _outside(column, value))
        row[index] = value

    return put


def fits_int64(value: int) -> bool:
    """Tell whether a whole number fits the widest integer of the platform and of the store."""
    return -_INT64 <= value < _INT64


def _number(table: Table, column: Column, index: int) -> Setter:
    low, high, digits = number_bounds(column)

    def put(row: list[Any], value: Any) -> None:
        if value is not None:
            if type(value) is not float and type(value) is not int:
                raise wrong_type(table, column, value, "Edm.Decimal")
            if not low <= value <= high:
                raise PlatformError(DECIMAL_OUTSIDE, _outside(column, value))
            if round(value, digits) != value:
                value = _rounded(value, digits)
            row[index] = float(value)
        else:
            row[index] = None

    return put


def _rounded(value: float, digits: int) -> float:
    """Round as decimals, half up. That the platform rounds silently is inferred."""
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def _outside(column: Column, value: float) -> str:
    return (
        f"A validation error occurred. The value {value} of '{column.name}' is outside the valid "
        f"range from {column.min} to {column.max}."
    )


def _boolean(table: Table, column: Column, index: int) -> Setter:
    def put(row: list[Any], value: Any) -> None:
        if value is not None:
            if type(value) is not bool:
                raise wrong_type(table, column, value, "Edm.Boolean")
            value = int(value)
        row[index] = value

    return put


def _choice(table: Table, column: Column, index: int) -> Setter:
    allowed = frozenset(column.options or ())

    def put(row: list[Any], value: Any) -> None:
        if value is not None:
            if type(value) is not int:
                raise wrong_type(table, column, value, "Edm.Int32")
            if value not in allowed:
                raise PlatformError(OPTION_OUTSIDE, _no_option(table, column, value))
        row[index] = value

    return put


def _choices(table: Table, column: Column, index: int) -> Setter:
    allowed = {str(option) for option in column.options or ()}

    def put(row: list[Any], value: Any) -> None:
        if value is not None:
            if type(value) is not str:
                raise wrong_type(table, column, value, "Edm.String")
            for option in value.split(","):
                if option.strip() not in allowed:
                    raise PlatformError(OPTION_OUTSIDE, _no_option(table, column, option))
        row[index] = value

    return put


def _no_option(table: Table, column: Column, value: Any) -> str:
    return (
        f"A validation error occurred. The value '{value}' of '{column.name}' on record of type "
        f"'{table.name}' is outside the valid range."
    )


def _moment(table: Table, column: Column, index: int) -> Setter:
    def put(row: list[Any], value: Any) -> None:
        if value is not None:
            if type(value) is not str:
                raise wrong_type(table, column, value, "Edm.DateTimeOffset")
            moment = parse_moment(value)
            if moment is None:
                raise wrong_type(table, column, value, "Edm.DateTimeOffset")
            if moment.year < EARLIEST_YEAR:
                raise PlatformError(BAD_DATE, _too_early(column, value))
            if len(value) != _UTC_LENGTH or value[-1] != "Z":
                value = format_moment(moment)
        row[index] = value

    return put


def parse_moment(text: str) -> datetime | None:
    """Return a full timestamp in UTC; None for anything less and for what no calendar holds."""
    if _is_moment(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if abs(moment.utcoffset() or _NONE) <= _FARTHEST else None
    except (ValueError, OverflowError):
        return None


def format_moment(moment: datetime) -> str:
    """Return a time as the store and the wire write it: UTC, whole seconds."""
    # By isoformat, which was measured to take a quarter of strftime's time: each request needs it.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _date(table: Table, column: Column, index: int) -> Setter:
    def put(row: list[Any], value: Any) -> None:
        if value is not None:
            day = parse_date(value) if type(value) is str else None
            if day is None:
                raise wrong_type(table, column, value, "Edm.Date")
            if day.year < EARLIEST_YEAR:
                raise PlatformError(BAD_DATE, _too_early(column, value))
        row[index] = value

    return put


def parse_date(text: str) -> datetime | None:
    """Return a bare date; None for anything else."""
    if _is_day(text) is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _too_early(column: Column, value: str) -> str:
    return f"The date {value} of '{column.name}' is before the earliest one: 1/1/{EARLIEST_YEAR}."


def _guid(table: Table, column: Column, index: int) -> Setter:
    def put(row: list[Any], value: Any) -> None:
        if value is not None:
            if type(value) is not str or not is_guid(value):
                raise wrong_type(table, column, value, "Edm.Guid")
            value = value.lower()
        row[index] = value

    return put


def _file(table: Table, column: Column, _index: int) -> Setter:
    """Return a setter that refuses: files have an address of their own [documented]."""

    def put(_row: list[Any], _value: Any) -> None:
        raise payload_error(
            table.entity_set, f"the file column '{column.name}' can't be set with the row."
        )

    return put


_MAKERS: dict[str, Callable[[Table, Column, int], Setter]] = {
    "string": _text,
    "memo": _text,
    "entityname": _text,
    "integer": _integer,
    "bigint": _integer,
    "money": _number,
    "decimal": _number,
    "double": _number,
    "boolean": _boolean,
    "picklist": _choice,
    "state": _choice,
    "status": _choice,
    "multipicklist": _choices,
    "datetime": _moment,
    "dateonly": _date,
    "uniqueidentifier": _guid,
    "file": _file,
}
