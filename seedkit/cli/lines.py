"""Lines on a terminal: broken between words, and never inside a command that is to be copied."""

from __future__ import annotations

import os
import re
from typing import TextIO

_PIECE = re.compile(r"(?:seedkit|python|keyring) [^\n]*|\S+")


def fold(text: str, width: int | None) -> str:
    """Return a text with lines of at most `width` characters, or as it is without a width.

    What can't be broken stays whole: the terminal breaks it, and copies it in one piece.
    """
    if width is None:
        return text
    return "\n".join(_fold(line, width) for line in text.split("\n"))


def _fold(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    margin = line[: len(line) - len(line.lstrip())]
    first, *rest = _PIECE.findall(line)
    lines = [margin + first]
    for piece in rest:
        if len(lines[-1]) + 1 + len(piece) <= width:
            lines[-1] += f" {piece}"
        else:
            lines.append(f"{margin}{margin and '  '}{piece}")
    return "\n".join(lines)


def width_of(stream: TextIO) -> int | None:
    """Return how many characters a terminal's line holds; None when the stream is no terminal."""
    try:
        return os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):  # ValueError: a stream that is closed or has no number
        return None
