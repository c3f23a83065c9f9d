"""Connections: two rows for each, one seen from either end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from seedkit.emulator.errors import ARGUMENT, PlatformError
from seedkit.emulator.rules.model import Change, Rows, Rules

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout

CONNECTION = "connection"
_RELATED = "relatedconnectionid"
_MASTER = "ismaster"
# Which mark the reciprocal row carries is not known: none is given.
_OWN = frozenset({"connectionid", "importsequencenumber", "overriddencreatedon"})


def _check(_session: Session, layout: Layout, rows: Rows) -> None:
    """Mark the rows that a caller makes; both ends are needed [expected]."""
    first, second = layout.position["record1id"], layout.position["record2id"]
    for row in rows:
        if row[first] is None or row[second] is None:
            raise PlatformError(ARGUMENT, "A connection needs the rows at both of its ends.")
        row[layout.position[_MASTER]] = 1


def _pair(session: Session, layout: Layout, rows: Rows) -> None:
    """Store the reciprocal of each new connection."""
    if not session.environment.settings.companion_rows:
        return
    related = layout.position[_RELATED]
    version = session.store.take_versions(len(rows))
    mirrored = []
    for offset, row in enumerate(rows):
        reverse = _reverse(layout, row)
        reverse[0] = session.environment.new_id()
        reverse[layout.position["versionnumber"]] = version + offset
        reverse[related] = row[0]
        mirrored.append(reverse)
    session.store.insert(layout, mirrored)
    session.store.connection.executemany(
        f'UPDATE "{layout.stored}" SET "{_RELATED}" = ? WHERE "{layout.primary_id}" = ?',
        [(reverse[0], row[0]) for reverse, row in zip(mirrored, rows, strict=True)],
    )


def _reverse(layout: Layout, row: list[Any]) -> list[Any]:
    found = [
        row[layout.position[_opposite(name)]] if name not in _OWN else None
        for name in layout.columns
    ]
    found[layout.position[_MASTER]] = 0
    return found


def _opposite(column: str) -> str:
    if column.startswith("record1"):
        return column.replace("record1", "record2", 1)
    return column.replace("record2", "record1", 1) if column.startswith("record2") else column


def _follow(session: Session, change: Change) -> None:
    """Give the other row of a pair what was sent for this one, seen from its end."""
    related = change.before(_RELATED)
    if related is None:
        return
    values = {_opposite(name): change.after(name) for name in _with_tables(change)}
    values["versionnumber"] = session.store.take_versions(1)
    session.store.update(change.layout, related, values)


def _with_tables(change: Change) -> Iterator[str]:
    for name in (*change.sent, "statuscode", "modifiedon", "modifiedby"):
        yield name
        if f"{name}@table" in change.layout.position:
            yield f"{name}@table"


def _take_pair(session: Session, layout: Layout, row_id: str) -> Iterator[tuple[str, str]]:
    query = f'SELECT "{_RELATED}" FROM "{layout.stored}" WHERE "{layout.primary_id}" = ?'
    found = session.store.connection.execute(query, (row_id,)).fetchone()
    if found is not None and found[0] is not None:
        yield layout.name, found[0]


RULES = {
    CONNECTION: Rules(
        creating=(_check,), created=(_pair,), changed=(_follow,), leaving=(_take_pair,)
    )
}
