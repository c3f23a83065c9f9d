"""What needs no environment: `generate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seedkit.cli.commands.options import (
    AsOfOption,
    HouseholdsOption,
    JsonOption,
    ManifestOption,
    ProfileOption,
    SeedOption,
    SetOption,
    shell_of,
)


def generate(
    context: typer.Context,
    profile: ProfileOption,
    out: Annotated[Path, typer.Option(help="Folder for the files; must be new or empty.")],
    format: Annotated[
        str | None, typer.Option(help="jsonl or csv; records are jsonl unless this says csv.")
    ] = None,
    stage: Annotated[
        str,
        typer.Option(
            help="`records`, one file per table; `population`, five files in plain words."
        ),
    ] = "records",
    households: HouseholdsOption = None,
    random_seed: SeedOption = None,
    as_of: AsOfOption = None,
    overrides: SetOption = None,
    manifest: ManifestOption = None,
    json: JsonOption = False,
) -> int:
    """Write rows or the population to files, always alike."""
    from seedkit.cli.generate import generate as work
    from seedkit.workplace.wishes import Wish

    wish = Wish(profile, households, random_seed, as_of, tuple(overrides or ()))
    return work(shell_of(context, json), wish, out, stage, format, manifest)
