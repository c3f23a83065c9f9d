"""`resume`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from seedkit.assembly import source_of
from seedkit.cli.choosing import Chosen, choose_run
from seedkit.cli.seed import load_run
from seedkit.cli.seed_words import announce
from seedkit.dataverse.acting import BACKDATE, Acting
from seedkit.errors import UsageError
from seedkit.guard import guard
from seedkit.ledger import Ledger, RunState
from seedkit.load import adopt
from seedkit.manifest import check_place
from seedkit.plan.rights import check_backdating
from seedkit.purge.purger import check_target
from seedkit.settings import name_of
from seedkit.workplace.connect import open_api
from seedkit.workplace.holder import hold

if TYPE_CHECKING:
    from pathlib import Path

    from seedkit.cli.shell import Shell


def resume(
    shell: Shell,
    name: str | None,
    environment: str | None,
    *,
    refused: bool,
    allow_production: str | None,
    acting: Acting,
    manifest: Path | None,
) -> int:
    """Finish a run that the ledger or its header note knows; return the exit code."""
    if manifest is not None:
        check_place(manifest)
    ledger = Ledger.open(shell.settings.ledger)
    ledger.check()
    run = choose_run(shell, "resume", name, environment, ledger)
    plan, target = run.plan, run.target
    _refuse_closed(run, ledger)
    _refuse_namesake(run, ledger)
    source_of(plan)  # a plan of other versions is refused before anything else

    async def work() -> int:
        async with open_api(shell, target) as api:
            here = await check_target(plan, api)
            await guard(api, here, allow_production)
            wanted = (BACKDATE,) if plan.backdates else ()
            check_backdating(plan, await acting.begin(api, here.user, plan.manner, wanted))
            announce(shell, plan, api.manner)
            if here.user != plan.environment.user and not (plan.owners or plan.impersonated):
                shell.say("Another user began it; rows that are made now belong to you.")
            if not ledger.knows(plan.run_id):
                adopt(plan, ledger)
            if refused:
                ledger.forget_lost(plan.run_id)
            return await load_run(shell, plan, target, api, ledger, manifest)

    with hold(ledger, plan.run_id, "seedkit resume"):
        _refuse_closed(run, ledger)  # it may have been purged until now
        return asyncio.run(work())


def _refuse_closed(run: Chosen, ledger: Ledger) -> None:
    """Stop when a run was purged, or is being purged; what the ledger says may be newer."""
    name = run.plan.run_id
    state = run.state if run.noted else ledger.state_of(name)
    if state is RunState.PURGED:
        raise UsageError(
            f"Run {name} was purged.",
            f"Seed it anew with: seedkit seed --profile {run.plan.profile_name} --run-id {name}",
        )
    if state in (RunState.PURGING, RunState.KEPT):
        raise UsageError(f"Run {name} is being purged.", f"Finish with: {run.purging}")


def _refuse_namesake(run: Chosen, ledger: Ledger) -> None:
    """Stop where the ledger, which goes by names, can't take over a run that others began."""
    name = run.plan.run_id
    if run.noted and ledger.knows(name):
        other = ledger.find(name).plan.environment
        raise UsageError(
            f"Run {name} of {run.target.name} can't go on here: the ledger knows another run of "
            f"that name, in {name_of(other.url)} ({other.id}).",
            "Go on where it was begun, or set SEEDKIT_HOME to an empty folder, and then: "
            f"{run.command('resume')}",
        )
