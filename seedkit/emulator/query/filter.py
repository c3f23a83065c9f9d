"""A filter's syntax tree to SQL.

Comparisons follow the platform: `ne` and `not` also find empty columns [expected], text ignores
case, `%`, `_` and `[]` are wildcards in contains, startswith and endswith only [documented].
Texts are put in order by their bytes with ASCII case ignored, not by SQL Server's collation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from odata_query import ast as syntax

from seedkit.emulator.errors import (
    ADDRESS,
    PlatformError,
    too_many_conditions,
    unknown_property,
    unsupported,
)
from seedkit.emulator.query.functions import FUNCTIONS, NAME, Subject
from seedkit.emulator.query.literals import edm_type, incompatible, literal
from seedkit.emulator.query.parse import OWNER, operands
from seedkit.emulator.query.paths import Paths, Scope, collection, column_of
from seedkit.emulator.query.patterns import FOLD, equal_condition, like_condition
from seedkit.emulator.query.viewer import Viewer
from seedkit.emulator.storage.layout import ID_TYPES, TEXT_TYPES
from seedkit.schema import Column

ast: Any = syntax  # the package's own types are incomplete

CONDITION_LIMIT = 500  # [documented]

_COMPARISONS = {
    ast.Eq: "=",
    ast.NotEq: "<>",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_MIRRORED = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
_EQUALITY = (ast.Eq, ast.NotEq)
_PATTERNS = {"contains": "%{}%", "startswith": "{}%", "endswith": "%{}"}


class FilterCompiler:
    """Turns trees into SQL over the given paths; parameters gather in `parameters`."""

    def __init__(self, paths: Paths, viewer: Viewer) -> None:
        self._paths = paths
        self._viewer = viewer
        self._variables: dict[str, Paths] = {}
        self._lambdas = 0
        self._conditions = 0
        self.parameters: list[Any] = []

    def condition(self, node: Any) -> str:
        """Return a tree's SQL, in brackets."""
        handler = _HANDLERS.get(type(node))
        if handler is None:
            raise PlatformError(
                ADDRESS,
                "The $filter expression must evaluate to a single boolean value.",
            )
        return handler(self, node)

    def _count(self) -> None:
        self._conditions += 1
        if self._conditions > CONDITION_LIMIT:
            raise too_many_conditions()

    def _either(self, node: Any) -> str:
        word = " AND " if isinstance(node.op, ast.And) else " OR "
        return _joined(word, [self.condition(item) for item in operands(node)])

    def _not(self, node: Any) -> str:
        return f"(NOT coalesce({self.condition(node.operand)}, 0))"

    def _compare(self, node: Any) -> str:
        self._count()
        kind, left, right = type(node.comparator), node.left, node.right
        if kind is ast.In:
            raise unsupported("the operator 'in' in $filter")
        if not _is_path(left):
            left, right, kind = right, left, _MIRRORED.get(kind, kind)
        if not _is_path(left):
            raise unsupported("comparing anything but a property in $filter")
        scope, sql, column = self._resolve(left)
        if isinstance(right, ast.Null):
            return _null_test(sql, kind)
        if _is_path(right):
            return self._compare_columns(kind, scope, sql, column, right)
        return self._compare_literal(kind, sql, column, right)

    def _compare_literal(self, kind: type, sql: str, column: Column, node: Any) -> str:
        if kind not in _EQUALITY and (column.type == "boolean" or column.type in ID_TYPES):
            raise incompatible(edm_type(column), edm_type(column), kind)
        value = literal(column, node, kind)
        self.parameters.append(value)
        operator = _COMPARISONS[kind]
        if column.type in TEXT_TYPES and kind in _EQUALITY:
            comparison = equal_condition(sql, operator, value)
        else:
            comparison = f"{sql} {operator} ?"
        return f"({comparison} OR {sql} IS NULL)" if kind is ast.NotEq else f"({comparison})"

    def _compare_columns(
        self, kind: type, scope: Scope, sql: str, column: Column, right: Any
    ) -> str:
        other_scope, other, other_column = self._resolve(right)
        if other_scope != scope:
            raise unsupported("comparing columns of different tables in $filter")
        left_type, right_type = edm_type(column), edm_type(other_column)
        ordered = kind not in _EQUALITY
        numbers = {"Edm.Int32", "Edm.Int64", "Edm.Decimal", "Edm.Double"}
        if left_type != right_type and not {left_type, right_type} <= numbers:
            raise incompatible(left_type, right_type, kind)
        if ordered and left_type in ("Edm.Boolean", "Edm.Guid"):
            raise incompatible(left_type, right_type, kind)
        if column.type in TEXT_TYPES:
            return f"({FOLD}({sql}) {_COMPARISONS[kind]} {FOLD}({other}))"
        return f"({sql} {_COMPARISONS[kind]} {other})"

    def _call(self, node: Any) -> str:
        self._count()
        if node.func.namespace:
            return self._platform_function(node)
        pattern = _PATTERNS.get(node.func.name)
        if pattern is None:
            raise unsupported(f"the function '{node.func.name}' in $filter")
        if len(node.args) != 2 or not isinstance(node.args[1], ast.String):
            raise _no_signature(node.func.name)
        _scope, sql, column = self._resolve(node.args[0])
        if column.type not in TEXT_TYPES:
            raise _no_signature(node.func.name)
        searched = pattern.format(node.args[1].val)
        self.parameters.append(searched)
        return like_condition(sql, searched)

    def _platform_function(self, node: Any) -> str:
        full = ".".join((*node.func.namespace, node.func.name))
        function = FUNCTIONS.get(node.func.name)
        if node.func.namespace != ("Microsoft", "Dynamics", "CRM") or function is None:
            raise PlatformError(ADDRESS, f"An unknown function with name '{full}' was found.")
        if not all(isinstance(item, ast.NamedParam) for item in node.args):
            raise _no_signature(full)
        named = {item.name.name: item.param for item in node.args}
        owner = named.pop(OWNER, None)
        name = named.pop(NAME, None)
        if set(named) != set(function.parameters) or len(named) + 1 + (owner is not None) != len(
            node.args
        ):
            raise _no_signature(full)
        if not isinstance(name, ast.String):
            raise _no_signature(full)
        subject = self._subject(owner, name.val)
        return function.condition(subject, [named[item] for item in function.parameters])

    def _subject(self, owner: Any, name: str) -> Subject:
        """Return the column that a function names: as a property or by its logical name."""
        *steps, last = [*([] if owner is None else _path(owner)), *name.split("/")]
        scope = self._scope(steps)
        plain = scope.layout.readable.get(last)
        if plain is not None:
            sql, column = scope.layout.expression(plain.name, scope.alias), plain
        else:
            sql, column = column_of(scope, last)
        return Subject(
            name, sql, column, scope, self._viewer, self._paths.layouts, self.parameters.append
        )

    def _lambda(self, node: Any) -> str:
        found, owner = self._collection(_path(node.owner))
        self._lambdas += 1
        self._viewer.need_read(found.child)
        scope = Scope(found.child, f"c{self._lambdas}")
        paths = Paths(self._paths.layouts, scope, self._viewer.need_read)
        every = isinstance(node.operator, ast.All)
        inner = "1"
        if node.lambda_ is not None:
            inner = self._inside(node.lambda_, paths)
        if every:
            inner = f"NOT coalesce({inner}, 0)"
        alias = paths.main.alias
        rows = (
            f'EXISTS (SELECT 1 FROM "{found.child.name}" {alias}{paths.sql} '
            f"WHERE {found.condition(alias, owner)} AND {inner})"
        )
        return f"(NOT {rows})" if every else f"({rows})"

    def _inside(self, node: Any, paths: Paths) -> str:
        name = node.identifier.name
        if name in self._variables:
            raise PlatformError(ADDRESS, f"The range variable '{name}' has already been declared.")
        self._variables[name] = paths
        try:
            return self.condition(node.expression)
        finally:
            del self._variables[name]

    def _collection(self, path: Sequence[str]) -> tuple[Any, str]:
        start = self._variables.get(path[0])
        steps = path if start is None else path[1:]
        if len(steps) != 1:
            # Collections behind a lookup can't be filtered by [documented].
            raise unsupported("conditions on collections of related rows in $filter")
        scope = (start or self._paths).main
        found = collection(self._viewer.environment, scope.layout, steps[0])
        if found is None:
            raise unknown_property(scope.layout.name, steps[0])
        return found, f'{scope.alias}."{scope.layout.primary_id}"'

    def _scope(self, steps: Sequence[str]) -> Scope:
        start = self._variables.get(steps[0]) if steps else None
        return self._paths.scope(steps) if start is None else start.scope(steps[1:])

    def _resolve(self, node: Any) -> tuple[Scope, str, Column]:
        if not _is_path(node):
            raise unsupported("anything but a property here in $filter")
        *steps, last = _path(node)
        if not steps and last in self._variables:
            raise PlatformError(ADDRESS, f"The range variable '{last}' is no single value.")
        scope = self._scope(steps)
        return scope, *column_of(scope, last)


_HANDLERS: dict[type, Callable[[FilterCompiler, Any], str]] = {
    ast.BoolOp: FilterCompiler._either,
    ast.UnaryOp: FilterCompiler._not,
    ast.Compare: FilterCompiler._compare,
    ast.Call: FilterCompiler._call,
    ast.CollectionLambda: FilterCompiler._lambda,
}


def _joined(word: str, conditions: Sequence[str]) -> str:
    """Return conditions joined as a balanced tree, which SQLite's depth limit asks for."""
    if len(conditions) == 1:
        return conditions[0]
    middle = len(conditions) // 2
    return f"({_joined(word, conditions[:middle])}{word}{_joined(word, conditions[middle:])})"


def _no_signature(name: str) -> PlatformError:
    return PlatformError(
        ADDRESS, f"No function signature for the function with name '{name}' matches the arguments."
    )


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
    if isinstance(node, ast.Attribute):
        return [*_path(node.owner), node.attr]
    raise PlatformError(ADDRESS, "A path of properties is expected.")
