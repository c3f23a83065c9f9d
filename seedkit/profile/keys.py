"""What keys a profile has: read off the models, for messages, documentation and editors."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from seedkit.profile.columns import KINDS, MUST_BE
from seedkit.profile.models import Profile
from seedkit.profile.trees import OPEN

EXTENDS = "extends"
_TYPES = {"integer": "whole number", "number": "number", "string": "text", "boolean": "switch"}
_SELF_EXPLAINED = ("text", "switch", "names")


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """One key of a profile: dotted name, type, default, allowed range in words, what it is."""

    key: str
    type: str
    default: object
    range: str
    description: str

    @property
    def must_be(self) -> str:
        """Return what a value must be, to stand behind «must be»."""
        if self.type in _SELF_EXPLAINED:
            return self.range
        return f"a {self.type} {self.range}"


def describe_keys() -> list[KeyInfo]:
    """Return all keys in the order in which the models declare them."""
    return list(known_keys().values())


def describe_open_keys() -> list[KeyInfo]:
    """Return the keys below which names are the customer's own."""
    shown = {"columns": "columns.TABLE.COLUMN", "generators": "generators.NAME.OPTION"}
    types = {"columns": "value", "skip": "list of names", "generators": "value"}
    return [
        KeyInfo(
            shown.get(name, name), types[name], "", "", str(Profile.model_fields[name].description)
        )
        for name in OPEN
    ]


def describe_column_kinds() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return each kind of value: its key, what it is, and its keys with what they are."""
    return [
        (
            key,
            str(model.__doc__),
            [(name, str(item.description)) for name, item in model.model_fields.items()],
        )
        for key, model in KINDS.items()
    ]


def profile_schema() -> dict[str, Any]:
    """Return the JSON schema of a profile file, for editors."""
    schema = Profile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "seedkit profile"
    extends = {
        "type": "string",
        "title": "Extends",
        "description": "a shipped profile's name or a file, whose keys this one starts from",
    }
    schema["properties"] = {EXTENDS: extends} | schema["properties"]
    return schema


@lru_cache(maxsize=1)
def known_keys() -> Mapping[str, KeyInfo]:
    """Return all keys by dotted name."""
    schema = Profile.model_json_schema()
    found: dict[str, KeyInfo] = {}
    for name, entry in schema["properties"].items():
        if name in OPEN:
            continue
        if "$ref" not in entry:
            found[name] = _key_info(name, entry)
            continue
        section = schema["$defs"][entry["$ref"].rpartition("/")[2]]
        for inner, inner_entry in section["properties"].items():
            found[f"{name}.{inner}"] = _key_info(f"{name}.{inner}", inner_entry)
    return found


@lru_cache(maxsize=1)
def known_sections() -> frozenset[str]:
    """Return the names of all sections."""
    return frozenset(key.partition(".")[0] for key in known_keys() if "." in key)


def suggest_key(key: str) -> str | None:
    """Return the known key or section that an unknown one was probably meant to be.

    A key that exists, but in another section, comes before one that is only spelt alike.
    """
    leaf = key.rpartition(".")[2]
    elsewhere = [known for known in known_keys() if known.rpartition(".")[2] == leaf]
    names = [*known_keys(), *known_sections(), *OPEN, EXTENDS]
    by_leaf = {name.rpartition(".")[2]: name for name in reversed(names)}
    alike = difflib.get_close_matches(key, names, n=1, cutoff=0.75)
    leaves = difflib.get_close_matches(leaf, by_leaf, n=1, cutoff=0.75)
    found = [*elsewhere, *alike, *(by_leaf[name] for name in leaves)]
    return found[0] if found else None


def _key_info(key: str, entry: Mapping[str, Any]) -> KeyInfo:
    kind = "names" if isinstance(entry["type"], list) else _TYPES[entry["type"]]
    ranges = {"text": _text_range, "switch": _switch_range, "names": _names_range}
    words = ranges.get(kind, _number_range)(entry)
    return KeyInfo(key, kind, entry["default"], words, entry["description"])


def _switch_range(_: Mapping[str, Any]) -> str:
    return "true or false"


def _names_range(entry: Mapping[str, Any]) -> str:
    return str(entry[MUST_BE])


def _number_range(entry: Mapping[str, Any]) -> str:
    return f"between {entry['minimum']:,} and {entry['maximum']:,}".replace(".0", "")


def _text_range(entry: Mapping[str, Any]) -> str:
    if MUST_BE in entry:
        return str(entry[MUST_BE])
    if "const" in entry or "enum" in entry:
        return " or ".join(str(option) for option in entry.get("enum", [entry.get("const")]))
    least, most = entry.get("minLength", 0), entry["maxLength"]
    return (
        f"a text of {least} to {most} characters"
        if least
        else f"a text of at most {most} characters"
    )
