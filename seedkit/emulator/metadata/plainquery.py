"""`$filter`, `$orderby` and `$top` over definitions, which are plain values in memory."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from odata_query import ast as syntax

from seedkit.emulator.errors import ADDRESS, PlatformError, unknown_property, unsupported
from seedkit.emulator.metadata.enums import ENUMS
from seedkit.emulator.metadata.model import CRM, Kind
from seedkit.emulator.query.parse import operands, parse_filter

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
_TYPED_LITERAL = re.compile(r"(?P<type>[\w.]*)'(?P<member>(?:[^']|'')*)'")


def choose(items: Sequence[Item], query: Query, kind: Kind) -> list[Item]:
    """Return the items that a query's filter keeps, in its order; 400 for what `kind` lacks."""
    found = list(items)
    if query.filter is not None:
        _check_enums(query.filter)
        test = _Filter(kind)
        tree = parse_filter(query.filter, query.aliases)
        found = [item for item in found if test.holds(item, tree)]
        if not items:
            test.holds(kind.fresh(), tree)
    for term in reversed(query.orderby):
        name, _, direction = term.partition(" ")
        _check_member(kind, name)
        found.sort(key=lambda item: str(item.get(name)), reverse=direction.strip() == "desc")
    return found[: query.top]


def _check_enums(text: str) -> None:
    """Refuse an enumeration member without its whole type [documented]."""
    for match in _TYPED_LITERAL.finditer(text):
        type_ = match["type"]
        if type_ and match["member"] not in ENUMS.get(type_.removeprefix(CRM), ()):
            raise PlatformError(ADDRESS, f"'{match[0]}' is no member of an enumeration.")
        if type_ and not type_.startswith(CRM):
            raise PlatformError(ADDRESS, f"The type '{type_}' needs its namespace.")


def _check_member(kind: Kind, name: str) -> None:
    if name not in kind.all_members:
        raise unknown_property(kind.name, name)


@dataclass(frozen=True, slots=True)
class _Filter:
    """A filter over definitions of one kind."""

    kind: Kind

    def holds(self, item: Item, node: Any) -> bool:
        """Tell whether an item fits the condition of a node."""
        if isinstance(node, ast.BoolOp):
            found = (self.holds(item, part) for part in operands(node))
            return all(found) if isinstance(node.op, ast.And) else any(found)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return not self.holds(item, node.operand)
        if isinstance(node, ast.Compare):
            return self._compare(item, node)
        if isinstance(node, ast.Call) and node.func.name in _TEXT_TESTS:
            text, part = (str(self._value(item, argument)) for argument in node.args)
            return _TEXT_TESTS[node.func.name](text, part)
        if isinstance(node, (ast.Identifier, ast.Attribute)):
            return self._value(item, node) is True
        raise unsupported("this $filter on definitions")

    def _compare(self, item: Item, node: Any) -> bool:
        left = self._value(item, node.left)
        if isinstance(node.comparator, ast.In):
            return left in [self._value(item, choice) for choice in node.right.val]
        right = self._value(item, node.right)
        if not isinstance(node.comparator, (ast.Eq, ast.NotEq)) and None in (left, right):
            return False
        try:
            return _COMPARISONS[type(node.comparator)](left, right)
        except TypeError:
            raise PlatformError(ADDRESS, "A binary operator with incompatible types.") from None

    def _value(self, item: Item, node: Any) -> Any:
        if isinstance(node, ast.Identifier):
            return self._member(item, [node.full_name()])
        if isinstance(node, ast.Attribute):
            return self._member(item, _path(node))
        if isinstance(node, ast.GUID):
            return node.val.lower()
        if not hasattr(node, "py_val"):
            raise unsupported("this $filter on definitions")
        return node.py_val

    def _member(self, item: Item, path: Sequence[str]) -> Any:
        _check_member(self.kind, path[0])
        value: Any = item
        for name in path:
            if value is None:
                return None
            if not isinstance(value, dict) or name not in value:
                raise PlatformError(ADDRESS, f"Could not find a property named '{name}'.")
            value = value[name]
        return value


def _path(node: Any) -> list[str]:
    if isinstance(node, ast.Identifier):
        return [node.name]
    return [*_path(node.owner), node.attr]
