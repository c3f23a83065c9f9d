"""Faults of values, in words that a banker's tester understands."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from seedkit.errors import Fault
from seedkit.profile.document import Entry
from seedkit.profile.keys import KeyInfo, known_keys
from seedkit.profile.models import Profile
from seedkit.profile.opened import explain_open, value_of
from seedkit.profile.trees import is_open

_PER_CENT = re.compile(r"(\d+(?:\.\d+)?) ?%")
_DECIMAL_COMMA = re.compile(r"(\d*),(\d{1,2})")
_GROUPED = re.compile(r"\d{1,3}([, ]\d{3})+")


def nested(entries: Mapping[str, Entry]) -> dict[str, Any]:
    """Return the values of dotted keys as sections."""
    values: dict[str, Any] = {}
    for key in sorted(entries, key=lambda key: key.count(".")):
        *sections, name = key.split(".")
        inner = values
        for section in sections:
            inner = inner.setdefault(section, {})
        inner[name] = value_of(key, entries[key]) if is_open(key) else entries[key].value
    return values


def explain(entries: Mapping[str, Entry]) -> list[Fault]:
    """Return what is wrong with values, in the order in which they were given."""
    own = {key: entry for key, entry in entries.items() if is_open(key)}
    plain = {key: entry for key, entry in entries.items() if not is_open(key)}
    faults = [fault for key, entry in own.items() for fault in explain_open(key, entry)]
    return [*_explain_plain(plain), *faults]


def _explain_plain(entries: Mapping[str, Entry]) -> list[Fault]:
    """Return what is wrong with the keys that the models name."""
    try:
        Profile.model_validate(nested(entries))
    except ValidationError as error:
        found = {_key(details): details for details in error.errors()}
        order = {key: position for position, key in enumerate(entries)}
        return [
            _key_fault(known_keys()[key], entries[key])
            if key in entries
            else _section_fault(key, details, entries)
            for key, details in sorted(found.items(), key=lambda item: order.get(item[0], -1))
        ]
    return []


def _key(details: ErrorDetails) -> str:
    """Return the key that is wrong; what is wrong within its value is told with the value."""
    place = [str(part) for part in details["loc"]]
    return place[0] if place[:1] and place[0] in known_keys() else ".".join(place)


def _key_fault(info: KeyInfo, entry: Entry) -> Fault:
    problem = f"must be {info.must_be}, not {textwrap.shorten(entry.written, 60)}."
    suggestion = _way_out(info, entry)
    if info.type == "text" and entry.read_as is not None:
        problem = f"must be {info.must_be}, but YAML reads {entry.written} as {entry.read_as}."
        suggestion = f'Put it in quotes: "{entry.written}".'
    return Fault(entry.file, entry.line, info.key, problem, suggestion)


def _way_out(info: KeyInfo, entry: Entry) -> str | None:
    """Return what was probably meant, where that can be told."""
    if entry.written == "nothing":
        return f"Leave the key out to have the default, {info.default}."
    if info.type == "text" or not isinstance(entry.value, str):
        return None
    if entry.written != entry.value and re.fullmatch(r"-?[0-9.]+", entry.value):
        return "Leave out the quotes."
    if match := _PER_CENT.fullmatch(entry.value):
        return f"Write {float(match[1]) / 100:g}."
    if _GROUPED.fullmatch(entry.value):
        return f"Write {re.sub('[, ]', '', entry.value)}."
    if match := _DECIMAL_COMMA.fullmatch(entry.value):
        return f"Write {match[1] or 0}.{match[2]}."
    return None


def _section_fault(section: str, details: ErrorDetails, entries: Mapping[str, Entry]) -> Fault:
    """Return the fault of keys that don't go together; it stands at the last of them."""
    last = [entry for key, entry in entries.items() if key.startswith(f"{section}.")][-1]
    problem = details["msg"].removeprefix("Value error, ")
    return Fault(last.file, last.line, section, f"{problem}.")
