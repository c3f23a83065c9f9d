"""`generate`: the rows of a run, or its population in plain words, as files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from seedkit.cli.watch import watch
from seedkit.errors import UnknownNameError, UsageError
from seedkit.extract.writing import write_population
from seedkit.files import WRITERS, claim_folder, file_customers, write_files
from seedkit.manifest import check_place, write_manifest
from seedkit.workplace.wishes import Wish, resolve

if TYPE_CHECKING:
    from collections import Counter

    from seedkit.assembly import Resolved
    from seedkit.cli.shell import Shell
    from seedkit.progress import Progress

RECORDS, POPULATION = "records", "population"
STAGES = (RECORDS, POPULATION)
DEFAULT_FORMATS = {RECORDS: "jsonl", POPULATION: "csv"}


def generate(
    shell: Shell, wish: Wish, out: Path, stage: str, format: str | None, manifest: Path | None
) -> int:
    """Write one file per table; return the exit code."""
    if stage not in STAGES:
        raise UnknownNameError("stage", stage, STAGES, f"Use --stage {' or --stage '.join(STAGES)}")
    format = format or DEFAULT_FORMATS[stage]
    _check_format(stage, format)
    resolved = resolve(wish)
    if manifest is not None:
        check_place(manifest)
    claim_folder(out)
    began = time.monotonic()
    with watch(shell, "Writing") as progress:
        rows = _write(resolved, out, stage, format, progress)
    if manifest is not None:
        write_manifest(manifest, file_customers(resolved))
    total = rows.total()
    if shell.json:
        shell.print_json(
            {
                "out": str(out),
                "format": format,
                "rows": dict(rows),
                "manifest": None if manifest is None else str(manifest),
            }
        )
    else:
        shell.print_table(["table", "rows"], [*rows.items(), ("total", total)])
    seconds = time.monotonic() - began
    shell.say(f"{total:,} rows in {seconds:.1f} s ({total / max(seconds, 1e-9):,.0f} rows/s)")
    return 0


def _check_format(stage: str, format: str) -> None:
    if format not in WRITERS:
        raise UnknownNameError("format", format, WRITERS, "Use --format jsonl or --format csv")
    if stage == POPULATION and format != "csv":
        raise UsageError(
            f"The population is written as csv, not as {format}.",
            "Use --stage population --format csv",
        )


def _write(
    resolved: Resolved, out: Path, stage: str, format: str, progress: Progress
) -> Counter[str]:
    if stage == POPULATION:
        return write_population(resolved.name, resolved.profile, resolved.as_of, out, progress)
    return write_files(resolved, out, format, progress)
