"""Putting the rooms together: from a profile to a plan's request and to rows.

The command line and the test fixtures both stand on this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from seedkit.errors import PlanMismatchError
from seedkit.marks import HIGHEST_MARK, Stamp
from seedkit.plan import Plan, PlanRequest
from seedkit.profile.models import Profile
from seedkit.records import LINKS, TABLES
from seedkit.records.batch import Bindings, RecordContext
from seedkit.records.source import RunSource, fingerprint


@dataclass(frozen=True, slots=True)
class Resolved:
    """A profile that was read, and the two dates that the clock and the command line give."""

    name: str
    profile: Profile
    as_of: date
    now: datetime


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
        columns=written_columns(resolved),
    )


def written_columns(resolved: Resolved) -> dict[str, tuple[str, ...]]:
    """Return the columns that records write, by table: those of the bank and one block."""
    source = make_source(
        resolved.profile, resolved.as_of, Stamp(HIGHEST_MARK, 0), resolved.name, CurrencyByCode()
    )
    batches = [batch for block in source.blocks[:2] for batch in source.batches(block)]
    return {batch.table: tuple(batch.columns) for batch in batches}


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
    backdate = profile.life_events.backdated
    context = RecordContext(stamp, run_id, Bindings(currencies), backdate)
    return RunSource(profile, as_of, context)


class CurrencyByCode(Mapping[str, str]):
    """Currency addresses by ISO code instead of by an environment's ids; knows every code."""

    def __getitem__(self, code: str) -> str:
        return f"isocurrencycode='{code}'"

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
