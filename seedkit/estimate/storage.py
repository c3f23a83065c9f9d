"""How much a row takes in the database: a rough figure, by the kinds of its values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

ID, NUMBER, CHARACTER = 16, 8, 2  # bytes as SQL Server stores them
PLATFORM = 200  # what the platform adds to each row: owner, creator, times, state, version
INDEXED = 2  # a row's ids, names and keys stand in indexes again, and pages are not full
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+Z?)?")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def stored_bytes(row: Mapping[str, Any]) -> int:
    """Return about how many bytes a row takes, with the platform's own columns and indexes."""
    return INDEXED * (PLATFORM + sum(_bytes(name, value) for name, value in row.items()))


def _bytes(name: str, value: Any) -> int:
    if name.startswith("@odata."):
        return 0
    if name.endswith("@odata.bind"):
        return ID
    if not isinstance(value, str) or _DATE.fullmatch(value):
        return NUMBER
    return ID if _ID.fullmatch(value) else CHARACTER * len(value)
