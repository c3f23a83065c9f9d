"""Sets of a table's rows that stay small: ids that a run makes are kept as spans of numbers."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Self

from seedkit.marks import MAX_ROWS, Stamp, read_id
from seedkit.spans import Spans

_AT_ONCE = 1024  # ids that are made at once, and places that wait to be merged into spans


class Rows:
    """An immutable set of ids of one table."""

    __slots__ = ("_number", "_others", "_spans", "_stamp")

    def __init__(
        self, stamp: Stamp, number: int, spans: Spans | None = None, others: Iterable[str] = ()
    ) -> None:
        self._stamp = stamp
        self._number = number
        self._spans = spans or Spans()
        self._others = frozenset(others)

    @classmethod
    def of(cls, stamp: Stamp, number: int, ids: Iterable[str]) -> Self:
        """Return the set of some ids; `stamp` and `number` tell which ones stay small."""
        gathered = Gatherer(stamp, number)
        for id in ids:
            gathered.add(id)
        return cls(stamp, number, gathered.spans, gathered.others)

    def __len__(self) -> int:
        return len(self._spans) + len(self._others)

    @property
    def of_a_run(self) -> int:
        """Return how many of the ids are such as the run makes."""
        return len(self._spans)

    def __contains__(self, id: object) -> bool:
        if not isinstance(id, str):
            return False
        place = _place(self._stamp, self._number, id)
        return id in self._others if place is None else place in self._spans

    def __iter__(self) -> Iterator[str]:
        return chain(self._own(), sorted(self._others))

    def _own(self) -> Iterator[str]:
        for first, count in self._spans.pairs():
            end = first + count
            while first < end:
                block, row = divmod(first, MAX_ROWS)
                part = min(end - first, MAX_ROWS - row, _AT_ONCE)
                yield from self._stamp.ids(self._number, block, part, row)
                first += part

    def __or__(self, other: Rows) -> Rows:
        pairs = [*self._spans.pairs(), *other._spans.pairs()]
        return Rows(self._stamp, self._number, Spans(pairs), self._others | other._others)

    def __sub__(self, other: Rows) -> Rows:
        left = [
            gap for first, count in self._spans.pairs() for gap in other._spans.gaps(first, count)
        ]
        return Rows(self._stamp, self._number, Spans(left), self._others - other._others)


class Gatherer:
    """Rows of one table on their way into a set: no more than a thousand at once."""

    __slots__ = ("_number", "_pending", "_spans", "_stamp", "others")

    def __init__(self, stamp: Stamp, number: int) -> None:
        self._stamp = stamp
        self._number = number
        self._spans = Spans()
        self._pending = array("I")
        self.others: list[str] = []

    def add(self, id: str) -> None:
        """Take an id in."""
        place = _place(self._stamp, self._number, id)
        if place is None:
            self.others.append(id)
            return
        self._pending.append(place)
        if len(self._pending) >= _AT_ONCE:
            self._merge()

    def _merge(self) -> None:
        pairs = chain(self._spans.pairs(), ((place, 1) for place in self._pending))
        self._spans, self._pending = Spans(pairs), array("I")

    @property
    def spans(self) -> Spans:
        """Return the places of the ids that a run makes."""
        self._merge()
        return self._spans

    @property
    def rows(self) -> Rows:
        """Return what was taken in so far."""
        return Rows(self._stamp, self._number, self.spans, self.others)


def _place(stamp: Stamp, number: int, id: str) -> int | None:
    """Return an id's place among all that a run may make of a table; None for any other id."""
    read = read_id(id)
    if read is None or (read.mark, read.started, read.table_number) != (
        stamp.mark,
        stamp.started,
        number,
    ):
        return None
    return read.block * MAX_ROWS + read.row
