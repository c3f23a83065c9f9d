"""Cases: their number, which states follow which, what a resolved one refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedkit.emulator.errors import (
    BAD_TRANSITION,
    CHILD_OF_CHILD,
    PARENT_AS_CHILD,
    READ_ONLY,
    UNKNOWN_FAULT,
    PlatformError,
)
from seedkit.emulator.rules.model import Change, Rows, Rules
from seedkit.emulator.rules.numbers import give_numbers

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout

CASE = "incident"
_PARENT = "parentcaseid"
RESOLUTION = "incidentresolution"
ACTIVE, RESOLVED, CANCELLED = 0, 1, 2

# A case that isn't active takes a new state and a new owner, nothing else [expected].
_FREE = frozenset({"statecode", "statuscode", "ownerid"})


def _check_parents(session: Session, layout: Layout, rows: Rows) -> None:
    """Refuse a case below a child case, or above one's own: there is one level [documented]."""
    place, key = layout.position[_PARENT], f'"{layout.primary_id}"'
    for row in rows:
        if row[place] is None:
            continue
        above = f'SELECT 1 FROM "{layout.stored}" WHERE {key} = ? AND {_PARENT} IS NOT NULL'
        if session.store.connection.execute(above, (row[place],)).fetchone() is not None:
            raise PlatformError(CHILD_OF_CHILD, "You can't create child cases for child cases.")
        below = f'SELECT 1 FROM "{layout.stored}" WHERE {_PARENT} = ?'
        if session.store.connection.execute(below, (row[0],)).fetchone() is not None:
            raise PlatformError(PARENT_AS_CHILD, "You can't add a parent case as a child case.")


def _complete(session: Session, layout: Layout, rows: Rows) -> None:
    _check_parents(session, layout, rows)
    give_numbers(session, layout, rows, "ticketnumber", "CAS-{:05d}-{}")
    customer = layout.position["customerid"]
    for row in rows:
        _show_customer(layout, row, customer)


def _show_customer(layout: Layout, row: list[object], customer: int) -> None:
    """Repeat the customer in the column of its own table [expected]."""
    for table in ("account", "contact"):
        index = layout.position.get(f"{table}id")
        if index is not None:
            row[index] = row[customer] if row[customer + 1] == table else None


def _change(session: Session, change: Change) -> None:
    if change.sets(_PARENT):
        _check_parents(session, change.layout, [change.new])
    before, after = change.before("statecode"), change.after("statecode")
    if before != after:
        _check_transition(before, after)
    elif before != ACTIVE and change.sent - _FREE:
        raise PlatformError(READ_ONLY, "The case is resolved or cancelled and can't be changed.")
    _show_customer(change.layout, change.new, change.layout.position["customerid"])


def _check_transition(before: int, after: int) -> None:
    if after == RESOLVED:
        # Observed: the text is the platform's answer to such an update.
        raise PlatformError(
            UNKNOWN_FAULT,
            "This message can not be used to set the state of incident to Resolved. In order to "
            "set state of incident to Resolved, use the CloseIncidentRequest message instead.",
        )
    if ACTIVE not in (before, after):
        raise PlatformError(BAD_TRANSITION, f"A case can't go from state {before} to {after}.")


RULES = {CASE: Rules(creating=(_complete,), changing=(_change,))}
