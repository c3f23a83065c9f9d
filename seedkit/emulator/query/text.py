"""Splitting the texts of query options: quotes and brackets are left whole."""

from __future__ import annotations

from collections.abc import Iterator

_OPEN = {"(": ")", "[": "]", "{": "}"}
_CLOSE = frozenset(_OPEN.values())


def split_outside(text: str, separator: str, keep_empty: bool = False) -> list[str]:
    """Return the parts of a text between separators that lie outside quotes and brackets."""
    parts: list[str] = []
    start = depth = 0
    for index, letter in _unquoted(text):
        if letter in _OPEN:
            depth += 1
        elif letter in _CLOSE:
            depth -= 1
        elif letter == separator and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    parts.append(text[start:])
    return [part.strip() for part in parts if keep_empty or part.strip()]


def _unquoted(text: str) -> Iterator[tuple[int, str]]:
    quoted = False
    for index, letter in enumerate(text):
        if letter == "'":
            quoted = not quoted
        elif not quoted:
            yield index, letter
