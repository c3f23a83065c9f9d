"""Activities: their type, how long they take, what completing and cancelling them does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from seedkit.emulator.errors import DUPLICATE_ID, METHOD, READ_ONLY, PlatformError
from seedkit.emulator.rules.model import Change, Rows, Rules

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout
    from seedkit.schema import Table

POINTER = "activitypointer"
PARTY = "activityparty"

_OPEN, _COMPLETED, _CANCELED = 0, 1, 2
_TYPE = "activitytypecode"
# A closed activity takes a new state and a new owner, nothing else [expected].
_FREE = frozenset({"statecode", "statuscode", "ownerid"})


def is_activity(table: Table) -> bool:
    """Tell whether a table is a kind of activity: all of them share one key."""
    return table.primary_id == "activityid" and table.name != POINTER


def _refuse_taken(session: Session, layout: Layout, rows: Rows) -> None:
    """Refuse the id of another kind of activity: the kinds share one key [expected]."""
    ids = [row[0] for row in rows]
    filled = session.store.filled()
    for other in session.environment.layouts.values():
        if other.name == layout.name or other.name not in filled or not is_activity(other.table):
            continue
        if len(session.store.missing(other, ids)) < len(ids):
            raise PlatformError(DUPLICATE_ID, "Cannot insert duplicate key.")


def _complete(_session: Session, layout: Layout, rows: Rows) -> None:
    kind = layout.position.get(_TYPE)
    for row in rows:
        if kind is not None:
            row[kind] = layout.name
        _set_length(layout, row, "scheduled")
        _set_length(layout, row, "actual")


def _set_length(layout: Layout, row: list[Any], which: str) -> None:
    """Work out the minutes between start and end where both are told [expected]."""
    start, end, minutes = (
        layout.position.get(f"{which}{part}") for part in ("start", "end", "durationminutes")
    )
    if start is None or end is None or minutes is None:
        return
    if row[start] is not None and row[end] is not None:
        row[minutes] = minutes_between(row[start], row[end])


def minutes_between(start: str, end: str) -> int:
    """Return the whole minutes between two stored timestamps."""
    passed = datetime.fromisoformat(end) - datetime.fromisoformat(start)
    return int(passed.total_seconds()) // 60


def _refuse_closed(_session: Session, change: Change) -> None:
    if change.before("statecode") not in (_COMPLETED, _CANCELED):
        return
    reopened = change.after("statecode") not in (_COMPLETED, _CANCELED)
    if not reopened and change.sent - _FREE:
        raise PlatformError(
            READ_ONLY,
            f"The {change.layout.name} is completed or cancelled and can't be changed.",
        )


def _close(session: Session, change: Change) -> None:
    """Set the actual end when an activity is closed, empty it when it is reopened [expected]."""
    if change.sets("statecode") and "actualend" not in change.sent:
        closed = change.after("statecode") in (_COMPLETED, _CANCELED)
        if closed and change.after("actualend") is None:
            change.put("actualend", session.now)
        elif not closed and change.after("statecode") == _OPEN:
            change.put("actualend", None)
    _set_length(change.layout, change.new, "scheduled")
    _set_length(change.layout, change.new, "actual")


def _refuse_general(_session: Session, layout: Layout, _row_id: str) -> None:
    raise _only_concrete(layout)


def _refuse_general_change(_session: Session, change: Change) -> None:
    raise _only_concrete(change.layout)


def _only_concrete(layout: Layout) -> PlatformError:
    # That the general table can't be created is documented, the rest is inferred from it.
    return PlatformError(METHOD, f"{layout.name} is only read: write the activity itself.")


def take_parties(session: Session, _layout: Layout, row_id: str) -> Iterator[tuple[str, str]]:
    """Yield the parties of an activity, which go with it [expected]."""
    parties = session.store.layouts.get(PARTY)
    if parties is not None:
        query = f'SELECT "{parties.primary_id}" FROM "{parties.stored}" WHERE activityid = ?'
        for (party_id,) in session.store.connection.execute(query, (row_id,)):
            yield PARTY, party_id


def mark_deleted_parties(session: Session, rows: Iterable[tuple[str, str]]) -> None:
    """Mark the parties that stood for deleted rows; they keep naming them [expected]."""
    parties = session.store.layouts.get(PARTY)
    if parties is None:
        return
    targets = parties.table.columns["partyid"].targets or {}
    gone = [(row_id, table) for table, row_id in rows if table in targets]
    if not gone:
        return
    session.store.connection.executemany(
        f'UPDATE "{parties.stored}" SET ispartydeleted = 1 '
        'WHERE partyid = ? AND "partyid@table" = ?',
        gone,
    )


COMMON = Rules(
    creating=(_refuse_taken, _complete),
    changing=(_refuse_closed, _close),
    leaving=(take_parties,),
)
RULES = {POINTER: Rules(changing=(_refuse_general_change,), deleting=(_refuse_general,))}
