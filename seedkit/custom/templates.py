"""Texts with other values of the row in braces, and sequences with a number in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter

NUMBER = "number"
_COLUMN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DIGITS = re.compile(r"(0?[1-9][0-9]?)?")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words, and the name in braces that follows them, empty at the end; `format` of a number."""

    words: str
    name: str
    format: str = ""


def pieces(text: str) -> list[Piece]:
    """Return the pieces of a text; ValueError says what is wrong with its braces."""
    return list(_pieces(text))


def names_in(text: str) -> tuple[str, ...]:
    """Return the names in braces, each once; none when the braces are wrong."""
    try:
        return tuple(dict.fromkeys(piece.name for piece in pieces(text) if piece.name))
    except ValueError:
        return ()


def check_text(text: str) -> str | None:
    """Return what is wrong with a text; None when nothing is."""
    try:
        found = pieces(text)
    except ValueError as error:
        return f"{error}."
    if any(piece.format for piece in found):
        return "only names of columns can stand in braces, without a colon."
    return None


def check_sequence(text: str) -> str | None:
    """Return what is wrong with a sequence; None when nothing is."""
    try:
        found = pieces(text)
    except ValueError as error:
        return f"{error}."
    if [piece.name for piece in found if piece.name] != [NUMBER]:
        return "must have {number} in it, once, and nothing else in braces."
    if not all(_DIGITS.fullmatch(piece.format) for piece in found):
        return "takes a number of digits behind the colon, such as {number:06}."
    return None


def _pieces(text: str) -> Iterator[Piece]:
    try:
        parsed = list(Formatter().parse(text))
    except ValueError:
        raise ValueError("a brace is not closed; write {{ for a brace itself") from None
    for words, name, format, conversion in parsed:
        if name is None:
            yield Piece(words, "")
        elif conversion or not _COLUMN.fullmatch(name):
            raise ValueError(f"{{{name}}} is no name of a column")
        else:
            yield Piece(words, name, format or "")
