"""Joins and conditions of a query as SQL.

A filter of a link belongs to its join; one of the main table applies after all joins. Links nested
in an outer link are joined one after the other [inferred].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from seedkit.emulator.errors import PlatformError
from seedkit.emulator.query.fetch.errors import (
    BAD_CONDITION,
    BAD_OPERATOR,
    LINK_ATTRIBUTES,
)
from seedkit.emulator.query.fetch.operators import (
    COMPARISONS,
    OPERATORS,
    Test,
    compare_columns,
    compile_test,
)
from seedkit.emulator.query.fetch.parse import JOINED
from seedkit.emulator.query.fetch.sources import Field, Names, Source, family
from seedkit.emulator.query.fetch.syntax import Body, Condition, Fetch, Filter, Link
from seedkit.emulator.query.viewer import Viewer
from seedkit.emulator.writing.bin import BIN, bin_source


@dataclass(frozen=True, slots=True)
class Joined:
    """A source of a query with the part of the tree that speaks of it."""

    source: Source
    body: Body


@dataclass
class Compiler:
    """Compiles one query; `joined` holds its tables in the order of their joins."""

    names: Names
    viewer: Viewer
    joined: list[Joined] = field(default_factory=list)
    _joins: list[str] = field(default_factory=list)

    def compile(self, fetch: Fetch) -> tuple[str, list[str]]:
        """Return the FROM of a query and the conditions for its WHERE."""
        main = self._open(fetch.table, None)
        self.joined.append(Joined(main, fetch.body))
        self._join_all(main, fetch.body)
        conditions = self._conditions(main, fetch.body)
        table = f'"{main.layout.name}"'
        if fetch.source == BIN:
            viewer = self.viewer
            table = bin_source(viewer.environment, main.layout, viewer.now, viewer.access)
        return f"FROM {table} {main.alias}{''.join(self._joins)}", conditions

    def _open(self, table: str, name: str | None) -> Source:
        source = self.names.open(table, name)
        self.viewer.need_read(source.layout)
        return source

    def _join_all(self, outer: Source, body: Body) -> None:
        for link in body.links:
            if link.kind in JOINED:
                source = self.names.join(link.table, link.alias)
                self.viewer.need_read(source.layout)
                self.joined.append(Joined(source, link.body))
                self._joins.append(self._join(outer, link, source))
                self._join_all(source, link.body)

    def _join(self, outer: Source, link: Link, source: Source) -> str:
        table, alias = source.layout.name, source.alias
        word = "LEFT JOIN" if link.kind == "outer" else "JOIN"
        if link.kind == "matchfirstrowusingcrossapply":
            on = self._first_row(outer, link, source)
        else:
            on = " AND ".join(
                [self._tie(outer, link, source), *self._conditions(source, link.body)]
            )
        return f' {word} "{table}" {alias} ON {on}'

    def _first_row(self, outer: Source, link: Link, source: Source) -> str:
        """Return the condition that only the first matching row of a link meets."""
        key = source.layout.primary_id
        inner = self._open(link.table, source.name)
        tested = tuple(nested for nested in link.body.links if nested.kind not in JOINED)
        own = replace(link, body=replace(link.body, links=tested))
        found = self._select(outer, own, inner, f'{inner.alias}."{key}"')
        first = f'{found} ORDER BY {inner.alias}."{key}" LIMIT 1'
        return f'{source.alias}."{key}" = ({first})'

    def _tie(self, outer: Source, link: Link, source: Source) -> str:
        left, right = self.names.find(source, link.column), self.names.find(outer, link.to)
        return f"{left.sql} = {right.sql}"

    def _conditions(self, source: Source, body: Body) -> list[str]:
        """Return the conditions that a body sets for its rows, beside its joins."""
        found = [self._filter(source, part) for part in body.filters]
        found += [self._tested(source, link) for link in body.links if link.kind not in JOINED]
        return [condition for condition in found if condition]

    def _filter(self, source: Source, part: Filter) -> str:
        parts = [self._part(source, inner) for inner in part.parts]
        kept = [sql for sql in parts if sql]
        return f"({(' OR ' if part.either else ' AND ').join(kept)})" if kept else ""

    def _part(self, source: Source, part: Condition | Filter | Link) -> str:
        if isinstance(part, Filter):
            return self._filter(source, part)
        if isinstance(part, Link):
            return self._tested(source, part)
        return self._condition(source, part)

    def _condition(self, source: Source, condition: Condition) -> str:
        if condition.entityname is not None and condition.entityname != source.name:
            source = self.names.named(condition.entityname)
        found = self.names.find(source, condition.attribute)
        if condition.operator not in OPERATORS:
            raise PlatformError(
                BAD_OPERATOR, f"There is no condition operator '{condition.operator}'."
            )
        test = Test(self.names, self.viewer, found, condition.operator, condition.values)
        if condition.valueof is None:
            return compile_test(test)
        return compare_columns(test, self._other(source, condition, found))

    def _other(self, source: Source, condition: Condition, found: Field) -> Field:
        name, dot, column = (condition.valueof or "").rpartition(".")
        other = self.names.find(self.names.named(name) if dot else source, column)
        if condition.operator not in COMPARISONS or condition.values:
            raise PlatformError(
                BAD_CONDITION, f"The operator '{condition.operator}' can't compare two columns."
            )
        if family(found.column) != family(other.column):
            raise PlatformError(
                BAD_CONDITION,
                f"The columns '{condition.attribute}' and '{condition.valueof}' differ in type.",
            )
        return other

    def _tested(self, outer: Source, link: Link) -> str:
        """Return the condition of a link whose rows are only tested, never returned."""
        if link.body.attributes or link.body.every or link.body.orders:
            raise PlatformError(
                LINK_ATTRIBUTES, f"A link of the type '{link.kind}' returns and orders nothing."
            )
        inner = self._open(link.table, link.alias)
        if link.kind == "in":
            to = self.names.find(outer, link.to)
            column = self.names.find(inner, link.column)
            return f"({to.sql} IN ({self._rows(link, inner, column.sql)}))"
        exists = f"EXISTS ({self._select(outer, link, inner, '1')})"
        if link.kind == "not any":
            return f"(NOT {exists})"
        if link.kind == "all":
            # Rows that have such links but none that meets the conditions [documented].
            bare = replace(link, body=Body())
            related = self._open(link.table, link.alias)
            return f"(EXISTS ({self._select(outer, bare, related, '1')}) AND NOT {exists})"
        return f"({exists})"  # also for "not all", which means "any" [documented]

    def _select(self, outer: Source, link: Link, inner: Source, what: str) -> str:
        return self._rows(link, inner, what, [self._tie(outer, link, inner)])

    def _rows(self, link: Link, inner: Source, what: str, first: Sequence[str] = ()) -> str:
        """Return the SELECT over a link's rows with its own joins and conditions."""
        own = Compiler(replace(self.names, visible=[inner]), self.viewer)
        own._join_all(inner, link.body)
        conditions = [*first, *own._conditions(inner, link.body)]
        where = " WHERE " + " AND ".join(conditions) if conditions else ""
        table = inner.layout.name
        return f'SELECT {what} FROM "{table}" {inner.alias}{"".join(own._joins)}{where}'
