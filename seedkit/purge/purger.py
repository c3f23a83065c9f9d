"""The purge of one run: survey, decide, stop at strangers, delete children first, verify, forget.

The window that remains: a row that somebody hangs on one of ours between the last search for
strangers and the delete of its parent is deleted with it. The search is repeated before every
wave of deletes in a table that can take others along (`deleting`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from seedkit.dataverse.acting import Acting
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import Environment, read_environment
from seedkit.dataverse.metadata import LiveTable, read_with_dependants
from seedkit.errors import SafetyStopError, WrongTargetError
from seedkit.guard import guard
from seedkit.ledger import Ledger, RunState
from seedkit.load.header import (
    KEPT,
    expected_rows,
    noted_plan,
    restate_header,
)
from seedkit.load.loader import settled_rows
from seedkit.load.origin import read_origin
from seedkit.plan import Plan
from seedkit.plan.rights import check_sight
from seedkit.progress import Progress
from seedkit.purge.decision import Decision, Strangers, decide
from seedkit.purge.deleting import Deletion
from seedkit.purge.edits import Editors
from seedkit.purge.engines.platform import clear_jobs
from seedkit.purge.findings import Survey, TableSurvey
from seedkit.purge.fingerprint import Own, hanging_tables, take_print
from seedkit.purge.memory import Memory
from seedkit.purge.rows import Rows
from seedkit.purge.stopping import strangers_error
from seedkit.purge.survey import Look
from seedkit.purge.terms import PurgeOptions, PurgeResult


async def purge(
    plan: Plan,
    api: WebApi,
    ledger: Ledger | None,
    progress: Progress,
    options: PurgeOptions | None = None,
) -> PurgeResult:
    """Delete exactly a run's rows.

    Raises WrongTargetError (another environment than the recorded one), ProductionError (it looks
    like production and was not allowed), IncompleteError (a stranger came in between); and with
    nothing deleted StrangersError (others' rows would go too), SafetyStopError (edits meanwhile).
    """
    options = options or PurgeOptions()
    here = await check_target(plan, api)
    if not options.dry_run:
        await guard(api, here, options.allow_production)
    user = await _begin(plan, api, here, options.acting)
    if not options.dry_run:
        await clear_jobs(api, plan)  # of a purge that was interrupted: they go on deleting
    api.flow.pause.told = progress.paused
    look = await _look(plan, api, ledger, user, options)
    made = await _made(look, ledger)
    found = await look.survey(progress, made)
    gone = _gone_before(look.plan, found, made)
    progress.stage("Purging")
    decision = await decide(look, found, options.strangers, keep_edited=options.keep_edited)
    seen = PurgeResult(found, decision, {}, {}, decision.counts, (), gone_before=gone)
    options.looked(seen)
    if options.dry_run:
        return seen
    if decision.harmed and options.strangers is not Strangers.DELETE:
        raise strangers_error(plan, decision.harmed, options.again)
    options.agree(found, decision)
    if options.keep_edited:
        check_edits(await look.collect(), decision, options.again)
    if ledger:
        versions = (table.version for table in found.tables.values())
        ledger.begin_purge(plan.run_id, max(versions, default=0))
    for table, rows in decision.counts.items():
        progress.expect(table, rows)
    others = await hanging_tables(api, look.live) if options.fingerprint else {}
    own = _own(look, found, decision)
    before = await take_print(api, others, own)
    result = await Deletion(look, found, decision, progress, options, gone).run()
    if options.fingerprint:
        result = replace(result, proof=before.compare(await take_print(api, others, own)))
    if not result.left:
        await _close(plan, look, ledger, result)
    return result


async def _look(
    plan: Plan, api: WebApi, ledger: Ledger | None, user: str, options: PurgeOptions
) -> Look:
    live = await read_with_dependants(api, (table.name for table in plan.tables))
    since = ledger.purged_since(plan.run_id) if ledger else None
    editors = Editors(await read_origin(plan, api, ledger), user, since)
    memory, unsearched = Memory(plan, ledger), _unsearched(plan, live, ledger)
    there = replace(plan, tables=tuple(table for table in plan.tables if table.name in live))
    return Look(api, there, live, memory, editors, user, options.include_doubtful, unsearched)


def _unsearched(
    plan: Plan, live: Mapping[str, LiveTable], ledger: Ledger | None
) -> Mapping[str, str]:
    """Return why rows of some tables can't be looked for."""
    remembered = ledger is not None and ledger.has(plan.run_id)
    why = {
        table.name: "without the ledger nobody knows the ids, and they have no number"
        for table in plan.tables
        if not table.numbered and not remembered
    }
    gone = (table.name for table in plan.tables if table.name not in live)
    return why | dict.fromkeys(gone, "the environment has that table no more")


async def _made(look: Look, ledger: Ledger | None) -> Mapping[str, int]:
    """Return how many rows of each table were made, as far as ledger or note know."""
    made = settled_rows(ledger, look.plan.run_id) if ledger else {}
    return made or await expected_rows(look.api, look.plan)


def _gone_before(plan: Plan, found: Survey, made: Mapping[str, int]) -> dict[str, int]:
    """Return how many rows of each table were made and are not there now.

    Whoever copied a row gave the copy another id.
    """
    gone: dict[str, int] = {}
    for name, one in found.tables.items():
        doubtful = Rows.of(plan.stamp, plan.table(name).number, (row.id for row in one.doubtful))
        there = (one.ours | doubtful).of_a_run
        if name not in found.unsearched and made.get(name, 0) > there:
            gone[name] = made[name] - there
    return gone


def check_edits(tables: Mapping[str, TableSurvey], decision: Decision, again: str) -> None:
    """Stop when rows that are to go were edited while a person read the question."""
    for name, one in tables.items():
        if edited := len(one.edited - decision.kept[name]):
            rows = "1 row" if edited == 1 else f"{edited:,} rows"
            raise SafetyStopError(
                f"Nothing was deleted: {rows} of {name} "
                f"{'was' if edited == 1 else 'were'} changed meanwhile.",
                f"Look again: {again} --keep-edited",
            )


def _own(look: Look, found: Survey, decision: Decision) -> Own:
    """Return what a fingerprint of all other rows leaves out."""
    return Own(
        rows={name: one.ours | decision.going[name] for name, one in found.tables.items()},
        makers=look.editors.origin.makers,
        allowed=frozenset(one.id for one in decision.deleting),
    )


async def _close(plan: Plan, look: Look, ledger: Ledger | None, result: PurgeResult) -> None:
    """Record that a run is gone, or which part of it was kept.

    A note that can't be read is written anew only where the ledger knows the run for sure.
    """
    told = await noted_plan(look.api, plan) or (plan if ledger else None)
    if result.kept and told:
        await restate_header(look.api, told, KEPT, look.editors.origin, result.kept)
    if ledger:
        ledger.set_state(plan.run_id, RunState.KEPT if result.kept else RunState.PURGED)


async def _begin(plan: Plan, api: WebApi, here: Environment, acting: Acting) -> str:
    """Act in our own name, unless asked otherwise; return the systemuserid of who acts.

    A user who sees less would miss strangers.
    """
    await acting.begin(api, here.user, replace(plan.manner, impersonated=None))
    other = api.manner.impersonated
    user = other.id if other else here.user
    await check_sight(api, user, plan)
    return user


async def check_target(plan: Plan, api: WebApi) -> Environment:
    """Return the environment; stop when it is not the one in which the run was recorded."""
    here = await read_environment(api)
    if here.id != plan.environment.id:
        raise WrongTargetError(
            f"Run {plan.run_id} was seeded into {plan.environment.name} ({plan.environment.id}), "
            f"and this is {here.name} ({here.id}).",
            "If this is a copy of that one: "
            f"seedkit purge {plan.run_id} --environment {here.url} --adopt-copy",
        )
    return here
