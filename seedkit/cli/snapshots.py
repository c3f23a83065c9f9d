"""`emulator snapshot | restore | snapshots`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from seedkit.cli.emulator import in_use
from seedkit.cli.served import command, find_server
from seedkit.errors import UsageError

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell


def take(shell: Shell, name: str, database: Path | None) -> None:
    """Make a snapshot, also while the environment is served."""
    from seedkit import emulator

    file = database or shell.settings.local_database
    _check_exists(file, database)
    emulator.snapshots(file).make_of_file(name)
    shell.say(f"Snapshot {name} made; go back to it with: {command(f'restore {name}', database)}")


def restore(shell: Shell, name: str, database: Path | None, *, yes: bool) -> None:
    """Go back to a snapshot; a running server is told to."""
    from seedkit import emulator

    file = database or shell.settings.local_database
    kept = emulator.snapshots(file)
    kept.check_known(name)
    used = file.exists() and emulator.is_in_use(file)
    server = find_server(file) if used else None
    if used and server is None:
        raise in_use(file, database)
    if not yes:
        question = f"Replace the local environment {file} by the snapshot {name}?"
        shell.confirm(question, command(f"restore {name}", database) + " --yes")
    if server is None:
        kept.restore_file(name)
    else:
        server.post(f"/snapshots/{name}/restore")
    shell.say(f"The local environment is as it was in the snapshot {name}.")


def list_all(shell: Shell, database: Path | None) -> None:
    """List the snapshots."""
    from seedkit import emulator

    names = emulator.snapshots(database or shell.settings.local_database).names()
    if shell.json:
        shell.print_json(names)
        return
    for name in names:
        print(name)
    if not names:
        make = command("snapshot NAME", database)
        shell.say(f"There are no snapshots; make one with: {make}")


def delete(shell: Shell, name: str, database: Path | None) -> None:
    """Delete a snapshot."""
    from seedkit import emulator

    emulator.snapshots(database or shell.settings.local_database).delete(name)
    shell.say(f"Snapshot {name} deleted.")


def _check_exists(file: Path, database: Path | None) -> None:
    if not file.exists():
        start = "seedkit seed --profile retail" if database is None else command("serve", database)
        raise UsageError(f"There is no local environment in {file} yet.", f"Make one with: {start}")
