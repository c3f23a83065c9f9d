"""The command `emulator`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seedkit.cli.commands.options import (
    DatabaseOption,
    JsonOption,
    SchemaOption,
    SnapshotArgument,
    YesOption,
    shell_of,
)
from seedkit.settings import LOCAL_PORT

emulator_app = typer.Typer(
    help="Serve, keep, put back or reset the local environment.", no_args_is_help=True
)


@emulator_app.command("serve", short_help="Serve the local environment on a loopback port.")
def emulator_serve(
    context: typer.Context,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Loopback port; 0: any that is free.")
    ] = LOCAL_PORT,
    database: Annotated[
        list[Path] | None,
        typer.Option(
            help="Its file, or :memory: for none. May be repeated: each gets the next port."
        ),
    ] = None,
    tls: Annotated[
        bool, typer.Option("--tls", help="Speak https, with a certificate made on this machine.")
    ] = False,
    faults: Annotated[
        Path | None, typer.Option(help="TOML or JSON file with faults to act out.")
    ] = None,
    log: Annotated[bool, typer.Option("--log", help="Print a line for each request.")] = False,
    schema: SchemaOption = None,
) -> None:
    """Serve the local environment on a loopback port until interrupted."""
    from seedkit.cli.emulator import Wanted, serve

    serve(shell_of(context), Wanted(port, database or (), tls, faults, log, schema))


@emulator_app.command("snapshot", short_help="Keep the local environment as it is, under a name.")
def emulator_snapshot(
    context: typer.Context, name: SnapshotArgument, database: DatabaseOption = None
) -> None:
    """Keep the local environment as it is now, under a name; it may be served meanwhile."""
    from seedkit.cli.snapshots import take

    take(shell_of(context), name, database)


@emulator_app.command("restore", short_help="Put the local environment back to a snapshot.")
def emulator_restore(
    context: typer.Context,
    name: SnapshotArgument,
    database: DatabaseOption = None,
    yes: YesOption = False,
) -> None:
    """Put the local environment back to a snapshot; what came since is gone."""
    from seedkit.cli.snapshots import restore

    restore(shell_of(context), name, database, yes=yes)


@emulator_app.command("snapshots")
def emulator_snapshots(
    context: typer.Context,
    delete: Annotated[
        str | None, typer.Option(metavar="NAME", help="Delete this one instead.")
    ] = None,
    database: DatabaseOption = None,
    json: JsonOption = False,
) -> None:
    """List the snapshots of the local environment."""
    from seedkit.cli import snapshots

    if delete is None:
        snapshots.list_all(shell_of(context, json), database)
    else:
        snapshots.delete(shell_of(context, json), delete, database)


@emulator_app.command("reset", short_help="Throw the local environment away.")
def emulator_reset(
    context: typer.Context,
    database: DatabaseOption = None,
    schema: SchemaOption = None,
    yes: YesOption = False,
) -> None:
    """Throw the local environment away; the next use finds a fresh one."""
    from seedkit.cli.emulator import reset

    reset(shell_of(context), database, schema, yes=yes)
