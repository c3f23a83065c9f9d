"""The environment's own row among the settings of the recycle bin, which follows the switch.

That the row bears the name of the organisation's table is observed; what the columns mean is
documented.
"""

from __future__ import annotations

from seedkit.emulator.content.ids import ORGANIZATION, Content, content_id
from seedkit.emulator.settings import Settings
from seedkit.emulator.storage.store import Store

_TABLE, _NAME = "recyclebinconfig", "organization"
_INACTIVE, _INACTIVE_REASON = 1, 2


def recycle_bin(_store: Store) -> Content:
    """Yield the row of an environment without a recycle bin."""
    values = {
        "name": _NAME,
        "statecode": _INACTIVE,
        "statuscode": _INACTIVE_REASON,
        "isreadyforrecyclebin": 0,
        "organizationid": ORGANIZATION,
    }
    yield _TABLE, _NAME, values


def follow_switch(store: Store, settings: Settings) -> None:
    """Let the row tell whether there is a recycle bin, and for how many days it keeps rows."""
    on = settings.recycle_bin
    store.connection.execute(
        "UPDATE recyclebinconfig SET statecode = ?, statuscode = ?, isreadyforrecyclebin = ?, "
        "cleanupintervalindays = ? WHERE recyclebinconfigid = ?",
        (
            0 if on else _INACTIVE,
            1 if on else _INACTIVE_REASON,
            int(on),
            settings.recycle_bin_days if on else None,
            content_id(_TABLE, _NAME),
        ),
    )
