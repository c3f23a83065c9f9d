"""Ours: the rows of `seedkit generate`, made in this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

# Imported here, so that no import falls into the time that is measured.
import faker  # noqa: F401
import orjson  # noqa: F401
import zipcodes  # noqa: F401

from seedkit.files import write_files
from seedkit.progress import Unwatched
from seedkit.records.batch import BANK_BLOCK, RecordBatch
from seedkit.records.source import RunSource
from seedkit.workplace.wishes import Wish, resolve
from tests.benchmarks.laps import Laps

PROFILE, AS_OF = "retail", "2026-06-30"


@dataclass(slots=True)
class Making:
    """What making columns took: processor time of its thread, and the rows they have."""

    seconds: float = 0.0
    rows: int = 0


@contextmanager
def watch_making(before: Callable[[int, Making], None]) -> Iterator[Making]:
    """Count what is made inside; `before` is called with the number of each block to be made."""
    making, batches_of = Making(), RunSource.batches

    def batches(source: RunSource, block: int) -> list[RecordBatch]:
        before(block, making)
        began = time.thread_time()
        batches = batches_of(source, block)
        making.seconds += time.thread_time() - began
        making.rows += sum(len(batch) for batch in batches)
        return batches

    with patch.object(RunSource, "batches", batches):
        yield making


def write_rows(households: int, out: Path) -> tuple[Laps, dict[str, float]]:
    """Write the files; return the laps and the part of time that making the columns takes."""
    laps = Laps()

    def mark(block: int, making: Making) -> None:
        if block != BANK_BLOCK:
            laps.mark(making.rows)

    laps.mark(0)
    with watch_making(mark) as making:
        resolved = resolve(Wish(PROFILE, households, None, AS_OF, ()))
        rows = write_files(resolved, out, "jsonl", Unwatched())
    laps.mark(rows.total())
    processor = laps.marks[-1].processor - laps.marks[0].processor
    return laps, {"columns_share": making.seconds / processor}
