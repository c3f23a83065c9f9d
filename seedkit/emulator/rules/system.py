"""Rows without which an environment can't run: they are switched off, never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedkit.emulator.errors import NO_DELETE, PlatformError
from seedkit.emulator.rules.model import Rules

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout


def _refuse(_session: Session, layout: Layout, _row_id: str) -> None:
    raise PlatformError(NO_DELETE, f"The 'Delete' method does not support '{layout.name}' rows.")


def _keep_base_currency(session: Session, _layout: Layout, row_id: str) -> None:
    if row_id == session.environment.base_currency:
        raise PlatformError(NO_DELETE, "The base currency of the organization can't be deleted.")


# That users and the organization have no Delete message is documented; code and status of the
# refusal are inferred. That the base currency stays is expected.
RULES = {
    "organization": Rules(deleting=(_refuse,)),
    "systemuser": Rules(deleting=(_refuse,)),
    "transactioncurrency": Rules(deleting=(_keep_base_currency,)),
}
