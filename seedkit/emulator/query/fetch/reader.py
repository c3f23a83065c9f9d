"""Runs FetchXML trees and shapes their rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from seedkit.emulator.errors import PlatformError, too_many_conditions, unsupported
from seedkit.emulator.query.annotations import Wanted
from seedkit.emulator.query.fetch.aggregates import ROW_LIMIT, Grouping, add_aggregates
from seedkit.emulator.query.fetch.compiler import Compiler
from seedkit.emulator.query.fetch.cookie import read_cookie, write_cookie
from seedkit.emulator.query.fetch.errors import TOO_FAR, TOO_MANY_AGGREGATED
from seedkit.emulator.query.fetch.orders import Ordering, aggregate_order, row_order
from seedkit.emulator.query.fetch.outputs import Outputs, Row, add_columns
from seedkit.emulator.query.fetch.sources import Names, Parameters
from seedkit.emulator.query.fetch.syntax import Fetch
from seedkit.emulator.query.paging import COUNT_LIMIT, PAGE_SIZE, after_condition
from seedkit.emulator.query.viewer import Viewer
from seedkit.emulator.session import Environment
from seedkit.emulator.storage.layout import VERSION, Layout
from seedkit.emulator.storage.store import is_too_complex
from seedkit.emulator.writing.bin import BIN

SIMPLE_PAGING_LIMIT = 50_000  # rows that paging without a cookie reaches [documented]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of rows; `keys` are the properties of its rows, `count` is set when asked for.

    `last` holds the values of the order in the last row, where the query has such an order.
    """

    layout: Layout
    rows: list[Row]
    keys: tuple[str, ...]
    more: bool
    cookie: str | None
    last: tuple[Any, ...]
    count: tuple[int, bool] | None


@dataclass(frozen=True)
class _Plan:
    """A query made ready: `tables` is its FROM, `conditions` make its WHERE."""

    layout: Layout
    tables: str
    conditions: tuple[str, ...]
    outputs: Outputs
    ordering: Ordering
    parameters: Parameters
    grouping: Grouping | None
    version_at: int | None

    def source(self, *more: str) -> str:
        """Return FROM and WHERE, and the GROUP BY of an aggregate query."""
        conditions = [*self.conditions, *more]
        where = " WHERE " + " AND ".join(conditions) if conditions else ""
        grouped = self.grouping.by if self.grouping is not None else ()
        return self.tables + where + (f" GROUP BY {', '.join(grouped)}" if grouped else "")


class FetchReader:
    """Reads rows by FetchXML trees."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def read(self, viewer: Viewer, fetch: Fetch, wanted: Wanted, size: int | None = None) -> Found:
        """Return one page of a query's rows; `size` is the page size where the query names none."""
        if fetch.source not in (None, BIN):
            raise unsupported(f"the data source '{fetch.source}' in FetchXML")
        plan = self._plan(viewer, fetch, wanted)
        if plan.grouping is not None:
            self._check_aggregated(plan, fetch.aggregate_limit)
        limit = fetch.top or min(fetch.count or size or PAGE_SIZE, PAGE_SIZE)
        start, skipped = self._start(plan, fetch, limit)
        found = self._run(plan, fetch, start, limit + 1, skipped)
        more = len(found) > limit and fetch.top is None
        page = found[:limit]
        return Found(
            plan.layout,
            [_row(plan, values, wanted) for values in page],
            tuple(plan.outputs.found),
            more,
            _cookie(plan, fetch.page, page) if more else None,
            _order_values(plan, page[-1]) if more else (),
            self._count(plan, fetch) if fetch.total else None,
        )

    def _plan(self, viewer: Viewer, fetch: Fetch, wanted: Wanted) -> _Plan:
        parameters = Parameters()
        names = Names(self._environment, parameters)
        compiler = Compiler(names, viewer)
        tables, conditions = compiler.compile(fetch)
        outputs = Outputs(names, wanted)
        main = compiler.joined[0].source
        grouping = version_at = None
        if fetch.aggregate:
            grouping = add_aggregates(outputs, compiler.joined)
            ordering = aggregate_order(compiler.joined, grouping)
        else:
            add_columns(outputs, compiler.joined, keys=not fetch.distinct)
            ordering = row_order(names, compiler.joined, fetch)
            if not fetch.distinct:
                version_at = outputs.selection.add(f'{main.alias}."{VERSION}"')
        return _Plan(
            main.layout,
            tables,
            tuple(conditions),
            outputs,
            ordering,
            parameters,
            grouping,
            version_at,
        )

    def _start(self, plan: _Plan, fetch: Fetch, limit: int) -> tuple[str, int]:
        """Return the condition for the rows behind a cookie, or how many rows to skip."""
        after = fetch.after
        if fetch.cookie is not None and plan.ordering.marks is not None:
            page, values = read_cookie(fetch.cookie, plan.ordering.marks)
            after = values if fetch.page == page + 1 else ()
        if after:
            condition, compared = after_condition(plan.ordering.terms, after)
            return _named(condition, compared, plan.parameters), 0
        skipped = (fetch.page - 1) * limit
        if skipped + limit > SIMPLE_PAGING_LIMIT:
            raise PlatformError(
                TOO_FAR,
                f"Paging without a cookie ends after {SIMPLE_PAGING_LIMIT} rows; use the cookie.",
            )
        return "", skipped

    def _run(
        self, plan: _Plan, fetch: Fetch, start: str, limit: int, skipped: int
    ) -> list[tuple[Any, ...]]:
        terms = [term.text for term in plan.ordering.terms]
        selected = [*plan.outputs.selection.expressions, *plan.ordering.selected]
        sql = f"SELECT {'DISTINCT ' * fetch.distinct}{', '.join(selected)} "
        sql += plan.source(*filter(None, [start]))
        if plan.ordering.marks is None and (fetch.distinct or plan.grouping is not None):
            # So that equal requests give equal pages.
            terms += [str(number) for number in range(1, len(selected) + 1)]
        return self._fetch(
            plan, f"{sql} ORDER BY {', '.join(terms)} LIMIT {limit} OFFSET {skipped}"
        )

    def _count(self, plan: _Plan, fetch: Fetch) -> tuple[int, bool]:
        selected = ", ".join(plan.outputs.selection.expressions) if fetch.distinct else "1"
        inner = f"SELECT {'DISTINCT ' * fetch.distinct}{selected} {plan.source()}"
        found = self._number(plan, inner, COUNT_LIMIT)
        return min(found, COUNT_LIMIT), found > COUNT_LIMIT

    def _check_aggregated(self, plan: _Plan, limit: int | None) -> None:
        allowed = min(limit or ROW_LIMIT, ROW_LIMIT)
        rows = replace(plan, grouping=None).source()
        if self._number(plan, f"SELECT 1 {rows}", allowed) > allowed:
            raise PlatformError(
                TOO_MANY_AGGREGATED,
                "AggregateQueryRecordLimit exceeded. Cannot perform this operation.",
            )

    def _number(self, plan: _Plan, inner: str, limit: int) -> int:
        found: int = self._fetch(plan, f"SELECT count(*) FROM ({inner} LIMIT {limit + 1})")[0][0]
        return found

    def _fetch(self, plan: _Plan, sql: str) -> list[tuple[Any, ...]]:
        try:
            connection = self._environment.store.connection
            return connection.execute(sql, plan.parameters.values).fetchall()
        except sqlite3.OperationalError as error:
            if is_too_complex(error):
                raise too_many_conditions() from None
            raise


def _row(plan: _Plan, values: Sequence[Any], wanted: Wanted) -> Row:
    row: Row = {}
    if plan.version_at is not None:
        row["@odata.etag"] = f'W/"{values[plan.version_at]}"'
    for output in plan.outputs.found.values():
        output.put(row, values, wanted)
    return row


def _cookie(plan: _Plan, page: int, rows: Sequence[Sequence[Any]]) -> str | None:
    if plan.ordering.marks is None:
        return None
    first, last = _order_values(plan, rows[0]), _order_values(plan, rows[-1])
    return write_cookie(page, plan.ordering.marks, first, last)


def _order_values(plan: _Plan, values: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(values[len(plan.outputs.selection.expressions) :])


def _named(condition: str, values: Sequence[Any], parameters: Parameters) -> str:
    """Return a condition with names in place of its question marks."""
    head, *rest = condition.split("?")
    marks = [parameters.add(value) for value in values]
    return head + "".join(mark + part for mark, part in zip(marks, rest, strict=True))
