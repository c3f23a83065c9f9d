"""What a change of owner does to the rows below: they change hands as their relationships say.

Which children follow is documented per behaviour: all of them, the active ones, or those that the
former owner had. A relationship whose behaviour no source tells leaves its children alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from seedkit.emulator.rules.model import Change
from seedkit.emulator.session import Session
from seedkit.emulator.storage.layout import Layout, is_polymorphic, target_column
from seedkit.emulator.writing.complete import complete_update
from seedkit.emulator.writing.plan import OWNER
from seedkit.schema import Relationship

Store = Callable[[Session, Layout, list[Any], list[Any]], None]

_ACTIVE, _USER_OWNED = "active", "user_owned"
_FOLLOWING = frozenset({"cascade", _ACTIVE, _USER_OWNED})


def assign_children(session: Session, change: Change, store: Store) -> None:
    """Give the rows below a row to its new owner, as deep as that reaches; `store` writes one.

    No privilege is asked for and no rule of the children's tables runs [expected].
    """
    pending = [(change.layout, change.old)]
    seen = {change.new[0]}
    while pending:
        layout, old = pending.pop()
        for child, row in _following(session, layout, old):
            if row[0] in seen:
                continue
            seen.add(row[0])
            given = _given(session, child, row, change)
            if given != row:
                store(session, child, row, given)
            pending.append((child, row))


def _following(
    session: Session, layout: Layout, parent: list[Any]
) -> Iterator[tuple[Layout, list[Any]]]:
    environment = session.environment
    for relationship in environment.catalogue.children[layout.name]:
        behaviour = (relationship.cascade or {}).get("assign")
        child = environment.layouts.get(relationship.child)
        if behaviour not in _FOLLOWING or child is None or OWNER not in child.position:
            continue
        for row in _children(session, child, relationship, parent[0]):
            if behaviour == _ACTIVE and _value(child, row, "statecode"):
                continue
            if behaviour == _USER_OWNED and _owner(child, row) != _owner(layout, parent):
                continue
            yield child, row


def _children(
    session: Session, child: Layout, relationship: Relationship, parent_id: str
) -> list[list[Any]]:
    if relationship.column not in child.position:
        return []
    names = ", ".join(f'"{name}"' for name in child.columns)
    query = f'SELECT {names} FROM "{child.name}" WHERE "{relationship.column}" = ?'
    parameters = [parent_id]
    if is_polymorphic(child.table.columns[relationship.column]):
        query += f' AND "{target_column(relationship.column)}" = ?'
        parameters.append(relationship.parent)
    return [list(row) for row in session.store.connection.execute(query, parameters)]


def _given(session: Session, child: Layout, row: list[Any], change: Change) -> list[Any]:
    given = row.copy()
    for column in (OWNER, target_column(OWNER)):
        if column in child.position:
            given[child.position[column]] = _value(change.layout, change.new, column)
    if given != row:
        plan = session.environment.plan(child.name)
        complete_update(session, plan, row, given, frozenset({OWNER}))
    return given


def _owner(layout: Layout, row: list[Any]) -> Any:
    return _value(layout, row, OWNER)


def _value(layout: Layout, row: list[Any], column: str) -> Any:
    index = layout.position.get(column)
    return None if index is None else row[index]
