"""The embedded local environment: a Dataverse Web API over one SQLite file.

    app = create_app(path, clock=clock)      # an ASGI application
    serve(path, port=0, clock=clock)         # the same behind a loopback port
    rows = dump(path)                        # what is in it
    snapshot(path, copy); restore(path, copy)
    reset(path)                              # start afresh

`Path(":memory:")` is an environment without a file. It knows the tables of the shipped schema,
refuses what it does not know, and holds the facts about the platform that the loader relies on.
No part of the loader is used here, nor this there: the two meet over HTTP only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from seedkit.emulator.certificates import Certificate
    from seedkit.emulator.limits.rules import Rules
    from seedkit.emulator.storage.snapshots import Snapshots

__all__ = [
    "certificate",
    "create_app",
    "dump",
    "environment_id",
    "is_in_use",
    "reset",
    "restore",
    "serve",
    "served_at",
    "snapshot",
    "snapshots",
]


def create_app(
    database: Path,
    *,
    clock: Callable[[], datetime],
    page_limit: int | None = None,
    new_id: Callable[[], UUID] | None = None,
    sleep: Callable[[float], Awaitable[None]] | None = None,
    settings: Mapping[str, Any] | None = None,
    faults: Path | Mapping[str, Any] | None = None,
    schema: Path | None = None,
) -> Starlette:
    """Return the ASGI application over a database file, which is created and filled when new.

    `clock` gives aware times in UTC. `page_limit` caps the file's pages, to act out a full disk.
    `new_id` makes ids for rows sent without one; the default counts in the database, so the same
    requests give the same ids. `sleep` waits where time is acted out. `settings` are switches to
    turn, kept in the file; `faults` are rules, as a file or as its content. `schema` is the folder
    of one that was pulled, which the file keeps as well. TargetError when another version made the
    file.
    """
    from seedkit.emulator.app import Surroundings, make_app

    around = Surroundings(clock, page_limit, new_id, faults=_rules(faults))
    if sleep is not None:
        around = replace(around, sleep=sleep)
    app = make_app(database, around)
    if schema is not None:
        _adopt(app, schema)
    if settings:
        _turn(app, settings)
    return app


def _rules(faults: Path | Mapping[str, Any] | None) -> Rules | None:
    if faults is None:
        return None
    import orjson

    from seedkit.emulator.limits.rules import parse_rules, read_rules

    return read_rules(faults) if isinstance(faults, Path) else parse_rules(orjson.dumps(faults))


def _adopt(app: Starlette, schema: Path) -> None:
    from seedkit.schema.saved import read_schema

    app.state.host.adopt_schema(read_schema(schema))


def _turn(app: Starlette, settings: Mapping[str, Any]) -> None:
    import orjson

    from seedkit.emulator.settings import changed

    host = app.state.host
    host.change_settings(changed(host.settings, orjson.dumps(settings)))


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
    from seedkit.emulator.storage import files

    files.remove(database)


def snapshot(database: Path, target: Path) -> None:
    """Copy an environment's file as it is between two transactions, also while it is served.

    UsageError when the file is no environment.
    """
    from seedkit.emulator.storage import snapshots

    snapshots.snapshot(database, target)


def restore(database: Path, source: Path) -> None:
    """Put another environment's file in the place of an environment's file, all of it or nothing.

    Nothing else may have the file open. UsageError when the source is no environment.
    """
    from seedkit.emulator.storage import snapshots

    with snapshots.open_copy(source) as content:
        snapshots.restore(database, content)


def snapshots(database: Path) -> Snapshots:
    """Return the named snapshots that are kept beside an environment's file."""
    from seedkit.emulator.storage.snapshots import Snapshots

    return Snapshots(database)


def certificate(folder: Path, *, now: datetime) -> Certificate:
    """Return a certificate for loopback addresses, kept in a folder and renewed when it ends."""
    from seedkit.emulator.certificates import ensure_certificate

    return ensure_certificate(folder, now)


def served_at(database: Path) -> tuple[str, str | None] | None:
    """Return where a file's server said that it answers, and the authority of its certificate.

    None when none did; it may have died since.
    """
    from seedkit.emulator.storage.files import read_note

    return read_note(database)


def serve(
    *databases: Path,
    port: int,
    clock: Callable[[], datetime],
    on_ready: Callable[..., None] | None = None,
    tls: Certificate | None = None,
    on_request: Callable[[object], None] | None = None,
    settings: Mapping[str, Any] | None = None,
    faults: Path | Mapping[str, Any] | None = None,
    schema: Path | None = None,
) -> None:
    """Serve on 127.0.0.1 and ::1 until interrupted; port 0 picks a free one.

    Each further database takes the next port. `on_ready` is called with one base address per
    database once requests are taken, `on_request` with each answered request, whose text is one
    line. UsageError when a port can't be used.
    """
    from seedkit.emulator.serving import run

    apps = [
        create_app(x, clock=clock, settings=settings, faults=faults, schema=schema)
        for x in databases
    ]
    for app in apps:
        app.state.host.log.listener = on_request
    run(apps, port, tls, on_ready)
