"""Rows that the environment writes by itself, past the rules for clients."""

from __future__ import annotations

from typing import Any

from seedkit.emulator.session import Session
from seedkit.emulator.storage.layout import VERSION
from seedkit.emulator.writing.complete import complete_new, template


def add_row(session: Session, table: str, **values: Any) -> str:
    """Write a row with the platform's own columns filled in; return its id."""
    plan = session.environment.plan(table)
    row = template(session, plan)
    for name, value in values.items():
        row[plan.layout.position[name]] = value
    complete_new(session, plan, [row])
    session.store.insert(plan.layout, [row])
    return str(row[0])


def change_row(session: Session, table: str, row_id: str, **values: Any) -> None:
    """Set columns of a row."""
    layout = session.environment.layouts[table]
    values[VERSION] = session.store.take_versions(1)
    values["modifiedon"] = session.now
    session.store.update(layout, row_id, values)


def read_row(session: Session, table: str, row_id: str) -> dict[str, Any] | None:
    """Return a row by column, None when there is none."""
    layout = session.environment.layouts[table]
    row = session.store.row(layout, row_id)
    return None if row is None else dict(zip(layout.columns, row, strict=True))
