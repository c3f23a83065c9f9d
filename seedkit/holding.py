"""One process at a time works on a run.

A lock on a small file beside the ledger says that somebody does; the ledger says who. The lock is
the operating system's, so a process that has died holds nothing.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from seedkit.errors import LedgerError, RunHeldError
from seedkit.ledger import Holder, Ledger
from seedkit.private import make_private_file

FOLDER = "locks"
_NO_FOLDER = "Check the folder's rights and free space, or choose another with SEEDKIT_HOME."


@contextlib.contextmanager
def held(ledger: Ledger, run_id: str, holder: Holder) -> Iterator[None]:
    """Keep other processes of this machine away from a run; RunHeldError when one works on it."""
    file = ledger.path.parent / FOLDER / f"{run_id}.lock"
    try:
        make_private_file(file)
        # SQLite's lock is the same on every system, and is gone with its process.
        lock = sqlite3.connect(file, timeout=0, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise LedgerError(f"The file {file} can't be used ({error}).", _NO_FOLDER) from error
    with contextlib.closing(lock):
        try:
            lock.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise LedgerError(f"The file {file} is no use ({error}).", _NO_FOLDER) from error
            raise _held(run_id, ledger.holder(run_id)) from None
        ledger.set_holder(run_id, holder)
        yield


def _held(run_id: str, holder: Holder | None) -> RunHeldError:
    who = "Another process"
    if holder is not None:
        who = f"Process {holder.process} on {holder.machine} ({holder.command})"
    since = "" if holder is None else f", since {holder.since}"
    return RunHeldError(
        f"{who} works on run {run_id}{since}.",
        "Wait until it is done, or end it; what it has done is kept.",
    )
