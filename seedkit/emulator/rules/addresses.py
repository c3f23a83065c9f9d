"""Addresses of customers: those that lie in the customer's own columns stay with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedkit.emulator.errors import NO_DELETE, PlatformError
from seedkit.emulator.rules.model import Rules
from seedkit.emulator.rules.views import ADDRESS

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout


def _keep_own(session: Session, layout: Layout, row_id: str) -> None:
    """Refuse to delete what is stored in the customer's columns; code and status are inferred."""
    query = f'SELECT 1 FROM "{layout.stored}" WHERE "{layout.primary_id}" = ?'
    if session.store.connection.execute(query, (row_id,)).fetchone() is None:
        raise PlatformError(NO_DELETE, "A customer's own addresses can't be deleted.")


RULES = {ADDRESS: Rules(deleting=(_keep_own,))}
