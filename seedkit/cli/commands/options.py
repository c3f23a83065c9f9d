"""What the commands' options have in common."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from seedkit.cli.shell import Shell

if TYPE_CHECKING:
    from seedkit.dataverse.acting import Acting

EnvironmentOption = Annotated[
    str,
    typer.Option("--environment", help="`local`, a name from the configuration, or an address."),
]
ProfileOption = Annotated[str, typer.Option(help="Name of a profile, or a file.")]
HouseholdsOption = Annotated[
    int | None, typer.Option(help="Number of households; short for --set households=N.")
]
SeedOption = Annotated[int | None, typer.Option("--random-seed", help="Same number, same people.")]
AsOfOption = Annotated[
    str | None, typer.Option(help="The day at which the bank is seen, YYYY-MM-DD; today.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Override any profile key; may be repeated."),
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
ImpersonateOption = Annotated[
    str | None,
    typer.Option(
        "--impersonate",
        metavar="USER",
        help="Act in the name of a user: e-mail, domain name or id; `nobody` is ourselves.",
    ),
]
BypassOption = Annotated[
    bool | None,
    typer.Option(
        "--bypass-logic/--no-bypass-logic",
        help="Skip the customer's own plug-ins, workflows and flows; default: as the run did.",
    ),
]
SchemaOption = Annotated[
    str | None,
    typer.Option(
        "--schema",
        metavar="NAME",
        help="Know what `seedkit schema pull` saved: its name, or its folder.",
    ),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Look only; change nothing.")]
ManifestOption = Annotated[
    Path | None,
    typer.Option(
        "--manifest",
        metavar="FILE",
        help="Write the customers to a file, one per line, each with what they have.",
    ),
]
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


def acting_of(impersonate: str | None, bypass_logic: bool | None) -> Acting:
    """Return in whose name a command acts, and whether it skips the customer's logic."""
    from seedkit.dataverse.acting import Acting

    return Acting(impersonate, bypass_logic)
