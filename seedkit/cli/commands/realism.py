"""The command `realism`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seedkit.cli.commands.options import (
    AsOfOption,
    HouseholdsOption,
    JsonOption,
    SeedOption,
    SetOption,
    shell_of,
)


def realism(
    context: typer.Context,
    profile: Annotated[
        str | None, typer.Option(help="Name of a profile, or a file; its population is made.")
    ] = None,
    files: Annotated[
        Path | None,
        typer.Option(help="Folder with a population's files; these are measured instead."),
    ] = None,
    households: HouseholdsOption = None,
    random_seed: SeedOption = None,
    as_of: AsOfOption = None,
    overrides: SetOption = None,
    every_cell: Annotated[
        bool, typer.Option("--all", help="Print every cell, not only the worst of each group.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with plots to this file; needs an extra.")
    ] = None,
    json: JsonOption = False,
) -> int:
    """Measure a population against published figures."""
    from seedkit.cli.realism import realism as work
    from seedkit.workplace.wishes import Wish

    wish = Wish(profile or "", households, random_seed, as_of, tuple(overrides or ()))
    return work(shell_of(context, json), wish, files, every_cell, html)
