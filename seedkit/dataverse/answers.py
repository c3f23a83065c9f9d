"""What answers mean for what comes next: which pass, which are about size, which end a run.

Codes and messages are those of the platform's list of errors and of Microsoft's pages on
service protection and on plug-in errors.
"""

from __future__ import annotations

from seedkit.errors import ConnectionFailedError, ServiceError

THROTTLED = 429
UNAVAILABLE = 503
# Transient by Microsoft's own client: throttled, bad gateway, unavailable, gateway time-out.
TRANSIENT = frozenset({THROTTLED, 502, UNAVAILABLE, 504})
FORBIDDEN = 403
NOT_FOUND = 404
TOO_LARGE = 413
# What a query is answered of a table that is not for queries, or not for this one, or this account.
UNREADABLE = frozenset({400, FORBIDDEN, NOT_FOUND, 405, 501})

TOO_MANY_AT_ONCE = "0x80072326"
STORAGE_FULL = "0x80072325"
NO_SUCH_ADDRESS = "0x80060888"
GENERIC_SQL_ERROR = "0x80044150"
LOCK_REFUSED = "0x80044339"
SQL_TIMEOUT = "0x80044151"
UNEXPECTED = "0x80040216"
# A plug-in's two minutes, told by the sandbox's client, host, worker, and by the worker's watch.
PLUGIN_TIMEOUTS = frozenset({"0x80044171", "0x80044172", "0x80044173", "0x80081111"})


def is_deadlock(error: ServiceError) -> bool:
    """Tell whether a transaction lost against another one: undone, and worth the same again."""
    if error.code == LOCK_REFUSED:
        return True
    return error.code == GENERIC_SQL_ERROR and "deadlock" in error.reason.lower()


def asks_for_less(error: ServiceError) -> bool:
    """Tell whether a smaller request would help: too large, too long for SQL or a plug-in."""
    if error.status == TOO_LARGE or error.code == SQL_TIMEOUT or error.code in PLUGIN_TIMEOUTS:
        return True
    return error.code == UNEXPECTED and "message size exceeded" in error.reason.lower()


def took_too_long(error: ServiceError | ConnectionFailedError) -> bool:
    """Tell whether the answer did not come in time; what was done is then not known."""
    if isinstance(error, ServiceError):
        return error.status == 504
    return isinstance(error.__cause__, TimeoutError) or "Timeout" in type(error.__cause__).__name__


def leaves_unknown(error: ServiceError) -> bool:
    """Tell whether an answer says nothing of what was done; below 400 it could not be read."""
    return error.status in TRANSIENT or error.status < 400


def is_missing_address(error: ServiceError) -> bool:
    """Tell whether the table or message itself is gone, and not a row."""
    return error.status == NOT_FOUND and error.code == NO_SUCH_ADDRESS


def stops_the_run(error: ServiceError) -> bool:
    """Tell whether every other request would fare no better."""
    return (
        error.status in {FORBIDDEN, THROTTLED}
        or error.code == STORAGE_FULL
        or is_missing_address(error)
    )
