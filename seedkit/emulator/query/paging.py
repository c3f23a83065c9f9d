"""Pages: where one ends and how the next link says so.

The token holds the values by which the rows are ordered, so that rows which go away between two
pages make nobody miss or repeat another row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import orjson

from seedkit.emulator.errors import ADDRESS, PlatformError
from seedkit.emulator.writing.values import fits_int64

PAGE_SIZE = 5000  # default and maximum [documented]
COUNT_LIMIT = 5000  # a count goes no further [documented]

_TOKEN = re.compile(
    '<cookie pagenumber="(?P<number>[1-9][0-9]{0,9})" pagingcookie="(?P<after>[^"]*)" '
    'istracking="False" />/?'
).fullmatch


@dataclass(frozen=True, slots=True)
class Term:
    """One term of an order."""

    sql: str
    descending: bool

    @property
    def text(self) -> str:
        """Return the term as SQL."""
        return self.sql + (" DESC" if self.descending else "")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page starts: its number and the order values of the row before it."""

    number: int
    after: tuple[Any, ...]


def read_page_size(text: str | None) -> int | None:
    """Return the rows of a page that `odata.maxpagesize` asks for; None when it doesn't."""
    if text is None:
        return None
    if re.fullmatch("0*[1-9][0-9]{0,17}", text) is None:
        raise PlatformError(ADDRESS, f"'{text}' is no page size.")
    return min(int(text), PAGE_SIZE)


def write_token(position: Position) -> str:
    """Return the opaque token for a position, in the look of the platform's."""
    inner = quote(orjson.dumps(position.after).decode())
    return f'<cookie pagenumber="{position.number}" pagingcookie="{inner}" istracking="False" />'


def read_token(token: str) -> Position:
    """Return the position of a token; 400 when it is none of ours. A slash at the end is let go."""
    try:
        match = _TOKEN(token)
        after = None if match is None else orjson.loads(unquote(match["after"]))
        if match is None or not isinstance(after, list) or not all(map(_is_stored, after)):
            raise ValueError(token)
        return Position(int(match["number"]), tuple(after))
    except ValueError:
        raise PlatformError(ADDRESS, "The value of '$skiptoken' is malformed.") from None


def _is_stored(value: Any) -> bool:
    if isinstance(value, int):
        return fits_int64(value)
    return value is None or isinstance(value, str | float)


def after_condition(terms: Sequence[Term], after: Sequence[Any]) -> tuple[str, list[Any]]:
    """Return the SQL for the rows behind a position; empty values come first, as in SQL Server."""
    if len(terms) != len(after):
        raise PlatformError(ADDRESS, "The value of '$skiptoken' doesn't fit the query.")
    choices: list[str] = []
    parameters: list[Any] = []
    for depth, (term, value) in enumerate(zip(terms, after, strict=True)):
        parts = [f"{earlier.sql} IS ?" for earlier in terms[:depth]]
        behind, needs_value = _behind(term, value)
        choices.append("(" + " AND ".join([*parts, behind]) + ")")
        parameters.extend(after[:depth])
        if needs_value:
            parameters.append(value)
    return "(" + " OR ".join(choices) + ")", parameters


def _behind(term: Term, value: Any) -> tuple[str, bool]:
    if value is None:
        return ("0" if term.descending else f"{term.sql} IS NOT NULL"), False
    if term.descending:
        return f"({term.sql} < ? OR {term.sql} IS NULL)", True
    return f"{term.sql} > ?", True
