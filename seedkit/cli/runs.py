"""`runs`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from seedkit.cli.choosing import Found, look_into
from seedkit.ledger import Ledger, RunEntry, RunState
from seedkit.load.header import Noted
from seedkit.plan import Plan
from seedkit.settings import LOCAL
from seedkit.workplace.connect import find_target, target_at

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell

_COLUMNS = ("run", "profile", "environment", "created (UTC)", "state", "known by")


def list_runs(shell: Shell, environment: str | None) -> int:
    """Print the runs of the ledger and those whose header note is in the environment."""
    ledger = Ledger.open(shell.settings.ledger)
    found = look_into(shell, find_target(shell, environment or LOCAL))
    entries = {_key(entry.plan): entry for entry in ledger.runs()}
    if environment is not None:
        entries = {key: entry for key, entry in entries.items() if found.holds(entry.plan)}
    noted = {_key(run.plan): run for run in found.headers.runs if found.holds(run.plan)}
    rows = [
        _row(shell, entries.get(key), noted.get(key), found)
        for key in sorted(entries.keys() | noted.keys())
    ]
    rows += [
        _row(shell, None, run, found) for run in found.headers.runs if not found.holds(run.plan)
    ]
    if shell.json:
        shell.print_json(rows)
    elif rows:
        shell.print_table(_COLUMNS, [_cells(shell, row) for row in rows])
    elif not found.headers.damaged:
        shell.say("No runs. Make one with: seedkit seed --profile retail")
    _say_rest(shell, rows, found, environment or LOCAL)
    return 0


def _key(plan: Plan) -> tuple[str, str]:
    """Return what tells runs apart: two of one name in two environments are two."""
    return plan.run_id, plan.environment.id


def _row(shell: Shell, entry: RunEntry | None, note: Noted | None, found: Found) -> dict[str, Any]:
    """Return what is told of a run: by the ledger, by its note, or by both."""
    known = entry or note
    assert known is not None
    plan, state = known.plan, known.state if isinstance(known, RunEntry) else known.run_state
    copied = entry is None and not found.holds(plan)
    place = found.target if copied else target_at(shell, plan.environment.url)
    return {
        "run": plan.run_id,
        "profile": plan.profile_name,
        "households": plan.profile["households"],
        "environment": place.name,
        "created": plan.created,
        "state": state.value,
        "expires": plan.expires,
        "ledger": entry is not None,
        "note": note is not None if copied or found.holds(plan) else None,
        "copied": copied,
    }


def _cells(shell: Shell, row: dict[str, Any]) -> list[str]:
    """Return a row in words that are short enough for a narrow terminal."""
    ways = " and ".join(way for way in ("ledger", "note") if row[way])
    return [
        row["run"],
        row["profile"],
        row["environment"],
        _minute(row["created"]),
        _state(row, shell.now()),
        ways + (", in a copy" if row["copied"] else ""),
    ]


def _state(row: dict[str, Any], now: datetime) -> str:
    if row["expires"] is None:
        return str(row["state"])
    over = datetime.fromisoformat(row["expires"]) <= now
    return f"{row['state']}, {'over since' if over else 'until'} {_minute(row['expires'])}"


def _minute(moment: str) -> str:
    """Return a moment without seconds; all of them are in universal time."""
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def _say_rest(shell: Shell, rows: list[dict[str, Any]], found: Found, where: str) -> None:
    """Tell what can be done about runs that are not as they should be."""
    for row in rows:
        if row["copied"]:
            shell.say(
                f"Run {row['run']} came with a copy of its environment; remove it there with: "
                f"seedkit purge {row['run']} --environment {where} --adopt-copy"
            )
        elif row["state"] == RunState.SEEDING.value:
            place = "" if row["ledger"] else f" --environment {where}"
            shell.say(f"Run {row['run']} is not finished: seedkit resume {row['run']}{place}")
    if any(plan.is_expired(shell.now()) for plan in found.headers.plans if found.holds(plan)):
        shell.say(
            f"Remove runs whose time is over with: seedkit purge --expired --environment {where}"
        )
    for name in found.headers.damaged:
        shell.say(f"There is a header note of run {name} that can't be read.")
    if found.headers.damaged:
        shell.say(f"Without its ledger, see what is there: seedkit find --environment {where}")
    for name, version in found.headers.later.items():
        shell.say(f"There is a run {name} of seedkit {version}, which this version can't read.")
