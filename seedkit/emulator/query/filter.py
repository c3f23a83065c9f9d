"""A filter's syntax tree to SQL.

Comparisons follow the platform: `ne` and `not` also find empty columns [expected], text ignores
case, `%` and `_` are wildcards in contains, startswith and endswith [documented].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from odata_query import ast as syntax

from seedkit.emulator.addresses import is_guid
from seedkit.emulator.errors import ADDRESS, PlatformError, unknown_property, unsupported
from seedkit.emulator.query.parse import parse_literal
from seedkit.emulator.storage.layout import (
    ID_TYPES,
    INTEGER_TYPES,
    REAL_TYPES,
    TEXT_TYPES,
    Layout,
    is_polymorphic,
    target_column,
)
from seedkit.emulator.writing.values import fits_int64, format_moment, parse_moment
from seedkit.schema import Column, Relationship

ast: Any = syntax  # the package's own types are incomplete

_COMPARISONS = {
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_MIRRORED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
_PATTERNS = {"contains": "%{}%", "startswith": "{}%", "endswith": "%{}"}


@dataclass(frozen=True, slots=True)
class Scope:
    """A table under its alias in the statement."""

    layout: Layout
    alias: str


@dataclass
class Paths:
    """The joins of one statement: single-valued navigation from its main table."""

    layouts: Mapping[str, Layout]
    main: Scope
    joins: dict[tuple[str, ...], tuple[Scope, str]] = field(default_factory=dict)

    @property
    def sql(self) -> str:
        """Return the joins as SQL."""
        return "".join(join for _scope, join in self.joins.values())

    def column(self, path: Sequence[str]) -> tuple[str, Column]:
        """Return SQL and column of a property path from the main table."""
        scope = self.main
        for depth in range(1, len(path)):
            scope = self._follow(scope, tuple(path[:depth]))
        return column_of(scope, path[-1])

    def _follow(self, scope: Scope, path: tuple[str, ...]) -> Scope:
        if path not in self.joins:
            relationships = scope.layout.single_navigation.get(path[-1])
            if relationships is None:
                raise unknown_property(scope.layout.name, path[-1])
            target = Scope(self.layouts[relationships[0].parent], f"j{len(self.joins)}")
            self.joins[path] = target, _join(scope, relationships[0], target)
        return self.joins[path][0]


def column_of(scope: Scope, name: str) -> tuple[str, Column]:
    """Return SQL and column of a property of a table; 400 when there is none."""
    column = scope.layout.by_property.get(name)
    if column is None:
        raise unknown_property(scope.layout.name, name)
    return scope.layout.expression(column.name, scope.alias), column


def link_condition(child: Scope, relationship: Relationship, parent: str) -> str:
    """Return the SQL that ties a child's lookup to a parent's id."""
    condition = f'{child.alias}."{relationship.column}" = {parent}'
    if is_polymorphic(child.layout.table.columns[relationship.column]):
        kind = f'{child.alias}."{target_column(relationship.column)}"'
        condition += f" AND {kind} = '{relationship.parent}'"
    return condition


def _join(scope: Scope, relationship: Relationship, target: Scope) -> str:
    condition = link_condition(scope, relationship, f'{target.alias}."{target.layout.primary_id}"')
    return f' LEFT JOIN "{target.layout.name}" {target.alias} ON {condition}'


class FilterCompiler:
    """Turns trees into SQL over the given paths; parameters gather in `parameters`."""

    def __init__(self, paths: Paths, collections: Mapping[str, Mapping[str, Relationship]]) -> None:
        self._paths = paths
        self._collections = collections
        self._variables: dict[str, Scope] = {}
        self.parameters: list[Any] = []

    def condition(self, node: Any) -> str:
        """Return a tree's SQL, in brackets."""
        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise PlatformError(ADDRESS, "The $filter expression must evaluate to a boolean value.")
        return handler(self, node)

    def _either(self, node: Any) -> str:
        word = "AND" if isinstance(node.op, ast.And) else "OR"
        return f"({self.condition(node.left)} {word} {self.condition(node.right)})"

    def _not(self, node: Any) -> str:
        if not isinstance(node.op, ast.Not):
            raise unsupported("arithmetic in $filter")
        return f"(NOT coalesce({self.condition(node.operand)}, 0))"

    def _compare(self, node: Any) -> str:
        kind, left, right = type(node.comparator), node.left, node.right
        if kind is ast.In:
            sql, column = self._resolve(left)
            return self._among(sql, column, right.val)
        if not _is_path(left):
            left, right, kind = right, left, _MIRRORED.get(kind, kind)
        if not _is_path(left):
            raise unsupported("comparing anything but a property in $filter")
        sql, column = self._resolve(left)
        if isinstance(right, ast.Null):
            return _null_test(sql, kind)
        if _is_path(right):
            other, other_column = self._resolve(right)
            if _family(column) != _family(other_column):
                raise _incompatible(column, other_column.name)
            return f"({sql} {_COMPARISONS[kind]} {other})"
        self.parameters.append(literal(column, right))
        or_empty = f" OR {sql} IS NULL" if kind is ast.NotEq else ""
        return f"({sql} {_COMPARISONS[kind]} ?{or_empty})"

    def _among(self, sql: str, column: Column, nodes: Sequence[Any]) -> str:
        self.parameters.extend(literal(column, node) for node in nodes)
        return f"({sql} IN ({', '.join('?' * len(nodes))}))"

    def _call(self, node: Any) -> str:
        if node.func.namespace:
            return self._platform_function(node)
        pattern = _PATTERNS.get(node.func.name)
        if pattern is None:
            raise unsupported(f"the function {node.func.name} in $filter")
        target, text = node.args
        sql, column = self._resolve(target)
        if column.type not in TEXT_TYPES or not isinstance(text, ast.String):
            raise PlatformError(ADDRESS, f"{node.func.name} needs a text column and a text.")
        if "[" in text.val:
            raise unsupported("sets of characters in brackets as wildcards")
        self.parameters.append(pattern.format(text.val))
        return f"({sql} LIKE ?)"

    def _platform_function(self, node: Any) -> str:
        if not all(isinstance(item, ast.NamedParam) for item in node.args):
            raise PlatformError(ADDRESS, f"{node.func.full_name()} needs named parameters.")
        named = {item.name.name: item.param for item in node.args}
        function = _FUNCTIONS.get(node.func.name)
        if function is None or set(named) != {"PropertyName", "PropertyValues"}:
            raise unsupported(f"the function {node.func.full_name()} in $filter")
        name, listed = named["PropertyName"], named["PropertyValues"]
        if not isinstance(name, ast.String) or not isinstance(listed, ast.List):
            raise PlatformError(ADDRESS, f"{node.func.full_name()} needs a text and a list.")
        sql, column = self._paths.column(_dotted(name.val))
        values = [_coerced(column, item) for item in listed.val]
        return function(self, sql, values)

    def _in(self, sql: str, values: Sequence[Any]) -> str:
        self.parameters.extend(values)
        return f"({sql} IN ({', '.join('?' * len(values))}))"

    def _not_in(self, sql: str, values: Sequence[Any]) -> str:
        return f"({self._in(sql, values)[1:-1].replace(' IN (', ' NOT IN (', 1)} OR {sql} IS NULL)"

    def _between(self, sql: str, values: Sequence[Any]) -> str:
        if len(values) != 2:
            raise PlatformError(ADDRESS, "Between needs two values.")
        self.parameters.extend(values)
        return f"({sql} BETWEEN ? AND ?)"

    def _lambda(self, node: Any) -> str:
        relationship, parent = self._collection(_path(node.owner))
        child = Scope(self._paths.layouts[relationship.child], f"c{len(self._variables)}")
        link = link_condition(child, relationship, parent)
        every = isinstance(node.operator, ast.All)
        inner = "1"
        if node.lambda_ is not None:
            self._variables[node.lambda_.identifier.name] = child
            inner = self.condition(node.lambda_.expression)
            del self._variables[node.lambda_.identifier.name]
        if every:
            inner = f"NOT coalesce({inner}, 0)"
        found = (
            f'EXISTS (SELECT 1 FROM "{child.layout.name}" {child.alias} WHERE {link} AND {inner})'
        )
        return f"(NOT {found})" if every else f"({found})"

    def _collection(self, path: Sequence[str]) -> tuple[Relationship, str]:
        if len(path) != 1:
            raise unsupported("lambdas over collections of related rows in $filter")
        main = self._paths.main
        relationship = self._collections.get(main.layout.name, {}).get(path[0])
        if relationship is None:
            raise unknown_property(main.layout.name, path[0])
        return relationship, f'{main.alias}."{main.layout.primary_id}"'

    def _resolve(self, node: Any) -> tuple[str, Column]:
        if not _is_path(node):
            raise unsupported("anything but a property here in $filter")
        path = _path(node)
        if path[0] in self._variables:
            if len(path) != 2:
                raise unsupported("navigation inside a lambda in $filter")
            return column_of(self._variables[path[0]], path[1])
        return self._paths.column(path)


_HANDLERS: dict[type, Callable[[FilterCompiler, Any], str]] = {
    ast.BoolOp: FilterCompiler._either,
    ast.UnaryOp: FilterCompiler._not,
    ast.Compare: FilterCompiler._compare,
    ast.Call: FilterCompiler._call,
    ast.CollectionLambda: FilterCompiler._lambda,
}
_FUNCTIONS: dict[str, Callable[[FilterCompiler, str, Sequence[Any]], str]] = {
    "In": FilterCompiler._in,
    "NotIn": FilterCompiler._not_in,
    "Between": FilterCompiler._between,
}


def literal(column: Column, node: Any) -> Any:
    """Return a literal as the store writes the column's values; 400 when the types don't fit."""
    if column.type == "boolean" and isinstance(node, ast.Boolean):
        return int(node.py_val)
    if column.type in INTEGER_TYPES and column.type != "boolean" and isinstance(node, ast.Integer):
        return _int64(node.py_val)
    if column.type in REAL_TYPES and isinstance(node, ast.Integer | ast.Float):
        return float(node.val)
    if column.type in ID_TYPES and isinstance(node, ast.GUID):
        return node.val.lower()
    if column.type in TEXT_TYPES and isinstance(node, ast.String):
        return node.val
    if column.type == "datetime" and isinstance(node, ast.DateTime | ast.Date):
        return _moment_text(node.val)
    if column.type == "dateonly" and isinstance(node, ast.Date):
        return node.val
    raise _incompatible(column, type(node).__name__)


def _incompatible(column: Column, other: str) -> PlatformError:
    return PlatformError(
        ADDRESS,
        f"A binary operator with incompatible types was detected: '{column.name}' and {other}.",
    )


def _family(column: Column) -> int:
    """Return a number that columns share which can be compared with each other."""
    families = (TEXT_TYPES, ID_TYPES, {"datetime"}, {"dateonly"}, {"boolean"})
    for number, family in enumerate(families):
        if column.type in family:
            return number
    return len(families)


def _int64(value: int) -> int:
    if not fits_int64(value):
        raise PlatformError(ADDRESS, f"The number {value} is out of range.")
    return value


def _moment_text(text: str) -> str:
    # A bare date counts as its midnight in UTC [expected].
    moment = parse_moment(text if "T" in text.upper() else f"{text}T00:00:00Z")
    if moment is None:
        raise PlatformError(ADDRESS, f"The time '{text}' is malformed or lacks its offset.")
    return format_moment(moment)


def _coerced(column: Column, node: Any) -> Any:
    """Return a value of a query function: these come as text whatever the column's type."""
    text = node.val
    if column.type in TEXT_TYPES:
        return text
    if column.type in ID_TYPES:
        if not is_guid(text):
            raise PlatformError(ADDRESS, f"'{text}' is no id.")
        return text.lower()
    return literal(column, parse_literal(text) if isinstance(node, ast.String) else node)


def _null_test(sql: str, kind: type) -> str:
    if kind is ast.Eq:
        return f"({sql} IS NULL)"
    if kind is ast.NotEq:
        return f"({sql} IS NOT NULL)"
    raise PlatformError(ADDRESS, "null can be compared with eq and ne only.")


def _is_path(node: Any) -> bool:
    return isinstance(node, ast.Identifier | ast.Attribute)


def _path(node: Any) -> list[str]:
    if isinstance(node, ast.Identifier):
        return [node.full_name()]
    return [*_path(node.owner), node.attr]


def _dotted(text: str) -> list[str]:
    return text.split("/")
