"""Filling many rows at once: columns of plain values are checked as a whole.

A bulk request carries many rows with the same properties. Its values are looked at column by
column with the fewest steps; whatever is not plainly right goes to the setters one by one, which
then say what is wrong. So this is a shortcut, never a rule of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from seedkit.emulator.addresses import is_guid
from seedkit.emulator.session import Session
from seedkit.emulator.writing.fill import BIND, TYPE, Body, is_type
from seedkit.emulator.writing.plan import Bind, Plan
from seedkit.emulator.writing.values import (
    EARLIEST_YEAR,
    integer_bounds,
    number_bounds,
    parse_date,
    parse_moment,
)
from seedkit.schema import Column

Values = Sequence[Any]
Quick = Callable[[Column, Values], Values | None]
Filled = list[tuple[int, Values]]

_is_second = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII).fullmatch


def quick_rows(
    session: Session, plan: Plan, start: Sequence[Any], bodies: Sequence[Body]
) -> list[list[Any]] | None:
    """Return a filled row per body; None, with nothing done, when any of them needs a closer look.

    `start` is what every new row begins with.
    """
    groups: dict[tuple[str, ...], list[int]] = {}
    for number, body in enumerate(bodies):
        groups.setdefault(tuple(body), []).append(number)
    if 2 * len(groups) > len(bodies):
        return None
    parts = []
    for names, numbers in groups.items():
        cells, binds = _cells(plan, names, [bodies[number] for number in numbers])
        if cells is None:
            return None
        parts.append((numbers, cells, binds))
    rows = [list(start) for _body in bodies]
    for numbers, cells, binds in parts:
        _place(session, [rows[number] for number in numbers], cells, binds)
    return rows


def _place(
    session: Session, rows: Sequence[list[Any]], cells: Filled, binds: Sequence[tuple[Bind, Values]]
) -> None:
    for index, values in cells:
        for row, value in zip(rows, values, strict=True):
            row[index] = value
    for bind, ids in binds:
        session.wanted.setdefault(bind.plain_target, set()).update(ids)
        if bind.table_index is not None:
            for row in rows:
                row[bind.table_index] = bind.plain_target


def _cells(
    plan: Plan, names: tuple[str, ...], bodies: Sequence[Body]
) -> tuple[Filled | None, list[tuple[Bind, Values]]]:
    """Return what goes into which place of the rows, and which of it are references."""
    cells: Filled = []
    binds: list[tuple[Bind, Values]] = []
    if not names:
        return None, binds
    for name, values in zip(
        names, zip(*[body.values() for body in bodies], strict=True), strict=True
    ):
        if name in plan.create:
            column = plan.layout.table.columns[name]
            index, found = (
                plan.layout.position[name],
                _QUICK.get(column.type, _unknown)(column, values),
            )
        elif name in plan.create_binds:
            bind = plan.create_binds[name]
            index, found = bind.index, _references(bind, values)
            binds.append((bind, found or ()))
        elif _can_be_left(plan, name, values):
            continue
        else:
            return None, binds
        if found is None:
            return None, binds
        cells.append((index, found))
    twice = len({index for index, _values in cells}) != len(cells)
    return None if twice else cells, binds


def _can_be_left(plan: Plan, name: str, values: Values) -> bool:
    if name == TYPE:
        return _are_texts(values) and all(is_type(value, plan.layout) for value in set(values))
    return "@" in name and not name.lower().endswith(BIND)


def _are_texts(values: Values) -> bool:
    return set(map(type, values)) == {str}


def _references(bind: Bind, values: Values) -> Values | None:
    if not _are_texts(values):
        return None
    found = list(map(bind.plain, values))
    return [match[1].lower() for match in found if match] if all(found) else None


def _texts(column: Column, values: Values) -> Values | None:
    if not _are_texts(values) or not all(values):
        return None
    together, longest = "".join(values), max(map(len, values))
    # A letter takes two UTF-16 units at most.
    units = longest if together.isascii() else 2 * longest
    if "\0" in together or (column.max_length is not None and units > column.max_length):
        return None
    return values


def _integers(column: Column, values: Values) -> Values | None:
    low, high = integer_bounds(column)
    right = set(map(type, values)) == {int} and low <= min(values) and max(values) <= high
    return values if right else None


def _numbers(column: Column, values: Values) -> Values | None:
    low, high, digits = number_bounds(column)
    if not set(map(type, values)) <= {int, float} or not low <= min(values) <= max(values) <= high:
        return None
    rounded = [round(value, digits) for value in values]
    return list(map(float, values)) if rounded == list(values) else None


def _booleans(_column: Column, values: Values) -> Values | None:
    return list(map(int, values)) if set(map(type, values)) == {bool} else None


def _options(column: Column, values: Values) -> Values | None:
    right = set(map(type, values)) == {int} and (column.options or {}).keys() >= set(values)
    return values if right else None


def _moments(_column: Column, values: Values) -> Values | None:
    right = _are_texts(values) and all(map(_is_plain_moment, set(values)))
    return values if right else None


def _is_plain_moment(text: str) -> bool:
    moment = parse_moment(text) if _is_second(text) else None
    return moment is not None and moment.year >= EARLIEST_YEAR


def _days(_column: Column, values: Values) -> Values | None:
    right = _are_texts(values) and all(map(_is_plain_day, set(values)))
    return values if right else None


def _is_plain_day(text: str) -> bool:
    day = parse_date(text)
    return day is not None and day.year >= EARLIEST_YEAR


def _guids(_column: Column, values: Values) -> Values | None:
    right = _are_texts(values) and all(map(is_guid, values))
    return list(map(str.lower, values)) if right else None


def _unknown(_column: Column, _values: Values) -> Values | None:
    return None


_QUICK: Mapping[str, Quick] = {
    "string": _texts,
    "memo": _texts,
    "integer": _integers,
    "bigint": _integers,
    "money": _numbers,
    "decimal": _numbers,
    "double": _numbers,
    "boolean": _booleans,
    "picklist": _options,
    "state": _options,
    "status": _options,
    "datetime": _moments,
    "dateonly": _days,
    "uniqueidentifier": _guids,
}
