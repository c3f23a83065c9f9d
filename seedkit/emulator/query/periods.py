"""The ranges of time that relative date operators name, under FetchXML's names.

All ranges are half-open and in UTC; weeks start on Sunday, as a US English organisation has it
[expected]. "Last X" runs from the midnight X units before today up to now, "next X" from now to
the midnight that ends the last of the X units [observed]. A fiscal year is the calendar year and
a fiscal period a quarter, the defaults of a new organisation [expected].
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

Range = tuple[datetime | None, datetime | None]
Unit = Literal["hour", "day", "week", "month", "year", "fiscal-period", "fiscal-year"]

PERIODS_A_YEAR = 4
_MONTHS = {"month": 1, "fiscal-period": 12 // PERIODS_A_YEAR, "year": 12, "fiscal-year": 12}
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def period(name: str, now: datetime, x: int | None = None) -> Range:
    """Return the first moment of a named range and the first behind it; None is unbounded.

    `x` counts the units of names with an x in them; for `in-fiscal-year` it is the year.
    KeyError for an unknown name, ValueError for an x that is missing, superfluous or too large.
    """
    if name not in NAMES:
        raise KeyError(name)
    if (x is not None) != (name in COUNTED):
        raise ValueError(f"{name} takes {'a' if name in COUNTED else 'no'} number.")
    now = now.astimezone(UTC)
    try:
        return _PLAIN[name](now) if x is None else _COUNTED[name](now, x)
    except (OverflowError, ValueError):
        raise ValueError(f"{x} is out of range for {name}.") from None


def day_of(moment: datetime) -> tuple[datetime, datetime]:
    """Return the UTC day around a moment, as `on` and its kin compare with."""
    start = _floor(moment.astimezone(UTC), "day")
    return start, start + _DAY


def fiscal_period(number: int, year: int) -> tuple[datetime, datetime]:
    """Return a fiscal period, counted from one, of a fiscal year; ValueError when there is none."""
    if not 1 <= number <= PERIODS_A_YEAR:
        raise ValueError(f"There is no fiscal period {number}.")
    try:
        start = shift(datetime(year, 1, 1, tzinfo=UTC), "fiscal-period", number - 1)
        return start, shift(start, "fiscal-period", 1)
    except (OverflowError, ValueError):
        raise ValueError(f"There is no fiscal year {year}.") from None


def _floor(moment: datetime, unit: Unit) -> datetime:
    """Return the start of the unit that a moment lies in."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    if unit == "hour":
        return hour
    day = hour.replace(hour=0)
    if unit == "day":
        return day
    if unit == "week":
        return day - _DAY * ((day.weekday() + 1) % 7)
    months = _MONTHS[unit]
    return day.replace(day=1, month=(day.month - 1) // months * months + 1)


def shift(moment: datetime, unit: Unit, count: int) -> datetime:
    """Return a moment some units later; a day that a month lacks becomes its last."""
    if unit == "hour":
        return moment + timedelta(hours=count)
    if unit in ("day", "week"):
        return moment + _DAY * (count * (7 if unit == "week" else 1))
    months = moment.year * 12 + moment.month - 1 + count * _MONTHS[unit]
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _whole(unit: Unit, offset: int) -> Callable[[datetime], Range]:
    """Return the range of the unit some units from the current one."""

    def find(now: datetime) -> Range:
        start = shift(_floor(now, unit), unit, offset)
        return start, shift(start, unit, 1)

    return find


def _last(unit: Unit) -> Callable[[datetime, int], Range]:
    # Values are kept in whole seconds, so what was written in this second is not after now.
    def find(now: datetime, x: int) -> Range:
        base: Unit = "hour" if unit == "hour" else "day"
        return shift(_floor(now, base), unit, -_positive(x)), now.replace(microsecond=0) + _SECOND

    return find


def _next(unit: Unit) -> Callable[[datetime, int], Range]:
    def find(now: datetime, x: int) -> Range:
        start = now.replace(microsecond=0)
        if unit == "hour":
            return start, shift(start, unit, _positive(x))
        return start, shift(_floor(now, "day") + _DAY, unit, _positive(x))

    return find


def _last_fiscal(unit: Unit) -> Callable[[datetime, int], Range]:
    # Whole fiscal units before the current one [inferred].
    def find(now: datetime, x: int) -> Range:
        end = _floor(now, unit)
        return shift(end, unit, -_positive(x)), end

    return find


def _next_fiscal(unit: Unit) -> Callable[[datetime, int], Range]:
    # Whole fiscal units after the current one [inferred].
    def find(now: datetime, x: int) -> Range:
        start = shift(_floor(now, unit), unit, 1)
        return start, shift(start, unit, _positive(x))

    return find


def _older(unit: Unit) -> Callable[[datetime, int], Range]:
    # Days and longer units count from the midnight that began today [expected].
    def find(now: datetime, x: int) -> Range:
        base = now if unit == "hour" else _floor(now, "day")
        return None, shift(base, unit, -_positive(x))

    return find


def _older_minutes(now: datetime, x: int) -> Range:
    return None, now - timedelta(minutes=_positive(x))


def _fiscal_year(_now: datetime, x: int) -> Range:
    start = datetime(x, 1, 1, tzinfo=UTC)
    return start, shift(start, "fiscal-year", 1)


def _positive(x: int) -> int:
    if x < 1:
        raise ValueError(x)
    return x


_CALENDAR: tuple[Unit, ...] = ("week", "month", "year", "fiscal-period", "fiscal-year")
_COUNTABLE: tuple[Unit, ...] = ("hour", "day", "week", "month", "year")
_FISCAL: tuple[Unit, ...] = ("fiscal-period", "fiscal-year")

_PLAIN: dict[str, Callable[[datetime], Range]] = {
    "yesterday": _whole("day", -1),
    "today": _whole("day", 0),
    "tomorrow": _whole("day", 1),
    "last-seven-days": lambda now: _last("day")(now, 7),
    "next-seven-days": lambda now: _next("day")(now, 7),
    **{f"last-{unit}": _whole(unit, -1) for unit in _CALENDAR},
    **{f"this-{unit}": _whole(unit, 0) for unit in _CALENDAR},
    **{f"next-{unit}": _whole(unit, 1) for unit in _CALENDAR},
}
_COUNTED: dict[str, Callable[[datetime, int], Range]] = {
    **{f"last-x-{unit}s": _last(unit) for unit in _COUNTABLE},
    **{f"next-x-{unit}s": _next(unit) for unit in _COUNTABLE},
    **{f"last-x-{unit}s": _last_fiscal(unit) for unit in _FISCAL},
    **{f"next-x-{unit}s": _next_fiscal(unit) for unit in _FISCAL},
    **{f"olderthan-x-{unit}s": _older(unit) for unit in _COUNTABLE},
    "olderthan-x-minutes": _older_minutes,
    "in-fiscal-year": _fiscal_year,
}

COUNTED = frozenset(_COUNTED)
NAMES = frozenset(_PLAIN) | COUNTED
