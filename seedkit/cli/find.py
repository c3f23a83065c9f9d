"""`find`: marks that no run is known of."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from seedkit.cli.choosing import Chosen
from seedkit.cli.shell import plural
from seedkit.dataverse.environment import Environment, read_environment
from seedkit.environments import Target
from seedkit.errors import RunNotFoundError, SafetyStopError, UsageError
from seedkit.ledger import Ledger
from seedkit.load.header import Headers, find_headers
from seedkit.plan import Plan
from seedkit.purge.finding import FoundMark, Search, plan_of, search_marks
from seedkit.settings import LOCAL
from seedkit.workplace.connect import find_target, open_api

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell

MARK = re.compile(r"[89ab][0-9a-f]{7}")


def find(shell: Shell, environment: str | None) -> int:
    """Print the marks that rows carry and of which no run is known; return the exit code."""
    target = find_target(shell, environment or LOCAL)
    shell.say(f"Looking for marks in all tables of {target.name} ...")
    search, headers, here = asyncio.run(_search(shell, target))
    known = {plan.mark for plan in _known_there(shell, headers, here)}
    lost = [mark for mark in search.marks if mark.mark not in known]
    if shell.json:
        shell.print_json(
            {
                "environment": target.name,
                "marks": [_document(mark, target.name) for mark in lost],
                "known": len(search.marks) - len(lost),
                "unsearched": dict(search.unsearched),
            }
        )
    else:
        _print(shell, lost, len(search.marks) - len(lost), target.name)
        _say_unsearched(shell, search)
    return 0


def _say_unsearched(shell: Shell, search: Search) -> None:
    """Tell in which tables more rows may be."""
    for table, reason in search.unsearched.items():
        shell.say(f"{table} can't be searched: {reason}")


async def _search(
    shell: Shell, target: Target, only: int | None = None
) -> tuple[Search, Headers, Environment]:
    async with open_api(shell, target) as api:
        here = await read_environment(api)
        return await search_marks(api, only), await find_headers(api), here


def _print(shell: Shell, lost: list[FoundMark], known: int, where: str) -> None:
    runs = f" ({plural(known, 'run')} that {'is' if known == 1 else 'are'} known: seedkit runs)"
    if not lost:
        shell.say(f"No mark without a run{runs if known else ''}.")
        return
    shell.say(f"{plural(len(lost), 'mark')} without a run{runs if known else ''}.")
    for mark in lost:
        shell.print_table(
            ["table", "rows", "whose id says the same"],
            [(name, found.rows, found.fitting) for name, found in sorted(mark.tables.items())],
            title=f"Mark {mark.name}: {plural(mark.rows, 'row')}, made {mark.first} to {mark.last} "
            f"by {', '.join(sorted(mark.makers)) or 'nobody known'}{_noted(mark)}",
        )
        shell.say(_advice(mark, where))


def _noted(mark: FoundMark) -> str:
    return "" if mark.run is None else f"; its header note, of run {mark.run}, can't be read"


def _advice(mark: FoundMark, where: str) -> str:
    if not mark.fitting:
        return "No id says the same, so these are not rows of seedkit; nothing is offered."
    return f"If they may go: {_command(mark, where)}"


def _command(mark: FoundMark, where: str) -> str:
    return f"seedkit purge --mark {mark.name} --environment {where} --include-doubtful"


def _document(mark: FoundMark, where: str) -> dict[str, Any]:
    return {
        "mark": mark.name,
        "number": mark.mark,
        "rows": {name: found.rows for name, found in sorted(mark.tables.items())},
        "with_id": {name: found.fitting for name, found in sorted(mark.tables.items())},
        "first": mark.first,
        "last": mark.last,
        "makers": sorted(mark.makers),
        "run": mark.run,
        "command": _command(mark, where) if mark.fitting else None,
    }


def choose_mark(shell: Shell, text: str, environment: str | None, *, allowed: bool) -> Chosen:
    """Return a found mark as something to purge.

    UsageError when it is no mark, RunNotFoundError when no row carries it or a run of it is known,
    SafetyStopError when rows for which no run speaks were not allowed to go.
    """
    name = text.lower()
    if not MARK.fullmatch(name):
        raise UsageError(
            f"{text!r} is no mark: those are the first eight digits of rows' ids.",
            f"See: seedkit find --environment {environment or LOCAL}",
        )
    target = find_target(shell, environment or LOCAL)
    search, headers, here = asyncio.run(_search(shell, target, int(name, 16) - (1 << 32)))
    if not search.marks or not search.marks[0].fitting:
        raise RunNotFoundError(
            f"No row in {target.name} carries the mark {name} in its number and in its id.",
            f"See: seedkit find --environment {target.name}",
        )
    _say_unsearched(shell, search)
    (mark,) = search.marks
    _refuse_known(mark, _known_there(shell, headers, here), target)
    if not allowed:
        raise SafetyStopError(
            f"No run speaks for the {plural(mark.rows, 'row')} with the mark {name}, so all of "
            "them are doubtful; nothing was changed.",
            f"When you know that they may go: {_command(mark, target.name)}",
        )
    return Chosen(plan_of(mark, here, shell.now()), target, lost=True)


def _known_there(shell: Shell, headers: Headers, here: Environment) -> list[Plan]:
    """Return the runs that are known of an environment.

    A mark follows from a run's name, and one of the same name elsewhere tells nothing of its rows.
    """
    own = [entry.plan for entry in Ledger.open(shell.settings.ledger).runs()]
    return [*(plan for plan in own if plan.environment.id == here.id), *headers.plans]


def _refuse_known(mark: FoundMark, known: list[Plan], target: Target) -> None:
    """Stop when a run of this mark is known: it has more to say than its rows."""
    for plan in known:
        if plan.mark == mark.mark:
            raise UsageError(
                f"The mark {mark.name} is that of run {plan.run_id}.",
                f"Purge it with: seedkit purge {plan.run_id} --environment {target.name}",
            )
