"""`resume`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from seedkit.assembly import source_of
from seedkit.cli.choosing import Found, look_into, target_of
from seedkit.cli.seed import load_run
from seedkit.cli.seed_words import announce
from seedkit.dataverse.acting import BACKDATE, Acting
from seedkit.environments import Target
from seedkit.errors import LedgerError, RunNotFoundError, UsageError
from seedkit.guard import guard
from seedkit.ledger import Ledger, RunState
from seedkit.load import adopt
from seedkit.manifest import check_place
from seedkit.plan import Plan, meant
from seedkit.plan.rights import check_backdating
from seedkit.purge.purger import check_target
from seedkit.settings import LOCAL
from seedkit.workplace.connect import find_target, open_api
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
    plan, target = _find(shell, ledger, name, environment)
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
        _refuse_closed(ledger, plan.run_id)
        return asyncio.run(work())


def _find(
    shell: Shell, ledger: Ledger, name: str | None, environment: str | None
) -> tuple[Plan, Target]:
    """Return the run that is meant, and where it is."""
    if name is not None:
        _refuse_closed(ledger, name)
    try:
        plan = ledger.find(name).plan
    except RunNotFoundError:
        found = look_into(shell, find_target(shell, environment or LOCAL))
        return _find_noted(found, name, environment), found.target
    return plan, target_of(shell, plan, environment)


def _refuse_closed(ledger: Ledger, run_id: str) -> None:
    """Stop when a run was purged, or is being purged."""
    if ledger.is_in(run_id, RunState.PURGED):
        raise UsageError(
            f"Run {run_id} was purged.",
            f"Seed it anew with: seedkit seed --profile NAME --run-id {run_id}",
        )
    if ledger.is_in(run_id, RunState.PURGING) or ledger.is_in(run_id, RunState.KEPT):
        raise _being_purged(run_id)


def _being_purged(run_id: str) -> UsageError:
    return UsageError(f"Run {run_id} is being purged.", f"Finish with: seedkit purge {run_id}")


def _find_noted(found: Found, name: str | None, environment: str | None) -> Plan:
    """Return the plan of the run that is meant from its header note; UsageError without it."""
    where = environment or LOCAL
    plans = list(found.headers.plans)
    fitting = plans if name is None else meant(plans, name)
    if len(fitting) == 1:
        noted = next(run for run in found.headers.runs if run.plan == fitting[0])
        if noted.state == RunState.KEPT.value:
            raise _being_purged(noted.plan.run_id)
        return fitting[0]
    if fitting:
        names = ", ".join(plan.run_id for plan in fitting)
        raise UsageError(f"Several runs in {where} fit: {names}.", "Name one of them.")
    version = found.headers.later.get(name or "")
    if version is not None:
        raise LedgerError(
            f"Run {name} was made by seedkit {version}, and this version can't read its plan.",
            f'Go on after: python -m pip install "seedkit=={version}"',
        )
    if name in found.headers.damaged:
        raise RunNotFoundError(
            f"The ledger does not know run {name}, and its header note in {where} was changed.",
            "Go on where the ledger is, on the machine that began it: "
            f"seedkit resume {name}\nor take it out there: seedkit purge {name}",
        )
    missing = "no run" if name is None else f"no run {name!r}"
    elsewhere = "" if environment else "\nWhen another machine began it: "
    elsewhere += "" if environment else f"seedkit resume {name or 'RUN'} --environment ENV"
    raise RunNotFoundError(
        f"The ledger knows {missing}, and no header note in {where} tells of it.",
        f"See: seedkit runs{elsewhere}",
    )
