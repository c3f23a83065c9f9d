"""Adding a section to the file of named environments, and taking one out; the rest stays as is."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_HEADER = re.compile(r"\s*\[")


def add_section(text: str, name: str, values: Mapping[str, object]) -> str:
    """Return the file's text with one more section at its end."""
    lines = [f"[{name}]", *(f"{key} = {_written(value)}" for key, value in values.items())]
    head = text.rstrip("\n")
    return (f"{head}\n\n" if head else "") + "\n".join(lines) + "\n"


def remove_section(text: str, name: str) -> str:
    """Return the file's text without a section; what stands above its header stays."""
    wanted = re.compile(rf"\s*\[\s*[\"']?{re.escape(name)}[\"']?\s*\]")
    kept, inside = [], False
    for line in text.splitlines():
        if _HEADER.match(line):
            inside = wanted.match(line) is not None
        if not inside:
            kept.append(line)
    while kept and not kept[-1].strip():
        kept.pop()
    return "\n".join(kept) + ("\n" if kept else "")


def _written(value: object) -> str:
    """Return a value as TOML, whose texts and lists are written as JSON's."""
    return json.dumps(value, ensure_ascii=False)
