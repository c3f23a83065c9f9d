"""The query functions of the platform: `Microsoft.Dynamics.CRM.LastXDays(...)` and their kin.

Each builds the SQL of a condition about one column. Which functions there are and what their
parameters are called is documented; functions that mean "not" also find empty columns, as `ne`
does [expected].
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from odata_query import ast as syntax

from seedkit.emulator.errors import ADDRESS, PlatformError, unsupported
from seedkit.emulator.query import periods
from seedkit.emulator.query.literals import coerced
from seedkit.emulator.query.paths import Scope
from seedkit.emulator.query.patterns import FOLD, fold
from seedkit.emulator.query.trees import tree_of
from seedkit.emulator.query.viewer import LANGUAGE, Viewer
from seedkit.emulator.storage.layout import DATE_TYPES, INTEGER_TYPES, TEXT_TYPES, Layout
from seedkit.emulator.writing.values import format_moment, parse_moment
from seedkit.schema import Column

ast: Any = syntax  # the package's own types are incomplete

NAME = "PropertyName"
_is_count = re.compile(r"[+-]?[0-9]{1,10}").fullmatch
_is_option = re.compile(r"[0-9]{1,10}").fullmatch
_ONE, _MANY = "PropertyValue", "PropertyValues"
_TWO = ("PropertyValue1", "PropertyValue2")


@dataclass(frozen=True, slots=True)
class Subject:
    """The column that a function is about, in the statement; parameters gather in `add`."""

    name: str
    sql: str
    column: Column
    scope: Scope
    viewer: Viewer
    layouts: Mapping[str, Layout]
    add: Callable[[Any], None]


Condition = Callable[[Subject, Sequence[Any]], str]


@dataclass(frozen=True, slots=True)
class Function:
    """A query function: its parameters beside the column's name, and how it becomes SQL."""

    parameters: tuple[str, ...]
    condition: Condition


def among(subject: Subject, values: Sequence[Any]) -> str:
    """Return the SQL for a column that has one of the values."""
    sql = subject.sql
    if any(isinstance(value, str) and not value.isascii() for value in values):
        sql, values = f"{FOLD}({sql})", [fold(value) for value in values]
    subject.add(orjson.dumps(list(values)).decode())
    return f"({sql} IN (SELECT value FROM json_each(?)))"


def _negated(condition: Condition) -> Condition:
    def build(subject: Subject, values: Sequence[Any]) -> str:
        return f"(NOT coalesce({condition(subject, values)}, 0))"

    return build


def _in(subject: Subject, values: Sequence[Any]) -> str:
    listed = _texts(values[0])
    if not listed:
        raise PlatformError(ADDRESS, "The list of values is empty.")
    return among(subject, [coerced(subject.column, item) for item in listed])


def _between(subject: Subject, values: Sequence[Any]) -> str:
    listed = _texts(values[0])
    if len(listed) != 2 or subject.column.type == "boolean":
        raise PlatformError(ADDRESS, "Between needs two values that can be ordered.")
    for item in listed:
        subject.add(coerced(subject.column, item))
    return f"({subject.sql} BETWEEN ? AND ?)"


def _contain_values(subject: Subject, values: Sequence[Any]) -> str:
    if subject.column.type != "multipicklist":
        raise _wrong_column(subject, "a column of several choices")
    choices = [str(int(item.val)) for item in _texts(values[0]) if _is_option(item.val)]
    if not choices or len(choices) != len(_texts(values[0])):
        raise PlatformError(ADDRESS, "The list of choices is empty or holds no numbers.")
    subject.add(orjson.dumps(choices).decode())
    listed = f"',' || {subject.sql} || ','"
    return (
        f"(EXISTS (SELECT 1 FROM json_each(?) WHERE instr({listed}, ',' || value || ',') > 0) "
        f"AND {subject.sql} IS NOT NULL)"
    )


def _texts(node: Any) -> list[Any]:
    if not isinstance(node, ast.List):
        raise PlatformError(ADDRESS, "The values must stand in a list.")
    return list(node.val)


def _integer(node: Any) -> int:
    text = node.val if isinstance(node, ast.Integer | ast.String) else ""
    if _is_count(text) is None:
        raise PlatformError(ADDRESS, "The value must be a whole number.")
    return int(text)


def _period(name: str) -> Condition:
    def build(subject: Subject, values: Sequence[Any]) -> str:
        count = _integer(values[0]) if values else None
        try:
            return _within(subject, *periods.period(name, subject.viewer.now, count))
        except ValueError as error:
            raise PlatformError(ADDRESS, str(error)) from None

    return build


def _within(subject: Subject, start: datetime | None, end: datetime | None) -> str:
    """Return the SQL for a time in a half-open range."""
    if subject.column.type not in DATE_TYPES:
        raise _wrong_column(subject, "a date")
    parts = []
    for moment, operator in ((start, ">="), (end, "<")):
        if moment is not None:
            subject.add(_bound(subject.column, moment))
            parts.append(f"{subject.sql} {operator} ?")
    return f"({' AND '.join(parts)})"


def _bound(column: Column, moment: datetime) -> str:
    text = format_moment(moment)
    # A date stands for its midnight; a longer text that starts with it comes behind it.
    return text.removesuffix("T00:00:00Z") if column.type == "dateonly" else text


def _on(start: bool, end: bool) -> Condition:
    def build(subject: Subject, values: Sequence[Any]) -> str:
        first, behind = periods.day_of(_day(values[0]))
        return _within(subject, first if start else None, behind if end else None)

    return build


def _day(node: Any) -> datetime:
    text = node.val if isinstance(node, ast.String | ast.Date | ast.DateTime) else ""
    moment = parse_moment(text if "T" in text else f"{text}T00:00:00Z")
    if moment is None:
        raise PlatformError(ADDRESS, f"The value '{text}' is no date.")
    return moment


def _fiscal_period(subject: Subject, values: Sequence[Any]) -> str:
    if subject.column.type not in DATE_TYPES:
        raise _wrong_column(subject, "a date")
    number = _integer(values[0])
    if not 1 <= number <= periods.PERIODS_A_YEAR:
        raise PlatformError(ADDRESS, f"There is no fiscal period {number}.")
    months = 12 // periods.PERIODS_A_YEAR
    subject.add(number)
    return f"((CAST(substr({subject.sql}, 6, 2) AS INTEGER) - 1) / {months} + 1 = ?)"


def _fiscal(start: bool, end: bool) -> Condition:
    def build(subject: Subject, values: Sequence[Any]) -> str:
        try:
            first, behind = periods.fiscal_period(_integer(values[0]), _integer(values[1]))
        except ValueError as error:
            raise PlatformError(ADDRESS, str(error)) from None
        return _within(subject, first if start else None, behind if end else None)

    return build


def _own(find: Callable[[Viewer], Sequence[str | None]]) -> Condition:
    def build(subject: Subject, _values: Sequence[Any]) -> str:
        if subject.column.type in DATE_TYPES | TEXT_TYPES:
            raise _wrong_column(subject, "a lookup")
        return among(subject, [item for item in find(subject.viewer) if item is not None])

    return build


def _language(subject: Subject, _values: Sequence[Any]) -> str:
    if subject.column.type not in INTEGER_TYPES:
        raise _wrong_column(subject, "a language")
    subject.add(LANGUAGE)
    return f"({subject.sql} = ?)"


def _hierarchy(up: bool, itself: bool) -> Condition:
    """Return the condition on rows above or below a row in their table's hierarchy."""

    def build(subject: Subject, values: Sequence[Any]) -> str:
        table = _hierarchical(subject)
        rows = tree_of(table).walk("?", up=up)
        tie = "" if itself else f" AND {subject.sql} <> ?"
        row_id = coerced(table.table.columns[table.primary_id], values[0])
        for _ in range(1 if itself else 2):
            subject.add(row_id)
        return f"({subject.sql} IN ({rows}){tie})"

    return build


def _hierarchical(subject: Subject) -> Layout:
    layout, column = subject.scope.layout, subject.column
    if column.name == layout.primary_id:
        return layout
    targets = list(column.targets or {})
    if len(targets) != 1:
        raise _wrong_column(subject, "the id of a row or a lookup of one table")
    return subject.layouts[targets[0]]


def _wrong_column(subject: Subject, needed: str) -> PlatformError:
    return PlatformError(ADDRESS, f"The column {subject.name} is not {needed}.")


def _full_text(_subject: Subject, _values: Sequence[Any]) -> str:
    raise unsupported("full-text search in $filter")


def _function_name(period_name: str) -> str:
    words = period_name.replace("seven", "7").replace("olderthan", "older-than").split("-")
    return "".join(word.capitalize() for word in words)


def _user(viewer: Viewer) -> list[str]:
    return [viewer.caller]


def _unit(viewer: Viewer) -> list[str | None]:
    return [viewer.unit()]


FUNCTIONS: Mapping[str, Function] = {
    **{
        _function_name(name): Function((_ONE,) if name in periods.COUNTED else (), _period(name))
        for name in sorted(periods.NAMES)
    },
    "InFiscalPeriod": Function((_ONE,), _fiscal_period),
    "InFiscalPeriodAndYear": Function(_TWO, _fiscal(start=True, end=True)),
    "InOrAfterFiscalPeriodAndYear": Function(_TWO, _fiscal(start=True, end=False)),
    "InOrBeforeFiscalPeriodAndYear": Function(_TWO, _fiscal(start=False, end=True)),
    "On": Function((_ONE,), _on(start=True, end=True)),
    "NotOn": Function((_ONE,), _negated(_on(start=True, end=True))),
    "OnOrAfter": Function((_ONE,), _on(start=True, end=False)),
    "OnOrBefore": Function((_ONE,), _on(start=False, end=True)),
    "In": Function((_MANY,), _in),
    "NotIn": Function((_MANY,), _negated(_in)),
    "Between": Function((_MANY,), _between),
    "NotBetween": Function((_MANY,), _negated(_between)),
    "ContainValues": Function((_MANY,), _contain_values),
    "DoesNotContainValues": Function((_MANY,), _negated(_contain_values)),
    "EqualUserId": Function((), _own(_user)),
    "NotEqualUserId": Function((), _negated(_own(_user))),
    "EqualBusinessId": Function((), _own(_unit)),
    "NotEqualBusinessId": Function((), _negated(_own(_unit))),
    "EqualUserTeams": Function((), _own(Viewer.teams)),
    "EqualUserOrUserTeams": Function((), _own(lambda v: [v.caller, *v.teams()])),
    "EqualUserOrUserHierarchy": Function((), _own(Viewer.reports)),
    "EqualUserOrUserHierarchyAndTeams": Function((), _own(lambda v: [*v.reports(), *v.teams()])),
    "EqualUserLanguage": Function((), _language),
    "Above": Function((_ONE,), _hierarchy(up=True, itself=False)),
    "AboveOrEqual": Function((_ONE,), _hierarchy(up=True, itself=True)),
    "Under": Function((_ONE,), _hierarchy(up=False, itself=False)),
    "UnderOrEqual": Function((_ONE,), _hierarchy(up=False, itself=True)),
    "NotUnder": Function((_ONE,), _negated(_hierarchy(up=False, itself=False))),
    "Contains": Function((_ONE,), _full_text),
}
