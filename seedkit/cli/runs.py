"""`runs`, and choosing the runs that a command is about."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seedkit.cli.connect import find_target, open_api, target_at
from seedkit.dataverse.environment import read_environment
from seedkit.environments import Target
from seedkit.errors import AmbiguousRunError, RunNotFoundError, UnknownNameError, UsageError
from seedkit.ledger import Ledger, RunState
from seedkit.load.header import Headers, Noted, find_headers
from seedkit.plan import Plan, meant
from seedkit.profile import shipped_profiles
from seedkit.settings import LOCAL, is_loopback

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell


@dataclass(frozen=True, slots=True)
class Selection:
    """Which runs a command is about, as the command line says it."""

    names: tuple[str, ...]
    profile: str | None
    every: bool
    environment: str | None


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
    """A run and where to find it."""

    plan: Plan
    target: Target


@dataclass(frozen=True, slots=True)
class Found:
    """What an environment knows of runs: where it is, its id, and its header notes."""

    target: Target
    environment_id: str
    headers: Headers


def look_into(shell: Shell, target: Target) -> Found:
    """Ask an environment for its id and its header notes."""

    async def work() -> Found:
        async with open_api(shell, target) as api:
            here = await read_environment(api)
            return Found(target, here.id, await find_headers(api))

    return asyncio.run(work())


def choose_runs(
    shell: Shell, selection: Selection, ledger: Ledger, *, whole_ids: bool = False
) -> list[Chosen]:
    """Return the chosen runs, known by the ledger or else by their header notes.

    Empty when there is nothing (more) to do; RunNotFoundError when a named run is not known.
    `whole_ids` takes no beginning of an id for the id.
    """
    if selection.every and selection.profile is not None:
        raise UsageError("--all and --profile don't go together.", "Choose one of them.")
    known = [entry.plan for entry in ledger.runs()]
    found = None
    names = tuple(name for name in selection.names if not ledger.is_purged(name))
    if selection.names and not names:
        return []  # all of them are gone already
    selection = replace(selection, names=names)
    if selection.environment is not None:
        found = look_into(shell, find_target(shell, selection.environment))
        _refuse_elsewhere(shell, known, selection, found)
        known = [plan for plan in known if plan.environment.id == found.environment_id]
    elif pick(known, selection, whole_ids) is None:
        found = look_into(shell, find_target(shell, LOCAL))
    if found is not None:
        ids = {plan.run_id for plan in known}
        known += [plan for plan in found.headers.plans if plan.run_id not in ids]
    chosen = pick(known, selection, whole_ids)
    if chosen is not None:
        return [Chosen(plan, _target(shell, plan, selection, found)) for plan in chosen]
    if selection.profile is not None and selection.profile not in shipped_profiles():
        raise UnknownNameError(
            "run of a profile", selection.profile, shipped_profiles(), "See: seedkit runs"
        )
    if selection.names:
        raise _not_found(known, selection, found, whole_ids)
    return []


def _target(shell: Shell, plan: Plan, selection: Selection, found: Found | None) -> Target:
    """Return where a run was found, which may be another address than the one it went to."""
    if found is not None and plan.environment.id == found.environment_id:
        return found.target
    return target_of(shell, plan, selection.environment)


def _refuse_elsewhere(shell: Shell, known: list[Plan], selection: Selection, found: Found) -> None:
    """Stop when a named run lies in another environment than the one that is asked for."""
    for plan in known:
        named = any(plan.run_id == name for name in selection.names)
        if named and plan.environment.id != found.environment_id:
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
    message = f"No run {names} is known here or in {selection.environment or LOCAL}."
    alike = [plan.run_id for plan in known if plan.run_id.startswith(selection.names)]
    if found and any(name in found.headers.damaged for name in selection.names):
        message = f"The header note of run {names} is there, but can't be read."
    if whole_ids and alike:
        return RunNotFoundError(
            f"{message} With --yes an id must be whole.", f"Did you mean {' or '.join(alike)}?"
        )
    return RunNotFoundError(message, "See: seedkit runs")


def pick(plans: list[Plan], selection: Selection, whole_ids: bool = False) -> list[Plan] | None:
    """Return the plans that a selection means; None when it means none of them."""
    if selection.profile is not None:
        plans = [plan for plan in plans if plan.profile_name == selection.profile]
    if selection.names:
        names = dict.fromkeys(selection.names)
        chosen = [_pick_one(plans, name, whole_ids) for name in names]
        return None if None in chosen else [plan for plan in chosen if plan is not None]
    if len(plans) > 1 and not selection.every and selection.profile is None:
        names_of_all = ", ".join(plan.run_id for plan in plans)
        raise AmbiguousRunError(
            f"There are several runs: {names_of_all}.", "Name one, or add --all"
        )
    if len({plan.environment.id for plan in plans}) > 1:
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


def list_runs(shell: Shell, environment: str | None) -> int:
    """Print the runs of the ledger and those whose header note is in the environment."""
    ledger = Ledger.open(shell.settings.ledger)
    found = look_into(shell, find_target(shell, environment or LOCAL))
    noted = {run.plan.run_id: run for run in found.headers.runs}
    entries = {entry.plan.run_id: entry for entry in ledger.runs()}
    if environment is not None:
        entries = {
            name: entry
            for name, entry in entries.items()
            if entry.plan.environment.id == found.environment_id
        }
    rows = []
    for name in sorted(entries.keys() | noted.keys()):
        entry = entries.get(name)
        plan = entry.plan if entry else noted[name].plan
        here = plan.environment.id == found.environment_id
        rows.append(
            {
                "run": name,
                "profile": plan.profile_name,
                "households": plan.profile["households"],
                "environment": target_at(shell, plan.environment.url).name,
                "created": plan.created,
                "state": (entry.state if entry else _noted_state(noted[name])).value,
                "ledger": entry is not None,
                "note": (name in noted) if here else None,
            }
        )
    if shell.json:
        shell.print_json(rows)
    elif rows:
        columns = ["run", "profile", "households", "environment", "created", "state", "known by"]
        shell.print_table(columns, [[*list(row.values())[:6], _known_by(row)] for row in rows])
    elif not found.headers.damaged:
        shell.say("No runs. Make one with: seedkit seed --profile retail")
    for row in rows:
        if row["state"] == RunState.SEEDING.value:
            where = "" if row["ledger"] else f" --environment {environment or LOCAL}"
            shell.say(f"Run {row['run']} is not finished: seedkit resume {row['run']}{where}")
    for name in found.headers.damaged:
        shell.say(f"There is a header note of run {name} that can't be read.")
    for name, version in found.headers.later.items():
        shell.say(f"There is a run {name} of seedkit {version}, which this version can't read.")
    return 0


def _noted_state(run: Noted) -> RunState:
    """Return how far a run has come whose note is all that is known here."""
    return RunState.SEEDED if run.finished else RunState.SEEDING


def _known_by(row: dict[str, object]) -> str:
    ways = [way for way in ("ledger", "note") if row[way]]
    return " and ".join(ways)
