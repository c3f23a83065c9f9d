"""Runs queries and shapes their rows as the Web API does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from seedkit.emulator.errors import too_many_conditions, unknown_property
from seedkit.emulator.query.annotations import Annotator, Wanted
from seedkit.emulator.query.apply import aggregate
from seedkit.emulator.query.expand import Expander, Found, check_expansions
from seedkit.emulator.query.filter import FilterCompiler
from seedkit.emulator.query.options import Query
from seedkit.emulator.query.order import order_terms
from seedkit.emulator.query.paging import COUNT_LIMIT, Position, after_condition, read_token
from seedkit.emulator.query.parse import parse_filter
from seedkit.emulator.query.paths import MAIN as MAIN
from seedkit.emulator.query.paths import Collection, Paths, Scope
from seedkit.emulator.query.paths import Restriction as Restriction
from seedkit.emulator.query.patterns import register
from seedkit.emulator.query.viewer import Viewer, default_viewer
from seedkit.emulator.session import Environment
from seedkit.emulator.storage.layout import (
    VERSION,
    Layout,
    is_polymorphic,
    property_name,
    target_column,
)
from seedkit.emulator.storage.store import id_list, is_too_complex
from seedkit.emulator.writing.plan import CURRENCY
from seedkit.schema import Column

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class View:
    """How the rows of one request are shown: for whom, with which annotations.

    `nested` tells that expansions stand inside others, which pages each collection.
    """

    viewer: Viewer
    wanted: Wanted
    nested: bool = False
    page_size: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page; `following` is set when there are more."""

    rows: Rows
    following: Position | None


@dataclass(frozen=True)
class Statement:
    """The parts of a SELECT that a query and its count share."""

    layout: Layout
    paths: Paths
    conditions: tuple[str, ...]
    parameters: tuple[Any, ...]

    def source(self) -> str:
        """Return what stands behind the columns: tables, joins, conditions."""
        where = " WHERE " + " AND ".join(self.conditions) if self.conditions else ""
        return f'FROM "{self.layout.name}" {MAIN}{self.paths.sql}{where}'


class Reader:
    """Reads rows; a view's annotations add formatted values where a request wants them."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._connection = environment.store.connection
        register(self._connection)

    def page(
        self,
        layout: Layout,
        query: Query,
        limit: int,
        wanted: Wanted,
        restriction: Restriction | None = None,
        viewer: Viewer | None = None,
        page_size: int | None = None,
    ) -> Page:
        """Return up to `limit` rows in order."""
        check_expansions(self._environment, layout, query)
        view = View(self._viewer(viewer), wanted, query.is_nested, page_size)
        return self._page(layout, query, limit, view, restriction)

    def aggregated(
        self, layout: Layout, query: Query, limit: int, wanted: Wanted, viewer: Viewer
    ) -> Page:
        """Return up to `limit` results of the query's `$apply`."""
        return aggregate(self, layout, query, limit, View(viewer, wanted))

    def rows(
        self, layout: Layout, query: Query, limit: int, view: View, restriction: Restriction
    ) -> Rows:
        """Return the rows of an expansion."""
        return self._page(layout, query, limit, view, restriction).rows

    def _page(
        self,
        layout: Layout,
        query: Query,
        limit: int,
        view: View,
        restriction: Restriction | None,
    ) -> Page:
        statement = self.statement(layout, query, restriction, view.viewer)
        terms = order_terms(statement.paths, query.orderby, query.aliases)
        position = Position(1, ()) if query.skiptoken is None else read_token(query.skiptoken)
        if query.skiptoken is not None:
            behind, values = after_condition(terms, position.after)
            statement = Statement(
                layout,
                statement.paths,
                (*statement.conditions, behind),
                (*statement.parameters, *values),
            )
        columns = _columns(layout, query)
        names = [layout.expression(name, MAIN) for name in columns]
        names += [term.sql for term in terms]
        sql = (
            f"SELECT {', '.join(names)} {statement.source()} "
            f"ORDER BY {', '.join(term.text for term in terms)} LIMIT {limit + 1}"
        )
        found = self.fetch(sql, statement.parameters)
        rows = self._shape(layout, query, columns, found[:limit], view)
        more = len(found) > limit
        last = found[limit - 1][len(columns) :] if more and limit else ()
        return Page(rows, Position(position.number + 1, tuple(last)) if more else None)

    def count(
        self,
        layout: Layout,
        query: Query,
        restriction: Restriction | None = None,
        viewer: Viewer | None = None,
    ) -> tuple[int, bool]:
        """Return the number of rows, capped, and whether the cap was hit."""
        statement = self.statement(layout, query, restriction, self._viewer(viewer))
        sql = f"SELECT count(*) FROM (SELECT 1 {statement.source()} LIMIT {COUNT_LIMIT + 1})"
        found: int = self.fetch(sql, statement.parameters)[0][0]
        return min(found, COUNT_LIMIT), found > COUNT_LIMIT

    def fetch(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        """Run a SELECT; 400 when its conditions are more than the store takes."""
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.OperationalError as error:
            if is_too_complex(error):
                raise too_many_conditions() from None
            raise

    def pairs(self, kind: Collection, ids: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the pairs of near and far ids that a many-to-many relationship ties to rows."""
        near, far, table = kind.pair_columns()
        return self.fetch(
            f'SELECT "{near}", "{far}" FROM "{table}" '
            f'WHERE "{near}" IN (SELECT value FROM json_each(?))',
            (id_list(ids),),
        )

    def one(
        self,
        layout: Layout,
        row_id: str,
        query: Query,
        wanted: Wanted,
        viewer: Viewer | None = None,
    ) -> dict[str, Any] | None:
        """Return one row by its id."""
        restriction = Restriction(f'{MAIN}."{layout.primary_id}" = ?', (row_id,))
        rows = self.page(layout, query, 1, wanted, restriction, viewer).rows
        return rows[0] if rows else None

    def _viewer(self, viewer: Viewer | None) -> Viewer:
        return viewer or default_viewer(self._environment)

    def statement(
        self, layout: Layout, query: Query, restriction: Restriction | None, viewer: Viewer
    ) -> Statement:
        """Return tables and conditions of a query."""
        paths = Paths(self._environment.layouts, Scope(layout, MAIN), viewer.need_read)
        conditions: list[str] = []
        parameters: tuple[Any, ...] = ()
        if restriction is not None:
            conditions.append(restriction.sql)
            parameters += restriction.parameters
        if query.filter is not None:
            compiler = FilterCompiler(paths, viewer)
            conditions.append(compiler.condition(parse_filter(query.filter, query.aliases)))
            parameters += tuple(compiler.parameters)
        return Statement(layout, paths, tuple(conditions), parameters)

    def _shape(
        self,
        layout: Layout,
        query: Query,
        columns: Sequence[str],
        found: Sequence[Sequence[Any]],
        view: View,
    ) -> Rows:
        at = {name: index for index, name in enumerate(columns)}
        outputs = [
            (key, at[column.name], _converter(column)) for key, column in selected(layout, query)
        ]
        version = at[VERSION]
        rows = []
        for values in found:
            row: dict[str, Any] = {"@odata.etag": f'W/"{values[version]}"'}
            for key, index, convert in outputs:
                value = values[index]
                row[key] = value if convert is None or value is None else convert(value)
            rows.append(row)
        if view.wanted:
            Annotator(self._environment, view.wanted).annotate(layout, at, found, rows)
        expander = Expander(self, self._environment, view)
        for name, inner in query.expand:
            expander.expand(Found(layout, at, found, rows), name, inner)
        return rows


def selected(layout: Layout, query: Query) -> list[tuple[str, Column]]:
    """Return the properties of a query's rows with their columns.

    The key is always there, and so is the currency beside an amount of money [documented].
    """
    if query.select is None:
        return list(layout.by_property.items())
    found = {}
    for name in query.select:
        column = layout.by_property.get(name) or layout.images.get(name)
        if column is None:
            raise unknown_property(layout.name, name)
        found[name] = column
    if CURRENCY in layout.readable and any(column.type == "money" for column in found.values()):
        currency = layout.readable[CURRENCY]
        found.setdefault(property_name(currency), currency)
    found.setdefault(layout.primary_id, layout.table.columns[layout.primary_id])
    return list(found.items())


def _columns(layout: Layout, query: Query) -> list[str]:
    """Return the physical columns that a query's rows, expansions and annotations need."""
    names = {layout.primary_id: None, VERSION: None}
    if CURRENCY in layout.position:
        names[CURRENCY] = None
    wanted = [column.name for _key, column in selected(layout, query)]
    for name, _inner in query.expand:
        for relationship in layout.single_navigation.get(name, ()):
            wanted.append(relationship.column)
    for name in wanted:
        names[name] = None
        if is_polymorphic(layout.table.columns[name]):
            names[target_column(name)] = None
    return list(names)


def _converter(column: Column) -> Callable[[Any], Any] | None:
    return bool if column.type == "boolean" else None
