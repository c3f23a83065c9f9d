"""Rows that the platform writes by itself, beyond what a caller may do."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from seedkit.emulator.errors import (
    DUPLICATE_ID,
    DUPLICATE_KEY,
    PlatformError,
    missing_row,
    payload_error,
)
from seedkit.emulator.rules.registry import rules_of
from seedkit.emulator.session import Session
from seedkit.emulator.storage.layout import VERSION, Layout
from seedkit.emulator.writing.complete import complete_new, template
from seedkit.emulator.writing.fill import Body, fill_new
from seedkit.schema import Relationship


def make_row(
    session: Session, layout: Layout, values: Mapping[str, Any], body: Body | None = None
) -> str:
    """Store a row of any table and return its id.

    `values` are physical columns that the platform sets; `body` is what a caller sent, which may
    hold no rows of its own.
    """
    plan = session.environment.plan(layout.name)
    row = template(session, plan)
    if body and fill_new(session, plan, row, body):
        raise payload_error(layout.entity_set, "it can't hold other rows.")
    session.check_wanted()
    for name, value in values.items():
        row[layout.position[name]] = value
    complete_new(session, plan, [row])
    rules = rules_of(layout)
    for fill in rules.creating:
        fill(session, layout, [row])
    try:
        session.store.insert(layout, [row])
    except sqlite3.IntegrityError:
        raise PlatformError(
            DUPLICATE_ID, "A record with matching key values already exists."
        ) from None
    for follow in rules.created:
        follow(session, layout, [row])
    return str(row[0])


def set_columns(session: Session, layout: Layout, row_id: str, values: Mapping[str, Any]) -> None:
    """Set physical columns of a stored row as a change by the caller; no rule is asked."""
    stamps = {"modifiedon": session.now, "modifiedby": session.caller}
    known = {name: value for name, value in stamps.items() if name in layout.position}
    version = session.store.take_versions(1)
    try:
        session.store.update(layout, row_id, {**known, **values, VERSION: version})
    except sqlite3.IntegrityError:
        raise PlatformError(
            DUPLICATE_KEY, f"Entity Key violated: a record of {layout.name} has the same key."
        ) from None


def add_nested(
    session: Session, relationship: Relationship, parent_id: str, bodies: Sequence[Any]
) -> None:
    """Store rows that only exist inside another one."""
    child = session.environment.layouts[relationship.child]
    for body in bodies:
        if not isinstance(body, Mapping) or not body:
            raise payload_error(child.entity_set, "it must be an object with columns.")
        make_row(session, child, {relationship.column: parent_id}, body)


def replace_nested(
    session: Session, relationship: Relationship, parent_id: str, bodies: Any
) -> None:
    """Put new rows in the place of all that a caller gave another row before."""
    child = session.environment.layouts[relationship.child]
    parent = session.environment.layouts[relationship.parent]
    if not isinstance(bodies, list):
        raise payload_error(child.entity_set, "the body must hold a list of rows under 'value'.")
    if not session.store.has(parent, parent_id):
        raise missing_row(parent.name, parent_id)
    query = f'DELETE FROM "{child.stored}" WHERE "{relationship.column}" = ?'
    session.store.connection.execute(query, (parent_id,))
    add_nested(session, relationship, parent_id, bodies)
    if parent.stored is not None:
        set_columns(session, parent, parent_id, {})
