"""Sets of whole numbers as merged spans: small, however many numbers they hold."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable


class Spans:
    """An immutable set of whole numbers, built from (first, count) pairs that may overlap."""

    def __init__(self, pairs: Iterable[tuple[int, int]] = ()) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []
        for first, count in sorted(pair for pair in pairs if pair[1] > 0):
            if self._stops and first <= self._stops[-1]:
                self._stops[-1] = max(self._stops[-1], first + count)
            else:
                self._starts.append(first)
                self._stops.append(first + count)

    def covers(self, first: int, count: int) -> bool:
        """Tell whether all of `count` numbers from `first` on are in the set."""
        index = bisect_right(self._starts, first) - 1
        return index >= 0 and self._stops[index] >= first + count

    def gaps(self, first: int, count: int) -> list[tuple[int, int]]:
        """Return what is not in the set of `count` numbers from `first` on, as (first, count)."""
        found, at, end = [], first, first + count
        for start, stop in zip(self._starts, self._stops, strict=True):
            if stop > at and start < end:
                if start > at:
                    found.append((at, start - at))
                at = stop
        return [*found, (at, end - at)] if at < end else found

    def __len__(self) -> int:
        return sum(self._stops) - sum(self._starts)

    def __contains__(self, number: int) -> bool:
        return self.covers(number, 1)

    def pairs(self) -> list[tuple[int, int]]:
        """Return the spans as (first, count), in order."""
        return [
            (first, stop - first) for first, stop in zip(self._starts, self._stops, strict=True)
        ]
