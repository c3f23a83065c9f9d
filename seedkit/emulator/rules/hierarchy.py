"""Rows that are parents of each other: an account can't stand above itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedkit.emulator.errors import LOOP, PlatformError
from seedkit.emulator.rules.model import Change, Rows, Rules, new_values

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout

_ACCOUNT, _PARENT = "account", "parentaccountid"
_ABOVE = f"""
    WITH RECURSIVE above (id) AS (
        SELECT ?
        UNION
        SELECT a.{_PARENT} FROM {_ACCOUNT} a JOIN above ON a.accountid = above.id
        WHERE a.{_PARENT} IS NOT NULL
    )
    SELECT 1 FROM above WHERE id = ?
"""


def _refuse_loop(session: Session, row_id: str, parent_id: str | None) -> None:
    """Refuse a parent that is the row itself or stands below it; the code is documented."""
    if parent_id is None:
        return
    if session.store.connection.execute(_ABOVE, (parent_id, row_id)).fetchone() is not None:
        raise PlatformError(
            LOOP, "Creating this parental association would create a loop in Accounts hierarchy."
        )


def _creating(session: Session, layout: Layout, rows: Rows) -> None:
    parent = layout.position[_PARENT]
    for row in rows:
        _refuse_loop(session, row[0], row[parent])


def _changing(session: Session, change: Change) -> None:
    if change.sets(_PARENT):
        _refuse_loop(session, *new_values(change.layout, change.new, "accountid", _PARENT))


RULES = {_ACCOUNT: Rules(creating=(_creating,), changing=(_changing,))}
