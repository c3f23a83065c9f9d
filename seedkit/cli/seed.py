"""`seed` and `resume`."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from seedkit.assembly import make_request, source_of
from seedkit.cli.connect import find_target, open_api, target_at
from seedkit.cli.shell import plural
from seedkit.cli.sources import Wish, draw_run_id, resolve
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import read_environment
from seedkit.environments import Target
from seedkit.errors import IncompleteError, SeedkitError, UsageError
from seedkit.guard import guard
from seedkit.ledger import Ledger, RunState
from seedkit.load import Limits, LoadResult, load
from seedkit.load.header import find_headers
from seedkit.plan import Plan, check_run_id, make_plan
from seedkit.purge.purger import check_target
from seedkit.settings import LOCAL_URL

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell

TOKEN_BYTES = 3


def seed(
    shell: Shell,
    wish: Wish,
    environment: str,
    run_id: str | None,
    *,
    dry_run: bool,
    allow_production: str | None,
) -> int:
    """Seed a new run; return the exit code."""
    resolved = resolve(wish)
    name = draw_run_id(resolved.name, secrets.token_hex(TOKEN_BYTES))
    request = make_request(resolved, check_run_id(name if run_id is None else run_id))
    target = find_target(shell, environment)

    async def work() -> int:
        async with open_api(shell, target) as api:
            here = await read_environment(api)
            if not dry_run:
                await guard(api, here, allow_production)
            plan = await make_plan(request, api, here)
            _announce(shell, plan)
            if dry_run:
                return _show_dry_run(shell, plan)
            ledger = Ledger.open(shell.settings.ledger)
            await _refuse_taken_id(api, plan)
            ledger.add_run(plan)
            return await _load(shell, plan, target, api, ledger)

    return asyncio.run(work())


def resume(
    shell: Shell,
    name: str | None,
    environment: str | None,
    *,
    refused: bool,
    allow_production: str | None,
) -> int:
    """Finish a run; return the exit code."""
    from seedkit.cli.runs import target_of

    ledger = Ledger.open(shell.settings.ledger)
    if name is not None and ledger.is_purged(name):
        raise UsageError(
            f"Run {name} was purged.", "Seed it anew with: seedkit seed --profile NAME --run-id RUN"
        )
    entry = ledger.find(name)
    plan = entry.plan
    if entry.state is RunState.PURGING:
        raise UsageError(
            f"Run {plan.run_id} is being purged.", f"Finish with: seedkit purge {plan.run_id}"
        )
    target = target_of(shell, plan, environment)

    async def work() -> int:
        async with open_api(shell, target) as api:
            await guard(api, await check_target(plan, api), allow_production)
            _announce(shell, plan)
            if refused:
                ledger.forget_lost(plan.run_id)
            return await _load(shell, plan, target, api, ledger)

    return asyncio.run(work())


async def _refuse_taken_id(api: WebApi, plan: Plan) -> None:
    """Stop when somebody else's ledger has made a run of this id here."""
    if any(noted.run_id == plan.run_id for noted in (await find_headers(api)).plans):
        raise UsageError(
            f"There already is a run {plan.run_id} in this environment.",
            f"Give another --run-id, or remove it with: seedkit purge {plan.run_id}",
        )


async def _load(shell: Shell, plan: Plan, target: Target, api: WebApi, ledger: Ledger) -> int:
    from seedkit.cli.watch import watch

    began, source = time.monotonic(), source_of(plan)
    rows = target.rows_per_request(Limits().rows_per_request)
    try:
        with watch(shell, "Seeding") as progress:
            result = await load(plan, source, api, ledger, progress, Limits(rows_per_request=rows))
    except asyncio.CancelledError:
        shell.say(
            f"Run {plan.run_id} is not finished. Go on with: seedkit resume {plan.run_id}\n"
            f"or remove it with: seedkit purge {plan.run_id}"
        )
        raise
    except SeedkitError as error:
        way_on = f"Go on with: seedkit resume {plan.run_id}"
        error.hint = f"{error.hint}\n{way_on}" if error.hint else way_on
        raise
    return _show(shell, plan, ledger, result, api.traffic.requests, time.monotonic() - began)


def _announce(shell: Shell, plan: Plan) -> None:
    shell.say(
        f"Run {plan.run_id}: {plural(plan.profile['households'], 'household')} of profile "
        f"{plan.profile_name}, random seed {plan.profile['random_seed']}, as of {plan.as_of}, "
        f"in {target_at(shell, plan.environment.url).name} ({_identity(plan)})"
    )


def _identity(plan: Plan) -> str:
    """Return name, address and id of the environment; the local one's name says it all."""
    here = plan.environment
    return here.name if here.url == LOCAL_URL else f"{here.name}, {here.url}, {here.id}"


def _document(shell: Shell, plan: Plan, **values: Any) -> dict[str, Any]:
    return {
        "run": plan.run_id,
        "environment": {
            "name": target_at(shell, plan.environment.url).name,
            "url": plan.environment.url,
            "id": plan.environment.id,
        },
        "profile": plan.profile_name,
        "random_seed": plan.profile["random_seed"],
        "as_of": plan.as_of,
        **values,
    }


def _show_dry_run(shell: Shell, plan: Plan) -> int:
    source = source_of(plan)
    rows: Counter[str] = Counter()
    for block in source.blocks:
        rows.update({batch.table: len(batch) for batch in source.batches(block)})
    counts = {table.name: rows[table.name] for table in plan.tables if rows[table.name]}
    if shell.json:
        empty: dict[str, int] = {}
        shell.print_json(
            _document(
                shell,
                plan,
                rows=counts,
                refused=empty,
                skipped=empty,
                requests=0,
                seconds=0.0,
                report=None,
                dry_run=True,
            )
        )
    else:
        shell.print_table(["table", "rows"], [*counts.items(), ("total", rows.total())])
        shell.say("Nothing was written.")
    return 0


def _show(
    shell: Shell, plan: Plan, ledger: Ledger, result: LoadResult, requests: int, seconds: float
) -> int:
    report = _write_report(shell, plan, ledger)
    total = sum(result.rows.values())
    if shell.json:
        shell.print_json(
            _document(
                shell,
                plan,
                rows=result.rows,
                refused=result.refused,
                skipped=result.skipped,
                requests=requests,
                seconds=round(seconds, 3),
                report=report,
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
        shell.say(
            f"{total:,} rows in {seconds:.1f} s ({total / max(seconds, 1e-9):,.0f} rows/s, "
            f"{requests:,} requests). Take them out again with: seedkit purge {plan.run_id}"
        )
    if result.refused or result.skipped:
        shell.say(
            f"Some rows were refused; {report} says which and why.\n"
            f"Try them again with: seedkit resume {plan.run_id} --refused"
        )
        return IncompleteError.exit_code
    return 0


def _write_report(shell: Shell, plan: Plan, ledger: Ledger) -> str:
    """Write one line per lost row; return the file's path."""
    path = shell.settings.report(plan.run_id, "seed")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in ledger.lost_rows(plan.run_id):
            entry = {
                "state": row.state,
                "step": row.step.value,
                "table": row.table,
                "id": row.id,
                "code": row.code,
                "reason": row.reason,
            }
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    return str(path)
