"""`seed --dry-run`: all but sending, and what sending would take."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seedkit.assembly import propose, refuse_taken_id, source_of
from seedkit.cli.seed_words import announce, document
from seedkit.cli.shell import say_production
from seedkit.cli.watch import watch
from seedkit.dataverse.environment import read_kind
from seedkit.dataverse.pace import MAX_IN_FLIGHT
from seedkit.environments import Target
from seedkit.estimate import (
    ENTITLEMENT,
    SECONDS_PER_REQUEST,
    SECONDS_PER_ROW,
    Conditions,
    Estimate,
    Sent,
    estimate,
)
from seedkit.guard import looks_like_production
from seedkit.load import Limits
from seedkit.plan import Plan, PlanRequest
from seedkit.workplace.connect import open_api

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell

SHOWN_WIDTH = 100  # characters of a value
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Prospect:
    """A plan, and what reading told beside it: requests that it took, advice, production or not."""

    plan: Plan
    reads: int
    hint: int | None
    production: bool


def dry_run(shell: Shell, request: PlanRequest, target: Target) -> int:
    """Show what a seed would do; nothing is written. Return the exit code."""
    prospect = asyncio.run(_look(shell, request, target))
    conditions = Conditions(
        rows_per_request=target.rows_per_request(Limits().rows_per_request),
        requests_in_flight=target.requests_in_flight(MAX_IN_FLIGHT),
        hint=prospect.hint,
    )
    if prospect.production:
        say_production(shell, prospect.plan.environment.name, "seed")
    source = source_of(prospect.plan)
    with watch(shell, "Counting") as progress:
        found = estimate(prospect.plan, source, conditions, progress)
    if shell.json:
        shell.print_json(_document(shell, prospect, found))
    else:
        _print(shell, prospect, found)
        shell.say("Nothing was written.")
    return 0


async def _look(shell: Shell, request: PlanRequest, target: Target) -> Prospect:
    """Read what a seed reads before its first write, and stop where it would stop but the guard."""
    async with open_api(shell, target) as api:
        plan = await propose(request, api, None, dry_run=True)
        announce(shell, plan, api.manner)
        production = looks_like_production(await read_kind(api), api.url)
        await refuse_taken_id(plan, api)
        return Prospect(plan, api.traffic.requests, api.flow.pace.advice, production)


def _document(shell: Shell, prospect: Prospect, found: Estimate) -> dict[str, Any]:
    empty: dict[str, int] = {}
    return document(
        shell,
        prospect.plan,
        rows=found.rows,
        refused=empty,
        skipped=empty,
        requests=prospect.reads + found.requests,
        seconds=round(found.seconds, 3),
        report=None,
        manifest=None,
        dry_run=True,
        estimate=_estimate(prospect, found),
        first_rows=[
            {"table": sent.table, "message": sent.message, "row": row}
            for sent in found.sent
            for row in sent.first
        ],
    )


def _estimate(prospect: Prospect, found: Estimate) -> dict[str, Any]:
    return {
        "reading_requests": prospect.reads,
        "messages": [
            {
                "table": sent.table,
                "message": sent.message,
                "rows": sent.rows,
                "requests": sent.requests,
                "bytes": sent.bytes,
            }
            for sent in found.sent
        ],
        "in_flight": found.in_flight,
        "advised_in_flight": prospect.hint,
        "entitlement_requests": prospect.reads + found.counted,
        "database_bytes": found.bytes,
        "assumed_seconds_per_request": SECONDS_PER_REQUEST,
        "assumed_seconds_per_row": SECONDS_PER_ROW,
        "production": prospect.production,
    }


def _print(shell: Shell, prospect: Prospect, found: Estimate) -> None:
    messages: Counter[str] = Counter()
    for sent in found.sent:
        messages[sent.table] += sent.requests
    rows = [(name, count, messages[name]) for name, count in _in_order(prospect.plan, found)]
    total = ("total", sum(found.rows.values()), messages.total())
    shell.print_table(["table", "rows", "requests"], [*rows, total])
    shell.print_table(["", "estimate"], list(_figures(prospect, found)))
    for sent in found.sent:
        _print_first(sent)


def _in_order(plan: Plan, found: Estimate) -> list[tuple[str, int]]:
    names = [table.name for table in plan.tables]
    return [(name, found.rows[name]) for name in names if name in found.rows]


def _figures(prospect: Prospect, found: Estimate) -> Iterator[tuple[str, str]]:
    counted = prospect.reads + found.counted
    advice = f"; the environment advises {prospect.hint}" if prospect.hint else ""
    each, row = f"{SECONDS_PER_REQUEST * 1000:.0f} ms", f"{SECONDS_PER_ROW * 1000:.0f} ms"
    days = f"{counted / ENTITLEMENT:.1f} times" if counted > ENTITLEMENT else "within"
    requests = prospect.reads + found.requests
    yield "requests", f"about {requests:,}, {prospect.reads} of them before the first row"
    yield "at the same time", f"{found.in_flight} at most{advice}"
    yield (
        "time",
        f"about {_duration(found.seconds)} within the documented limits, "
        f"if the service takes {each} for a request and {row} for each row",
    )
    yield (
        "daily entitlement",
        f"{counted:,} requests; {days} the {ENTITLEMENT:,} of a licensed user in 24 hours",
    )
    yield "database", f"about {found.bytes / MEGABYTE:,.1f} MB"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{max(rest, 1)} s"


def _print_first(sent: Sent) -> None:
    """Print the first row of a message, one value per line."""
    row = sent.first[0]
    width = max(map(len, row))
    print(f"First row of {sent.table}, by {sent.message}:")
    for name, value in row.items():
        text = str(value)
        shown = text if len(text) <= SHOWN_WIDTH else f"{text[:SHOWN_WIDTH]} ..."
        print(f"  {name:<{width}}  {shown}")
    print(flush=True, file=sys.stdout)
