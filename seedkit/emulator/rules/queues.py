"""Queue items: a row lies in one queue at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedkit.emulator.errors import DUPLICATE_ID, PlatformError
from seedkit.emulator.rules.model import Change, Rows, Rules, new_values

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout

QUEUE = "queue"
QUEUE_ITEM = "queueitem"


def _complete(session: Session, layout: Layout, rows: Rows) -> None:
    """Stamp the time of entering; refuse a second active item of one row [expected]."""
    seen: set[str] = set()
    for row in rows:
        row[layout.position["enteredon"]] = session.now
        _show_object(layout, row)
        item, row_id, state = new_values(layout, row, layout.primary_id, "objectid", "statecode")
        if state == 0 and row_id is not None:
            if row_id in seen or active_item(session, layout, row_id, item) is not None:
                raise PlatformError(DUPLICATE_ID, "The row lies in a queue already.")
            seen.add(row_id)


def _show_object(layout: Layout, row: list[object]) -> None:
    worker, since = layout.position["workerid"], layout.position.get("workeridmodifiedon")
    if since is not None and row[worker] is not None and row[since] is None:
        row[since] = row[layout.position["enteredon"]]


def active_item(session: Session, layout: Layout, row_id: str, besides: str) -> str | None:
    """Return the active queue item of a row other than one given, None when there is none."""
    query = (
        f'SELECT "{layout.primary_id}" FROM "{layout.stored}" WHERE objectid = ? '
        f'AND statecode = 0 AND "{layout.primary_id}" <> ?'
    )
    found = session.store.connection.execute(query, (row_id, besides)).fetchone()
    return None if found is None else str(found[0])


def _move(session: Session, change: Change) -> None:
    if change.sets("queueid"):
        change.put("enteredon", session.now)
    if change.sets("workerid") and "workeridmodifiedon" in change.layout.position:
        change.put("workeridmodifiedon", session.now)


RULES = {QUEUE_ITEM: Rules(creating=(_complete,), changing=(_move,))}
