"""What `purge` tells: before anything goes, after a dry run, and at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from seedkit.cli.shell import plural
from seedkit.dataverse.sizes import STANDARD_START
from seedkit.purge.stopping import SHOWN_STRANGERS, described, told, told_of_sight
from seedkit.reports.rows import others_of

if TYPE_CHECKING:
    from seedkit.cli.choosing import Chosen
    from seedkit.cli.shell import Shell
    from seedkit.plan import Plan
    from seedkit.purge import Decision, PurgeResult, Stranger, Survey


def say_plan(
    shell: Shell, plan: Plan, found: Survey, decision: Decision, *, doubtful_too: bool
) -> None:
    """Tell what is about to go, and all that a person should know before."""
    counts = found.counts
    shell.say(
        f"{plural(sum(counts.values()), 'row')} in {plural(len(counts), 'table')} of "
        f"{plan.environment.name} {'is' if sum(counts.values()) == 1 else 'are'} ours."
    )
    say_found(shell, found, decision, doubtful_too=doubtful_too)


def say_found(shell: Shell, found: Survey, decision: Decision, *, doubtful_too: bool) -> None:
    """Tell of rows that are edited, kept, doubtful, or that lose a lookup."""
    for table, count in found.edited_counts.items():
        shell.say(f"  {plural(count, 'row')} of {table} changed since the run was made.")
    edits = ((row, ", ".join(row.changes)) for row in found.edited)
    _list(shell, [f"{row.table} {row.name!r} {changes}: {row.link}" for row, changes in edits])
    for table, count in found.shares.counts.items():
        shell.say(f"  {plural(count, 'row')} of {table} shared with others:")
        shared = [one for one in found.shares.found if one.table == table]
        _list(shell, [f"{one.name!r} with {one.whom}: {one.link}" for one in shared])
    for table, why in found.shares.unknown.items():
        shell.say(f"  Not all shares of {table} are known: {why}.")
    for table, count in decision.kept_counts.items():
        shell.say(f"  {plural(count, 'row')} of {table} to be kept.")
    fate = "to go as well" if doubtful_too else "to be left alone"
    for table, count in found.doubtful.items():
        shell.say(f"  {plural(count, 'doubtful row')} of {table}, {fate}:")
    _list(shell, [f"{row.table} {row.why}: {row.link}" for row in found.doubtful_rows])
    for table, why in found.unsearched.items():
        shell.say(f"  Rows of {table} were not looked for: {why}.")
    for table, depth in found.partly_seen.items():
        shell.say(f"  {told_of_sight(table, depth)}")
    if found.crippled:
        shell.say(f"  {plural(len(found.crippled), 'row')} of others to lose a lookup:")
    _list(shell, [told(one) for one in found.crippled])
    if decision.deleting:
        shell.say(f"  {plural(len(decision.deleting), 'row')} of others to be deleted as well:")
    _list(shell, [told(one) for one in decision.deleting])


def _list(shell: Shell, lines: Sequence[str]) -> None:
    for line in lines[:SHOWN_STRANGERS]:
        shell.say(f"    {line}")
    if len(lines) > SHOWN_STRANGERS:
        shell.say(f"    and {len(lines) - SHOWN_STRANGERS:,} more")


def say_dry_run(
    shell: Shell, found: Survey, decision: Decision, *, stops: bool, doubtful_too: bool
) -> None:
    """Tell what a purge would leave, what would stop it, and what it would take."""
    say_found(shell, found, decision, doubtful_too=doubtful_too)
    if stops and decision.harmed:
        shell.say("In the way, and the purge would stop:")
        _list(shell, [told(one) for one in decision.harmed])
    counts = decision.counts
    batches = sum(-(-count // STANDARD_START) for count in counts.values())
    shell.say(
        f"Deleting them takes some {plural(batches, 'request')} of up to {STANDARD_START} rows, "
        f"which count for {sum(counts.values()):,} in the daily entitlement.\n"
        "Nothing was deleted."
    )


def say_outcome(
    shell: Shell, run: Chosen, result: PurgeResult, seconds: float, report: str | None
) -> None:
    """Tell how a purge ended, and what to do next."""
    name, command = run.plan.run_id, run.purging
    if before := sum(result.gone_before.values()):
        shell.say(f"{plural(before, 'row')} of the run had gone before this purge began.")
    if result.left:
        shell.say(
            f"Some rows could not be deleted; {report} says which and why.\n"
            f"Try again with: {command}"
        )
        return
    gone = sum(result.already_gone.values())
    if gone:  # a lost answer, too: its delete is sent again, and finds nothing
        shell.say(
            f"{plural(gone, 'row')} more went before their own delete came: with their parents, or "
            "by a delete whose answer was lost."
        )
    if result.kept:
        kept = plural(sum(result.kept.values()), "row")
        shell.say(
            f"Run {name} is partly kept: {kept} stay, {report} says which. "
            f"The rest goes with: {command}"
        )
        return
    shell.say(f"Run {name} is gone, verified in the environment, in {seconds:.1f} s.")
    if result.survey.doubtful and not result.doubtful_too:
        shell.say(f"Doubtful rows were left; look at them, then: {command} --include-doubtful")


def say_stopped(shell: Shell, result: PurgeResult, page: str | None) -> None:
    """Tell what a purge had done that ends in the middle; why it ends is told elsewhere."""
    rows = sum(result.deleted.values()) + sum(result.already_gone.values())
    shell.say(f"{plural(rows, 'row')} had gone by then. The receipt: {page}")


def print_tables(shell: Shell, plan: Plan, result: PurgeResult, *, dry_run: bool) -> None:
    """Print what goes, stays and is left, by table."""
    columns: dict[str, Mapping[str, int]] = {
        "would go" if dry_run else "deleted": (
            result.decision.counts if dry_run else result.deleted
        )
    }
    if result.kept:
        columns["would stay" if dry_run else "kept"] = result.kept
    if result.left and not dry_run:
        columns["left"] = result.left
    names = [
        table.name
        for table in plan.tables
        if any(counts.get(table.name) for counts in columns.values())
    ]
    rows = [(name, *(counts.get(name, 0) for counts in columns.values())) for name in names]
    total = ("total", *(sum(counts.values()) for counts in columns.values()))
    shell.print_table(["table", *columns], [*rows, total])


def counted(strangers: Iterable[Stranger]) -> dict[str, int]:
    """Return how many different rows of each table there are."""
    return dict(Counter(table for table, _ in {(one.table, one.id) for one in strangers}))


def document_of(plan: Plan, result: PurgeResult, requests: int, seconds: float) -> dict[str, Any]:
    """Return what `--json` prints of a purge, but the path of its report."""
    return {
        "run": plan.run_id,
        "deleted": dict(result.deleted),
        "already_gone": dict(result.already_gone),
        "gone_before": dict(result.gone_before),
        "kept": result.kept,
        "edited": result.survey.edited_counts,
        "shared": result.survey.shares.counts,
        "left": dict(result.left),
        "strangers": counted(result.decision.harmed),
        "rows_of_others": [described(one) for one in others_of(result)],
        "strangers_deleted": dict(result.strangers_deleted),
        "crippled": counted(result.survey.crippled),
        "doubtful": result.survey.doubtful,
        "partly_seen": dict(result.survey.partly_seen),
        "requests": requests,
        "seconds": round(seconds, 3),
    }
