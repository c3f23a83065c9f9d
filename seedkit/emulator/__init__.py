"""The embedded local environment: a Dataverse Web API over one SQLite file.

    app = create_app(path, clock=clock)      # an ASGI application
    serve(path, port=0, clock=clock)         # the same behind a loopback port
    rows = dump(path)                        # what is in it
    reset(path)                              # start afresh

It knows the tables of the shipped schema, refuses what it does not know, and holds the facts
about the platform that the loader relies on. No part of the loader is used here, nor this there:
the two meet over HTTP only.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from starlette.applications import Starlette

__all__ = ["create_app", "dump", "environment_id", "is_in_use", "reset", "serve"]


def create_app(
    database: Path,
    *,
    clock: Callable[[], datetime],
    page_limit: int | None = None,
    new_id: Callable[[], UUID] | None = None,
) -> Starlette:
    """Return the ASGI application over a database file, which is created and filled when new.

    `clock` gives aware times in UTC. `page_limit` caps the file's pages, to act out a full disk.
    `new_id` makes ids for rows sent without one; the default counts in the database, so the same
    requests give the same ids. TargetError when another version made the file.
    """
    from seedkit.emulator.app import make_app

    return make_app(database, clock, page_limit, new_id)


def dump(database: Path) -> dict[str, list[dict[str, object]]]:
    """Return every row of every table with all stored columns, ordered by id.

    A lookup with several targets has a second column `name@table`. Opens the file read-only.
    """
    from seedkit.emulator.storage.files import read_all

    return read_all(database)


def environment_id(database: Path) -> str | None:
    """Return the id of the environment in a file; None when there is none in it."""
    from seedkit.emulator.storage import files

    return files.environment_id(database)


def is_in_use(database: Path) -> bool:
    """Tell whether another process has the environment's file open."""
    from seedkit.emulator.storage import files

    return files.is_in_use(database)


def reset(database: Path) -> None:
    """Remove the database file, so that the next opening makes a fresh environment."""
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def serve(
    database: Path,
    *,
    port: int,
    clock: Callable[[], datetime],
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve on 127.0.0.1 until interrupted; port 0 picks a free one.

    `on_ready` is called with the base address once requests are taken.
    """
    from seedkit.emulator.serving import run

    run(create_app(database, clock=clock), port, on_ready)
