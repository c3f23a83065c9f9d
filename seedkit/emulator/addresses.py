"""Addresses of rows: `set(guid)`, `set(key='value')`, and the segments of a path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import orjson

from seedkit.emulator.errors import ADDRESS, PlatformError
from seedkit.emulator.query.text import split_outside

GUID = r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"

_BREAKING = frozenset("/<>*%&:\\?+")
_is_guid = re.compile(GUID).fullmatch
_ABSOLUTE = re.compile(r"https?:(//?)([^/]+)", re.IGNORECASE).match
_SERVICE_ROOT = re.compile(r"/?api/data/v9\.[0-2](?:/|$)", re.IGNORECASE).match
_ROW = re.compile(r"(\w+)\((.*)\)", re.DOTALL).fullmatch
_MEMBER = re.compile(r"Microsoft\.Dynamics\.CRM\.\w+'(\w+)'").fullmatch
_PIECE = re.compile(r"(?:[^/']|'[^']*(?:'|$))+")
_KEY_PART = re.compile(r"\s*(\w+)\s*=\s*('(?:[^']|'')*'|[^,']+)\s*(?:,|$)")


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a row: its id, or the columns of an alternate key with their raw values.

    `quoted` names the columns whose value stood in quotes.
    """

    row_id: str | None
    parts: Mapping[str, str | None]
    quoted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RowAddress:
    """The address of a row as a client wrote it."""

    entity_set: str
    key: Key
    text: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a path: a name and what stood in its brackets, if it had any."""

    name: str
    argument: str | None


def parse_parameters(argument: str, options: Mapping[str, str]) -> dict[str, Any]:
    """Return a function's parameters: `name=value` or `name=@alias` with its value in `options`.

    Values are JSON where they look it, guids as texts, enumeration members without their type.
    """
    found: dict[str, Any] = {}
    for part in split_outside(argument, ","):
        name, equals, raw = part.partition("=")
        if not equals:
            raise PlatformError(ADDRESS, f"Bad Request - Error in query syntax: ({argument}).")
        raw = raw.strip()
        if raw.startswith("@"):
            if raw not in options:
                raise PlatformError(ADDRESS, f"The parameter alias '{raw}' has no value.")
            raw = options[raw].strip()
        found[name.strip()] = _parameter_value(raw)
    return found


def _parameter_value(raw: str) -> Any:
    member = _MEMBER(raw)
    if member is not None:
        return member[1]
    if raw.startswith("'") and raw.endswith("'") and len(raw) > 1:
        return raw[1:-1].replace("''", "'")
    if is_guid(raw):
        return raw.lower()
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        if raw.startswith("[") and raw.endswith("]"):  # in single quotes, as OData writes texts
            return [_parameter_value(part) for part in split_outside(raw[1:-1], ",")]
        raise PlatformError(ADDRESS, f"The parameter value '{raw}' can't be read.") from None


def is_guid(text: str) -> bool:
    """Tell whether a text is a guid."""
    return _is_guid(text) is not None


def check_key_letters(text: str) -> None:
    """Refuse an alternate key with letters that an address can't carry.

    That such a key works neither in GET nor in PATCH is documented; status and code are inferred.
    """
    broken = sorted(set(text) & _BREAKING)
    if broken:
        raise PlatformError(
            ADDRESS, f"A potentially dangerous Request.Path value was detected ({broken[0]})."
        )


def parse_key(text: str) -> Key:
    """Return the key between the brackets of an address; 400 when it is malformed."""
    if is_guid(text):
        return Key(text.lower(), {})
    parts: dict[str, str | None] = {}
    quoted = set()
    position = 0
    while position < len(text):
        match = _KEY_PART.match(text, position)
        if match is None:
            raise PlatformError(ADDRESS, f"Bad Request - Error in query syntax: ({text}).")
        if match[1] in parts or (match.end() == len(text) and match[0].endswith(",")):
            raise PlatformError(ADDRESS, f"Bad Request - Error in query syntax: ({text}).")
        parts[match[1]] = _key_value(match[2])
        if match[2].startswith("'"):
            quoted.add(match[1])
        position = match.end()
    if not parts:
        raise PlatformError(ADDRESS, "Empty Guid or key in the address.")
    return Key(None, parts, frozenset(quoted))


def below_root(address: str, host: str) -> str:
    """Return the part of an address below the service root; 400 for another service.

    One client damages the scheme of absolute addresses to a single slash: its host is not looked
    at then. That another host is refused is inferred.
    """
    absolute = _ABSOLUTE(address)
    if absolute is None:
        rest = address
    else:
        if absolute[1] == "//" and absolute[2].lower() != host.lower():
            raise PlatformError(ADDRESS, f"The address '{address}' is not of this service.")
        rest = address[absolute.end() :]
    root = _SERVICE_ROOT(rest)
    if root is not None:
        return rest[root.end() :]
    if absolute is not None:
        raise PlatformError(ADDRESS, f"The address '{address}' is not of this service.")
    return rest.removeprefix("/")


def parse_row_address(text: str, host: str) -> RowAddress:
    """Return the row that a bind or `@odata.id` names; absolute and relative forms will do."""
    match = _ROW(unquote(below_root(text.strip(), host)))
    if match is None:
        raise PlatformError(ADDRESS, f"Invalid address of a row: '{text}'.")
    return RowAddress(match[1], parse_key(match[2]), text)


def split_path(path: str) -> list[Segment]:
    """Return the segments of a decoded path, leaving slashes inside quotes alone.

    Empty segments are let go, as Microsoft's OData library does [expected]; 400 for a zero letter.
    """
    if "\0" in path:
        raise PlatformError(ADDRESS, "The address holds a letter that is not allowed.")
    return [_segment(piece) for piece in _PIECE.findall(path)]


def _segment(piece: str) -> Segment:
    name, bracket, rest = piece.partition("(")
    if not bracket:
        return Segment(name, None)
    if not rest.endswith(")"):
        raise PlatformError(ADDRESS, f"Bad Request - Error in query syntax: {piece}.")
    return Segment(name, rest[:-1])


def _key_value(raw: str) -> str | None:
    raw = raw.strip()
    if raw.startswith("'"):
        return raw[1:-1].replace("''", "'")
    return None if raw == "null" else raw
