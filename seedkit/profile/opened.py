"""Faults of columns, generators and lists to skip: where they stand, what would be right."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from seedkit.errors import Fault
from seedkit.profile.columns import KINDS, MUST_BE, ColumnValue, Scalar, kind_of, spelt_out
from seedkit.profile.document import Entry
from seedkit.profile.trees import Place, level_of

_SKIPPED = "a list of tables, columns and parts, such as [contact.jobtitle, goals]"
_KIND_HINT = f"Use one of {', '.join(KINDS)}."
MUST_BE_SIMPLE = "must be a text, a number, true or false"


def value_of(key: str, entry: Entry) -> Any:
    """Return the value of an open key as the model takes it."""
    value = None if entry.tree is None else entry.tree.value
    root, level = level_of(key)
    if root == "columns":
        return spelt_out(value)
    if root == "skip":
        return [value] if isinstance(value, str) else value or []
    return value if level == 2 else {}


def explain_open(key: str, entry: Entry) -> Iterable[Fault]:
    """Return what is wrong with the value of an open key."""
    root, level = level_of(key)
    if entry.tree is not None and entry.tree.twice:
        return [
            Fault(entry.file, entry.line and line, key, f"has {place[-1]} twice.")
            for place, line in entry.tree.twice.items()
        ]
    if root == "columns":
        return _explain_column(key, entry)
    if root == "skip":
        return _explain_skip(key, entry)
    return _explain_option(key, entry) if level == 2 else ()


def place_of(entry: Entry, place: Place = ()) -> tuple[str, int | None]:
    """Return file and line of a part of an open key's value."""
    lines = {} if entry.tree is None or entry.line is None else entry.tree.lines
    while place and place not in lines:
        place = place[:-1]
    return entry.file, lines.get(place, entry.line) if place else entry.line


def _explain_skip(key: str, entry: Entry) -> Iterable[Fault]:
    value = value_of(key, entry)
    if isinstance(value, list) and all(isinstance(name, str) and name for name in value):
        return
    yield Fault(entry.file, entry.line, key, f"must be {_SKIPPED}, not {entry.written}.")


def _explain_option(key: str, entry: Entry) -> Iterable[Fault]:
    if value_of(key, entry) is None:
        hint = "Leave the option out to have its default."
        yield Fault(entry.file, entry.line, key, "says nothing.", hint)


def _explain_column(key: str, entry: Entry) -> Iterable[Fault]:
    value = value_of(key, entry)
    if value is None:
        hint = f"To leave the column out write: skip: [{key.removeprefix('columns.')}]"
        yield Fault(entry.file, entry.line, key, "does not say what the column holds.", hint)
    elif isinstance(value, list):
        hint = "Write `one_of: [...]` to choose among several."
        yield Fault(entry.file, entry.line, key, "must be one value, not a list.", hint)
    elif not isinstance(value, dict):
        yield Fault(entry.file, entry.line, key, f"{MUST_BE_SIMPLE}, not {entry.written}.")
    else:
        yield from _explain_kind(key, entry, value)


def _explain_kind(key: str, entry: Entry, value: dict[str, Any]) -> Iterable[Fault]:
    kind = kind_of(value)
    if kind is not None:
        yield from _explain_model(key, entry, KINDS[kind], value)
        return
    found = [name for name in value if name in KINDS]
    if found:
        problem = f"says {' and '.join(f'`{name}`' for name in found)}, and can only be one."
        yield Fault(*place_of(entry, (found[1],)), key, problem)
        return
    near = [close for name in value for close in _near(name, KINDS)]
    suggestion = f"Did you mean {near[0]}?" if near else _KIND_HINT
    yield Fault(*place_of(entry), key, "does not say which kind of value it is.", suggestion)


def _explain_model(
    key: str, entry: Entry, model: type[ColumnValue], value: dict[str, Any]
) -> Iterable[Fault]:
    try:
        model.model_validate(value)
    except ValidationError as error:
        seen: set[str] = set()
        for details in error.errors():
            name = str(details["loc"][0]) if details["loc"] else ""
            if name not in seen:
                seen.add(name)
                yield _model_fault(key, entry, model, details, value)


def _model_fault(
    key: str, entry: Entry, model: type[ColumnValue], details: ErrorDetails, value: dict[str, Any]
) -> Fault:
    place: Place = tuple(details["loc"])
    file, line = place_of(entry, place)
    if details["type"] == "extra_forbidden":
        (near, *_) = [*_near(str(place[0]), model.model_fields), None]
        hint = f"Did you mean {near}?" if near else f"It takes {', '.join(model.model_fields)}."
        return Fault(file, line, key, f"`{place[0]}` is no part of this kind of value.", hint)
    if not place:
        return Fault(file, line, key, f"{details['msg'].removeprefix('Value error, ')}.")
    name = str(place[0])
    extra = model.model_fields[name].json_schema_extra
    must_be = extra[MUST_BE] if isinstance(extra, dict) else "given"
    problem = f"`{name}` must be {must_be}, not {_shown(value[name])}."
    return Fault(file, line, key, problem)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        words = ", ".join(f"{name}: {_shown(item)}" for name, item in value.items())
        return textwrap.shorten(f"{{{words}}}", 60)
    if isinstance(value, list):
        return textwrap.shorten(f"[{', '.join(map(_shown, value))}]", 60)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Scalar):
        return textwrap.shorten(str(value), 60)
    return "nothing" if value is None else "this"


def _near(name: str, known: Iterable[str]) -> Sequence[str]:
    return difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
