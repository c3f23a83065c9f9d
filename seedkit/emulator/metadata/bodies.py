"""Reading the definitions that clients send: which members, of which type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seedkit.emulator.errors import ARGUMENT, PlatformError, payload_error, shown
from seedkit.emulator.metadata.model import CRM, Kind
from seedkit.emulator.metadata.subtypes import KINDS

Body = Mapping[str, Any]


def kind_of_body(body: Any, allowed: Sequence[Kind], what: str) -> Kind:
    """Return the metadata type that a body names; 400 when it is none of those allowed."""
    if not isinstance(body, dict):
        raise payload_error(what, "a definition must be a JSON object.")
    title = body.get("@odata.type")
    if title is None and len(allowed) == 1:
        return allowed[0]
    if title is None:
        raise payload_error(what, "the definition must name its type in '@odata.type'.")
    name = str(title).lstrip("#").removeprefix(CRM)
    kind = KINDS.get(name) or KINDS.get(name.removeprefix("Complex"))
    if kind is None or kind not in allowed:
        raise payload_error(what, f"a definition of the type {shown(title)} can't be used here.")
    return kind


def checked(body: Body, kind: Kind, what: str) -> Body:
    """Return a body of which every member is known; 400 otherwise."""
    known = kind.all_members.keys() | kind.all_parts.keys()
    for name in body:
        if name.partition("@")[0] not in known | {""}:
            raise payload_error(
                what,
                f"the property '{name}' does not exist on type '{kind.title}'.",
            )
    return body


def wrapped(body: Body, name: str) -> Any:
    """Return the value inside a complex member such as RequiredLevel; None when it is left out."""
    found = body.get(name)
    if found is None:
        return None
    if not isinstance(found, dict):
        raise payload_error(name, "a complex value must be a JSON object.")
    return found.get("Value")


def whole(body: Body, name: str, default: int, low: int, high: int) -> int:
    """Return a whole number within bounds; 400 outside of them."""
    value = body.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != int(value):
        raise payload_error(name, "a whole number is needed.")
    if not low <= value <= high:
        raise PlatformError(ARGUMENT, f"{name} must lie between {low} and {high}.")
    return int(value)


def number(body: Body, name: str, default: float, limit: float) -> float:
    """Return a number within plus and minus a limit; 400 outside of it."""
    value = body.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise payload_error(name, "a number is needed.")
    if not -limit <= value <= limit:
        raise PlatformError(ARGUMENT, f"{name} must lie between {-limit} and {limit}.")
    return value


def member(found: Mapping[str, Any], value: Any, name: str) -> Any:
    """Return what a word stands for; 400 for an unknown one."""
    if not isinstance(value, str) or value not in found:
        raise PlatformError(ARGUMENT, f"{shown(value)} is no value of {name}.")
    return found[value]
