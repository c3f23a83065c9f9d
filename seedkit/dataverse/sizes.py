"""How many rows a request carries: more while that gains and stays quick, half when it is too much.

Rows per request matter more than requests in flight, since a bulk message counts as one request.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_ROWS = 1_000  # operations that the service takes in one batch
CUSTOM_START = 250  # tables of solutions, where little or no logic runs on each row
STANDARD_START = 100  # the platform's own tables, and those without bulk messages
SLOW = 20.0  # seconds: requests that take so long are too large
CALLS = 3  # full requests of one size, after which the next one is tried
GAIN = 0.97  # of the time per row: a larger size that leaves more than this gains nothing


@dataclass(slots=True)
class _Size:
    """The size in use for one table, and what the sizes tried so far have taken per row."""

    rows: int
    ceiling: int
    calls: int = 0
    each: float = float("inf")  # least seconds per row at this size
    before: float = float("inf")  # and at the size below

    def change(self, rows: int) -> None:
        self.before = self.each if rows > self.rows else float("inf")
        self.rows, self.calls, self.each = rows, 0, float("inf")


@dataclass
class Sizes:
    """Rows per request by table and message, never above `ceiling`."""

    ceiling: int = MOST_ROWS
    _sizes: dict[str, _Size] = field(default_factory=dict)

    def rows(self, key: str, start: int) -> int:
        """Return how many rows the next request should carry."""
        return self._size(key, start).rows

    def took(self, key: str, start: int, rows: int, seconds: float) -> None:
        """Take note of a request that went well; only full ones say something of their size."""
        size = self._size(key, start)
        if seconds > SLOW and rows > 1:
            self.shrink(key, start, rows)
        elif rows == size.rows:
            size.calls += 1
            size.each = min(size.each, seconds / rows)
            if size.calls == CALLS:
                self._weigh(size)

    def shrink(self, key: str, start: int, rows: int) -> None:
        """Take note that so many rows were too much for one request."""
        size = self._size(key, start)
        half = max(1, rows // 2)
        if half < size.rows:
            size.change(half)
        size.ceiling = min(size.ceiling, half)

    def _weigh(self, size: _Size) -> None:
        """Try twice as many rows, or go back when they have gained nothing."""
        if size.each > size.before * GAIN:
            size.change(max(1, size.rows // 2))
            size.ceiling = size.rows
        elif size.rows < size.ceiling and size.each * size.rows * 2 < SLOW / 2:
            size.change(min(size.rows * 2, size.ceiling))

    def _size(self, key: str, start: int) -> _Size:
        ceiling = max(1, min(self.ceiling, MOST_ROWS))
        return self._sizes.setdefault(key, _Size(min(start, ceiling), ceiling))


def starting_rows(table: str, message: str) -> int:
    """Return how many rows to begin with; a publisher's prefix tells a solution's table."""
    return CUSTOM_START if "_" in table and message != "$batch" else STANDARD_START
