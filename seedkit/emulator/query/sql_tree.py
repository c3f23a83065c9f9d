"""A parsed SELECT to the tree of a FetchXML query; imported late, for it loads the SQL parser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from seedkit.emulator.errors import PlatformError, unsupported
from seedkit.emulator.query.fetch.errors import BAD_SQL, no_entity, too_many_links
from seedkit.emulator.query.fetch.parse import MAX_LINKS
from seedkit.emulator.query.fetch.syntax import (
    Attribute,
    Body,
    Fetch,
    Filter,
    Link,
    Order,
)
from seedkit.emulator.query.sql_conditions import Conditions, refused
from seedkit.emulator.session import Session
from seedkit.emulator.storage.layout import Layout

_PARTS = frozenset(
    {"expressions", "from_", "joins", "where", "group", "order", "distinct", "limit"}
)
_is_count = re.compile(r"[0-9]{1,9}").fullmatch
_FUNCTIONS: dict[type[exp.Expression], str] = {
    exp.Count: "count",
    exp.Sum: "sum",
    exp.Avg: "avg",
    exp.Min: "min",
    exp.Max: "max",
}


@dataclass
class Table:
    """One table of the statement while it is being read; `alias` is None for the main one."""

    layout: Layout
    name: str
    alias: str | None
    attributes: list[Attribute] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    filters: list[Filter] = field(default_factory=list)
    joins: list[tuple[str, str, str, Table]] = field(default_factory=list)

    def body(self) -> Body:
        """Return what the statement says of the table and of those joined to it."""
        links = tuple(
            Link(table.layout.name, column, to, kind, table.alias, table.body())
            for column, to, kind, table in self.joins
        )
        return Body(tuple(self.attributes), False, tuple(self.orders), tuple(self.filters), links)


def translate(text: str, session: Session) -> Fetch:
    """Return the tree of a SELECT; 400 for anything outside the documented subset."""
    try:
        return _Translator(session).fetch(_select(text))
    except RecursionError:
        raise refused("a statement nested so deeply") from None


def _select(text: str) -> exp.Select:
    try:
        statements = sqlglot.parse(text, read="tsql")
    except SqlglotError as error:
        raise PlatformError(BAD_SQL, f"The SQL can't be read: {error}") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Select):
        raise PlatformError(BAD_SQL, "The sql option takes a single SELECT statement.")
    select = statements[0]
    unknown = sorted(name for name, part in select.args.items() if part and name not in _PARTS)
    if unknown:
        raise refused(unknown[0].rstrip("_").upper())
    return select


@dataclass
class _Translator:
    session: Session
    tables: list[Table] = field(default_factory=list)
    aliases: dict[str, tuple[Table, str]] = field(default_factory=dict)

    def fetch(self, select: exp.Select) -> Fetch:
        source = select.args.get("from_")
        if source is None:
            raise refused("a SELECT without FROM")
        main = self._open(source.this, main=True)
        for join in select.args.get("joins") or ():
            self._join(join)
        group = select.args.get("group")
        aggregate = group is not None or select.find(exp.AggFunc) is not None
        grouped = self._grouped(group)
        for item in select.expressions:
            self._item(item, grouped, aggregate=aggregate)
        self._name_joined()
        self._check_grouped(grouped)
        where = select.args.get("where")
        if where is not None:
            main.filters.append(self._conditions(None).filter(where.this))
        for ordered in select.args["order"].expressions if select.args.get("order") else ():
            self._order(ordered, aggregate=aggregate)
        return Fetch(
            main.layout.name,
            main.body(),
            top=_top(select.args.get("limit")),
            distinct=select.args.get("distinct") is not None,
            aggregate=aggregate,
        )

    def _open(self, source: Any, *, main: bool = False) -> Table:
        if not isinstance(source, exp.Table) or _extra(source, {"this", "alias"}):
            raise refused("anything but a table in FROM and JOIN")
        layout = self.session.environment.layouts.get(source.name.lower())
        if layout is None:
            raise no_entity(source.name)
        name = source.alias or source.name
        if any(table.name.lower() == name.lower() for table in self.tables):
            raise PlatformError(BAD_SQL, f"The name '{name}' stands for two tables.")
        if len(self.tables) > MAX_LINKS:
            raise too_many_links()
        table = Table(layout, name, None if main else name)
        self.tables.append(table)
        return table

    def _join(self, join: exp.Join) -> None:
        words = {str(join.args.get(part) or "").upper() for part in ("side", "kind")} - {""}
        on = join.args.get("on")
        if not words <= {"LEFT", "INNER", "OUTER"} or words == {"OUTER"} or on is None:
            raise refused("any join but INNER JOIN and LEFT JOIN with ON")
        if _extra(join, {"this", "on", "side", "kind"}):
            raise refused("such a join")
        earlier = list(self.tables)
        table = self._open(join.this)
        parts = list(on.flatten()) if isinstance(on, exp.And) else [on]
        ties = [part for part in parts if _is_tie(part)]
        if len(ties) != 1:
            raise refused("a join that isn't on one pair of equal columns")
        outer, to, column = self._tie(ties[0], table, earlier)
        outer.joins.append((column, to, "outer" if "LEFT" in words else "inner", table))
        conditions = self._conditions(table)
        rest = [conditions.part(part) for part in parts if part is not ties[0]]
        if rest:
            table.filters.append(Filter(False, tuple(rest)))

    def _tie(self, tie: Any, table: Table, earlier: Sequence[Table]) -> tuple[Table, str, str]:
        sides = [self.column(tie.this), self.column(tie.expression)]
        for (own, column), (outer, to) in (sides, sides[::-1]):
            if own is table and any(outer is known for known in earlier):
                return outer, to, column
        raise refused("a join that doesn't tie its table to an earlier one")

    def _conditions(self, only: Table | None) -> Conditions:
        def find(node: exp.Column) -> tuple[str | None, str]:
            table, name = self.column(node)
            if only is not None and table is not only:
                raise refused("conditions on another table than the joined one in ON")
            return (None if only is not None else table.alias), name

        return Conditions(find, self.session.now)

    def column(self, node: exp.Column) -> tuple[Table, str]:
        """Return the table and the logical name of a column; 400 when there is none."""
        if not isinstance(node.this, exp.Identifier) or node.args.get("db"):
            raise refused("such a column")
        name = node.name.lower()
        if node.table:
            named = [table for table in self.tables if table.name.lower() == node.table.lower()]
            if not named:
                raise PlatformError(BAD_SQL, f"The name '{node.table}' stands for no table.")
            return named[0], name
        owners = [table for table in self.tables if name in table.layout.readable]
        if len(owners) > 1:
            raise PlatformError(BAD_SQL, f"The column '{name}' is in several tables: name one.")
        return (owners[0] if owners else self.tables[0]), name

    def _grouped(self, group: Any) -> list[tuple[Table, str]]:
        if group is None:
            return []
        if _extra(group, {"expressions"}):
            raise refused("such a GROUP BY")
        return [self._plain(node, "GROUP BY") for node in group.expressions]

    def _plain(self, node: Any, where: str) -> tuple[Table, str]:
        if not isinstance(node, exp.Column):
            raise refused(f"anything but columns in {where}")
        return self.column(node)

    def _item(self, item: Any, grouped: Sequence[tuple[Table, str]], *, aggregate: bool) -> None:
        alias = item.alias if isinstance(item, exp.Alias) else None
        node = item.this if isinstance(item, exp.Alias) else item
        if isinstance(node, exp.Star):
            raise refused("SELECT *")
        if isinstance(node, exp.AggFunc):
            self._function(node, alias)
            return
        table, name = self._plain(node, "SELECT")
        if aggregate and not any(known is table and own == name for known, own in grouped):
            raise PlatformError(BAD_SQL, f"The column '{name}' is not grouped by.")
        key = alias or (name if aggregate else None)
        if key:
            self.aliases[key.lower()] = table, name
        table.attributes.append(Attribute(name, key, groupby=aggregate))

    def _name_joined(self) -> None:
        """Give joined columns their plain names, as the platform's own samples read them.

        Of two columns with the same name the later keeps the name of its table before it
        [inferred].
        """
        main, *joined = self.tables
        taken = {main.layout.primary_id, *(item.alias or item.name for item in main.attributes)}
        taken.update(item.alias for table in joined for item in table.attributes if item.alias)
        for table in joined:
            for index, item in enumerate(table.attributes):
                if item.alias is None and item.name not in taken:
                    table.attributes[index] = replace(item, alias=item.name)
                    taken.add(item.name)

    def _function(self, node: Any, alias: str | None) -> None:
        name = _FUNCTIONS.get(type(node))
        if name is None:
            raise refused(f"the function {node.sql_name()}")
        if not alias:
            raise PlatformError(BAD_SQL, "An aggregate needs an alias.")
        what, distinct = node.this, False
        if isinstance(what, exp.Distinct) and name == "count" and len(what.expressions) == 1:
            what, distinct = what.expressions[0], True
        if isinstance(what, exp.Star) and name == "count":
            table, column = self.tables[0], self.tables[0].layout.primary_id
        else:
            table, column = self._plain(what, "aggregates")
            name = "countcolumn" if name == "count" else name
        self.aliases[alias.lower()] = table, column
        table.attributes.append(Attribute(column, alias, aggregate=name, distinct=distinct))

    def _check_grouped(self, grouped: Sequence[tuple[Table, str]]) -> None:
        for table, name in grouped:
            if not any(item.name == name and item.groupby for item in table.attributes):
                raise unsupported(f"grouping by '{name}' without selecting it")

    def _order(self, ordered: exp.Ordered, *, aggregate: bool) -> None:
        node, descending = ordered.this, bool(ordered.args.get("desc"))
        if not isinstance(node, exp.Column):
            raise refused("anything but columns in ORDER BY")
        known = None if node.table else self.aliases.get(node.name.lower())
        table, name = known or self.column(node)
        if not aggregate:
            main = self.tables[0]
            main.orders.append(Order(name, None, descending, table.alias))
            return
        alias = self._alias_of(node, table, name, by_name=known is not None)
        self.tables[0].orders.append(Order(None, alias, descending))

    def _alias_of(self, node: exp.Column, table: Table, name: str, *, by_name: bool) -> str:
        for item in table.attributes:
            if by_name and (item.alias or "").lower() == node.name.lower():
                return str(item.alias)
            if not by_name and item.groupby and item.name == name:
                return str(item.alias)
        raise PlatformError(BAD_SQL, f"'{name}' is neither grouped by nor an aggregate.")


def _is_tie(node: Any) -> bool:
    return isinstance(node, exp.EQ) and all(
        isinstance(side, exp.Column) for side in (node.this, node.expression)
    )


def _extra(node: Any, known: set[str]) -> bool:
    return any(part for name, part in node.args.items() if name not in known)


def _top(limit: Any) -> int | None:
    if limit is None:
        return None
    count = limit.args.get("expression") if isinstance(limit, exp.Limit) else None
    if not isinstance(count, exp.Literal) or count.is_string or limit.args.get("limit_options"):
        raise refused("OFFSET and FETCH, and anything but TOP with a number")
    if _is_count(count.name) is None or not 1 <= int(count.name) <= 5000:
        raise PlatformError(BAD_SQL, f"TOP {count.name} is no number from 1 to 5000.")
    return int(count.name)
