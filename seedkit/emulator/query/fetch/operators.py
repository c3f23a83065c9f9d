"""The operators of FetchXML conditions, each as SQL over a column.

Operators that deny also find empty columns, as on the platform [expected]. Times are relative to
the moment of the request, in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import orjson

from seedkit.emulator.errors import PlatformError
from seedkit.emulator.query.fetch import trees
from seedkit.emulator.query.fetch.errors import BAD_CONDITION, BAD_VALUE, bad_operator
from seedkit.emulator.query.fetch.sources import Field, Names
from seedkit.emulator.query.fetch.values import NoRowError, bound, parse_time, stored, whole
from seedkit.emulator.query.patterns import FOLD, equal_condition, fold, like_condition
from seedkit.emulator.query.periods import (
    COUNTED,
    NAMES,
    PERIODS_A_YEAR,
    Range,
    day_of,
    fiscal_period,
    period,
)
from seedkit.emulator.query.viewer import LANGUAGE, Viewer
from seedkit.emulator.storage.layout import DATE_TYPES, TEXT_TYPES

_SIGNS = {"eq": "=", "ne": "<>", "neq": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
COMPARISONS = frozenset(_SIGNS)
_NEVER, _ALWAYS = "(0)", "(1)"


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison to be compiled: the column, the operator's name and its values."""

    names: Names
    viewer: Viewer
    field: Field
    operator: str
    values: tuple[str, ...]

    def one(self) -> str:
        """Return the only value; 400 when there are none or several."""
        return self.several(1)[0]

    def several(self, count: int) -> tuple[str, ...]:
        """Return the values; 400 when there are not just so many."""
        if len(self.values) != count:
            raise PlatformError(
                BAD_CONDITION,
                f"The operator '{self.operator}' needs {count} value(s) for "
                f"'{self.field.column.name}', not {len(self.values)}.",
            )
        return self.values

    def put(self, value: object) -> str:
        """Keep a value and return what stands for it."""
        return self.names.parameters.add(value)

    def need(self, *types: str) -> None:
        """Refuse when the column is of no such type."""
        if self.field.column.type not in types:
            raise bad_operator(self.operator, self.field.column.name, self.field.column.type)


def compile_test(test: Test) -> str:
    """Return the SQL of a comparison, in brackets; 400 for an operator that doesn't fit."""
    handler = _HANDLERS.get(test.operator)
    if handler is None:
        raise bad_operator(test.operator, test.field.column.name, test.field.column.type)
    return handler(test)


def compare_columns(test: Test, other: Field) -> str:
    """Return the SQL that compares two columns of one row."""
    sign, sql = _SIGNS[test.operator], test.field.sql
    condition = f"{sql} {sign} {other.sql}"
    return _or_empty(sql, condition) if sign == "<>" else f"({condition})"


def _or_empty(sql: str, condition: str) -> str:
    return f"({condition} OR {sql} IS NULL)"


def _compare(test: Test) -> str:
    sign, sql = _SIGNS[test.operator], test.field.sql
    text = test.one()
    if test.field.column.type == "multipicklist":
        return _compare_sets(test)
    try:
        value = stored(test.field.column, text)
    except NoRowError:
        return _ALWAYS if sign == "<>" else _NEVER
    condition = f"{sql} {sign} ?"
    if isinstance(value, str):
        condition = equal_condition(sql, sign, value)
    condition = condition.replace("?", test.put(value))
    return _or_empty(sql, condition) if sign == "<>" else f"({condition})"


def _compare_sets(test: Test) -> str:
    if test.operator not in ("eq", "ne", "neq"):
        raise bad_operator(test.operator, test.field.column.name, test.field.column.type)
    denied = test.operator != "eq"
    return _sets(test, denied=denied)


def _sets(test: Test, *, denied: bool) -> str:
    """Compare the whole set of a multiple choice; it is kept as numbers between commas."""
    wanted = ",".join(sorted({p.strip() for v in test.values for p in v.split(",")}, key=_order))
    sql = f"replace({test.field.sql}, ' ', '')"
    mark = test.put(wanted)
    return _or_empty(test.field.sql, f"{sql} <> {mark}") if denied else f"({sql} = {mark})"


def _order(text: str) -> tuple[int, str]:
    return len(text), text


def _among(test: Test) -> str:
    if not test.values:
        raise PlatformError(
            BAD_CONDITION, f"The operator '{test.operator}' needs values for its column."
        )
    if test.field.column.type == "multipicklist":
        return _sets(test, denied=test.operator == "not-in")
    found = []
    for text in test.values:
        try:
            found.append(stored(test.field.column, text))
        except NoRowError:
            continue
    sql = test.field.sql
    folded = any(isinstance(value, str) and not value.isascii() for value in found)
    compared = f"{FOLD}({sql})" if folded else sql
    listed = _listed(test, [fold(str(value)) for value in found] if folded else found)
    if test.operator == "in":
        return f"({compared} IN {listed})"
    return _or_empty(sql, f"{compared} NOT IN {listed}")


def _listed(test: Test, values: Sequence[object]) -> str:
    return f"(SELECT value FROM json_each({test.put(orjson.dumps(values).decode())}))"


def _between(test: Test) -> str:
    low, high = (test.put(stored(test.field.column, text)) for text in test.several(2))
    sql = test.field.sql
    if test.operator == "between":
        return f"({sql} BETWEEN {low} AND {high})"
    return _or_empty(sql, f"{sql} NOT BETWEEN {low} AND {high}")


def _empty(test: Test) -> str:
    test.several(0)
    return f"({test.field.sql} IS {'NOT ' * (test.operator == 'not-null')}NULL)"


def _like(before: str, after: str, *, denied: bool) -> Callable[[Test], str]:
    def compile_like(test: Test) -> str:
        test.need(*TEXT_TYPES)
        sql = test.field.sql
        pattern = before + test.one() + after
        condition = like_condition(sql, pattern).replace("?", test.put(pattern))
        return _or_empty(sql, f"NOT {condition}") if denied else condition

    return compile_like


def _contains(test: Test) -> str:
    test.need("multipicklist")
    if not test.values:
        raise PlatformError(BAD_CONDITION, f"The operator '{test.operator}' needs values.")
    sql = f"',' || replace({test.field.sql}, ' ', '') || ','"
    any_of = " OR ".join(
        f"{sql} LIKE {test.put(f'%,{int(text)},%')}" for text in map(_option(test), test.values)
    )
    if test.operator == "contain-values":
        return f"({any_of})"
    return _or_empty(test.field.sql, f"NOT ({any_of})")


def _option(test: Test) -> Callable[[str], int]:
    return lambda text: whole(test.field.column, text)


def _named_period(test: Test) -> str:
    test.need(*DATE_TYPES)
    column = test.field.column
    if column.type == "dateonly" and test.operator.endswith(("hours", "minutes")):
        raise bad_operator(test.operator, column.name, column.type)
    now = test.viewer.now
    try:
        if test.operator in COUNTED:
            found = period(test.operator, now, whole(column, test.one()))
        else:
            test.several(0)
            found = period(test.operator, now)
    except ValueError as error:
        raise PlatformError(BAD_VALUE, str(error)) from None
    return _within(test, found)


def _within(test: Test, found: Range) -> str:
    parts = []
    for moment, upper in zip(found, (False, True), strict=True):
        if moment is not None:
            sign, value = bound(test.field.column, moment, upper=upper)
            parts.append(f"{test.field.sql} {sign} {test.put(value)}")
    return f"({' AND '.join(parts)})"


def _on(test: Test) -> str:
    test.need(*DATE_TYPES)
    try:
        start, end = day_of(parse_time(test.field.column, test.one()))
    except OverflowError:
        raise PlatformError(BAD_VALUE, "The day is beyond the calendar.") from None
    ends: dict[str, Range] = {
        "on": (start, end),
        "on-or-before": (None, end),
        "on-or-after": (start, None),
    }
    if test.operator == "not-on":
        return _or_empty(test.field.sql, f"NOT {_within(test, (start, end))}")
    return _within(test, ends[test.operator])


def _fiscal_period(test: Test) -> str:
    test.need(*DATE_TYPES)
    number = whole(test.field.column, test.one())
    if not 1 <= number <= PERIODS_A_YEAR:
        return _NEVER
    months = 12 // PERIODS_A_YEAR
    month = f"CAST(strftime('%m', {test.field.sql}) AS INTEGER)"
    return f"(({month} - 1) / {months} + 1 = {number})"


def _fiscal_period_and_year(test: Test) -> str:
    test.need(*DATE_TYPES)
    number, year = (whole(test.field.column, text) for text in test.several(2))
    try:
        start, end = fiscal_period(number, year)
    except ValueError as error:
        raise PlatformError(BAD_VALUE, str(error)) from None
    if "before" in test.operator:
        return _within(test, (None, end))
    return _within(test, (start, None if "after" in test.operator else end))


def _is_caller(test: Test) -> str:
    return _is_id(test, test.viewer.caller)


def _is_unit(test: Test) -> str:
    return _is_id(test, test.viewer.unit())


def _is_id(test: Test, row_id: str | None) -> str:
    test.several(0)
    test.need("lookup", "owner", "customer", "uniqueidentifier")
    sql, mark = test.field.sql, test.put(row_id)
    if test.operator.startswith("ne"):
        return _or_empty(sql, f"{sql} <> {mark}")
    return f"({sql} = {mark})"


def _language(test: Test) -> str:
    test.several(0)
    test.need("integer")
    return f"({test.field.sql} = {test.put(LANGUAGE)})"


def _owned(find: Callable[[Viewer], Sequence[str]]) -> Callable[[Test], str]:
    def compile_owned(test: Test) -> str:
        test.several(0)
        test.need("lookup", "owner", "customer", "uniqueidentifier")
        return f"({test.field.sql} IN {_listed(test, list(find(test.viewer)))})"

    return compile_owned


def _caller_and_teams(viewer: Viewer) -> list[str]:
    return [viewer.caller, *viewer.teams()]


def _reports_and_teams(viewer: Viewer) -> list[str]:
    return [*viewer.reports(), *viewer.teams()]


def _hierarchy(test: Test) -> str:
    test.need("lookup", "customer", "owner", "uniqueidentifier")
    row_id = stored(test.field.column, test.one())
    tree = trees.hierarchy(test.names.environment.layouts, test.field)
    if tree is None:
        raise bad_operator(test.operator, test.field.column.name, test.field.column.type)
    sql, mark = test.field.sql, test.put(row_id)
    ids = tree.walk(mark, up="above" in test.operator)
    if test.operator == "not-under":
        return f"({sql} NOT IN ({ids}) OR {sql} = {mark} OR {sql} IS NULL)"
    itself = "" if test.operator.startswith("eq") else f" AND {sql} <> {mark}"
    return f"({sql} IN ({ids}){itself})"


_HANDLERS: dict[str, Callable[[Test], str]] = {
    **dict.fromkeys(COMPARISONS, _compare),
    **dict.fromkeys(("in", "not-in"), _among),
    **dict.fromkeys(("between", "not-between"), _between),
    **dict.fromkeys(("null", "not-null"), _empty),
    "like": _like("", "", denied=False),
    "not-like": _like("", "", denied=True),
    "begins-with": _like("", "%", denied=False),
    "not-begin-with": _like("", "%", denied=True),
    "ends-with": _like("%", "", denied=False),
    "not-end-with": _like("%", "", denied=True),
    **dict.fromkeys(("contain-values", "not-contain-values"), _contains),
    **dict.fromkeys(NAMES, _named_period),
    **dict.fromkeys(("on", "on-or-before", "on-or-after", "not-on"), _on),
    "in-fiscal-period": _fiscal_period,
    **dict.fromkeys(
        (
            "in-fiscal-period-and-year",
            "in-or-before-fiscal-period-and-year",
            "in-or-after-fiscal-period-and-year",
        ),
        _fiscal_period_and_year,
    ),
    **dict.fromkeys(("eq-userid", "ne-userid"), _is_caller),
    **dict.fromkeys(("eq-businessid", "ne-businessid"), _is_unit),
    "eq-userlanguage": _language,
    "eq-userteams": _owned(Viewer.teams),
    "eq-useroruserteams": _owned(_caller_and_teams),
    "eq-useroruserhierarchy": _owned(Viewer.reports),
    "eq-useroruserhierarchyandteams": _owned(_reports_and_teams),
    **dict.fromkeys(("above", "eq-or-above", "under", "eq-or-under", "not-under"), _hierarchy),
}
OPERATORS = frozenset(_HANDLERS)
