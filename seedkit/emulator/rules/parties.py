"""Parties of activities: who sent, got, attended. Written inside an activity, never alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from seedkit.emulator.errors import REQUIRED, PlatformError
from seedkit.emulator.rules.activities import PARTY, POINTER, is_activity
from seedkit.emulator.rules.model import Rows, Rules
from seedkit.schema import Catalogue, Relationship

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout

# Tables whose rows only exist inside others: written with them or replaced as a whole.
NESTED_ONLY = frozenset({PARTY})


def party_collections(catalogue: Catalogue) -> dict[str, Mapping[str, Relationship]]:
    """Return each kind of activity's collection of parties; the schema knows the general one.

    Their names are documented by example, the names seen from the party are expected.
    """
    if PARTY not in catalogue:
        return {}
    return {
        table.name: {f"{table.name}_activity_parties": _relationship(table.name)}
        for table in catalogue.values()
        if is_activity(table) or table.name == POINTER
    }


def _relationship(activity: str) -> Relationship:
    name = f"{activity}_activity_parties"
    return Relationship(
        child=PARTY,
        column="activityid",
        parent=activity,
        bind=f"activityid_{activity}",
        name=name,
        collection=name,
        cascade={"delete": "cascade"},
    )


def _check(_session: Session, layout: Layout, rows: Rows) -> None:
    if any(row[layout.position["participationtypemask"]] is None for row in rows):
        raise PlatformError(REQUIRED, "A required value is missing: 'participationtypemask'.")


RULES = {PARTY: Rules(creating=(_check,))}
