"""`runs`, and choosing the runs that a command is about."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seedkit.cli.connect import environment_name, open_api
from seedkit.errors import AmbiguousRunError, RunNotFoundError, UsageError
from seedkit.ledger import Ledger, RunState
from seedkit.load.header import find_headers
from seedkit.plan import Plan
from seedkit.settings import LOCAL, environment_url

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell


@dataclass(frozen=True, slots=True)
class Selection:
    """Which runs a command is about, as the command line says it."""

    names: tuple[str, ...]
    profile: str | None
    every: bool
    environment: str | None


def same_environment(plan: Plan, environment: str | None) -> str:
    """Return the address of a run's environment; UsageError when another one is asked for."""
    url = plan.environment.url
    if environment is not None and environment_url(environment) != url:
        raise UsageError(
            f"Run {plan.run_id} is in {environment_name(url)}, not in {environment}.",
            "Leave out --environment, and the run brings its own.",
        )
    return url


def choose_runs(shell: Shell, selection: Selection, ledger: Ledger) -> list[Plan]:
    """Return the plans of the chosen runs, from the ledger or else from the header notes.

    Empty when there is nothing at all; RunNotFoundError when a named run is not known.
    """
    known = [entry.plan for entry in ledger.runs()]
    if selection.environment is not None:
        url = environment_url(selection.environment)
        named_elsewhere = [
            plan for plan in known if plan.environment.url != url and _is_named(plan, selection)
        ]
        known = [plan for plan in known if plan.environment.url == url]
        if named_elsewhere and not any(_is_named(plan, selection) for plan in known):
            same_environment(named_elsewhere[0], selection.environment)
    chosen = pick(known, selection)
    if chosen is None:
        url = environment_url(selection.environment or LOCAL)
        noted = asyncio.run(_read_headers(shell, url))
        chosen = pick(noted, selection)
    if chosen is None:
        if selection.names:
            raise RunNotFoundError(
                f"No run {' or '.join(map(repr, selection.names))} is known here or in "
                f"{selection.environment or LOCAL}.",
                "See: seedkit runs",
            )
        return []
    return chosen


def pick(plans: list[Plan], selection: Selection) -> list[Plan] | None:
    """Return the plans that a selection means; None when it means none of them."""
    if selection.profile is not None:
        plans = [plan for plan in plans if plan.profile_name == selection.profile]
    if selection.names:
        chosen = [_pick_one(plans, name) for name in selection.names]
        return None if None in chosen else [plan for plan in chosen if plan is not None]
    if len(plans) > 1 and not selection.every and selection.profile is None:
        names = ", ".join(plan.run_id for plan in plans)
        raise AmbiguousRunError(f"There are several runs: {names}.", "Name one, or add --all")
    return plans or None


def _pick_one(plans: list[Plan], name: str) -> Plan | None:
    if name == "latest":
        return max(plans, key=lambda plan: plan.created, default=None)
    exact = [plan for plan in plans if plan.run_id == name]
    fitting = exact or [plan for plan in plans if plan.run_id.startswith(name)]
    if len(fitting) > 1:
        names = ", ".join(plan.run_id for plan in fitting)
        raise AmbiguousRunError(f"Several runs begin with {name!r}: {names}.", "Name one of them.")
    return fitting[0] if fitting else None


def _is_named(plan: Plan, selection: Selection) -> bool:
    return any(plan.run_id.startswith(name) for name in selection.names)


async def _read_headers(shell: Shell, url: str) -> list[Plan]:
    async with open_api(shell, url) as api:
        return await find_headers(api)


def list_runs(shell: Shell, environment: str | None) -> int:
    """Print the runs of the ledger and those whose header note is in the environment."""
    ledger = Ledger.open(shell.settings.ledger)
    url = environment_url(environment or LOCAL)
    noted = {plan.run_id: plan for plan in asyncio.run(_read_headers(shell, url))}
    entries = {entry.plan.run_id: entry for entry in ledger.runs()}
    if environment is not None:
        entries = {name: e for name, e in entries.items() if e.plan.environment.url == url}
    rows = []
    for name in sorted(entries.keys() | noted.keys()):
        entry = entries.get(name)
        plan = entry.plan if entry else noted[name]
        here = plan.environment.url == url
        rows.append(
            {
                "run": name,
                "profile": plan.profile_name,
                "households": plan.profile["households"],
                "environment": environment_name(plan.environment.url),
                "created": plan.created,
                "state": entry.state.value if entry else RunState.SEEDED.value,
                "ledger": entry is not None,
                "note": (name in noted) if here else None,
            }
        )
    if shell.json:
        shell.print_json(rows)
    elif rows:
        columns = ["run", "profile", "households", "environment", "created", "state", "known by"]
        shell.print_table(columns, [[*list(row.values())[:6], _known_by(row)] for row in rows])
    else:
        shell.say("No runs. Make one with: seedkit seed --profile retail")
    return 0


def _known_by(row: dict[str, object]) -> str:
    ways = [way for way in ("ledger", "note") if row[way]]
    return " and ".join(ways)
