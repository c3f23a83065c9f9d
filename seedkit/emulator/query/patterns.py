"""Text comparisons as SQL Server makes them: case is ignored in every alphabet, wildcards work.

SQLite folds the case of ASCII letters only and knows no character sets, so what needs more goes
through functions of ours; plain ASCII texts keep SQLite's own operators and their indexes.
"""

from __future__ import annotations

import re
import sqlite3
from functools import lru_cache

FOLD = "platform_fold"
LIKE = "platform_like"


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the functions that the conditions here call."""
    connection.create_function(FOLD, 1, fold, deterministic=True)
    connection.create_function(LIKE, 2, matches, deterministic=True)


def fold(text: str | None) -> str | None:
    """Return a text without the differences of case."""
    return text if text is None else text.lower()


def matches(text: str | None, pattern: str) -> bool | None:
    """Tell whether a text fits a pattern of SQL Server's LIKE; None for no text."""
    return None if text is None else _compiled(pattern).fullmatch(text) is not None


def like_condition(sql: str, pattern: str) -> str:
    """Return the SQL that compares a column with a pattern, its one parameter."""
    if pattern.isascii() and "[" not in pattern and "\0" not in pattern:
        return f"({sql} LIKE ?)"
    return f"({LIKE}({sql}, ?))"


def equal_condition(sql: str, operator: str, text: str) -> str:
    """Return the SQL that compares a column with a text, its one parameter."""
    if text.isascii():
        return f"{sql} {operator} ?"
    return f"{FOLD}({sql}) {operator} {FOLD}(?)"


@lru_cache(maxsize=500)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        end = _set_end(pattern, at) if letter == "[" else None
        if end is not None:
            parts.append(_set(pattern[at + 1 : end]))
            at = end
        elif letter != "%":
            parts.append("." if letter == "_" else re.escape(letter))
        elif not parts or parts[-1] != ".*":
            parts.append(".*")
        at += 1
    return re.compile(_atomic(parts), re.IGNORECASE | re.DOTALL)


def _atomic(parts: list[str]) -> str:
    """Return the parts as one expression that gives up a wildcard's first fit never twice.

    Between two stars the first fit is as good as any, which keeps the search from growing with
    the number of stars.
    """
    pieces = _pieces(parts)
    if len(pieces) == 1:
        return pieces[0]
    middle = "".join(f"(?>.*?{piece})" for piece in pieces[1:-1] if piece)
    return f"{pieces[0]}{middle}.*{pieces[-1]}"


def _pieces(parts: list[str]) -> list[str]:
    pieces = [""]
    for part in parts:
        if part == ".*":
            pieces.append("")
        else:
            pieces[-1] += part
    return pieces


def _set_end(pattern: str, start: int) -> int | None:
    """Return where a set of characters closes; None when it never does."""
    # A closing bracket that comes first belongs to the set, as in SQL Server [expected].
    first = start + 2 if pattern[start + 1 : start + 2] == "^" else start + 1
    end = pattern.find("]", first + 1)
    return None if end < 0 else end


def _set(inside: str) -> str:
    negated = inside.startswith("^")
    body = inside[1:] if negated else inside
    ranges: list[str] = []
    at = 0
    while at < len(body):
        if body[at + 1 : at + 2] == "-" and at + 2 < len(body):
            low, high = body[at], body[at + 2]
            if low <= high:
                ranges.append(f"{re.escape(low)}-{re.escape(high)}")
            at += 3
        else:
            ranges.append(re.escape(body[at]))
            at += 1
    if not ranges:
        return "." if negated else "(?!)"
    return f"[{'^' if negated else ''}{''.join(ranges)}]"
