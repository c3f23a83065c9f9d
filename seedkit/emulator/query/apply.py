"""`$apply`: sums, averages, counts and groups, as far as the platform knows OData's aggregation.

Known are `filter(...)` before `groupby((a,b))`, `groupby((a,b),aggregate(...))` or
`aggregate(...)` [documented]; everything else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seedkit.emulator.errors import ADDRESS, PlatformError, unsupported
from seedkit.emulator.query.annotations import FORMATTED, Annotator, formatted
from seedkit.emulator.query.fetch.errors import TOO_MANY_AGGREGATED
from seedkit.emulator.query.options import Query
from seedkit.emulator.query.order import read_term
from seedkit.emulator.query.paging import Position, read_token
from seedkit.emulator.query.parse import parse_filter
from seedkit.emulator.query.paths import Paths, column_of
from seedkit.emulator.query.text import split_outside
from seedkit.emulator.storage.layout import (
    DATE_TYPES,
    REAL_TYPES,
    Layout,
    is_polymorphic,
    target_column,
)
from seedkit.schema import Column

if TYPE_CHECKING:
    from seedkit.emulator.query.reader import Page, Reader, Statement, View

ROW_LIMIT = 50_000  # [documented]

_TRANSFORMATION = re.compile(r"(\w+)\s*\((.*)\)", re.DOTALL).fullmatch
_GROUP = re.compile(r"\(([^()]*)\)\s*(?:,\s*aggregate\s*\((.*)\)\s*)?", re.DOTALL).fullmatch
_COUNT = re.compile(r"\$count\s+as\s+(\w+)").fullmatch
_VALUE = re.compile(r"([\w/]+)\s+with\s+(\w+)\s+as\s+(\w+)").fullmatch
_SQL = {
    "sum": "sum({})",
    "average": "avg({})",
    "min": "min({})",
    "max": "max({})",
    "countdistinct": "count(DISTINCT {})",
}
_NUMBERS = frozenset({"integer", "bigint"}) | REAL_TYPES


@dataclass(frozen=True, slots=True)
class _Output:
    """One property of the result. `column` None is a count."""

    key: str
    sql: str
    column: Column | None
    grouped: bool
    own: bool = False


@dataclass(frozen=True, slots=True)
class _Plan:
    filters: tuple[str, ...]
    groups: tuple[str, ...]
    values: tuple[str, ...]


def aggregate(reader: Reader, layout: Layout, query: Query, limit: int, view: View) -> Page:
    """Return one page of the results of a query's `$apply`."""
    from seedkit.emulator.query.reader import Page

    plan = _read(query.apply or "")
    for text in plan.filters:
        parse_filter(text, query.aliases)  # each stands for itself, also when several are joined
    joined = " and ".join(f"({text})" for text in plan.filters) or None
    statement = reader.statement(
        layout, Query(filter=joined, aliases=query.aliases), None, view.viewer
    )
    outputs = [
        *(_group(statement.paths, name) for name in plan.groups),
        *(_value(statement.paths, text) for text in plan.values),
    ]
    _check_keys(outputs)
    found = _fetch(reader, statement, outputs, _order(outputs, query))
    number = 1 if query.skiptoken is None else read_token(query.skiptoken).number
    start = max(number - 1, 0) * limit
    rows = _shape(layout, outputs, found[start : start + limit], view)
    more = len(found) > start + limit
    return Page(rows, Position(number + 1, ()) if more else None)


def _read(text: str) -> _Plan:
    filters: list[str] = []
    steps = split_outside(text, "/", keep_empty=True)
    for index, step in enumerate(steps):
        match = _TRANSFORMATION(step)
        if match is None:
            raise PlatformError(ADDRESS, f"Syntax error in $apply: '{step}'.")
        name, inside = match[1], match[2]
        if name == "filter":
            filters.append(inside)
        elif name not in ("groupby", "aggregate"):
            raise unsupported(f"the transformation '{name}' in $apply")
        elif index + 1 < len(steps):
            raise unsupported("transformations behind an aggregation in $apply")
        else:
            groups, values = ([], inside) if name == "aggregate" else _grouping(inside)
            return _Plan(tuple(filters), tuple(groups), tuple(_items(values)))
    raise unsupported("$apply without groupby or aggregate")


def _grouping(text: str) -> tuple[list[str], str | None]:
    match = _GROUP(text.strip())
    if match is None:
        raise PlatformError(ADDRESS, f"Syntax error in $apply: 'groupby({text})'.")
    return _items(match[1]), match[2]


def _items(text: str | None) -> list[str]:
    if text is None:
        return []
    items = split_outside(text, ",", keep_empty=True)
    if not all(items):
        raise PlatformError(ADDRESS, f"Syntax error in $apply: '{text}'.")
    return items


def _group(paths: Paths, name: str) -> _Output:
    steps = name.split("/")
    if len(steps) > 2:
        raise unsupported("groupby through more than one lookup")
    scope = paths.scope(steps[:-1])
    sql, column = column_of(scope, steps[-1])
    if column.type in DATE_TYPES:
        raise PlatformError(ADDRESS, f"groupby with the date and time '{name}' is not supported.")
    # A column of a row that a lookup names is called after that row's table [documented].
    key = name if len(steps) == 1 else f"{scope.layout.name}_{steps[-1]}"
    return _Output(key, sql, column, grouped=True, own=len(steps) == 1)


def _value(paths: Paths, text: str) -> _Output:
    count = _COUNT(text)
    if count is not None:
        return _Output(count[1], "count(*)", None, grouped=False)
    match = _VALUE(text)
    if match is None:
        raise PlatformError(ADDRESS, f"Syntax error in $apply: '{text}'.")
    name, method, key = match.groups()
    if method not in _SQL:
        raise unsupported(f"the aggregation method '{method}'")
    if "/" in name:
        raise unsupported("aggregating columns of related rows")
    sql, column = column_of(paths.main, name)
    _check_method(column, method)
    whole = method == "countdistinct"
    return _Output(key, _SQL[method].format(sql), None if whole else column, grouped=False)


def _check_method(column: Column, method: str) -> None:
    ordered = method in ("min", "max") and column.type in DATE_TYPES
    if method != "countdistinct" and column.type not in _NUMBERS and not ordered:
        raise PlatformError(
            ADDRESS, f"The method '{method}' can't be applied to the column '{column.name}'."
        )


def _check_keys(outputs: Sequence[_Output]) -> None:
    keys = [output.key for output in outputs]
    for key in keys:
        if keys.count(key) > 1:
            raise PlatformError(ADDRESS, f"The name '{key}' is used more than once in $apply.")
    if not outputs:
        raise PlatformError(ADDRESS, "Syntax error in $apply: nothing is asked for.")


def _order(outputs: Sequence[_Output], query: Query) -> list[str]:
    known = {output.key: output for output in outputs if output.grouped}
    terms = []
    for item in query.orderby:
        name, descending = read_term(item, query.aliases)
        output = known.get(name)
        if output is None:
            # Documented for aggregated values; the code is inferred.
            raise PlatformError(
                ADDRESS, "The query node SingleValueOpenPropertyAccess is not supported."
            )
        terms.append(output.sql + (" DESC" if descending else ""))
    return [*terms, *(output.sql for output in known.values())]


def _fetch(
    reader: Reader, statement: Statement, outputs: Sequence[_Output], order: Sequence[str]
) -> list[tuple[Any, ...]]:
    source, parameters = statement.source(), statement.parameters
    probe = f"SELECT 1 {source} LIMIT 1 OFFSET {ROW_LIMIT}"
    if reader.fetch(probe, parameters):
        raise PlatformError(
            TOO_MANY_AGGREGATED,
            "The maximum record limit is exceeded. Reduce the number of records.",
        )
    kinds = [kind for output in outputs if (kind := _kind_sql(output))]
    columns = [*(output.sql for output in outputs), *kinds]
    groups = [*(output.sql for output in outputs if output.grouped), *kinds]
    sql = f"SELECT {', '.join(columns)} {source}"
    if groups:
        sql += f" GROUP BY {', '.join(groups)} ORDER BY {', '.join(order)}"
    return reader.fetch(sql, parameters)


def _kind_sql(output: _Output) -> str:
    """Return the SQL of the table that a grouped lookup points at; empty for a single target."""
    column = output.column
    if not output.grouped or column is None or not column.is_lookup or not is_polymorphic(column):
        return ""
    alias = output.sql.partition(".")[0]
    return f'{alias}."{target_column(column.name)}"'


def _shape(
    layout: Layout, outputs: Sequence[_Output], found: Sequence[Sequence[Any]], view: View
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{} for _ in found]
    for index, output in enumerate(outputs):
        for row, values in zip(rows, found, strict=True):
            row[output.key] = _shown(output, values[index])
    if view.wanted:
        _annotate(layout, outputs, found, rows, view)
    # What is empty is left out [documented in an example].
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


def _shown(output: _Output, value: Any) -> Any:
    if value is not None and output.column is not None and output.column.type == "boolean":
        return bool(value)
    return value


def _annotate(
    layout: Layout,
    outputs: Sequence[_Output],
    found: Sequence[Sequence[Any]],
    rows: list[dict[str, Any]],
    view: View,
) -> None:
    annotator = Annotator(view.viewer.environment, view.wanted)
    at: dict[str, int] = {}
    kinds = len(outputs)
    for index, output in enumerate(outputs):
        if output.own and output.column is not None:
            at[output.column.name] = index
        if _kind_sql(output):
            at[target_column(output.column.name if output.column else "")] = kinds
            kinds += 1
    annotator.annotate(layout, at, found, rows)
    if FORMATTED in view.wanted:
        symbol = annotator.base_symbol()
        for index, output in enumerate(outputs):
            if not output.own:
                _format(output, index, found, rows, symbol)


def _format(
    output: _Output,
    index: int,
    found: Sequence[Sequence[Any]],
    rows: list[dict[str, Any]],
    symbol: str,
) -> None:
    for row, values in zip(rows, found, strict=True):
        value = values[index]
        if value is None:
            continue
        text = f"{value:,}" if output.column is None else formatted(output.column, value, symbol)
        if text is not None:
            row[f"{output.key}@{FORMATTED}"] = text
