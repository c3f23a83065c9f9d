"""`emulator serve | reset`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from seedkit.cli.connect import make_folder, utc_now
from seedkit.errors import UsageError

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell


def serve(shell: Shell, port: int, database: Path | None) -> None:
    """Serve the local environment until interrupted."""
    from seedkit.emulator import serve as run

    file = database or shell.settings.local_database
    make_folder(file.parent)

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
    """Throw the local environment away."""
    from seedkit.emulator import reset as remove

    file = database or shell.settings.local_database
    if not file.exists():
        shell.say("There is no local environment to reset.")
        return
    if not yes:
        shell.confirm(f"Delete the local environment {file}?", "seedkit emulator reset --yes")
    remove(file)
    shell.say("The local environment is gone; the next use finds a fresh one.")
