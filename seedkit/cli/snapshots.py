"""`emulator snapshot | restore | snapshots`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from seedkit.cli.emulator import in_use
from seedkit.cli.served import find_server
from seedkit.errors import UsageError

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell


def take(shell: Shell, name: str, database: Path | None) -> None:
    """Make a snapshot, also while the environment is served."""
    from seedkit import emulator

    file = database or shell.settings.local_database
    _check_exists(file)
    emulator.snapshots(file).make_of_file(name)
    shell.say(f"Snapshot {name} made; go back to it with: {_command('restore', name, database)}")


def restore(shell: Shell, name: str, database: Path | None, *, yes: bool) -> None:
    """Go back to a snapshot; a running server is told to."""
    from seedkit import emulator

    file = database or shell.settings.local_database
    kept = emulator.snapshots(file)
    kept.check_known(name)
    used = file.exists() and emulator.is_in_use(file)
    server = find_server(file) if used else None
    if used and server is None:
        raise in_use(file)
    if not yes:
        question = f"Replace the local environment {file} by the snapshot {name}?"
        shell.confirm(question, _command("restore", name, database) + " --yes")
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
        shell.say("There are no snapshots; make one with: seedkit emulator snapshot NAME")


def delete(shell: Shell, name: str, database: Path | None) -> None:
    """Delete a snapshot."""
    from seedkit import emulator

    emulator.snapshots(database or shell.settings.local_database).delete(name)
    shell.say(f"Snapshot {name} deleted.")


def _check_exists(file: Path) -> None:
    if not file.exists():
        raise UsageError(
            f"There is no local environment in {file} yet.",
            "Make one with: seedkit seed --profile retail",
        )


def _command(word: str, name: str, database: Path | None) -> str:
    place = "" if database is None else f" --database {database}"
    return f"seedkit emulator {word} {name}{place}"
