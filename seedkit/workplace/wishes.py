"""From the words of the command line to a profile that was read, a day and a run id."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from seedkit.assembly import Resolved, check_custom
from seedkit.errors import Fault, ProfileError, UsageError
from seedkit.profile import read_profile
from seedkit.workplace.clock import read_clock

SET_OPTION = "--set"
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LIFETIME = re.compile(r"([1-9]\d{0,4})([hdw])")
LIFETIME_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
LONGEST_LIFETIME = timedelta(days=3660)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks of the generator."""

    profile: str
    households: int | None
    random_seed: int | None
    as_of: str | None
    overrides: tuple[str, ...]


def resolve(wish: Wish) -> Resolved:
    """Read the profile with all overrides, and the clock, once."""
    short = {"households": wish.households, "random_seed": wish.random_seed}
    given = {key: value for key, value in short.items() if value is not None}
    overrides = [*wish.overrides, *(f"{key}={value}" for key, value in given.items())]
    try:
        found = read_profile(wish.profile, overrides)
        check_custom(found)
    except ProfileError as error:
        raise ProfileError(
            (_by_option(fault, given) for fault in error.faults), error.hint
        ) from None
    now = read_clock(os.environ)
    return Resolved(found.name, found.profile, _read_day(wish.as_of, now), now)


def _by_option(fault: Fault, given: Collection[str]) -> Fault:
    """Return the fault as one of the option that was given for the key."""
    if fault.file != SET_OPTION or fault.key not in given:
        return fault
    return replace(fault, file=f"--{fault.key.replace('_', '-')}", key="")


def draw_run_id(profile_name: str, token: str) -> str:
    """Return a short readable run id: the profile's name and a drawn token."""
    words = re.sub(r"[^a-z0-9]+", "-", profile_name.lower()).strip("-")[:24]
    return f"{words or 'run'}-{token}"


def read_lifetime(text: str | None) -> timedelta | None:
    """Return how long a run may stay, from words such as 36h, 14d or 2w; UsageError."""
    if text is None:
        return None
    found = LIFETIME.fullmatch(text)
    lifetime = int(found[1]) * LIFETIME_UNITS[found[2]] if found else timedelta()
    if not timedelta() < lifetime <= LONGEST_LIFETIME:
        raise UsageError(
            f"--ttl is {text!r}, and must be hours, days or weeks, ten years at most.",
            "Write it as in: --ttl 14d (also 36h, 2w)",
        )
    return lifetime


def _read_day(text: str | None, now: datetime) -> date:
    if text is None:
        return now.date()
    try:
        day = date.fromisoformat(text if DAY.fullmatch(text) else "")
    except ValueError:
        raise UsageError(
            f"--as-of is {text!r}, and must be a day.", "Write it as in: --as-of 2026-06-30"
        ) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise UsageError(
            f"--as-of must lie between {FIRST_DAY} and {LAST_DAY}, not {day}.",
            "Write it as in: --as-of 2026-06-30",
        )
    return day
