"""Rows as parameters of actions: named by address, or by type and key, with or without values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seedkit.emulator.addresses import is_guid
from seedkit.emulator.errors import ADDRESS, PlatformError, missing_row
from seedkit.emulator.operations import Call
from seedkit.emulator.storage.layout import Layout

_TYPE, _ID = "@odata.type", "@odata.id"
_NAMESPACE = "Microsoft.Dynamics.CRM."

Row = tuple[Layout, str]


def named_row(call: Call, parameter: str, right: str, table: str | None = None) -> Row:
    """Return table and id of the row that a parameter names; 404 when it isn't there.

    `right` is what the caller needs on it. `table` is what a parameter of fixed type names where
    it says no type itself.
    """
    layout, row_id = reference(call, call.parameters[parameter], parameter, table)
    need_row(call, right, layout, row_id)
    return layout, row_id


def bound_row(call: Call, right: str) -> str:
    """Return the id of the row that an action is called on; 404 when it isn't there."""
    if call.layout is None or call.row_id is None:
        raise PlatformError(ADDRESS, "The action needs a row.")
    need_row(call, right, call.layout, call.row_id)
    return call.row_id


def need_row(call: Call, right: str, layout: Layout, row_id: str) -> None:
    """Refuse when a row isn't there or the caller lacks a right on it."""
    row = call.session.store.row(layout, row_id)
    if row is None:
        raise missing_row(layout.name, row_id)
    call.session.need_row(right, layout, row)


def reference(call: Call, value: Any, parameter: str, table: str | None = None) -> Row:
    """Return table and id that an object names; the row may be missing."""
    if not isinstance(value, Mapping):
        raise PlatformError(ADDRESS, f"The parameter '{parameter}' must name a row.")
    address = value.get(_ID)
    if isinstance(address, str):
        return call.session.locate(address)
    layout = type_of(call, value, parameter, table)
    row_id = value.get(layout.primary_id, value.get("ownerid"))
    if not isinstance(row_id, str) or not is_guid(row_id):
        raise PlatformError(
            ADDRESS, f"The parameter '{parameter}' needs the id '{layout.primary_id}'."
        )
    return layout, row_id.lower()


def type_of(
    call: Call, value: Mapping[str, Any], parameter: str, table: str | None = None
) -> Layout:
    """Return the table that an object says it is a row of."""
    named = value.get(_TYPE)
    name = table if named is None else str(named).removeprefix("#").removeprefix(_NAMESPACE)
    layout = call.session.environment.layouts.get(name or "")
    if layout is None:
        raise PlatformError(ADDRESS, f"The parameter '{parameter}' needs '{_TYPE}'.")
    return layout


def values_of(layout: Layout, value: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an object sets, without what only names the row."""
    named = (_TYPE, _ID, layout.primary_id)
    return {name: item for name, item in value.items() if name not in named}


def truth(call: Call, parameter: str, default: bool = False) -> bool:
    """Return a yes-or-no parameter; 400 when it is neither."""
    value = call.parameters.get(parameter, default)
    if not isinstance(value, bool):
        raise PlatformError(ADDRESS, f"The parameter '{parameter}' must be true or false.")
    return value
