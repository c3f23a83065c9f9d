"""What is said when a command does not find the run that it was asked for, or finds several."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from seedkit.errors import AmbiguousRunError, LedgerError, RunNotFoundError, UsageError
from seedkit.settings import LOCAL

if TYPE_CHECKING:
    from seedkit.cli.selection import Selection
    from seedkit.load.header import Headers
    from seedkit.plan import Plan


def in_another(plan: Plan, own: str, asked: str, id: str, command: str) -> UsageError:
    """Return the error for a run that is in its `own` environment, not in the one asked for."""
    return UsageError(
        f"Run {plan.run_id} is in {own} ({plan.environment.id}), not in {asked} ({id}).",
        f"To go on there: seedkit {command} {plan.run_id} --environment {own}",
    )


def several_runs(
    places: Sequence[tuple[str, str]], command: str, environment: str | None
) -> AmbiguousRunError:
    """Return the error for runs of which nobody said which; `places` has each with its place."""
    where = f" --environment {environment}" if environment else ""
    alone = len({place for _, place in places}) == 1
    runs = ", ".join(run if alone else f"{run} in {place}" for run, place in places)
    hint = f"Name one, as in: seedkit {command} {places[-1][0]}{where}"
    if command == "purge":
        hint += (
            f"\nor take all in one environment: seedkit purge --all --environment {places[-1][1]}"
        )
    return AmbiguousRunError(f"There are several runs: {runs}.", hint)


def several_begin_alike(name: str, runs: Sequence[str], command: str) -> AmbiguousRunError:
    """Return the error for a beginning that several runs have."""
    return AmbiguousRunError(
        f"Several runs begin with {name!r}: {', '.join(runs)}.",
        f"Write it out, as in: seedkit {command} {runs[-1]}",
    )


def several_environments(places: Iterable[str], words: str) -> AmbiguousRunError:
    """Return the error for runs that are not all in one place; `words` are the command's."""
    names = list(places)
    commands = "\nor: ".join(f"{words} --environment {name}" for name in names)
    return AmbiguousRunError(
        f"These runs are in several environments: {', '.join(names)}.",
        f"Take them one after the other: {commands}",
    )


def not_found(known: Sequence[Plan], selection: Selection, headers: Headers) -> UsageError:
    """Return the error for names of which no run is known, by ledger or note."""
    unknown = [name for name in selection.names if name not in {plan.run_id for plan in known}]
    where = selection.environment or LOCAL
    for name in unknown:
        if name in headers.later:
            return _of_later_version(name, headers.later[name])
        if name in headers.damaged:
            return _damaged(name, where, selection.command)
    message = f"No run {' or '.join(map(repr, unknown))} is known here or in {where}."
    alike = [plan.run_id for plan in known if plan.run_id.startswith(selection.names)]
    if selection.whole_ids and alike:
        return RunNotFoundError(
            f"{message} With --yes an id must be whole.", f"Did you mean {' or '.join(alike)}?"
        )
    return RunNotFoundError(message, _ways_to_find(selection))


def none_there(selection: Selection) -> RunNotFoundError:
    """Return the error for a command that needs a run where there is none."""
    where = selection.environment or LOCAL
    return RunNotFoundError(
        f"No run is known here or in {where}.",
        _ways_to_find(selection),
    )


def _ways_to_find(selection: Selection) -> str:
    if selection.environment is not None:
        return f"See: seedkit runs --environment {selection.environment}"
    name = next(iter(selection.names), "RUN")
    return (
        "See: seedkit runs\n"
        "Runs of which this machine knows nothing: seedkit runs --environment ENV\n"
        f"and then: seedkit {selection.command} {name} --environment ENV"
    )


def _of_later_version(name: str, version: str) -> LedgerError:
    return LedgerError(
        f"Run {name} was made by seedkit {version}, and this version can't read its plan.",
        f'Go on after: python -m pip install "seedkit=={version}"',
    )


def _damaged(name: str, where: str, command: str) -> RunNotFoundError:
    ways = dict.fromkeys((command, "purge"))
    there = "\nor: ".join(f"seedkit {way} {name}" for way in ways)
    return RunNotFoundError(
        f"The header note of run {name} in {where} can't be read, and the ledger does not know "
        "the run.",
        f"Go on where the ledger is, on the machine that made it: {there}\n"
        f"or see what is there: seedkit find --environment {where}",
    )
