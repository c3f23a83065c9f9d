"""Hours: business hours of a customer's time zone, and from there to UTC.

Local time is a whole number of minutes since 1970-01-01 on the clock on the wall. A `worked` time
counts only the minutes in which desks work: Monday to Friday, 8 to 18 o'clock. All of it is
integer arithmetic, so that no time zone database of a machine has a say.
"""

from __future__ import annotations

import numpy as np

from seedkit.population.days import add_months
from seedkit.population.draw import Whole
from seedkit.population.model import Dates, Flags, Moments, Texts

DAY = 24 * 60
OPENS, CLOSES = 8 * 60, 18 * 60
WORKDAY = CLOSES - OPENS
WORKWEEK = 5 * WORKDAY
_FIRST_MONDAY = 4  # 1970-01-05, in days
_WEEK = 7

_UNITED_STATES = {  # hours behind UTC in winter; a state with two zones has that of most people
    5: "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV",
    6: "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
    7: "AZ CO ID MT NM UT WY",
    8: "CA NV OR WA",
    9: "AK",
    10: "HI",
}
_STATES = {state: -hours * 60 for hours, line in _UNITED_STATES.items() for state in line.split()}
_ALL_WINTER = ("AZ", "HI")
_ELSEWHERE = {"en_GB": 0, "de_DE": 60}  # minutes before UTC in winter, by locale


def to_utc(local: Whole, states: Texts, locale: str) -> Moments:
    """Return local times as moments; `states` are those of the customers' homes."""
    if locale in _ELSEWHERE:
        ahead = _ELSEWHERE[locale] + 60 * _european_summer(local)
    else:
        winter = np.array([_STATES.get(state, _STATES["NY"]) for state in states], np.int64)
        ahead = winter + 60 * (_american_summer(local) & ~np.isin(states, _ALL_WINTER))
    return np.asarray((local - ahead).astype("datetime64[m]"))


def to_local(moments: Moments, states: Texts, locale: str) -> Whole:
    """Return moments as local times."""
    utc = moments.astype(np.int64)
    # the clock's own time is only known by its offset, and that by the clock: an hour earlier it
    # can't be past a change that is still to come
    near = utc + _offset(utc, states, locale) - 60
    return utc + _offset(near, states, locale)


def _offset(local: Whole, states: Texts, locale: str) -> Whole:
    return local - to_utc(local, states, locale).astype(np.int64)


def day_of(local: Whole) -> Dates:
    """Return the days on which local times lie."""
    return np.asarray((local // DAY).astype("datetime64[D]"))


def weekday_of(days: Dates) -> Whole:
    """Return 0 for Monday to 6 for Sunday."""
    return np.asarray((days.astype(np.int64) - _FIRST_MONDAY) % _WEEK, np.int64)


def worked(local: Whole) -> Whole:
    """Return how many minutes desks have worked until local times."""
    week, rest = np.divmod(local - _FIRST_MONDAY * DAY, _WEEK * DAY)
    day, minute = np.divmod(rest, DAY)
    today = np.clip(minute - OPENS, 0, WORKDAY)
    return np.asarray(week * WORKWEEK + np.minimum(day * WORKDAY + today, WORKWEEK), np.int64)


def unworked(minutes: Whole) -> Whole:
    """Return the local times at which desks have worked so many minutes, the first ones."""
    week, rest = np.divmod(minutes, WORKWEEK)
    day, minute = np.divmod(rest, WORKDAY)
    return (week * _WEEK + day + _FIRST_MONDAY) * DAY + OPENS + minute


def after(local: Whole, minutes: Whole) -> Whole:
    """Return local times so many worked minutes later."""
    return np.maximum(unworked(worked(local) + minutes), local)


def _american_summer(local: Whole) -> Flags:
    """From the second Sunday of March to the first of November, 2 o'clock."""
    year = local.astype("datetime64[m]").astype("datetime64[Y]")
    begin = _sunday(add_months(year.astype("datetime64[D]"), 2)) + 7
    end = _sunday(add_months(year.astype("datetime64[D]"), 10))
    return _between(local, begin, end)


def _european_summer(local: Whole) -> Flags:
    """From the last Sunday of March to that of October; the hour of change differs by zone."""
    year = local.astype("datetime64[m]").astype("datetime64[Y]")
    begin = _sunday(add_months(year.astype("datetime64[D]"), 3)) - 7
    end = _sunday(add_months(year.astype("datetime64[D]"), 10)) - 7
    return _between(local, begin, end)


def _sunday(first: Dates) -> Whole:
    """Return the first Sunday on or after days, in days since 1970."""
    days = first.astype(np.int64)
    return np.asarray(days + (6 - weekday_of(first)) % _WEEK, np.int64)


def _between(local: Whole, begin: Whole, end: Whole) -> Flags:
    return np.asarray((local >= begin * DAY + 120) & (local < end * DAY + 120))
