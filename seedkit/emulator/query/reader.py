"""Runs queries and shapes their rows as the Web API does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seedkit.emulator.errors import ADDRESS, TOO_MANY_CONDITIONS, PlatformError, unknown_property
from seedkit.emulator.query.annotations import Annotator, Wanted
from seedkit.emulator.query.filter import FilterCompiler, Paths, Scope
from seedkit.emulator.query.options import Query
from seedkit.emulator.query.paging import Position, Term, after_condition, read_token
from seedkit.emulator.query.parse import parse_filter
from seedkit.emulator.session import Environment
from seedkit.emulator.storage.layout import (
    VERSION,
    Layout,
    is_polymorphic,
    property_name,
    target_column,
)
from seedkit.emulator.storage.store import id_list
from seedkit.emulator.writing.plan import CURRENCY
from seedkit.schema import Column, Relationship

MAIN = "t"
COUNT_LIMIT = 5000  # [documented]

# How SQLite says that a condition is nested too deeply or has too many values.
_TOO_DEEP = ("parser stack overflow", "Expression tree is too large", "too many SQL variables")

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Restriction:
    """A condition beside the filter, with its parameters."""

    sql: str
    parameters: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page; `following` is set when there are more."""

    rows: Rows
    following: Position | None


@dataclass(frozen=True)
class _Statement:
    """The parts of a SELECT that a query and its count share."""

    layout: Layout
    paths: Paths
    conditions: tuple[str, ...]
    parameters: tuple[Any, ...]

    def source(self) -> str:
        where = " WHERE " + " AND ".join(self.conditions) if self.conditions else ""
        return f'FROM "{self.layout.name}" {MAIN}{self.paths.sql}{where}'


class Reader:
    """Reads rows; `annotator` adds formatted values where a request wants them."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._connection = environment.store.connection

    def page(
        self,
        layout: Layout,
        query: Query,
        limit: int,
        wanted: Wanted,
        restriction: Restriction | None = None,
    ) -> Page:
        """Return up to `limit` rows in order."""
        statement = self._statement(layout, query, restriction)
        terms = self._terms(statement.paths, query.orderby)
        position = Position(1, ()) if query.skiptoken is None else read_token(query.skiptoken)
        if query.skiptoken is not None:
            behind, values = after_condition(terms, position.after)
            statement = _Statement(
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
        found = self._fetch(sql, statement.parameters)
        rows = self._shape(layout, query, columns, found[:limit], wanted)
        more = len(found) > limit
        last = found[limit - 1][len(columns) :] if more and limit else ()
        return Page(rows, Position(position.number + 1, tuple(last)) if more else None)

    def count(
        self, layout: Layout, query: Query, restriction: Restriction | None = None
    ) -> tuple[int, bool]:
        """Return the number of rows, capped, and whether the cap was hit."""
        statement = self._statement(layout, query, restriction)
        sql = f"SELECT count(*) FROM (SELECT 1 {statement.source()} LIMIT {COUNT_LIMIT + 1})"
        found: int = self._fetch(sql, statement.parameters)[0][0]
        return min(found, COUNT_LIMIT), found > COUNT_LIMIT

    def _fetch(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.OperationalError as error:
            if any(text in str(error) for text in _TOO_DEEP):
                raise _too_deep() from None
            raise

    def one(
        self, layout: Layout, row_id: str, query: Query, wanted: Wanted
    ) -> dict[str, Any] | None:
        """Return one row by its id."""
        restriction = Restriction(f'{MAIN}."{layout.primary_id}" = ?', (row_id,))
        rows = self.page(layout, query, 1, wanted, restriction).rows
        return rows[0] if rows else None

    def _statement(
        self, layout: Layout, query: Query, restriction: Restriction | None
    ) -> _Statement:
        paths = Paths(self._environment.layouts, Scope(layout, MAIN))
        conditions: list[str] = []
        parameters: tuple[Any, ...] = ()
        if restriction is not None:
            conditions.append(restriction.sql)
            parameters += restriction.parameters
        if query.filter is not None:
            compiler = FilterCompiler(paths, self._environment.collections)
            try:
                conditions.append(compiler.condition(parse_filter(query.filter, query.aliases)))
            except RecursionError:
                raise _too_deep() from None
            parameters += tuple(compiler.parameters)
        return _Statement(layout, paths, tuple(conditions), parameters)

    def _terms(self, paths: Paths, orderby: Sequence[str]) -> list[Term]:
        terms = []
        for item in orderby:
            name, _, direction = item.partition(" ")
            if direction.strip() not in ("", "asc", "desc"):
                raise PlatformError(ADDRESS, f"Syntax error in $orderby: '{item}'.")
            sql, _column = paths.column(name.split("/"))
            terms.append(Term(sql, direction.strip() == "desc"))
        return [*terms, Term(f'{MAIN}."{paths.main.layout.primary_id}"', False)]

    def _shape(
        self,
        layout: Layout,
        query: Query,
        columns: Sequence[str],
        found: Sequence[Sequence[Any]],
        wanted: Wanted,
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
        if wanted:
            Annotator(self._environment, wanted).annotate(layout, at, found, rows)
        for name, inner in query.expand:
            self._expand(layout, name, inner, at, found, rows, wanted)
        return rows

    def _expand(
        self,
        layout: Layout,
        name: str,
        query: Query,
        at: Mapping[str, int],
        found: Sequence[Sequence[Any]],
        rows: Rows,
        wanted: Wanted,
    ) -> None:
        singles = layout.single_navigation.get(name)
        if singles is not None:
            self._expand_single(layout, name, singles, query, at, found, rows, wanted)
            return
        relationship = self._environment.collections[layout.name].get(name)
        if relationship is None:
            raise unknown_property(layout.name, name)
        ids = [values[at[layout.primary_id]] for values in found]
        children = self._children(relationship, ids, query, wanted)
        for row, row_id in zip(rows, ids, strict=True):
            row[name] = children.get(row_id, [])[: query.top]

    def _expand_single(
        self,
        layout: Layout,
        name: str,
        relationships: Sequence[Relationship],
        query: Query,
        at: Mapping[str, int],
        found: Sequence[Sequence[Any]],
        rows: Rows,
        wanted: Wanted,
    ) -> None:
        column = layout.table.columns[relationships[0].column]
        index = at[column.name]
        kind = at.get(target_column(column.name))
        parents: dict[str, dict[str, Any]] = {}
        for relationship in relationships:
            ids = {
                values[index]
                for values in found
                if values[index] and (kind is None or values[kind] == relationship.parent)
            }
            # Also without ids, so that a faulty inner query is refused whatever the rows hold.
            parents.update(self._by_id(relationship.parent, sorted(ids), query, wanted))
        for row, values in zip(rows, found, strict=True):
            row[name] = parents.get(values[index])

    def _by_id(
        self, table: str, ids: Sequence[str], query: Query, wanted: Wanted
    ) -> dict[str, dict[str, Any]]:
        layout = self._environment.layouts[table]
        restriction = _among(layout.primary_id, ids)
        rows = self.page(layout, query, len(ids), wanted, restriction).rows
        return {row[layout.primary_id]: row for row in rows}

    def _children(
        self, relationship: Relationship, ids: Sequence[str], query: Query, wanted: Wanted
    ) -> dict[str, Rows]:
        layout = self._environment.layouts[relationship.child]
        restriction = _among(relationship.column, ids)
        if is_polymorphic(layout.table.columns[relationship.column]):
            kind = f'{MAIN}."{target_column(relationship.column)}"'
            restriction = Restriction(
                f"{restriction.sql} AND {kind} = '{relationship.parent}'", restriction.parameters
            )
        key = property_name(layout.table.columns[relationship.column])
        shown = query.select is None or key in query.select
        asked = query if shown else _with_column(query, key)
        grouped: dict[str, Rows] = {}
        for row in self.page(layout, asked, 10**9, wanted, restriction).rows:
            grouped.setdefault(row[key], []).append(row)
            if not shown:
                for extra in [name for name in row if name.partition("@")[0] == key]:
                    del row[extra]
        return grouped


def selected(layout: Layout, query: Query) -> list[tuple[str, Column]]:
    """Return the properties of a query's rows with their columns; the key is always there."""
    if query.select is None:
        return list(layout.by_property.items())
    found = {}
    for name in query.select:
        column = layout.by_property.get(name)
        if column is None:
            raise unknown_property(layout.name, name)
        found[name] = column
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


def _too_deep() -> PlatformError:
    return PlatformError(TOO_MANY_CONDITIONS, "The filter has too many conditions.")


def _converter(column: Column) -> Callable[[Any], Any] | None:
    return bool if column.type == "boolean" else None


def _among(column: str, ids: Sequence[str]) -> Restriction:
    return Restriction(f'{MAIN}."{column}" IN (SELECT value FROM json_each(?))', (id_list(ids),))


def _with_column(query: Query, key: str) -> Query:
    select = (*(query.select or ()), key)
    return Query(
        select, query.filter, query.orderby, None, False, query.expand, None, query.aliases
    )
