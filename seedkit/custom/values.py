"""The values of columns: each kind draws from a stream of its own, one draw for each row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from seedkit.custom import templates
from seedkit.custom.binding import Binding
from seedkit.custom.details import CHOICES, DATE, DECIMAL, MOMENT, OPTIONS, WHOLE, YES_NO
from seedkit.custom.figures import figures_of
from seedkit.marks import MAX_ROWS
from seedkit.population import draw
from seedkit.population.streams import BANK_BLOCK as BANK_STREAM
from seedkit.population.streams import stream
from seedkit.profile import columns as kinds
from seedkit.profile.columns import ColumnValue
from seedkit.records.batch import BANK_BLOCK, RecordBatch
from seedkit.records.source import SHOWCASE_ROWS
from seedkit.records.view import BlockView

ROWS_PER_BLOCK = 100_000  # how far the numbers of two blocks lie apart; more than an id has rows
NOON = "T12:00:00Z"
DAY_LENGTH = len("2026-01-31")
Values = list[Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """What a column's values are made for: the rows of a batch as far as they are filled.

    `view` is the block that they belong to; None of the bank's own rows.
    """

    batch: RecordBatch
    columns: Mapping[str, Sequence[object]]
    random_seed: int
    as_of: date
    view: BlockView | None = None

    def __len__(self) -> int:
        return len(self.batch)

    def stream(self, column: str, what: str = "") -> np.random.Generator:
        """Return the stream of a column in this block."""
        block = BANK_STREAM if self.batch.block == BANK_BLOCK else self.batch.block - 1
        return stream(self.random_seed, block, f"column {self.batch.table}.{column}{what}")

    def texts(self, column: str) -> list[str]:
        """Return a column's values as text; what is not there is empty."""
        values = self.columns.get(column) or [None] * len(self)
        return ["" if value is None else _plain(value) for value in values]


def values_of(column: str, spec: ColumnValue, binding: Binding, rows: Rows) -> Values:
    """Return the values of a column in all rows of a batch; None where it stays empty."""
    values = _MAKERS[type(spec)](column, spec, binding, rows)
    return emptied(column, spec.empty, values, rows)


def emptied(column: str, share: float, values: Values, rows: Rows) -> Values:
    """Return values without those that stay empty."""
    if not share:
        return values
    gone = draw.coin(rows.stream(column, " empty"), share, len(rows)).tolist()
    return [None if empty else value for value, empty in zip(values, gone, strict=True)]


def converted(word: str, binding: Binding) -> object:
    """Return a value that a profile names, as the column carries it."""
    if binding.type in OPTIONS:
        value = binding.options.get(word, word)
        return str(value) if binding.type == CHOICES else value
    if binding.type == WHOLE:
        return int(word)
    if binding.type == DECIMAL:
        return float(word)
    return word == "true" if binding.type == YES_NO else word


def _constant(column: str, spec: kinds.Constant, binding: Binding, rows: Rows) -> Values:  # noqa: ARG001
    value: object = spec.value
    if binding.type in OPTIONS:
        value = converted(str(value), binding)
    elif binding.type == MOMENT and isinstance(value, str) and len(value) == DAY_LENGTH:
        value += NOON
    return [value] * len(rows)


def _one_of(column: str, spec: kinds.OneOf, binding: Binding, rows: Rows) -> Values:
    values = [converted(word, binding) for word in spec.one_of]
    chosen = draw.pick(rows.stream(column), tuple(spec.one_of.values()), len(rows))
    return [values[index] for index in chosen.tolist()]


def _between(column: str, spec: kinds.Between, binding: Binding, rows: Rows) -> Values:  # noqa: ARG001
    decimals = decimals_of(spec)
    low, high = (steps(end, decimals) for end in spec.between)
    drawn: Values = draw.between(rows.stream(column), low, high, len(rows)).tolist()
    if not decimals:
        return drawn
    scale = 10**decimals
    return [step / scale for step in drawn]


def _days(column: str, spec: kinds.Days, binding: Binding, rows: Rows) -> Values:
    least, most = spec.days
    moved = draw.between(rows.stream(column), least, most, len(rows)).tolist()
    starts: Sequence[object] = [rows.as_of.isoformat()] * len(rows)
    if spec.after is not None:
        starts = rows.columns.get(spec.after) or [None] * len(rows)
    tail = "" if binding.type == DATE else NOON
    return [_moved(start, days, tail) for start, days in zip(starts, moved, strict=True)]


def _text(column: str, spec: kinds.Text, binding: Binding, rows: Rows) -> Values:  # noqa: ARG001
    found = templates.pieces(spec.text)
    parts: list[list[str]] = []
    for piece in found:
        parts.append([piece.words] * len(rows))
        if piece.name:
            parts.append(rows.texts(piece.name))
    texts = ["".join(words) for words in zip(*parts, strict=True)]
    return [text[: spec.cut].strip() or None for text in texts]


def _sequence(column: str, spec: kinds.Sequence, binding: Binding, rows: Rows) -> Values:  # noqa: ARG001
    first = spec.start + _numbers_before(rows.batch.block)
    numbers = range(first, first + len(rows))
    if binding.type == WHOLE:
        return list(numbers)
    return [spec.sequence.format(number=number) for number in numbers]


def _numbers_before(block: int) -> int:
    """Return how many numbers of a sequence lie before those of a block.

    The showcase block comes last by its number, which would make long numbers of few rows: it
    takes those of the first households' hundred thousand that no row of theirs can have.
    """
    return MAX_ROWS if block == SHOWCASE_ROWS else max(block - 1, 0) * ROWS_PER_BLOCK


def _yes_no(column: str, spec: kinds.YesNo, binding: Binding, rows: Rows) -> Values:  # noqa: ARG001
    said: Values = draw.coin(rows.stream(column), spec.yes, len(rows)).tolist()
    return said


def _reference(column: str, spec: kinds.Reference, binding: Binding, rows: Rows) -> Values:  # noqa: ARG001
    return [binding.id] * len(rows)


def _figure(column: str, spec: kinds.Figure, binding: Binding, rows: Rows) -> Values:  # noqa: ARG001
    return [None] * len(rows) if rows.view is None else figures_of(spec.figure, rows.view)


_MAKERS: Mapping[type, Callable[[str, Any, Binding, Rows], Values]] = {
    kinds.Constant: _constant,
    kinds.OneOf: _one_of,
    kinds.Between: _between,
    kinds.Days: _days,
    kinds.Text: _text,
    kinds.Sequence: _sequence,
    kinds.YesNo: _yes_no,
    kinds.Reference: _reference,
    kinds.Figure: _figure,
}


def decimals_of(spec: kinds.Between) -> int:
    """Return how many decimals a range has: as told, or as its ends are written with."""
    if spec.decimals is not None:
        return spec.decimals
    return max(-min(_exponent(end), 0) for end in spec.between)


def steps(end: float, decimals: int) -> int:
    """Return a number in steps of the last decimal."""
    return int(Decimal(str(end)).scaleb(decimals).to_integral_value())


def _exponent(number: float) -> int:
    exponent = Decimal(str(number)).normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _moved(start: object, days: int, tail: str) -> str | None:
    """Return a day moved; None where there is none, or none that the calendar has."""
    if not isinstance(start, str):
        return None
    try:
        return (date.fromisoformat(start[:DAY_LENGTH]) + timedelta(days=days)).isoformat() + tail
    except (ValueError, OverflowError):
        return None


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.removesuffix(NOON) if isinstance(value, str) else str(value)
