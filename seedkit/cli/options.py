"""What the commands' options have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seedkit.cli.shell import Shell

EnvironmentOption = Annotated[
    str,
    typer.Option("--environment", help="`local`, a name from the configuration, or an address."),
]
RunEnvironmentOption = Annotated[
    str | None, typer.Option("--environment", help="Where the run is; it brings its own.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AllowOption = Annotated[
    str | None,
    typer.Option(
        "--allow-production",
        metavar="NAME",
        help="Go ahead in a production environment of this name.",
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Look only; change nothing.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Don't ask.")]
RunArgument = Annotated[
    str | None, typer.Argument(metavar="RUN", help="A run's id, its beginning, or `latest`.")
]
DatabaseOption = Annotated[Path | None, typer.Option(help="The environment's file.")]
SnapshotArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name of the snapshot.")]


def shell_of(context: typer.Context, json: bool = False) -> Shell:
    """Return what all commands share."""
    shell: Shell = context.obj
    shell.json = json
    return shell
