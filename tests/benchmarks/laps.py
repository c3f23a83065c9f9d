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

    def rates(self) -> dict[str, float]:
        """Return rows per second, all in all and from the end of the first block on.

        The marks are: the beginning, the bank's own rows made, the first block made, ... the end.
        """
        (first, bank, steady), last = self.marks[:3], self.marks[-1]
        return {
            "setup_processor_seconds": bank.processor - first.processor,
            "seconds": last.wall - first.wall,
            "processor_seconds": last.processor - first.processor,
            "rows_per_second": (last.rows - first.rows) / (last.wall - first.wall),
            "rows_per_processor_second": (last.rows - first.rows)
            / (last.processor - first.processor),
            "steady_rows_per_second": (last.rows - steady.rows) / (last.wall - steady.wall),
            "steady_rows_per_processor_second": (last.rows - steady.rows)
            / (last.processor - steady.processor),
        }
