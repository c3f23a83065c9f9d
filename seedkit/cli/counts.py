"""What any kind of display tells: rows announced and done, and pauses."""

from __future__ import annotations

from collections import Counter


class Counts:
    """Rows announced and done; announced ones are scaled up to an estimate of all."""

    def __init__(self) -> None:
        self.finished: Counter[str] = Counter()
        self.part = 0.0
        self._final: Counter[str] = Counter()
        self._partial: Counter[str] = Counter()

    def announce(self, table: str, rows: int) -> None:
        """Count announced rows: final before a part of the work is named, partial after."""
        (self._partial if self.part else self._final)[table] += rows

    def total(self, table: str | None = None) -> int:
        """Return the number of rows to expect, of one table or of all."""
        if table is None:
            return sum(map(self.total, self._final | self._partial))
        scaled = round(self._partial[table] / self.part) if self.part else 0
        return self._final[table] + scaled


def pause_line(verb: str, seconds: float) -> str:
    """Return what is told of a pause."""
    return f"{verb}: the environment asks to wait {max(1, round(seconds)):,} s; then it goes on."
