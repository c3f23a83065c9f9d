"""Associating and disassociating rows of a many-to-many relationship.

Pairs have an id of their own but no other column that a client could set, so they can't be
written as rows are.
"""

from __future__ import annotations

import sqlite3

from seedkit.emulator.errors import (
    DUPLICATE_ID,
    METHOD,
    MISSING_ROW,
    PlatformError,
    missing_row,
)
from seedkit.emulator.session import Session
from seedkit.emulator.storage.layout import VERSION, Layout
from seedkit.emulator.storage.pairs import Link


def associate(session: Session, link: Link, near_id: str, far_id: str) -> None:
    """Pair two rows; 404 when one is missing, 412 when they are paired already.

    The code for a pair that exists is expected, its status inferred from other duplicates.
    """
    layouts, store = session.environment.layouts, session.store
    for side, row_id in ((link.near, near_id), (link.far, far_id)):
        if store.missing(layouts[side.table], [row_id]):
            raise missing_row(side.table, row_id)
    intersect = layouts[link.relationship.intersect]
    values = {
        intersect.primary_id: session.environment.new_id(),
        link.near.column: near_id,
        link.far.column: far_id,
        VERSION: store.take_versions(1),
    }
    try:
        store.insert(intersect, [[values.get(name) for name in intersect.columns]])
    except sqlite3.IntegrityError:
        raise PlatformError(DUPLICATE_ID, "Cannot insert duplicate key.") from None


def disassociate(session: Session, link: Link, near_id: str, far_id: str) -> None:
    """Undo a pair; the two rows stay. 404 when there is no such pair."""
    query = (
        f'DELETE FROM "{link.relationship.intersect}" '
        f'WHERE "{link.near.column}" = ? AND "{link.far.column}" = ?'
    )
    if session.store.connection.execute(query, (near_id, far_id)).rowcount == 0:
        raise PlatformError(
            MISSING_ROW, f"{link.far.table} {far_id} is not associated with {near_id}."
        )


def refuse_direct(layout: Layout, message: str) -> None:
    """Refuse to write a pair as if it were a row [expected]; 405."""
    if layout.table.many_to_many is not None:
        raise PlatformError(METHOD, f"The entity {layout.name} does not support {message}.")
