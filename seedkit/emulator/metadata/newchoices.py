"""Choices out of the definitions that clients send: options, global choices and their changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from seedkit.emulator.addresses import is_guid, parse_key
from seedkit.emulator.errors import (
    ARGUMENT,
    MISSING_ROW,
    NAME_TAKEN,
    PlatformError,
    payload_error,
)
from seedkit.emulator.metadata.bodies import Body, checked, kind_of_body
from seedkit.emulator.metadata.edit import SchemaEdit, checked_name
from seedkit.emulator.metadata.labels import read_label
from seedkit.emulator.metadata.model import CHOICE, YES_NO
from seedkit.schema import Choice, Column, Option

# The first number of a publisher's own options: its option value prefix, 10000 as it comes.
FIRST_OPTION = 100_000_000
_ADDRESS = re.compile(r"(?:.*/)?GlobalOptionSetDefinitions\((.*)\)").fullmatch
_BIND = "GlobalOptionSet@odata.bind"

Options = Mapping[int, Option]


def column_choice(edit: SchemaEdit, body: Body, old: Column) -> dict[str, Any]:
    """Return the options of a column and the global choice that they come from, if any.

    Options of a column that is there already are changed by actions only.
    """
    if old.options is not None:
        return {}
    if _BIND in body:
        choice = _bound(edit, str(body[_BIND]))
        return {"choice": choice.name, "options": choice.options}
    sent = body.get("OptionSet")
    if old.type == "boolean":
        return {"options": _yes_no_options(sent or {})}
    if not isinstance(sent, dict):
        raise payload_error("Attributes", "a choice column needs an OptionSet or a global choice.")
    checked(sent, kind_of_body(sent, [CHOICE], "OptionSet"), "OptionSet")
    if sent.get("IsGlobal") and not sent.get("Options"):
        choice = _named(edit, str(sent.get("Name")))
        return {"choice": choice.name, "options": choice.options}
    return {"options": read_options(sent.get("Options"))}


def new_choice(edit: SchemaEdit, body: Body) -> Choice:
    """Return the global choice that a definition asks for."""
    kind = kind_of_body(body, [CHOICE, YES_NO], "GlobalOptionSetDefinitions")
    checked(body, kind, "GlobalOptionSetDefinitions")
    name = checked_name("option set", body.get("Name"))
    if edit.choice(name) is not None or edit.choice(name.lower()) is not None:
        raise PlatformError(NAME_TAKEN, f"An option set with the name {name} already exists.")
    yes_no = kind is YES_NO
    options = _yes_no_options(body) if yes_no else read_options(body.get("Options"))
    blank = Choice(name, name, "boolean" if yes_no else "picklist", options)
    return changed_choice(blank, body)


def changed_choice(old: Choice, body: Body) -> Choice:
    """Return a global choice with other texts."""
    return replace(
        old,
        label=read_label("DisplayName", body.get("DisplayName")) or old.label,
        description=read_label("Description", body.get("Description")) or old.description,
    )


def read_options(sent: Any) -> Options:
    """Return options by value; one without a value gets the next free number."""
    found: dict[int, Option] = {}
    for item in sent or ():
        if not isinstance(item, dict):
            raise payload_error("Options", "an option must be a JSON object.")
        value = item.get("Value")
        number = next_value(found) if value is None else value
        if isinstance(number, bool) or not isinstance(number, int):
            raise payload_error("Options", "the value of an option must be a whole number.")
        if number in found:
            raise PlatformError(ARGUMENT, f"The option value {number} is given twice.")
        found[number] = Option(number, read_label("Label", item.get("Label")) or str(number))
    return found


def next_value(options: Iterable[int]) -> int:
    """Return the next free number of the publisher's own options."""
    return max((value for value in options if value >= FIRST_OPTION), default=FIRST_OPTION - 1) + 1


def _yes_no_options(sent: Mapping[str, Any]) -> Options:
    found = {}
    for member, value, usual in (("TrueOption", 1, "Yes"), ("FalseOption", 0, "No")):
        option = sent.get(member) or {}
        text = read_label("Label", option.get("Label")) or usual
        found[value] = Option(value, text)
    return dict(sorted(found.items()))


def _bound(edit: SchemaEdit, address: str) -> Choice:
    match = _ADDRESS(address)
    if match is None:
        raise payload_error("Attributes", f"'{address}' is no address of a global choice.")
    key = parse_key(match[1])
    if key.row_id is None:
        return _named(edit, str(key.parts.get("Name")))
    return _named(edit, key.row_id)


def _named(edit: SchemaEdit, name: str) -> Choice:
    found = edit.find_choice(name) if is_guid(name) else edit.choice(name)
    if found is None:
        raise PlatformError(MISSING_ROW, f"Could not find the option set {name}.")
    return found
