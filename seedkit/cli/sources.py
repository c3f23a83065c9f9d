"""From the words of the command line to a profile that was read, a day and a run id."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date, datetime

from seedkit.assembly import Resolved
from seedkit.cli.shell import read_clock
from seedkit.errors import UsageError
from seedkit.profile import read_profile

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
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
    overrides = list(wish.overrides)
    if wish.households is not None:
        overrides.append(f"households={wish.households}")
    if wish.random_seed is not None:
        overrides.append(f"random_seed={wish.random_seed}")
    found = read_profile(wish.profile, overrides)
    now = read_clock(os.environ)
    return Resolved(found.name, found.profile, _read_day(wish.as_of, now), now)


def draw_run_id(profile_name: str, token: str) -> str:
    """Return a short readable run id: the profile's name and a drawn token."""
    words = re.sub(r"[^a-z0-9]+", "-", profile_name.lower()).strip("-")[:24]
    return f"{words or 'run'}-{token}"


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
