"""Columns of the population as JSON carries them: texts, dates, amounts, percentages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seedkit.population.model import Dates, Flags, Ints, Moments, Texts

NAME_LENGTH = 100  # of the primary name of every msfsi table
_NOON = np.timedelta64(12, "h")
_DASH = " \N{EN DASH} "


def texts(column: Texts) -> list[str | None]:
    """Return texts; an empty one is not sent."""
    return [text or None for text in column.tolist()]


def days(dates: Dates) -> list[str | None]:
    """Return bare dates such as 1984-05-02, for columns of the kind DateOnly."""
    return _without_nat(dates, np.datetime_as_string(dates.astype("datetime64[D]")))


def noons(dates: Dates) -> list[str | None]:
    """Return dates as noon UTC such as 2026-01-31T12:00:00Z.

    Columns with the behaviour UserLocal travel as timestamps, and midnight UTC is the day before
    for everyone west of Greenwich.
    """
    moments: Dates = np.add(dates.astype("datetime64[s]"), _NOON)
    return _without_nat(dates, np.datetime_as_string(moments, timezone="UTC"))


def moments(column: Moments) -> list[str | None]:
    """Return moments such as 2026-01-31T15:20:00Z."""
    written = np.datetime_as_string(column.astype("datetime64[s]"), timezone="UTC")
    return _without_nat(column, written)


def percents(basis_points: Ints) -> list[float]:
    """Return basis points as per cent: 681 is 6.81."""
    return hundredths(basis_points)


def hundredths(values: Ints) -> list[float]:
    """Return whole hundredths as numbers of two decimals."""
    numbers: list[float] = (values.astype(np.int64) / 100).tolist()
    return numbers


def numbers(values: Ints) -> list[int]:
    """Return whole numbers."""
    plain: list[int] = values.tolist()
    return plain


def flags(values: Flags) -> list[bool]:
    """Return true and false."""
    plain: list[bool] = values.tolist()
    return plain


def known(dates: Dates) -> Flags:
    """Tell which dates there are."""
    return ~np.isnat(dates)


def only(shown: Flags, values: list[Any]) -> list[Any]:
    """Return the values where `shown`, and None elsewhere."""
    return [value if show else None for show, value in zip(shown.tolist(), values, strict=True)]


def joined(*columns: Iterable[str]) -> list[str]:
    """Return names made of several, row by row, such as a person and what they hold."""
    return names(_DASH.join(parts) for parts in zip(*columns, strict=True))


def names(values: Iterable[str], length: int = NAME_LENGTH) -> list[str]:
    """Return names of at most `length` units of UTF-16, cut between words where they are longer."""
    return [name if _units(name) <= length else _cut(name, length) for name in values]


def _cut(text: str, length: int) -> str:
    head = text[: length - 1]
    while _units(head) >= length:
        head = head[:-1]
    return (head.rpartition(" ")[0] or head).rstrip(_DASH + "-,") + "…"


def _units(text: str) -> int:
    """Return how many units of UTF-16 a text has, as columns count: two for an emoji."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _without_nat(dates: Dates, written: NDArray[np.str_]) -> list[str | None]:
    strings: list[str | None] = written.tolist()
    for row in np.flatnonzero(np.isnat(dates)).tolist():
        strings[row] = None
    return strings
