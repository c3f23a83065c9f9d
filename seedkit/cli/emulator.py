"""`emulator serve | reset`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from seedkit.cli.connect import check_file, make_folder, utc_now
from seedkit.errors import SafetyStopError, UsageError
from seedkit.ledger import Ledger, RunState

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell


def serve(shell: Shell, port: int, database: Path | None) -> None:
    """Serve the local environment until interrupted."""
    from seedkit.emulator import serve as run

    file = database or shell.settings.local_database
    make_folder(file.parent)
    check_file(file)

    def ready(url: str) -> None:
        shell.say(f"Local environment at {url} (file {file}); stop it with Ctrl-C.")
        shell.say(f"Seed it with: seedkit seed --profile retail --environment {url}")

    try:
        run(file, port=port, clock=utc_now, on_ready=ready)
    except OSError as error:
        raise UsageError(
            f"Port {port} can't be used ({error.strerror}).", "Choose another with --port"
        ) from None


def reset(shell: Shell, database: Path | None, *, yes: bool) -> None:
    """Throw the local environment away, and with it the runs that it held.

    Nothing but an environment is thrown away; only the default file may be a damaged one.
    """
    from seedkit import emulator

    file = database or shell.settings.local_database
    if not file.exists():
        shell.say("There is no local environment to reset.")
        return
    found = emulator.environment_id(file) if file.is_file() else None
    if found is None and (file.is_dir() or file != shell.settings.local_database):
        raise UsageError(
            f"{file} is not a local environment, so it was left alone.",
            "Delete it yourself if it is not needed any more.",
        )
    if found is not None and emulator.is_in_use(file):
        raise SafetyStopError(
            f"The local environment {file} is in use by another process.",
            "Stop it first, such as a running: seedkit emulator serve",
        )
    if not yes:
        shell.confirm(f"Delete the local environment {file}?", "seedkit emulator reset --yes")
    emulator.reset(file)
    if found is not None:
        _close_runs(shell, found)
    shell.say("The local environment is gone; the next use finds a fresh one.")


def _close_runs(shell: Shell, environment: str) -> None:
    """Record that the runs of an environment are gone with it."""
    ledger = Ledger.open(shell.settings.ledger)
    for entry in ledger.runs():
        if entry.plan.environment.id == environment:
            ledger.set_state(entry.plan.run_id, RunState.PURGED)
