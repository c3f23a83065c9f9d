"""`emulator serve | reset`, and what makes clients trust the server."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from seedkit.cli.schema import find_schema
from seedkit.cli.served import command, find_server
from seedkit.errors import SafetyStopError, UsageError
from seedkit.ledger import Ledger, RunState
from seedkit.workplace.clock import utc_now
from seedkit.workplace.connect import forget_what_stays
from seedkit.workplace.files import check_file, make_folder

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell
    from seedkit.emulator.certificates import Certificate

MEMORY = Path(":memory:")
LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `serve` was asked for."""

    port: int
    databases: Sequence[Path]
    tls: bool
    faults: Path | None
    log: bool
    schema: str | None


def serve(shell: Shell, wanted: Wanted) -> None:
    """Serve one or several local environments until interrupted."""
    from seedkit import emulator

    databases = tuple(wanted.databases) or (shell.settings.local_database,)
    _check_ports(wanted.port, len(databases))
    _check_databases(databases, shell.settings.local_database)
    certificate = None
    if wanted.tls:
        certificate = emulator.certificate(shell.settings.home / "tls", now=utc_now())

    def ready(*urls: str) -> None:
        forget_what_stays()
        for file, url in zip(databases, urls, strict=True):
            place = "in memory" if file == MEMORY else f"file {file}"
            shell.say(f"Local environment at {url} ({place}); stop it with Ctrl-C.")
        if certificate is not None:
            shell.say(trust_commands(certificate))
        shell.say(seed_commands(urls))

    emulator.serve(
        *databases,
        port=wanted.port,
        clock=utc_now,
        on_ready=ready,
        tls=certificate,
        on_request=(lambda entry: shell.say(str(entry))) if wanted.log else None,
        faults=wanted.faults,
        schema=None if wanted.schema is None else find_schema(shell, wanted.schema),
    )
    shell.say("The local environment has stopped.")


def seed_commands(urls: Sequence[str]) -> str:
    """Return how to seed the served environments, in a line each when there are several."""
    commands = [f"seedkit seed --profile retail --environment {url}" for url in urls]
    if len(commands) == 1:
        return f"Seed it with: {commands[0]}"
    return "\n  ".join(["Seed them with:", *commands])


def _check_ports(port: int, count: int) -> None:
    last = LAST_PORT - count + 1
    if port > last:
        raise UsageError(
            f"From port {port} on there are not {count} ports, one for each file.",
            f"Take any free ports with --port 0, or start at {last} or below.",
        )


def _check_databases(databases: Sequence[Path], default: Path) -> None:
    files = [file.resolve() for file in databases if file != MEMORY]
    twice = next((file for file in files if files.count(file) > 1), None)
    if twice is not None:
        raise UsageError(f"The file {twice} was named twice.", "Name each file once.")
    for file in files:
        if file == default.resolve():
            make_folder(file.parent)
            check_file(file)
        else:
            _check_own(file)


def _check_own(file: Path) -> None:
    if not file.parent.is_dir():  # a slip of the pen should leave no folders behind
        raise UsageError(
            f"There is no folder {file.parent}.",
            f"Make it first, or choose another file: {command('serve', Path('FILE'))}",
        )
    other = command("serve", Path("FILE"))
    check_file(file, f"Delete {file} if it is not needed, or choose another file: {other}")


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


def reset(shell: Shell, database: Path | None, schema: str | None, *, yes: bool) -> None:
    """Throw the local environment away, and with it the runs that it held.

    Nothing but an environment is thrown away; only the default file may be a damaged one. With a
    pulled schema the fresh one is made at once.
    """
    from seedkit import emulator

    file = database or shell.settings.local_database
    folder = None if schema is None else find_schema(shell, schema)
    if not file.exists():
        if folder is None:
            shell.say("There is no local environment to reset.")
        else:
            _make(shell, file, folder)
        return
    found = emulator.environment_id(file) if file.is_file() else None
    if found is None and (file.is_dir() or file != shell.settings.local_database):
        raise UsageError(
            f"{file} is not a local environment, so it was left alone.",
            "Delete it yourself if it is not needed any more.",
        )
    server = find_server(file) if found is not None and emulator.is_in_use(file) else None
    if (server is None or folder) and found is not None and emulator.is_in_use(file):
        raise in_use(file, database)
    if not yes:
        shell.confirm(
            f"Delete the local environment {file}?", command("reset", database) + " --yes"
        )
    if server is None:
        emulator.reset(file)
    else:
        server.post("/reset")
    if found is not None:
        _close_runs(shell, found)
    if folder is None:
        shell.say("The local environment is gone; the next use finds a fresh one.")
    else:
        _make(shell, file, folder)


def _make(shell: Shell, file: Path, schema: Path) -> None:
    """Make a fresh local environment that knows a pulled schema."""
    from seedkit import emulator

    make_folder(file.parent)
    emulator.create_app(file, clock=utc_now, schema=schema).state.close()
    shell.say(f"There is a fresh local environment with the schema {schema.name}.")


def in_use(file: Path, database: Path | None) -> SafetyStopError:
    """Return the error about a file that another process works with and can't be told."""
    return SafetyStopError(
        f"The local environment {file} is in use by another process.",
        f"Stop it first, such as a running: {command('serve', database)}",
    )


def _close_runs(shell: Shell, environment: str) -> None:
    """Record that the runs of an environment are gone with it."""
    ledger = Ledger.open(shell.settings.ledger)
    for entry in ledger.runs():
        if entry.plan.environment.id == environment:
            ledger.set_state(entry.plan.run_id, RunState.PURGED)
