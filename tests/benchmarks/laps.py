"""Timing inside one process: wall and processor time, the whole and the steady part."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Lap:
    """A moment of the work: how many rows were made by then."""

    wall: float
    processor: float
    rows: int


@dataclass(slots=True)
class Laps:
    """The moments of one piece of work, from its beginning to its end."""

    marks: list[Lap] = field(default_factory=list)

    def mark(self, rows: int) -> None:
        """Note the present moment."""
        self.marks.append(Lap(time.perf_counter(), time.process_time(), rows))

    def rates(self, steady_from: int) -> dict[str, float]:
        """Return rows per second, all in all and from the given mark on."""
        first, steady, last = self.marks[0], self.marks[steady_from], self.marks[-1]
        return {
            "seconds": last.wall - first.wall,
            "processor_seconds": last.processor - first.processor,
            "rows_per_second": (last.rows - first.rows) / (last.wall - first.wall),
            "rows_per_processor_second": (last.rows - first.rows)
            / (last.processor - first.processor),
            "steady_rows_per_second": (last.rows - steady.rows) / (last.wall - steady.wall),
            "steady_rows_per_processor_second": (last.rows - steady.rows)
            / (last.processor - steady.processor),
        }
