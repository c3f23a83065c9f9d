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
    format: Annotated[str, typer.Option(help="jsonl or csv.")] = "jsonl",
    households: HouseholdsOption = None,
    random_seed: SeedOption = None,
    as_of: AsOfOption = None,
    overrides: SetOption = None,
    manifest: ManifestOption = None,
    json: JsonOption = False,
) -> int:
    """Write the rows of a run to files, one per table; the same plan gives the same bytes."""
    from seedkit.cli.generate import generate as work
    from seedkit.cli.sources import Wish

    wish = Wish(profile, households, random_seed, as_of, tuple(overrides or ()))
    return work(shell_of(context, json), wish, out, format, manifest)
