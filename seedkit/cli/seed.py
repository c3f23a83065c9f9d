"""`seed`, and what it has in common with `resume`."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import TYPE_CHECKING

from seedkit.assembly import (
    make_request,
    propose,
    record,
    seeded_customers,
    send_rows,
    source_of,
)
from seedkit.cli.seed_words import announce, document
from seedkit.cli.shell import plural
from seedkit.dataverse.acting import Acting
from seedkit.dataverse.answers import FORBIDDEN
from seedkit.dataverse.client import WebApi
from seedkit.environments import Target
from seedkit.errors import IncompleteError, SeedkitError, ServiceError, UsageError
from seedkit.ledger import Ledger
from seedkit.load import LoadResult
from seedkit.manifest import check_place, write_manifest
from seedkit.plan import Plan, check_run_id
from seedkit.reports import write_lost_rows
from seedkit.workplace.connect import find_target, open_api
from seedkit.workplace.holder import hold
from seedkit.workplace.wishes import Wish, draw_run_id, read_lifetime, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from seedkit.cli.shell import Shell

TOKEN_BYTES = 3


def seed(
    shell: Shell,
    wish: Wish,
    environment: str,
    run_id: str | None,
    *,
    ttl: str | None,
    dry_run: bool,
    allow_production: str | None,
    acting: Acting,
    manifest: Path | None,
) -> int:
    """Seed a new run; return the exit code."""
    if manifest is not None:
        _check_manifest(manifest, dry_run=dry_run)
    lifetime = read_lifetime(ttl)
    resolved = resolve(wish)
    name = draw_run_id(resolved.name, secrets.token_hex(TOKEN_BYTES))
    target = find_target(shell, environment)
    run_id = check_run_id(name if run_id is None else run_id)
    request = make_request(resolved, run_id, target, acting, lifetime)

    if dry_run:
        from seedkit.cli.dry_run import dry_run as look

        return look(shell, request, target)

    async def work() -> int:
        async with open_api(shell, target) as api:
            plan = await propose(request, api, allow_production)
            announce(shell, plan, api.manner)
            ledger = Ledger.open(shell.settings.ledger)
            with hold(ledger, plan.run_id, "seedkit seed"):
                await record(plan, api, ledger)
                return await load_run(shell, plan, target, api, ledger, manifest)

    return asyncio.run(work())


def _check_manifest(manifest: Path, *, dry_run: bool) -> None:
    if dry_run:
        raise UsageError(
            "--manifest and --dry-run don't go together: ids are known when the run is made.",
            "Leave one of them out.",
        )
    check_place(manifest)


async def load_run(
    shell: Shell,
    plan: Plan,
    target: Target,
    api: WebApi,
    ledger: Ledger,
    manifest: Path | None,
) -> int:
    """Write the rows of a recorded run and tell what came of it; return the exit code."""
    from seedkit.cli.watch import watch

    began, source = time.monotonic(), source_of(plan)
    try:
        with watch(shell, "Seeding") as progress:
            result = await send_rows(plan, source, target, api, ledger, progress)
        if manifest is not None:
            write_manifest(manifest, seeded_customers(plan, source, ledger))
    except asyncio.CancelledError:
        shell.say(
            f"Run {plan.run_id} is not finished. Go on with: seedkit resume {plan.run_id}\n"
            f"or remove it with: seedkit purge {plan.run_id}"
        )
        raise
    except SeedkitError as error:
        error.hint = "\n".join(_ways_on(plan, target, error))
        raise
    if manifest is not None:
        shell.say(f"The customers stand in {manifest}, with what they have.")
    return _show(
        shell, plan, ledger, result, manifest, api.traffic.requests, time.monotonic() - began
    )


def _ways_on(plan: Plan, target: Target, error: SeedkitError) -> Iterator[str]:
    """Return what to do about a run that an error has ended."""
    if error.hint:
        yield error.hint
    elif isinstance(error, ServiceError) and error.status == FORBIDDEN:
        yield f"See which rights are missing: seedkit check --environment {target.name}"
    yield f"Go on with: seedkit resume {plan.run_id}"
    yield f"or remove what is there with: seedkit purge {plan.run_id}"


def _show(
    shell: Shell,
    plan: Plan,
    ledger: Ledger,
    result: LoadResult,
    manifest: Path | None,
    requests: int,
    seconds: float,
) -> int:
    path = shell.settings.report(plan.run_id, "seed")
    write_lost_rows(path, ledger.lost_rows(plan.run_id))
    report = str(path)
    total = sum(result.rows.values())
    if shell.json:
        shell.print_json(
            document(
                shell,
                plan,
                rows=result.rows,
                refused=result.refused,
                skipped=result.skipped,
                requests=requests,
                seconds=round(seconds, 3),
                report=report,
                manifest=None if manifest is None else str(manifest),
            )
        )
    else:
        rows = [
            (name, count, result.refused.get(name, 0), result.skipped.get(name, 0))
            for name in [table.name for table in plan.tables]
            if (count := result.rows.get(name, 0)) or name in result.refused
        ]
        total_row = ("total", total, sum(result.refused.values()), sum(result.skipped.values()))
        if total_row[2] or total_row[3]:
            shell.print_table(["table", "rows", "refused", "skipped"], [*rows, total_row])
        else:
            shell.print_table(["table", "rows"], [row[:2] for row in [*rows, total_row]])
        _say_outcome(shell, plan, result, requests, seconds)
    if result.refused or result.skipped:
        shell.say(
            f"Some rows were refused; {report} says which and why.\n"
            f"Try them again with: seedkit resume {plan.run_id} --refused"
        )
        return IncompleteError.exit_code
    return 0


def _say_outcome(
    shell: Shell, plan: Plan, result: LoadResult, requests: int, seconds: float
) -> None:
    total = sum(result.rows.values())
    way_out = f"Take them out again with: seedkit purge {plan.run_id}"
    if result.idle:
        shell.say(f"Run {plan.run_id} is finished: {total:,} rows, nothing to send. {way_out}")
        return
    if result.gone:
        gone = plural(sum(result.gone.values()), "row")
        shell.say(f"Made again, because somebody had deleted them: {gone}.")
    shell.say(
        f"{total:,} rows in {seconds:.1f} s ({total / max(seconds, 1e-9):,.0f} rows/s, "
        f"{requests:,} requests). {way_out}"
    )
