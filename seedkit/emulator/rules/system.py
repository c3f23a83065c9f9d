"""Rows without which an environment can't run: they are switched off, never deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedkit.emulator.errors import NO_DELETE, UNFINISHED_JOB, PlatformError
from seedkit.emulator.rules.model import Rules

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout

_COMPLETED = 3  # the state of jobs that have ended


def _refuse(_session: Session, layout: Layout, _row_id: str) -> None:
    raise PlatformError(NO_DELETE, f"The 'Delete' method does not support '{layout.name}' rows.")


def _keep_base_currency(session: Session, _layout: Layout, row_id: str) -> None:
    if row_id == session.environment.base_currency:
        raise PlatformError(NO_DELETE, "The base currency of the organization can't be deleted.")


def _keep_unfinished(session: Session, layout: Layout, row_id: str) -> None:
    row = session.store.row(layout, row_id)
    if row is not None and row[layout.position["statecode"]] != _COMPLETED:
        raise PlatformError(
            UNFINISHED_JOB, "Cannot delete async operation unless it is in Completed state."
        )


# That users and the organization have no Delete message is documented; code and status of the
# refusal are inferred. That the base currency stays is expected. The refusal of jobs is documented,
# its status is inferred.
RULES = {
    "organization": Rules(deleting=(_refuse,)),
    "systemuser": Rules(deleting=(_refuse,)),
    "asyncoperation": Rules(deleting=(_keep_unfinished,)),
    "transactioncurrency": Rules(deleting=(_keep_base_currency,)),
}
