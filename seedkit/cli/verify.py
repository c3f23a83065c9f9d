"""`verify`."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from seedkit.cli.choosing import Chosen, choose_run
from seedkit.ledger import Ledger, RunState
from seedkit.purge.purger import check_target
from seedkit.verify import StateCheck, TableCheck
from seedkit.verify import verify as verify_run
from seedkit.workplace.connect import open_api

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell


def verify(shell: Shell, run: str | None, environment: str | None) -> int:
    """Compare rows per table; exit code 1 when they differ or the run is not finished.

    A run that was purged from here and is named must have no rows any more.
    """
    ledger = Ledger.open(shell.settings.ledger)
    chosen = choose_run(shell, "verify", run, environment, ledger)
    plan, unfinished = chosen.plan, chosen.state is RunState.SEEDING
    checks = asyncio.run(_verify(shell, chosen, chosen.journal(ledger)))
    holds = not unfinished and all(check.holds for check in checks)
    if shell.json:
        shell.print_json(
            {
                "run": plan.run_id,
                "holds": holds,
                "tables": {
                    check.table: {"expected": check.expected, "found": check.found}
                    for check in checks
                },
                "states": [asdict(state) for check in checks for state in check.states],
            }
        )
    elif not checks:
        shell.say(f"Run {plan.run_id} is purged, and no row of it is there.")
    else:
        rows = [
            (name, check.expected, check.found, "" if check.expected == check.found else "differs")
            for name, check in _lines(checks)
        ]
        shell.print_table(["table", "expected", "found", ""], rows)
        shell.say(f"Run {plan.run_id}: {_verdict(chosen, holds=holds, unfinished=unfinished)}")
    return 0 if holds else 1


def _lines(checks: list[TableCheck]) -> Iterator[tuple[str, TableCheck | StateCheck]]:
    """Return a line per table, and below it one per state in which rows end."""
    for check in checks:
        yield check.table, check
        for state in check.states:
            yield f"  {state.words}", state


def _verdict(chosen: Chosen, *, holds: bool, unfinished: bool) -> str:
    if unfinished:
        return f"not finished. Go on with: {chosen.command('resume')}"
    return "all rows are there." if holds else "rows differ."


async def _verify(shell: Shell, chosen: Chosen, ledger: Ledger | None) -> list[TableCheck]:
    async with open_api(shell, chosen.target) as api:
        await check_target(chosen.plan, api)
        return await verify_run(chosen.plan, api, ledger)
