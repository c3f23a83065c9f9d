"""From what the command line asks for to a profile, a plan request and the rows."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from seedkit.cli.shell import read_clock
from seedkit.errors import PlanMismatchError, UsageError
from seedkit.marks import Stamp
from seedkit.plan import Plan, PlanRequest
from seedkit.profile import read_profile
from seedkit.profile.models import Profile
from seedkit.records import LINKS, TABLES
from seedkit.records.batch import Bindings, RecordContext
from seedkit.records.source import RunSource, fingerprint

RUN_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,38}[a-z0-9]")
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asks of the generator."""

    profile: str
    households: int | None
    random_seed: int | None
    as_of: str | None
    overrides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolved:
    """A wish with its profile read and its dates settled."""

    name: str
    profile: Profile
    as_of: date
    now: datetime


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


def make_request(resolved: Resolved, run_id: str) -> PlanRequest:
    """Return what a plan is made from."""
    return PlanRequest(
        run_id=run_id,
        profile_name=resolved.name,
        profile=resolved.profile.model_dump(mode="json"),
        as_of=resolved.as_of,
        now=resolved.now,
        fingerprint=fingerprint(),
        tables=tuple((table.name, table.number) for table in TABLES),
        links=LINKS,
    )


def source_of(plan: Plan) -> RunSource:
    """Return the rows of a plan; PlanMismatchError when other versions would give other rows."""
    ours = fingerprint()
    if dict(plan.fingerprint) != ours:
        differing = {key: plan.fingerprint.get(key) for key in ours | dict(plan.fingerprint)}
        wanted = ", ".join(
            f"{name} {version}" for name, version in differing.items() if ours.get(name) != version
        )
        raise PlanMismatchError(
            f"Run {plan.run_id} was made with {wanted}, and other versions would make other rows.",
            f"Install those versions to resume, or remove it with: seedkit purge {plan.run_id}",
        )
    return make_source(
        Profile.model_validate(plan.profile),
        plan.as_of_date,
        plan.stamp,
        plan.run_id,
        plan.currencies,
    )


def make_source(
    profile: Profile, as_of: date, stamp: Stamp, run_id: str, currencies: Mapping[str, str]
) -> RunSource:
    """Return the rows of a profile."""
    return RunSource(profile, as_of, RecordContext(stamp, run_id, Bindings(currencies)))


def check_run_id(run_id: str) -> str:
    """Return a run id that is fit for keys and addresses; UsageError otherwise."""
    if not RUN_ID.fullmatch(run_id):
        raise UsageError(
            f"The run id {run_id!r} won't do.",
            "Use 2 to 40 lower-case letters, digits and hyphens, such as --run-id retail-7f3a",
        )
    return run_id


def draw_run_id(profile_name: str, token: str) -> str:
    """Return a short readable run id: the profile's name and a drawn token."""
    words = re.sub(r"[^a-z0-9]+", "-", profile_name.lower()).strip("-")[:24]
    return f"{words or 'run'}-{token}"


def _read_day(text: str | None, now: datetime) -> date:
    if text is None:
        return now.date()
    try:
        day = date.fromisoformat(text)
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
