"""Measure how many rows of each table our households have; write it for the peers.

python -m tests.benchmarks.shape HOUSEHOLDS TARGET FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks.bundle import measure_shape, write_shape
from tests.benchmarks.ours import write_rows


def main(households: str, target: str, folder: str) -> None:
    """Make households in a folder, and write their shape."""
    write_rows(int(households), Path(folder))
    write_shape(measure_shape(Path(folder), int(households)), Path(target))
    print("{}")


if __name__ == "__main__":
    main(*sys.argv[1:])
