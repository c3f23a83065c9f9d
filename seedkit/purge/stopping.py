"""What a person is told of the strangers that stop a purge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from seedkit.errors import StrangersError
from seedkit.plan import Plan
from seedkit.purge.findings import Stranger

SHOWN_STRANGERS = 10


def strangers_error(plan: Plan, strangers: Sequence[Stranger], again: str) -> StrangersError:
    """Return the error that lists strangers; `again` as in `PurgeOptions`."""
    count = len(strangers)
    lines = [f"  {told(stranger)}" for stranger in strangers[:SHOWN_STRANGERS]]
    if count > SHOWN_STRANGERS:
        lines.append(f"  and {count - SHOWN_STRANGERS} more")
    rows = "row that is not ours hangs" if count == 1 else "rows that are not ours hang"
    return StrangersError(
        f"Nothing was deleted: {count} {rows} on rows of run {plan.run_id}:\n" + "\n".join(lines),
        [described(stranger) for stranger in strangers],
        f"Move or delete them in the app, then: {again}\n"
        f"or keep what they need, and purge the rest: {again} --strangers keep",
    )


def told_of_sight(table: str, depth: str) -> str:
    """Return what a person is told of a table of which the account sees only some rows."""
    return (
        f"This account sees only some rows of {table} (its privilege reaches: {depth}); what others"
        " hung on the run's rows, and rows of the run that were given away, may be hidden from it."
    )


def described(stranger: Stranger) -> dict[str, str]:
    """Return a stranger as plain values, for programs."""
    return {**asdict(stranger), "harm": stranger.harm.value}


def told(stranger: Stranger) -> str:
    """Return what a person is told of a stranger."""
    return (
        f"{stranger.table} {stranger.name!r} hangs on {stranger.above} by {stranger.column} and "
        f"{stranger.harm.value}: {stranger.link}"
    )
