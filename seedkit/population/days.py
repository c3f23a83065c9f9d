"""Days, months and ages as columns."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seedkit.population.model import Dates, Flags

NEVER = np.datetime64("NaT", "D")


def day(value: date) -> np.datetime64:
    """Return a date as a NumPy day."""
    return np.datetime64(value, "D")


def no_days(n: int) -> Dates:
    """Return a column of n absent days."""
    return np.full(n, NEVER)


def add_days(days: ArrayLike, count: ArrayLike) -> Dates:
    """Return days moved by a number of days."""
    start: Dates = np.asarray(days, "datetime64[D]")
    return np.asarray(start + np.asarray(count, np.int64).astype("timedelta64[D]"))


def add_months(days: ArrayLike, count: ArrayLike) -> Dates:
    """Return days moved by whole months; the 31st becomes the last day of a shorter month."""
    start = np.asarray(days, "datetime64[D]")
    month = start.astype("datetime64[M]")
    target = month + np.asarray(count, np.int64).astype("timedelta64[M]")
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    moved = target.astype("datetime64[D]") + (start - month.astype("datetime64[D]"))
    return np.asarray(np.minimum(moved, last))


def add_years(days: ArrayLike, count: ArrayLike) -> Dates:
    """Return days moved by whole years; 29 February becomes the 28th in a common year."""
    return add_months(days, np.asarray(count, np.int64) * 12)


def whole_years(since: ArrayLike, until: ArrayLike) -> NDArray[np.int64]:
    """Return completed years between two days; an age when `since` is a birthday."""
    first, last = np.asarray(since, "datetime64[D]"), np.asarray(until, "datetime64[D]")
    years = year_of(last) - year_of(first)
    return years - (add_years(first, years) > last)


def whole_months(since: ArrayLike, until: ArrayLike) -> NDArray[np.int64]:
    """Return completed months between two days."""
    first, last = np.asarray(since, "datetime64[D]"), np.asarray(until, "datetime64[D]")
    months = (last.astype("datetime64[M]") - first.astype("datetime64[M]")).astype(np.int64)
    return np.asarray(months - (add_months(first, months) > last), np.int64)


def months_back(days: ArrayLike, limit: ArrayLike) -> NDArray[np.int64]:
    """Return how many whole months days can go back without passing a limit, at least 0.

    From 28 February a month back is 28 January, though a month after 31 January is 28 February.
    """
    last, first = np.asarray(days, "datetime64[D]"), np.asarray(limit, "datetime64[D]")
    months = np.maximum(whole_months(first, last), 0)
    return np.asarray(months - ((months > 0) & (add_months(last, -months) < first)), np.int64)


def year_of(days: ArrayLike) -> NDArray[np.int64]:
    """Return calendar years; the columns must not hold absent days."""
    return np.asarray(days, "datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def known(days: Dates) -> Flags:
    """Return which days are not absent."""
    return ~np.isnat(days)
