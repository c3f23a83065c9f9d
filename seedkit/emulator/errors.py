"""Errors as Dataverse words them: a platform code, an HTTP status, a message.

Each kind carries how sure its code and status are: `documented` by Microsoft, `observed` by
third parties, `expected` from general knowledge of the platform, `inferred` by us.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of refusal: platform code, HTTP status and how sure the two are."""

    code: str
    status: int
    sure: str


PAYLOAD = Kind("0x80048d19", 400, "observed")
ADDRESS = Kind("0x80060888", 400, "observed")
RESOURCE = Kind("0x80060888", 404, "observed")
METHOD = Kind("0x80060888", 405, "observed")
TOO_LARGE_BODY = Kind("0x80060888", 413, "inferred")
TOO_LONG_ADDRESS = Kind("0x80060888", 414, "inferred")
UNSUPPORTED = Kind("0x80060888", 501, "inferred")
MISSING_ROW = Kind("0x80040217", 404, "documented")
MISSING_KEY_ROW = Kind("0x80060891", 404, "expected")
UNKNOWN_KEY = Kind("0x80060890", 400, "expected")
DUPLICATE_ID = Kind("0x80040237", 412, "documented")
DUPLICATE_KEY = Kind("0x80060892", 412, "expected")
STALE_VERSION = Kind("0x80060882", 412, "documented")
TEXT_TOO_LONG = Kind("0x80044331", 400, "documented")
OPTION_OUTSIDE = Kind("0x8004431a", 400, "expected")
INTEGER_OUTSIDE = Kind("0x8004432f", 400, "expected")
DECIMAL_OUTSIDE = Kind("0x80044330", 400, "expected")
TOO_MANY_CONDITIONS = Kind("0x8004430c", 400, "expected")
BAD_DATE = Kind("0x80040239", 400, "expected")
BAD_STATUS = Kind("0x80048408", 400, "expected")
REQUIRED = Kind("0x80040200", 400, "expected")
ARGUMENT = Kind("0x80040203", 400, "expected")
LOOP = Kind("0x80040507", 400, "expected")
TOO_BIG = Kind("0x80044a02", 400, "documented")
BAD_IMAGE = Kind("0x80072553", 400, "documented")
NOT_PRIMARY_IMAGE = Kind("0x80090487", 400, "documented")
BAD_ID = Kind("0x80040266", 400, "expected")
EMPTY_CREATE = Kind("0x80047014", 400, "expected")
IN_USE = Kind("0x80040227", 405, "documented")
PLUGIN = Kind("0x80040265", 400, "documented")
READ_ONLY = Kind("0x8004022e", 400, "expected")
BAD_TRANSITION = Kind("0x8004f00e", 400, "expected")
NO_DELETE = Kind("0x80040800", 400, "inferred")
UNKNOWN_FAULT = Kind("0x80040216", 400, "inferred")
CASE_RESOLVED = Kind("0x800404cf", 400, "expected")
# The codes are documented, the status is expected.
CHILD_OF_CHILD = Kind("0x8003f453", 400, "documented")
PARENT_AS_CHILD = Kind("0x8003f455", 400, "documented")
OPEN_ACTIVITIES = Kind("0x8004440a", 400, "expected")
DUPLICATES = Kind("0x80040333", 412, "documented")
BIN_CONFLICT = Kind("0x80044a02", 400, "expected")
BIN_KEY_CONFLICT = Kind("0x80049929", 400, "expected")
BIN_REFERENCE = Kind("0x80049959", 400, "expected")
UNFINISHED_JOB = Kind("0x8004416a", 400, "documented")
DEPENDENCY = Kind("0x8004f01f", 400, "expected")
NAME_TAKEN = Kind("0x80044363", 400, "inferred")
SCHEMA_NAME = Kind("0x8004f002", 400, "inferred")
TOO_MANY_KEYS = Kind("0x80060893", 400, "inferred")
EXPIRED_STAMP = Kind("0x80044352", 400, "expected")
NOT_MEMBER = Kind("0x80072560", 403, "expected")
NO_MESSAGE = Kind("0x80040800", 400, "inferred")
NO_STORAGE = Kind("0x80072325", 503, "expected")
QUERY_TIMEOUT = Kind("0x80044151", 500, "expected")
UNAVAILABLE = Kind("0x80044150", 503, "inferred")


class PlatformError(Exception):
    """A request is refused; becomes the error body of the answer."""

    def __init__(self, kind: Kind, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.headers = headers or {}


def shown(value: Any) -> str:
    """Return a JSON value as an error names it: texts in single quotes, all else as it was sent."""
    return f"'{value}'" if isinstance(value, str) else orjson.dumps(value).decode()


def payload_error(entity_set: str, reason: str) -> PlatformError:
    """Return the error for a body that doesn't fit the table."""
    return PlatformError(
        PAYLOAD,
        f"Error identified in Payload provided by the user for Entity :'{entity_set}', {reason}",
    )


def missing_row(table: str, row_id: str) -> PlatformError:
    """Return the error for a row that isn't there."""
    return PlatformError(MISSING_ROW, f"{table} With Id = {row_id} Does Not Exist")


def unknown_reference(name: str) -> PlatformError:
    """Return the error for a `$n` that stands for no row (yet)."""
    return PlatformError(
        ADDRESS, f"Content-ID Reference: '{name}' does not exist in the batch context."
    )


def unknown_property(table: str, name: str) -> PlatformError:
    """Return the error for a column that a query names and the table lacks."""
    return PlatformError(
        ADDRESS,
        f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{table}'.",
    )


def too_many_conditions() -> PlatformError:
    """Return the error for a query with more conditions than the platform takes."""
    return PlatformError(
        TOO_MANY_CONDITIONS, "Number of conditions in query exceeded maximum limit."
    )


def no_segment(name: str) -> PlatformError:
    """Return the error for an address that leads nowhere."""
    return PlatformError(RESOURCE, f"Resource not found for the segment '{name}'.")


def unsupported(what: str) -> PlatformError:
    """Return the error for what the platform may know and the local environment doesn't."""
    return PlatformError(UNSUPPORTED, f"The local environment does not support {what}.")
