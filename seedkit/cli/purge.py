"""`purge`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from seedkit.assembly import take_out
from seedkit.cli.choosing import Chosen, Selection, choose_runs
from seedkit.cli.connect import open_api
from seedkit.cli.find import choose_mark
from seedkit.cli.holder import hold
from seedkit.cli.shell import error_document, plural, say_production
from seedkit.dataverse.acting import Acting
from seedkit.dataverse.environment import read_kind
from seedkit.dataverse.sizes import STANDARD_START
from seedkit.errors import IncompleteError, SafetyStopError
from seedkit.guard import looks_like_production
from seedkit.ledger import Ledger
from seedkit.plan import Plan
from seedkit.purge import PurgeOptions, PurgeResult
from seedkit.purge.engines import JobOrder
from seedkit.purge.purger import SHOWN_STRANGERS
from seedkit.reports import write_receipt

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell
    from seedkit.purge import Decision, Survey


def purge(
    shell: Shell,
    selection: Selection,
    *,
    dry_run: bool,
    yes: bool,
    allow_production: str | None,
    acting: Acting,
    jobs: JobOrder,
    mark: str | None,
    include_doubtful: bool,
) -> int:
    """Purge the chosen runs, or what is left of a lost one; return the exit code.

    With `--yes` nobody sees what is about to go, so a run's id must then be whole.
    """
    ledger = Ledger.open(shell.settings.ledger)
    if mark is None:
        chosen = choose_runs(shell, selection, ledger, whole_ids=yes)
    else:
        selection.refuse_beside_mark()
        where = selection.environment
        chosen = [choose_mark(shell, mark, where, allowed=include_doubtful or dry_run)]
    if not chosen:
        shell.say("Nothing to purge.")
        if shell.json:
            shell.print_json([])
        return 0

    def one(run: Chosen) -> dict[str, Any]:
        return _purge_one(
            shell,
            run,
            ledger,
            dry_run=dry_run,
            yes=yes,
            allow_production=allow_production,
            acting=acting,
            jobs=jobs,
            brief=len(chosen) > 1 and not dry_run,
        )

    alone = len(chosen) == 1
    documents = [one(chosen[0])] if alone else _one_by_one(shell, chosen, one, dry_run=dry_run)
    if shell.json:
        shell.print_json(documents[0] if len(documents) == 1 else documents)
    return max(_exit_code(document, dry_run=dry_run) for document in documents)


def _one_by_one(
    shell: Shell,
    chosen: list[Chosen],
    one: Callable[[Chosen], dict[str, Any]],
    *,
    dry_run: bool,
) -> list[dict[str, Any]]:
    """Purge runs one after another; one that is stopped keeps none of the others."""
    documents: list[dict[str, Any]] = []
    for run in chosen:
        try:
            documents.append(one(run))
        except (SafetyStopError, IncompleteError) as error:
            shell.say(f"{error.message}\n{error.hint or ''}".rstrip())
            documents.append({"run": run.plan.run_id, **error_document(error)})
    if not dry_run:
        _sum_up(shell, documents)
    return documents


def _sum_up(shell: Shell, documents: list[dict[str, Any]]) -> None:
    """Print one line per run."""
    rows = [
        (document["run"], *(sum(document.get(key, {}).values()) for key in ("deleted", "left")))
        for document in documents
    ]
    if not shell.json:
        shell.print_table(["run", "deleted", "left"], rows)
    stopped = [document["run"] for document in documents if "error" in document]
    if stopped:
        shell.say(f"Stopped, for the reasons above: {', '.join(stopped)}.")


def _exit_code(document: dict[str, Any], *, dry_run: bool) -> int:
    if "error" in document:
        return int(document["error"]["exit_code"])
    if dry_run:
        return SafetyStopError.exit_code if document["strangers"] else 0
    return IncompleteError.exit_code if document["left"] else 0


def _purge_one(
    shell: Shell,
    run: Chosen,
    ledger: Ledger,
    *,
    dry_run: bool,
    yes: bool,
    allow_production: str | None,
    acting: Acting,
    jobs: JobOrder,
    brief: bool,
) -> dict[str, Any]:
    from seedkit.cli.watch import watch

    began, plan = time.monotonic(), run.plan
    journal = None if run.copied or run.lost else ledger
    shell.say(f"Looking for run {plan.run_id} in {run.target.name} ...")

    async def work() -> tuple[PurgeResult, int]:
        async with open_api(shell, run.target) as api:
            with watch(shell, "Purging") as progress:
                result = await take_out(plan, run.target, api, journal, progress, options)
            if dry_run and looks_like_production(await read_kind(api), api.url):
                say_production(shell, plan.environment.name, "purge")
            return result, api.traffic.requests

    def agree(found: Survey, _: Decision) -> None:
        _show_plan(shell, plan, found)
        if not yes or run.lost:
            _ask(shell, run, f"Delete {plural(sum(found.counts.values()), 'row')}?")

    options = PurgeOptions(
        dry_run=dry_run,
        agree=agree,
        allow_production=allow_production,
        acting=acting,
        jobs=jobs,
    )
    try:
        with nullcontext() if dry_run else hold(ledger, plan.run_id, "seedkit purge"):
            result, requests = asyncio.run(work())
    except KeyboardInterrupt:
        shell.say(f"Whatever is left of it goes with: seedkit purge {plan.run_id}")
        raise
    seconds = time.monotonic() - began
    return _show(shell, plan, result, requests, seconds, dry_run=dry_run, brief=brief)


def _ask(shell: Shell, run: Chosen, question: str) -> None:
    command = f"seedkit purge {run.plan.run_id}"
    if run.lost:
        mark = f"{run.plan.mark & 0xFFFFFFFF:08x}"
        shell.confirm_typed(
            f"No run speaks for these rows. {question}",
            mark,
            f"ask a person, on a terminal: seedkit purge --mark {mark} "
            f"--environment {run.target.name} --include-doubtful",
        )
        return
    if not run.copied:
        shell.confirm(question, f"{command} --yes")
        return
    shell.confirm_typed(
        f"This is a copy of the environment that the run went to. {question}",
        run.plan.environment.name,
        f"{command} --environment {run.target.name} --adopt-copy --yes",
    )


def _show_plan(shell: Shell, plan: Plan, found: Survey) -> None:
    counts = found.counts
    shell.say(
        f"{sum(counts.values()):,} rows in {len(counts)} tables of {plan.environment.name} "
        "are ours."
    )
    _say_doubtful(shell, found)


def _say_doubtful(shell: Shell, found: Survey) -> None:
    for table, count in found.doubtful.items():
        shell.say(f"  {plural(count, 'row')} of {table} with one mark only, to be left alone.")


def _show(
    shell: Shell,
    plan: Plan,
    result: PurgeResult,
    requests: int,
    seconds: float,
    *,
    dry_run: bool,
    brief: bool,
) -> dict[str, Any]:
    path = shell.settings.report(plan.run_id, "purge")
    if not dry_run:
        write_receipt(path, result)
    report = None if dry_run else str(path)
    document = {
        "run": plan.run_id,
        "deleted": dict(result.deleted),
        "already_gone": dict(result.already_gone),
        "kept": {},
        "left": dict(result.left),
        "strangers": result.survey.stranger_counts,
        "doubtful": result.survey.doubtful,
        "requests": requests,
        "seconds": round(seconds, 3),
        "report": report,
    }
    if dry_run:
        document["dry_run"] = True
    if not shell.json:
        if not brief:
            _print_tables(shell, plan, result, dry_run=dry_run)
        _say_outcome(shell, plan, result, seconds, report, dry_run=dry_run)
    return document


def _print_tables(shell: Shell, plan: Plan, result: PurgeResult, *, dry_run: bool) -> None:
    counts = result.survey.counts if dry_run else result.deleted
    rows = [
        (table.name, counts.get(table.name, 0), result.left.get(table.name, 0))
        for table in plan.tables
        if counts.get(table.name) or result.left.get(table.name)
    ]
    total = sum(row[1] for row in rows)
    if dry_run:
        shell.print_table(["table", "would go"], [*(row[:2] for row in rows), ("total", total)])
    elif result.left:
        total_row = ("total", total, sum(result.left.values()))
        shell.print_table(["table", "deleted", "left"], [*rows, total_row])
    else:
        shell.print_table(["table", "deleted"], [*(row[:2] for row in rows), ("total", total)])


def _say_outcome(
    shell: Shell,
    plan: Plan,
    result: PurgeResult,
    seconds: float,
    report: str | None,
    *,
    dry_run: bool,
) -> None:
    if dry_run:
        _say_dry_run(shell, result.survey)
    elif result.left:
        shell.say(
            f"Some rows could not be deleted; {report} says which and why.\n"
            f"Try again with: seedkit purge {plan.run_id}"
        )
    else:
        gone = sum(result.already_gone.values())
        if gone:  # a lost answer, too: its delete is sent again, and finds nothing
            shell.say(f"{plural(gone, 'row')} more had gone already when their delete arrived.")
        shell.say(f"Run {plan.run_id} is gone, verified in the environment, in {seconds:.1f} s.")


def _say_dry_run(shell: Shell, found: Survey) -> None:
    """Tell what a purge would leave, what would stop it, and what it would take."""
    _say_doubtful(shell, found)
    for stranger in found.strangers[:SHOWN_STRANGERS]:
        shell.say(
            f"In the way: {stranger.table} {stranger.name!r} ({stranger.id}) hangs on "
            f"{stranger.parent} ({stranger.link})"
        )
    more = len(found.strangers) - SHOWN_STRANGERS
    if more > 0:
        shell.say(f"  and {more:,} more")
    rows = sum(found.counts.values())
    batches = sum(-(-count // STANDARD_START) for count in found.counts.values())
    shell.say(
        f"Deleting them takes some {plural(batches, 'request')} of up to {STANDARD_START} rows, "
        f"which count for {rows:,} in the daily entitlement.\nNothing was deleted."
    )
