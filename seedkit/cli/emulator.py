"""`emulator serve | reset`, and what makes clients trust the server."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from seedkit.cli.connect import check_file, make_folder, utc_now
from seedkit.cli.served import find_server
from seedkit.errors import SafetyStopError, UsageError
from seedkit.ledger import Ledger, RunState

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell
    from seedkit.emulator.certificates import Certificate

MEMORY = Path(":memory:")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `serve` was asked for."""

    port: int
    databases: Sequence[Path]
    tls: bool
    faults: Path | None
    log: bool


def serve(shell: Shell, wanted: Wanted) -> None:
    """Serve one or several local environments until interrupted."""
    from seedkit import emulator

    databases = tuple(wanted.databases) or (shell.settings.local_database,)
    _check_databases(databases)
    certificate = None
    if wanted.tls:
        certificate = emulator.certificate(shell.settings.home / "tls", now=utc_now())

    def ready(*urls: str) -> None:
        for file, url in zip(databases, urls, strict=True):
            place = "in memory" if file == MEMORY else f"file {file}"
            shell.say(f"Local environment at {url} ({place}); stop it with Ctrl-C.")
        if certificate is not None:
            shell.say(trust_commands(certificate))
        shell.say(f"Seed it with: seedkit seed --profile retail --environment {urls[0]}")

    emulator.serve(
        *databases,
        port=wanted.port,
        clock=utc_now,
        on_ready=ready,
        tls=certificate,
        on_request=(lambda entry: shell.say(str(entry))) if wanted.log else None,
        faults=wanted.faults,
    )
    shell.say("The local environment has stopped.")


def _check_databases(databases: Sequence[Path]) -> None:
    files = [file.resolve() for file in databases if file != MEMORY]
    twice = next((file for file in files if files.count(file) > 1), None)
    if twice is not None:
        raise UsageError(f"The file {twice} was named twice.", "Name each file once.")
    for file in files:
        make_folder(file.parent)
        check_file(file)


def trust_commands(certificate: Certificate) -> str:
    """Return what makes Python and Node clients trust a certificate, for both kinds of shells."""
    files = {
        "REQUESTS_CA_BUNDLE": certificate.bundle,
        "SSL_CERT_FILE": certificate.bundle,
        "NODE_EXTRA_CA_CERTS": certificate.authority,
    }
    posix = [f"  export {name}={shlex.quote(str(file))}" for name, file in files.items()]
    power = [
        f"  $env:{name} = '{str(file).replace(chr(39), chr(39) * 2)}'"
        for name, file in files.items()
    ]
    lines = ["Python and Node clients trust it with these variables, in a POSIX shell:", *posix]
    return "\n".join([*lines, "or in PowerShell:", *power])


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
    server = find_server(file) if found is not None and emulator.is_in_use(file) else None
    if server is None and found is not None and emulator.is_in_use(file):
        raise in_use(file)
    if not yes:
        shell.confirm(f"Delete the local environment {file}?", "seedkit emulator reset --yes")
    if server is None:
        emulator.reset(file)
    else:
        server.post("/reset")
    if found is not None:
        _close_runs(shell, found)
    shell.say("The local environment is gone; the next use finds a fresh one.")


def in_use(file: Path) -> SafetyStopError:
    """Return the error about a file that another process works with and can't be told."""
    return SafetyStopError(
        f"The local environment {file} is in use by another process.",
        "Stop it first, such as a running: seedkit emulator serve",
    )


def _close_runs(shell: Shell, environment: str) -> None:
    """Record that the runs of an environment are gone with it."""
    ledger = Ledger.open(shell.settings.ledger)
    for entry in ledger.runs():
        if entry.plan.environment.id == environment:
            ledger.set_state(entry.plan.run_id, RunState.PURGED)
