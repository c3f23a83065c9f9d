"""Literals of a filter as the store writes the values of the column they stand beside."""

from __future__ import annotations

from typing import Any

from odata_query import ast as syntax

from seedkit.emulator.addresses import is_guid
from seedkit.emulator.errors import ADDRESS, PlatformError
from seedkit.emulator.query.parse import parse_literal
from seedkit.emulator.storage.layout import (
    ID_TYPES,
    INTEGER_TYPES,
    REAL_TYPES,
    TEXT_TYPES,
)
from seedkit.emulator.writing.values import fits_int64, format_moment, parse_moment
from seedkit.schema import Column

ast: Any = syntax  # the package's own types are incomplete

_EDM = {
    "boolean": "Edm.Boolean",
    "bigint": "Edm.Int64",
    "double": "Edm.Double",
    "datetime": "Edm.DateTimeOffset",
    "dateonly": "Edm.Date",
}
_EDM_OF_NODE = {
    ast.Boolean: "Edm.Boolean",
    ast.Integer: "Edm.Int32",
    ast.Float: "Edm.Double",
    ast.String: "Edm.String",
    ast.GUID: "Edm.Guid",
    ast.Date: "Edm.Date",
    ast.DateTime: "Edm.DateTimeOffset",
}
KINDS = {
    ast.Eq: "Equal",
    ast.NotEq: "NotEqual",
    ast.Lt: "LessThan",
    ast.LtE: "LessThanOrEqual",
    ast.Gt: "GreaterThan",
    ast.GtE: "GreaterThanOrEqual",
}


def edm_type(column: Column) -> str:
    """Return the name of a column's type in OData."""
    if column.type in _EDM:
        return _EDM[column.type]
    if column.type in TEXT_TYPES:
        return "Edm.String"
    if column.type in ID_TYPES:
        return "Edm.Guid"
    return "Edm.Decimal" if column.type in REAL_TYPES else "Edm.Int32"


def literal(column: Column, node: Any, kind: type = ast.Eq) -> Any:
    """Return a literal as the store writes the column's values; 400 when the types don't fit."""
    kinds = type(node)
    if column.type == "boolean":
        if kinds is ast.Boolean:
            return int(node.py_val)
    elif column.type in INTEGER_TYPES or column.type in REAL_TYPES:
        if kinds in (ast.Integer, ast.Float):
            return _number(column, node)
    elif column.type in ID_TYPES:
        # A guid may stand in quotes [documented in an example].
        if kinds is ast.GUID or (kinds is ast.String and is_guid(node.val)):
            return node.val.lower()
    elif column.type in TEXT_TYPES:
        if kinds is ast.String:
            return node.val
    elif kinds is ast.Date or (kinds is ast.DateTime and column.type == "datetime"):
        return _date(column, node.val)
    raise incompatible(edm_type(column), _EDM_OF_NODE.get(kinds, kinds.__name__), kind)


def incompatible(left: str, right: str, kind: type) -> PlatformError:
    """Return the refusal of a comparison whose sides have different types."""
    return PlatformError(
        ADDRESS,
        "A binary operator with incompatible types was detected. Found operand types "
        f"'{left}' and '{right}' for operator kind '{KINDS.get(kind, kind.__name__)}'.",
    )


def coerced(column: Column, node: Any) -> Any:
    """Return a value of a query function: these come as text whatever the column's type."""
    if not isinstance(node, ast.String) or column.type in TEXT_TYPES:
        return literal(column, node)
    if column.type in ID_TYPES:
        if not is_guid(node.val):
            raise _unreadable(column, node.val)
        return node.val.lower()
    if column.type == "boolean" and node.val in ("0", "1"):
        return int(node.val)
    parsed = parse_literal(node.val)
    if isinstance(parsed, ast.Identifier | ast.String):
        raise _unreadable(column, node.val)
    return literal(column, parsed)


def _unreadable(column: Column, text: str) -> PlatformError:
    return PlatformError(ADDRESS, f"The value '{text}' doesn't fit the column {column.name}.")


def _number(column: Column, node: Any) -> int | float:
    if column.type in REAL_TYPES or isinstance(node, ast.Float):
        number = float(node.val)
        if number in (float("inf"), float("-inf")):
            raise PlatformError(ADDRESS, f"The number {node.val} is out of range.")
        return number
    digits = node.val.lstrip("+-0")
    if len(digits) > 19 or not fits_int64(int(node.val)):
        raise PlatformError(ADDRESS, f"The number {node.val} is out of range.")
    return int(node.val)


def _date(column: Column, text: str) -> str:
    # A bare date counts as its midnight in UTC [expected].
    moment = parse_moment(text if "T" in text else f"{text}T00:00:00Z")
    if moment is None:
        raise PlatformError(ADDRESS, f"The time '{text}' is malformed or lacks its offset.")
    return text if column.type == "dateonly" else format_moment(moment)
