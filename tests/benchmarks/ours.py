"""Ours: the rows of `seedkit generate`, made in this process."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

# Imported here, so that no import falls into the time that is measured.
import faker  # noqa: F401
import orjson  # noqa: F401
import zipcodes  # noqa: F401

from seedkit.cli import generate
from seedkit.cli.sources import Resolved, Wish, make_source, resolve
from seedkit.records.batch import RecordBatch
from seedkit.records.source import RunSource
from tests.benchmarks.laps import Laps

PROFILE, AS_OF = "retail", "2026-06-30"


class WatchedSource:
    """A source that notes when each block begins, and how long making its columns takes."""

    def __init__(self, source: RunSource, laps: Laps) -> None:
        self._source = source
        self._laps = laps
        self._rows = 0
        self.processor_seconds = 0.0

    @property
    def blocks(self) -> Iterator[int]:
        """Yield the block numbers; a lap ends before each."""
        for block in self._source.blocks:
            self._laps.mark(self._rows)
            yield block

    def batches(self, block: int) -> list[RecordBatch]:
        """Return the rows of a block."""
        began = time.process_time()
        batches = self._source.batches(block)
        self.processor_seconds += time.process_time() - began
        self._rows += sum(len(batch) for batch in batches)
        return batches


def resolve_wish(households: int) -> Resolved:
    """Return the profile with so many households, seen at a fixed day."""
    return resolve(Wish(PROFILE, households, None, AS_OF, ()))


def write_rows(households: int, out: Path) -> tuple[Laps, dict[str, float]]:
    """Write the files; return the laps and the part of time that making the columns takes."""
    laps = Laps()
    watched: list[WatchedSource] = []

    def make_watched(*arguments: Any) -> WatchedSource:
        watched.append(WatchedSource(make_source(*arguments), laps))
        return watched[0]

    with patch.object(generate, "make_source", make_watched):
        rows = generate.write_files(resolve_wish(households), out, "jsonl")
    laps.mark(rows.total())
    processor = laps.marks[-1].processor - laps.marks[0].processor
    return laps, {"columns_share": watched[0].processor_seconds / processor}
