"""`$filter`, `$orderby` and `$top` over definitions, which are plain values in memory."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from odata_query import ast as syntax

from seedkit.emulator.errors import ADDRESS, PlatformError, unsupported
from seedkit.emulator.query.parse import parse_filter

if TYPE_CHECKING:
    from seedkit.emulator.query.options import Query

ast: Any = syntax  # the package's own types are incomplete

Item = dict[str, Any]

_COMPARISONS: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_TEXT_TESTS: dict[str, Callable[[str, str], bool]] = {
    "contains": operator.contains,
    "startswith": str.startswith,
    "endswith": str.endswith,
}


def choose(items: Sequence[Item], query: Query) -> list[Item]:
    """Return the items that a query's filter keeps, in its order."""
    found = list(items)
    if query.filter is not None:
        tree = parse_filter(query.filter, query.aliases)
        found = [item for item in found if _holds(item, tree)]
    for term in reversed(query.orderby):
        name, _, direction = term.partition(" ")
        found.sort(key=lambda item: str(_member(item, [name])), reverse=direction.strip() == "desc")
    return found[: query.top]


def _holds(item: Item, node: Any) -> bool:
    if isinstance(node, ast.BoolOp):
        left = _holds(item, node.left)
        if isinstance(node.op, ast.And):
            return left and _holds(item, node.right)
        return left or _holds(item, node.right)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return not _holds(item, node.operand)
    if isinstance(node, ast.Compare):
        return _compare(item, node)
    if isinstance(node, ast.Call) and node.func.name in _TEXT_TESTS:
        text, part = (str(_value(item, argument)) for argument in node.args)
        return _TEXT_TESTS[node.func.name](text, part)
    raise unsupported("this $filter on definitions")


def _compare(item: Item, node: Any) -> bool:
    left = _value(item, node.left)
    if isinstance(node.comparator, ast.In):
        return left in [_value(item, choice) for choice in node.right.val]
    right = _value(item, node.right)
    try:
        return _COMPARISONS[type(node.comparator)](left, right)
    except TypeError:
        raise PlatformError(ADDRESS, "A binary operator with incompatible types.") from None


def _value(item: Item, node: Any) -> Any:
    if isinstance(node, ast.Identifier):
        return _member(item, [node.full_name()])
    if isinstance(node, ast.Attribute):
        return _member(item, _path(node))
    if isinstance(node, ast.GUID):
        return node.val.lower()
    return node.py_val


def _path(node: Any) -> list[str]:
    if isinstance(node, ast.Identifier):
        return [node.name]
    return [*_path(node.owner), node.attr]


def _member(item: Item, path: Sequence[str]) -> Any:
    value: Any = item
    for name in path:
        if not isinstance(value, dict) or name not in value:
            raise PlatformError(ADDRESS, f"Could not find a property named '{name}'.")
        value = value[name]
    return value
