"""`generate`: the rows of a run as files."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from seedkit.cli.sources import Wish, resolve
from seedkit.cli.watch import watch
from seedkit.errors import UnknownNameError
from seedkit.files import WRITERS, claim_folder, file_customers, write_files
from seedkit.manifest import check_place, write_manifest

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell


def generate(shell: Shell, wish: Wish, out: Path, format: str, manifest: Path | None) -> int:
    """Write one file per table; return the exit code."""
    if format not in WRITERS:
        raise UnknownNameError("format", format, WRITERS, "Use --format jsonl or --format csv")
    resolved = resolve(wish)
    if manifest is not None:
        check_place(manifest)
    claim_folder(out)
    began = time.monotonic()
    with watch(shell, "Writing") as progress:
        rows = write_files(resolved, out, format, progress)
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
