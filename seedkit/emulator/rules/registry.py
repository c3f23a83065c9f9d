"""Which rules hold for which table; a table that isn't named has none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from seedkit.emulator.rules import (
    activities,
    addresses,
    banking,
    cases,
    connections,
    duplicates,
    hierarchy,
    knowledge,
    notes,
    parties,
    queues,
    registrations,
    system,
)
from seedkit.emulator.rules.model import Rules

if TYPE_CHECKING:
    from seedkit.emulator.storage.layout import Layout

_NONE = Rules()
_BY_TABLE: Mapping[str, Rules] = {
    **activities.RULES,
    **addresses.RULES,
    **banking.RULES,
    **cases.RULES,
    **connections.RULES,
    **duplicates.RULES,
    **hierarchy.RULES,
    **knowledge.RULES,
    **notes.RULES,
    **parties.RULES,
    **queues.RULES,
    **registrations.RULES,
    **system.RULES,
}


def rules_of(layout: Layout) -> Rules:
    """Return the rules of a table; every activity has those of activities."""
    own = _BY_TABLE.get(layout.name, _NONE)
    if activities.is_activity(layout.table):
        return activities.COMMON + own
    return own
