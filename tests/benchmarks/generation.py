"""One run of one contender, in a process of its own; prints what was measured.

python -m tests.benchmarks.generation CONTENDER HOUSEHOLDS OUT [SHAPE]
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

import orjson

from tests.benchmarks.bundle import read_shape
from tests.benchmarks.laps import Laps
from tests.benchmarks.usage import peak_mib


def run(contender: str, households: int, out: Path, shape: Path) -> tuple[Laps, dict[str, float]]:
    """Write the files of a contender."""
    if contender == "seedkit":
        from tests.benchmarks.ours import write_rows

        return write_rows(households, out)
    from tests.benchmarks.peers import write_bundles

    library = import_module(f"tests.benchmarks.with_{contender}").make_library()
    return write_bundles(library, read_shape(shape), households, out), {}


def measure_files(out: Path) -> dict[str, int]:
    """Return what lies in the folder: rows, fields, bytes."""
    rows = fields = size = 0
    for path in out.glob("*.jsonl"):
        size += path.stat().st_size
        with path.open("rb") as file:
            for line in file:
                rows += 1
                fields += len(orjson.loads(line))
    return {"rows": rows, "fields": fields, "bytes": size}


def main(contender: str, households: str, out: str, shape: str = "") -> None:
    """Print the figures of one run."""
    folder = Path(out)
    laps, more = run(contender, int(households), folder, Path(shape))
    peak = peak_mib()
    found = measure_files(folder)
    seconds = laps.marks[-1].wall - laps.marks[0].wall
    figures = {
        **found,
        **laps.rates(),
        "fields_per_second": found["fields"] / seconds,
        "megabytes_per_second": found["bytes"] / seconds / 1e6,
        "bytes_per_row": found["bytes"] / found["rows"],
        "fields_per_row": found["fields"] / found["rows"],
        "peak_mib": peak,
        **more,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:])
