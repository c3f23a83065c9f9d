"""Paging cookies: where a page of FetchXML ends.

The inner cookie names the values of the first and last row by which rows are ordered; in the
answer it stands, encoded twice, within an outer one [documented].
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from seedkit.emulator.errors import PlatformError
from seedkit.emulator.query.fetch.errors import BAD_COOKIE
from seedkit.emulator.query.fetch.values import stored
from seedkit.emulator.storage.layout import ID_TYPES
from seedkit.schema import Column

_MAX_LENGTH = 65_536
_ESCAPE = re.compile("%[0-9A-F]{2}")


@dataclass(frozen=True, slots=True)
class Mark:
    """One term that a cookie keeps values of: its name there and its column."""

    name: str
    column: Column


def write_cookie(
    page: int, marks: Sequence[Mark], first: Sequence[Any], last: Sequence[Any]
) -> str:
    """Return the annotation that leads behind a page."""
    parts = "".join(
        f"<{mark.name} {_side('last', mark, end)} {_side('first', mark, start)} />"
        for mark, start, end in zip(marks, first, last, strict=True)
    )
    inner = _encoded(_encoded(f'<cookie page="{page}">{parts}</cookie>'))
    return f'<cookie pagenumber="{page + 1}" pagingcookie="{inner}" istracking="False" />'


def read_cookie(text: str, marks: Sequence[Mark]) -> tuple[int, tuple[Any, ...]]:
    """Return the page of an inner cookie and the values of its last row; 400 for a wrong one."""
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        if len(text) > _MAX_LENGTH:
            raise ValueError(text)
        root = fromstring(text, forbid_dtd=True)
        if root.tag != "cookie" or [part.tag for part in root] != [mark.name for mark in marks]:
            raise ValueError(text)
        page = int(root.attrib["page"])
        return page, tuple(_value(mark, part) for mark, part in zip(marks, root, strict=True))
    except (ParseError, DefusedXmlException, ValueError, KeyError, PlatformError):
        raise PlatformError(BAD_COOKIE, "The paging cookie doesn't fit the query.") from None


def _side(side: str, mark: Mark, value: Any) -> str:
    if value is None:
        return f'{side}null="1"'
    text = f"{{{str(value).upper()}}}" if mark.column.type in ID_TYPES else str(value)
    return f"{side}={quoteattr(_plain(text), {chr(34): '&quot;'})}"


def _plain(text: str) -> str:
    # XML has no place for most control characters, which texts may hold.
    return "".join(letter for letter in text if letter >= " " or letter in "\t\r\n")


def _value(mark: Mark, part: Any) -> Any:
    if part.get("lastnull") == "1":
        return None
    return stored(mark.column, part.attrib["last"])


def _encoded(text: str) -> str:
    return _ESCAPE.sub(lambda match: match[0].lower(), quote(text, safe=""))
