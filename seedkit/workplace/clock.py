"""The clock: the real one, and the one that can be fixed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from seedkit.errors import UsageError

EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"  # the common way to fix the clock of a reproducible build


def utc_now() -> datetime:
    """Return the present moment, for the local environment's own clock."""
    return datetime.now(UTC)


def read_clock(variables: Mapping[str, str]) -> datetime:
    """Return the present moment, or the one that SOURCE_DATE_EPOCH gives in seconds."""
    given = variables.get(EPOCH_VARIABLE)
    if given is None:
        return utc_now()
    try:
        return datetime.fromtimestamp(int(given), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"{EPOCH_VARIABLE} is {given!r}, and must be a whole number of seconds since 1970."
        ) from None
