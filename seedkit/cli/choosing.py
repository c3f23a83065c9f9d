"""Choosing the runs that a command is about."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from seedkit.dataverse.environment import Environment, read_environment
from seedkit.environments import Target
from seedkit.errors import (
    AmbiguousRunError,
    RunNotFoundError,
    UnknownNameError,
    UsageError,
    WrongTargetError,
)
from seedkit.ledger import Ledger
from seedkit.load.header import Headers, find_headers
from seedkit.marks import mark_text
from seedkit.plan import Plan, meant
from seedkit.profile import shipped_profiles
from seedkit.settings import LOCAL, is_loopback
from seedkit.workplace.connect import find_target, open_api, target_at

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell


@dataclass(frozen=True, slots=True)
class Selection:
    """Which runs a command is about, as the command line says it.

    `expired_at` asks for runs whose time is over at that moment. With `copies`, a run in a copy of
    its environment is one of those that are there.
    """

    names: tuple[str, ...] = ()
    profile: str | None = None
    every: bool = False
    environment: str | None = None
    expired_at: datetime | None = None
    copies: bool = False

    @property
    def sweeping(self) -> bool:
        """Tell whether it takes however many runs there are."""
        return self.every or self.profile is not None or self.expired_at is not None

    def check(self) -> None:
        """Stop when the words contradict one another; UsageError."""
        words = {"--all": self.every, "--profile": self.profile is not None and self.every}
        if self.expired_at is not None:
            words |= {"--expired": True, "a run": bool(self.names)}
        given = [word for word, there in words.items() if there]
        if len(given) > 1:
            raise UsageError(f"{' and '.join(given)} don't go together.", "Choose one of them.")

    def refuse_beside_mark(self) -> None:
        """Stop when runs are meant beside a mark that no run is known of; UsageError."""
        if self.names or self.sweeping:
            raise UsageError("--mark and runs don't go together.", "Choose one of them.")


def target_of(shell: Shell, plan: Plan, environment: str | None) -> Target:
    """Return where to find a run: in its own environment, or in the one that is asked for.

    Another host can't be the same environment (UsageError); another address on this machine can,
    and its id is compared before anything is done there.
    """
    own = target_at(shell, plan.environment.url)
    asked = own if environment is None else find_target(shell, environment)
    if asked.url != own.url and not (is_loopback(asked.url) and is_loopback(own.url)):
        raise UsageError(
            f"Run {plan.run_id} is in {own.name}, not in {environment}.",
            "Leave out --environment, and the run brings its own.",
        )
    return asked


@dataclass(frozen=True, slots=True)
class Chosen:
    """A run and where to find it.

    `copied` when that is a copy of the environment it went to, `lost` when nothing but its rows
    is left of it, `noted` when only its header note tells of it: the ledger knows nothing of it, or
    of another run of that name in another environment.
    """

    plan: Plan
    target: Target
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
        where = f"--environment {self.target.name}"
        if self.lost:
            return f"seedkit purge --mark {self.mark} {where} --include-doubtful"
        words = ["seedkit purge", self.plan.run_id]
        words += [where] if self.copied or self.noted else []
        return " ".join(words + ["--adopt-copy"] * self.copied)


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


def look_into(shell: Shell, target: Target) -> Found:
    """Ask an environment what it is, and for its header notes."""

    async def work() -> Found:
        async with open_api(shell, target) as api:
            return Found(target, await read_environment(api), await find_headers(api))

    return asyncio.run(work())


def choose_runs(
    shell: Shell,
    selection: Selection,
    ledger: Ledger,
    *,
    whole_ids: bool = False,
    purged_too: bool = False,
) -> list[Chosen]:
    """Return the chosen runs, known by the ledger or else by their header notes.

    Empty when there is nothing (more) to do; RunNotFoundError when a named run is not known.
    `whole_ids` takes no beginning of an id for the id; `purged_too` knows runs that were purged
    from here, for rows that were left as doubtful. A run in a copy of its environment is
    chosen only where the selection asks for such: WrongTargetError when it is named.
    """
    selection.check()
    own = [entry.plan for entry in ledger.runs(purged=purged_too and bool(selection.names))]
    known, found = own, None
    if selection.environment is not None:
        found = look_into(shell, find_target(shell, selection.environment))
    noted = {plan.run_id for plan in found.headers.plans} if found else set()
    names = tuple(
        name
        for name in selection.names
        if name in noted or purged_too or not ledger.is_purged(name)
    )
    if selection.names and not names:
        return []  # all of them are gone already
    selection = replace(selection, names=names)
    if found is not None:
        _refuse_elsewhere(shell, known, selection, found)
        known = [plan for plan in known if found.holds(plan)]
    elif pick(known, selection, whole_ids) is None:
        found = look_into(shell, find_target(shell, LOCAL))
    if found is not None:
        ids = {plan.run_id for plan in known}
        known = known + [plan for plan in found.headers.plans if plan.run_id not in ids]
        known = list(_without_copies(shell, known, selection, found, whole_ids))
    chosen = pick(known, selection, whole_ids)
    if chosen is not None:
        placed = [_place(shell, plan, selection, found) for plan in chosen]
        return [
            replace(one, noted=plan not in own) for one, plan in zip(placed, chosen, strict=True)
        ]
    if selection.profile is not None and selection.profile not in shipped_profiles():
        raise UnknownNameError(
            "run of a profile", selection.profile, shipped_profiles(), "See: seedkit runs"
        )
    if selection.names:
        raise _not_found(known, selection, found, whole_ids)
    return []


def _without_copies(
    shell: Shell, known: list[Plan], selection: Selection, found: Found, whole_ids: bool
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
        if any(plan in meant([plan], name, whole=whole_ids) for name in selection.names):
            raise WrongTargetError(told, f"Remove its rows from the copy: {hint}")
        shell.say(f"{told} Left alone; remove it there with: {hint}")


def _place(shell: Shell, plan: Plan, selection: Selection, found: Found | None) -> Chosen:
    """Return where a run was found, which may be another address than the one it went to."""
    if found is not None and found.holds(plan):
        return Chosen(plan, found.target)
    if found is not None and plan in found.copies:
        return Chosen(replace(plan, environment=found.here), found.target, copied=True)
    return Chosen(plan, target_of(shell, plan, selection.environment))


def _refuse_elsewhere(shell: Shell, known: list[Plan], selection: Selection, found: Found) -> None:
    """Stop when a named run lies in another environment than the one that is asked for.

    Where that one has a run of the same name, or a copy, it is this that is meant.
    """
    noted = {plan.run_id for plan in found.headers.plans}
    for plan in known:
        named = plan.run_id in selection.names and plan.run_id not in noted
        if named and not found.holds(plan):
            raise UsageError(
                f"Run {plan.run_id} is in {target_at(shell, plan.environment.url).name} "
                f"({plan.environment.id}), not in {selection.environment}.",
                "Leave out --environment, and the run brings its own.",
            )


def _not_found(
    known: list[Plan], selection: Selection, found: Found | None, whole_ids: bool
) -> RunNotFoundError:
    unknown = [name for name in selection.names if name not in {plan.run_id for plan in known}]
    names = " or ".join(map(repr, unknown))
    where = selection.environment or LOCAL
    message = f"No run {names} is known here or in {where}."
    alike = [plan.run_id for plan in known if plan.run_id.startswith(selection.names)]
    if found and any(name in found.headers.damaged for name in selection.names):
        message = f"The header note of run {names} is there, but can't be read."
    if whole_ids and alike:
        return RunNotFoundError(
            f"{message} With --yes an id must be whole.", f"Did you mean {' or '.join(alike)}?"
        )
    hint = "See: seedkit runs"
    if selection.environment is None:
        hint += "\nRuns of which this machine knows nothing: seedkit runs --environment ENV"
    return RunNotFoundError(message, hint)


def pick(plans: list[Plan], selection: Selection, whole_ids: bool = False) -> list[Plan] | None:
    """Return the plans that a selection means; None when it means none of them."""
    if selection.profile is not None:
        plans = [plan for plan in plans if plan.profile_name == selection.profile]
    if selection.expired_at is not None:
        plans = [plan for plan in plans if plan.is_expired(selection.expired_at)]
    if selection.names:
        names = dict.fromkeys(selection.names)
        chosen = [_pick_one(plans, name, whole_ids) for name in names]
        return None if None in chosen else [plan for plan in chosen if plan is not None]
    if len(plans) > 1 and not selection.sweeping:
        names_of_all = ", ".join(plan.run_id for plan in plans)
        raise AmbiguousRunError(
            f"There are several runs: {names_of_all}.", "Name one, or add --all"
        )
    if len({plan.environment.id for plan in plans}) > 1 and not selection.copies:
        raise AmbiguousRunError(
            "These runs are in several environments.", "Name one with --environment"
        )
    return plans or None


def _pick_one(plans: list[Plan], name: str, whole_ids: bool) -> Plan | None:
    fitting = meant(plans, name, whole=whole_ids)
    if len(fitting) > 1:
        names = ", ".join(plan.run_id for plan in fitting)
        raise AmbiguousRunError(f"Several runs begin with {name!r}: {names}.", "Name one of them.")
    return fitting[0] if fitting else None
