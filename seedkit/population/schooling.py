"""The dates of school and studies."""

from __future__ import annotations

import numpy as np

from seedkit.population.days import add_days
from seedkit.population.draw import Whole
from seedkit.population.model import Dates


def graduation(birth: Dates, years_after_school: Whole) -> Dates:
    """Return graduations: 10 June of the school year that ends at 18, or so many years later."""
    june = np.asarray((_school_ends(birth) + years_after_school) * 12 + 5)
    return add_days(june.astype("datetime64[M]").astype("datetime64[D]"), 9)


def years_since_school(birth: Dates, today: np.datetime64) -> Whole:
    """Return completed school years since high school; negative before its end.

    graduation(birth, y) has come exactly when y is no more than this.
    """
    month = today.astype("datetime64[M]")
    past_june_10 = today >= add_days(month - month.astype(np.int64) % 12 + 5, 9)
    return int(month.astype(np.int64)) // 12 - (not past_june_10) - _school_ends(birth)


def _school_ends(birth: Dates) -> Whole:
    """Return the years, since 1970, in which high school ends; those born in autumn wait a year."""
    month = birth.astype("datetime64[M]").astype(np.int64)
    return np.asarray(month // 12 + 18 + (month % 12 >= 8), np.int64)
