"""The fixed ids of the first content, and the moment and versions it is dated by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any
from uuid import uuid5

from seedkit.emulator.storage.store import IDS

DEPLOYED_ON = "2024-05-01T08:00:00Z"
SOLUTION_VERSION = "1.4.0.0"
PLATFORM_VERSION = "9.2.24051.00193"
CALLER_ADDRESS = "robin.hale@bank.example"

# One row of the first content: its table, a name that gives it its id, and its values.
Content = Iterable[tuple[str, str, Mapping[str, Any]]]


@lru_cache(maxsize=2048)  # roles name each privilege again: half of the time that this took
def content_id(table: str, name: str) -> str:
    """Return the fixed id of a row of the first content."""
    return str(uuid5(IDS, f"{table} {name}"))


ORGANIZATION = content_id("organization", "local")
BUSINESS_UNIT = content_id("businessunit", "root")
CALLER = content_id("systemuser", CALLER_ADDRESS)
BASE_CURRENCY = content_id("transactioncurrency", "USD")
