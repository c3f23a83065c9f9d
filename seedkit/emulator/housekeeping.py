"""Admin routes about a served environment as a whole: snapshots, reset, its last requests."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from seedkit.emulator.admin import AdminCall, AdminError, AdminRoute
from seedkit.emulator.storage import files
from seedkit.errors import SeedkitError

CONFLICT = 409


def _about(call: AdminCall) -> Any:
    database = call.host.database
    return {"database": str(database if files.is_memory(database) else database.resolve())}


def _requests(call: AdminCall) -> Any:
    entries = list(call.host.log.entries)
    wanted = call.options.get("last", str(len(entries)))
    if not wanted.isascii() or not wanted.isdecimal():
        raise AdminError(400, "`last` must be a whole number.")
    return [asdict(entry) for entry in entries[max(0, len(entries) - int(wanted)) :]]


def _forget_requests(call: AdminCall) -> None:
    call.host.log.entries.clear()


def _list(call: AdminCall) -> Any:
    return call.host.snapshots.names()


def _make(call: AdminCall) -> Any:
    try:
        call.host.snapshots.make(call.parts["name"], call.host.connection)
    except SeedkitError as error:
        raise AdminError(400, error.message) from None
    return call.host.snapshots.names()


def _delete(call: AdminCall) -> None:
    try:
        call.host.snapshots.delete(call.parts["name"])
    except SeedkitError as error:
        raise AdminError(404, error.message) from None


def _restore(call: AdminCall) -> None:
    try:
        with call.host.snapshots.opened(call.parts["name"]) as content:
            _check_alone(call)
            call.host.restore(content)
    except SeedkitError as error:
        raise AdminError(404, error.message) from None


def _reset(call: AdminCall) -> None:
    _check_alone(call)
    if not files.is_memory(call.host.database):
        files.remove(call.host.database)
    call.host.service()


def _check_alone(call: AdminCall) -> None:
    """Let go of the database; 409 when another process works with it."""
    call.host.close()
    database: Path = call.host.database
    if not files.is_memory(database) and database.exists() and files.is_in_use(database):
        raise AdminError(CONFLICT, f"Another process has {database} open; stop it first.")


ADMIN_ROUTES = (
    AdminRoute("GET", "/environment", _about, "which database is served here"),
    AdminRoute("GET", "/requests", _requests, "the last requests; ?last=N for fewer"),
    AdminRoute("DELETE", "/requests", _forget_requests, "forget the requests so far"),
    AdminRoute("GET", "/snapshots", _list, "the names of all snapshots"),
    AdminRoute("PUT", "/snapshots/{name}", _make, "make or replace a snapshot"),
    AdminRoute("DELETE", "/snapshots/{name}", _delete, "delete a snapshot"),
    AdminRoute("POST", "/snapshots/{name}/restore", _restore, "go back to a snapshot"),
    AdminRoute("POST", "/reset", _reset, "throw everything away and start afresh"),
)
