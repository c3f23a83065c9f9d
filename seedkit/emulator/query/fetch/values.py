"""Values of conditions: from the text in a query to what the store keeps."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

from seedkit.emulator.addresses import is_guid
from seedkit.emulator.errors import PlatformError
from seedkit.emulator.query.fetch.errors import BAD_VALUE
from seedkit.emulator.storage.layout import ID_TYPES, INTEGER_TYPES, REAL_TYPES
from seedkit.emulator.writing.values import fits_int64, format_moment
from seedkit.schema import Column

_BOOLEANS = {"1": 1, "true": 1, "0": 0, "false": 0}
_LOOKS_LIKE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9].*)?").fullmatch
_INTEGER = re.compile(r"[+-]?[0-9]{1,19}").fullmatch


class NoRowError(Exception):
    """A comparison that no row can satisfy: a lookup with an empty text [observed]."""


def stored(column: Column, text: str) -> str | int | float:
    """Return a value as the store writes the column's values; 400 when it doesn't fit."""
    if column.type == "boolean":
        return _boolean(column, text)
    if column.type in INTEGER_TYPES:
        return _integer(column, text)
    if column.type in REAL_TYPES:
        return _real(column, text)
    if column.type in ID_TYPES:
        return _guid(column, text)
    if column.type in ("datetime", "dateonly"):
        moment = format_moment(parse_time(column, text))
        return moment if column.type == "datetime" else moment[:10]
    return text


def whole(column: Column, text: str) -> int:
    """Return a count beside an operator, such as the days of last-x-days."""
    if _INTEGER(text.strip()) is None:
        raise _unfit(column, text)
    return int(text)


def parse_time(column: Column, text: str) -> datetime:
    """Return a time in UTC; one without an offset is UTC, as the user's time zone is."""
    if _LOOKS_LIKE_TIME(text.strip()) is None:  # Python reads week dates, too
        raise _unfit(column, text)
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _unfit(column, text) from None


def bound(column: Column, moment: datetime, *, upper: bool) -> tuple[str, str]:
    """Return operator and value for one end of a half-open range of time.

    A date counts as its midnight.
    """
    if column.type == "datetime":
        # Values are kept in whole seconds, so a fraction moves an end to the next second.
        whole_seconds = moment.replace(microsecond=0)
        strict = moment != whole_seconds
        sign = ("<=" if strict else "<") if upper else (">" if strict else ">=")
        return sign, format_moment(whole_seconds)
    day = moment.strftime("%Y-%m-%d")
    midnight = (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
    if upper:
        return ("<" if midnight else "<="), day
    return (">=" if midnight else ">"), day


def _boolean(column: Column, text: str) -> int:
    found = _BOOLEANS.get(text.strip().lower())
    if found is None:
        raise _unfit(column, text)
    return found


def _integer(column: Column, text: str) -> int:
    # Numbers may carry separators of thousands when a view's designer wrote them [expected].
    plain = text.strip().replace(",", "")
    if _INTEGER(plain) is None or not fits_int64(int(plain)):
        raise _unfit(column, text)
    return int(plain)


def _real(column: Column, text: str) -> float:
    try:
        number = float(text.strip().replace(",", "").replace("_", "x"))
    except ValueError:
        raise _unfit(column, text) from None
    if not math.isfinite(number):
        raise _unfit(column, text)
    return number


def _guid(column: Column, text: str) -> str:
    plain = text.strip()
    if plain.startswith("{") and plain.endswith("}"):
        plain = plain[1:-1]
    if not plain and column.is_lookup:
        raise NoRowError
    if not is_guid(plain):
        raise _unfit(column, text)
    return plain.lower()


def _unfit(column: Column, text: str) -> PlatformError:
    return PlatformError(
        BAD_VALUE,
        f"The value '{text}' doesn't fit '{column.name}' of the type '{column.type}'.",
    )
