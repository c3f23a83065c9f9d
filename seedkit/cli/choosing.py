"""Finding the runs that a command is about: one rule for all commands that take a RUN.

A run is known by its name and its environment: two of one name in two environments are two. The
ledger knows at most one of them; the other is known by its header note alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seedkit.cli.run_errors import in_another, none_there, not_found
from seedkit.cli.selection import Selection
from seedkit.dataverse.environment import Environment, read_environment
from seedkit.environments import Target
from seedkit.errors import SeedkitError, UnknownNameError, WrongTargetError
from seedkit.ledger import Ledger, RunEntry, RunState
from seedkit.load.header import Headers, find_headers
from seedkit.marks import mark_text
from seedkit.plan import Plan
from seedkit.profile import shipped_profiles
from seedkit.settings import LOCAL
from seedkit.workplace.connect import find_target, open_api, target_at

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell


@dataclass(frozen=True, slots=True)
class Chosen:
    """A run, where to find it, and how far it has come.

    `copied` when that is a copy of the environment it went to, `lost` when nothing but its rows
    is left of it, `noted` when only its header note tells of it: the ledger knows nothing of it, or
    of another run of that name in another environment.
    """

    plan: Plan
    target: Target
    state: RunState = RunState.SEEDED
    copied: bool = False
    lost: bool = False
    noted: bool = False

    @property
    def mark(self) -> str:
        """Return the mark as ids begin with it."""
        return mark_text(self.plan.mark)

    @property
    def purging(self) -> str:
        """Return the command that purges it."""
        if self.lost:
            place = f"--environment {self.target.name}"
            return f"seedkit purge --mark {self.mark} {place} --include-doubtful"
        return self.command("purge") + " --adopt-copy" * self.copied

    def command(self, name: str) -> str:
        """Return a command about it that finds it, also where the ledger knows nothing of it."""
        place = f" --environment {self.target.name}" if self.copied or self.noted else ""
        return f"seedkit {name} {self.plan.run_id}{place}"

    def journal(self, ledger: Ledger) -> Ledger | None:
        """Return the ledger where it tells of this run, and not of one of the same name."""
        return None if self.copied or self.lost or self.noted else ledger


@dataclass(frozen=True, slots=True)
class Found:
    """What an environment knows of runs: where it is, what it is, and its header notes."""

    target: Target
    here: Environment
    headers: Headers

    def holds(self, plan: Plan) -> bool:
        """Tell whether a run went into this environment, and not into one that it is a copy of."""
        return plan.environment.id == self.here.id

    @property
    def copies(self) -> list[Plan]:
        """Return the runs whose notes came here with a copy of their environment."""
        return [plan for plan in self.headers.plans if not self.holds(plan)]

    def state_of(self, plan: Plan) -> RunState:
        """Return how far a run has come of which only its note tells."""
        return next(run.run_state for run in self.headers.runs if run.plan == plan)


def look_into(shell: Shell, target: Target) -> Found:
    """Ask an environment what it is, and for its header notes."""

    async def work() -> Found:
        async with open_api(shell, target) as api:
            return Found(target, await read_environment(api), await find_headers(api))

    return asyncio.run(work())


def choose_run(
    shell: Shell, command: str, name: str | None, environment: str | None, ledger: Ledger
) -> Chosen:
    """Return the one run that a command is about, also one that was purged from here and is named.

    Errors as in `choose_runs`; RunNotFoundError when there is none.
    """
    selection = Selection(command, (name,) if name else (), environment=environment)
    chosen = choose_runs(shell, selection, ledger, purged_too=True)
    if not chosen:
        raise none_there(selection)
    return chosen[0]


def choose_runs(
    shell: Shell, selection: Selection, ledger: Ledger, *, purged_too: bool = False
) -> list[Chosen]:
    """Return the chosen runs, known by the ledger or else by their header notes.

    Empty when there is nothing (more) to do; RunNotFoundError when a named run is not known.
    `purged_too` knows runs that were purged from here, where they are named: rows may be left. A
    run in a copy of its environment is chosen only where the selection asks for such:
    WrongTargetError when it is named.
    """
    selection.check()
    own = ledger.runs(purged=purged_too and bool(selection.names))
    place, found = selection.environment, None
    if place is not None:
        found = look_into(shell, find_target(shell, place))
    elif selection.names and not purged_too:
        found = _look_back(shell, selection, ledger)
    if selection.names and not purged_too:
        selection = replace(selection, names=_not_gone(selection, ledger, found))
        if not selection.names:
            return []  # all of them are gone already

    def pick(plans: list[Plan]) -> list[Plan] | None:
        return selection.pick(plans, lambda plan: target_at(shell, plan.environment.url).name)

    chosen = pick([entry.plan for entry in own]) if found is None else None
    if chosen is None:
        if found is not None:
            _refuse_elsewhere(shell, own, selection, found)
            own = [entry for entry in own if _is_there(entry, found)]
        found = found or look_into(shell, find_target(shell, LOCAL))
        known = list(_without_copies(shell, _together(own, found), selection, found))
        chosen = pick(known)
        if chosen is None:
            _refuse_unknown(known, selection, found)
    return [_place(shell, plan, own, found) for plan in chosen or ()]


def _look_back(shell: Shell, selection: Selection, ledger: Ledger) -> Found | None:
    """Look where runs were that were purged from here: a backup may have brought them back.

    None unless all that are named were purged, and where no note of theirs is there, nor an answer.
    The note of a namesake has another watermark.
    """
    entries = ledger.runs(purged=True)
    gone = {one.plan.run_id: one for one in entries if one.state is RunState.PURGED}
    if not gone.keys() >= set(selection.names):
        return None
    try:
        found = look_into(shell, target_at(shell, gone[selection.names[0]].plan.environment.url))
    except SeedkitError:
        return None
    noted = {(run.plan.run_id, run.watermark) for run in found.headers.runs if run.watermark}
    back = [name for name in selection.names if (name, gone[name].watermark) in noted]
    return found if back else None


def _not_gone(selection: Selection, ledger: Ledger, found: Found | None) -> tuple[str, ...]:
    """Return the names without those of runs that were purged from here."""
    noted = {plan.run_id for plan in found.headers.plans} if found else set()
    names = selection.names
    return tuple(name for name in names if name in noted or not ledger.is_purged(name))


def _is_there(entry: RunEntry, found: Found) -> bool:
    """Tell whether a run of the ledger is one of an environment.

    One that was purged from here is not the one of that name whose note is there now.
    """
    noted = {plan.run_id for plan in found.headers.plans}
    gone = entry.state is RunState.PURGED and entry.plan.run_id in noted
    return found.holds(entry.plan) and not gone


def _together(own: Sequence[RunEntry], found: Found) -> list[Plan]:
    """Return the ledger's runs, and those of which only notes tell."""
    known = {entry.plan.run_id: entry.plan for entry in own}
    return [*known.values(), *(run for run in found.headers.plans if run.run_id not in known)]


def _without_copies(
    shell: Shell, known: list[Plan], selection: Selection, found: Found
) -> Iterator[Plan]:
    """Return the runs without those in a copy; a named one stops us, others are told of."""
    copies = [] if selection.copies else found.copies
    for plan in known:
        if plan not in copies:
            yield plan
            continue
        hint = f"seedkit purge {plan.run_id} --environment {found.target.name} --adopt-copy"
        told = (
            f"Run {plan.run_id} was seeded into {plan.environment.name} ({plan.environment.id}), "
            f"and {found.target.name} ({found.here.id}) is a copy of it."
        )
        if selection.named([plan]):
            raise WrongTargetError(told, f"Remove its rows from the copy: {hint}")
        shell.say(f"{told} Left alone; remove it there with: {hint}")


def _place(shell: Shell, plan: Plan, own: Sequence[RunEntry], found: Found | None) -> Chosen:
    """Return a run with where it was found, which may be another address than it went to."""
    entry = next((entry for entry in own if entry.plan == plan), None)
    if entry is not None:
        at_home = found is not None and found.holds(plan)
        target = found.target if found and at_home else target_at(shell, plan.environment.url)
        return Chosen(plan, target, entry.state)
    assert found is not None
    state = found.state_of(plan)
    if found.holds(plan):
        return Chosen(plan, found.target, state, noted=True)
    plan = replace(plan, environment=found.here)
    return Chosen(plan, found.target, state, copied=True, noted=True)


def _refuse_elsewhere(
    shell: Shell, own: Sequence[RunEntry], selection: Selection, found: Found
) -> None:
    """Stop when a named run lies in another environment than the one that is asked for.

    Where that one has a run of the same name, or a copy, it is this that is meant.
    """
    here = [entry.plan for entry in own if found.holds(entry.plan)] + list(found.headers.plans)
    elsewhere = [entry.plan for entry in own if not found.holds(entry.plan)]
    for name in selection.names:
        one = replace(selection, names=(name,))
        exact = name in {plan.run_id for plan in elsewhere}
        if any(plan.run_id == name for plan in here) or (one.named(here) and not exact):
            continue
        for plan in one.named(elsewhere):
            place = target_at(shell, plan.environment.url).name
            raise in_another(plan, place, found.target.name, found.here.id, selection.command)


def _refuse_unknown(known: list[Plan], selection: Selection, found: Found) -> None:
    """Stop when a run, or a profile, was named and is not known."""
    if selection.profile is not None and selection.profile not in shipped_profiles():
        raise UnknownNameError(
            "run of a profile", selection.profile, shipped_profiles(), "See: seedkit runs"
        )
    if selection.names:
        raise not_found(known, selection, found.headers)
