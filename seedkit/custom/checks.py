"""What is wrong with values for a column, by what the column takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from seedkit.custom import templates
from seedkit.custom.binding import option_of, words_of
from seedkit.custom.details import (
    CHOICE,
    CHOICES,
    DATE,
    DAYS,
    DECIMAL,
    LOOKUP,
    MOMENT,
    NUMBERS,
    OPTIONS,
    TEXT,
    WHOLE,
    YES_NO,
    ColumnDetail,
)
from seedkit.custom.figures import FIGURES
from seedkit.custom.naming import did_you_mean
from seedkit.custom.values import DAY_LENGTH, ROWS_PER_BLOCK, decimals_of, steps
from seedkit.population.model import BLOCK_HOUSEHOLDS
from seedkit.profile import columns as kinds
from seedkit.profile.columns import ColumnValue

MOST_STEPS = 2**31
_NUMBER_LENGTH = 20  # of a number, a day, yes or no, written as text
Fault = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Case:
    """A column with what it takes, beside the table's other columns.

    `own` are the profile's values for the table's columns, `row` what each column takes.
    """

    detail: ColumnDetail
    own: Mapping[str, ColumnValue]
    row: Mapping[str, ColumnDetail]
    households: int


_FITS: Mapping[type, tuple[str, frozenset[str]]] = {
    kinds.Constant: ("value", frozenset({TEXT, WHOLE, DECIMAL, YES_NO, DATE, MOMENT}) | OPTIONS),
    kinds.OneOf: ("one_of", frozenset({TEXT, WHOLE, DECIMAL}) | OPTIONS),
    kinds.Between: ("between", NUMBERS),
    kinds.Days: ("days", DAYS),
    kinds.Text: ("text", frozenset({TEXT})),
    kinds.Sequence: ("sequence", frozenset({TEXT, WHOLE})),
    kinds.Reference: ("lookup", frozenset({LOOKUP})),
    kinds.YesNo: ("yes", frozenset({YES_NO})),
    kinds.Figure: ("figure", frozenset({TEXT, WHOLE, DECIMAL, YES_NO})),
}
# What to write for a column of a type.
_FOR: Mapping[str, str] = {
    TEXT: "a text, `one_of`, `text` or `sequence`",
    WHOLE: "a number, `one_of`, `between` or `sequence`",
    DECIMAL: "a number, `one_of` or `between`",
    YES_NO: "true, false or `yes`",
    DATE: "`days` or a day such as 2026-01-31",
    MOMENT: "`days` or a day such as 2026-01-31",
    CHOICE: "`one_of` or one option",
    CHOICES: "`one_of` or one option",
    LOOKUP: "`lookup`",
}


def faults_of(spec: ColumnValue, case: Case) -> Iterable[Fault]:
    """Return what is wrong with a column's values, each with what would be right."""
    detail = case.detail
    word, fitting = _FITS[type(spec)]
    if not detail.creatable:
        yield "can't be written when a row is made.", None
    if detail.type not in _FOR:
        yield f"is of the type {detail.type}, which can't be given.", None
    elif detail.type not in fitting:
        yield (
            f"is a {detail.type} column, and `{word}` does not fit.",
            f"Write {_FOR[detail.type]}.",
        )
    else:
        yield from _CHECKS[type(spec)](spec, case)
    if spec.empty and detail.required:
        yield "is required, and can't stay empty.", "Leave `empty` out."


def _constant(spec: kinds.Constant, case: Case) -> Iterable[Fault]:
    if case.detail.type in OPTIONS:
        yield from _options(spec, case.detail)
    else:
        yield from _one_value(spec.value, case.detail)


def _one_of(spec: kinds.OneOf, case: Case) -> Iterable[Fault]:
    detail = case.detail
    if detail.type in OPTIONS:
        yield from _options(spec, detail)
        return
    for word in spec.one_of:
        yield from _one_value(word if detail.type == TEXT else number_of(word), detail)


def _options(spec: ColumnValue, detail: ColumnDetail) -> Iterable[Fault]:
    for word in words_of(spec):
        if option_of(word, detail) is None:
            labels = [label for _, label in detail.options]
            listed = ", ".join(f"{label} ({value})" for value, label in detail.options[:12])
            yield f"has no option {word}.", did_you_mean(word, labels) or f"It has {listed}."


def _one_value(value: object, detail: ColumnDetail) -> Iterable[Fault]:
    if detail.type in NUMBERS:
        yield from _numbers([value], detail)
    elif detail.type == YES_NO:
        if not isinstance(value, bool):
            yield f"takes true or false, not {value}.", None
    elif not isinstance(value, str):
        word = str(value).lower() if isinstance(value, bool) else value
        yield f"takes a text, and YAML does not read {word} as one.", "Put it in quotes."
    elif detail.type in DAYS:
        if not _is_day(value):
            yield f"takes a day such as 2026-01-31, not {value}.", None
    elif detail.max_length is not None and len(value) > detail.max_length:
        yield _too_long(len(value), detail)


def _numbers(values: Iterable[object], detail: ColumnDetail) -> Iterable[Fault]:
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield f"takes numbers, not {value}.", None
        elif detail.type == WHOLE and value != int(value):
            yield f"takes whole numbers, not {value}.", None
        elif not (_low(detail) <= value <= _high(detail)):
            yield f"takes {_low(detail):,.10g} to {_high(detail):,.10g}, not {value}.", None


def _between(spec: kinds.Between, case: Case) -> Iterable[Fault]:
    detail, decimals = case.detail, decimals_of(spec)
    most = 0 if detail.type == WHOLE else detail.decimals
    yield from _numbers(spec.between, detail)
    if most is not None and decimals > most:
        yield f"has {most} decimals, and `between` asks for {decimals}.", f"Write decimals: {most}."
    low, high = (steps(end, decimals) for end in spec.between)
    if high - low >= MOST_STEPS:
        yield "would have more than 2,147,483,648 values to choose from.", "Ask for fewer decimals."


def _days(spec: kinds.Days, case: Case) -> Iterable[Fault]:
    start = case.row.get(spec.after or "")
    if start is not None and start.type not in DAYS:
        yield f"counts from {spec.after}, which is no date.", None


def _text(spec: kinds.Text, case: Case) -> Iterable[Fault]:
    detail, longest = case.detail, longest_of(spec, case)
    if detail.max_length is not None and (longest is None or longest > detail.max_length):
        yield (
            f"takes {detail.max_length} characters, and this text may have "
            f"{'any number' if longest is None else longest}.",
            f"Add cut: {detail.max_length}",
        )


def _sequence(spec: kinds.Sequence, case: Case) -> Iterable[Fault]:
    detail, last = case.detail, last_number(spec, case.households)
    if detail.type == WHOLE:
        if spec.sequence.strip() != f"{{{templates.NUMBER}}}":
            yield "is a whole number column, and takes the number alone.", 'Write "{number}".'
        yield from _numbers([last], detail)
    elif detail.max_length is not None:
        longest = len(spec.sequence.format(number=last))
        if longest > detail.max_length:
            yield _too_long(longest, detail)


def _reference(spec: kinds.Reference, case: Case) -> Iterable[Fault]:
    detail = case.detail
    if spec.lookup not in detail.targets:
        hint = did_you_mean(spec.lookup, detail.targets)
        named = " or ".join(detail.targets) or "nothing that can be named"
        yield f"points at {named}, not at {spec.lookup}.", hint


def _yes_no(spec: kinds.YesNo, case: Case) -> Iterable[Fault]:  # noqa: ARG001
    return ()


def _figure(spec: kinds.Figure, case: Case) -> Iterable[Fault]:
    detail, figure, name = case.detail, FIGURES[spec.figure], f"`{spec.figure}`"
    if detail.type not in figure.types:
        yield f"is a {detail.type} column, and {name} is a {figure.type}.", None
    elif detail.type in NUMBERS and not _low(detail) <= figure.low <= figure.high <= _high(detail):
        yield (
            f"takes {_low(detail):,.10g} to {_high(detail):,.10g}, and {name} lies between "
            f"{figure.low} and {figure.high}.",
            None,
        )
    elif detail.type == TEXT and figure.longest > (detail.max_length or math.inf):
        yield _too_long(figure.longest, detail)
    if detail.required and not figure.everyone:
        yield f"is required, and {name} is not known of everyone.", None


def longest_of(spec: ColumnValue, case: Case) -> int | None:
    """Return how long a column's text may become; None when nobody can tell."""
    if isinstance(spec, kinds.Text):
        found = templates.pieces(spec.text)
        parts = [_longest_part(piece.name, case) for piece in found if piece.name]
        whole = sum(len(piece.words) for piece in found)
        if spec.cut is not None:
            return spec.cut
        return None if None in parts else whole + sum(part or 0 for part in parts)
    if isinstance(spec, kinds.Sequence):
        return len(spec.sequence.format(number=last_number(spec, case.households)))
    if isinstance(spec, kinds.OneOf):
        return max(map(len, spec.one_of))
    if isinstance(spec, kinds.Figure):
        return FIGURES[spec.figure].longest
    return len(str(spec.value)) if isinstance(spec, kinds.Constant) else _NUMBER_LENGTH


def _longest_part(name: str, case: Case) -> int | None:
    """Return how long another column of the row may be, written as text."""
    detail = case.row.get(name)
    if name in case.own and (detail is None or detail.type == TEXT):
        return longest_of(case.own[name], case)
    if detail is None:
        return None
    return detail.max_length if detail.type == TEXT else _NUMBER_LENGTH


def last_number(spec: kinds.Sequence, households: int) -> int:
    """Return the highest number that a sequence may reach."""
    blocks = max(1, -(-households // BLOCK_HOUSEHOLDS))
    return spec.start + blocks * ROWS_PER_BLOCK - 1


def number_of(word: str) -> object:
    """Return the number that a word says; the word itself when it says none."""
    for read in (int, float):
        with suppress(ValueError):
            return read(word)
    return word


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == DAY_LENGTH


def _too_long(length: int, detail: ColumnDetail) -> Fault:
    return f"takes {detail.max_length} characters, and this has up to {length}.", None


def _low(detail: ColumnDetail) -> float:
    return -math.inf if detail.low is None else detail.low


def _high(detail: ColumnDetail) -> float:
    return math.inf if detail.high is None else detail.high


_CHECKS: Mapping[type, Callable[[Any, Case], Iterable[Fault]]] = {
    kinds.Constant: _constant,
    kinds.OneOf: _one_of,
    kinds.Between: _between,
    kinds.Days: _days,
    kinds.Text: _text,
    kinds.Sequence: _sequence,
    kinds.Reference: _reference,
    kinds.YesNo: _yes_no,
    kinds.Figure: _figure,
}
