"""What the banking solutions' plug-ins refuse: groups and their members [read in their source]."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from seedkit.emulator.errors import PLUGIN, PlatformError
from seedkit.emulator.rules.model import Change, Rows, Rules, new_values

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout

_UNCHECKED = ("msfsi_GroupAdd", "msfsi_GroupUpdate")  # actions that see to it themselves
_MEMBERSHIP = ("msfsi_groupmemberid", "msfsi_member", "msfsi_group", "msfsi_isprimarygroup")


def _one_primary_group(session: Session, layout: Layout, rows: Rows) -> None:
    """Refuse a second primary membership of one member in groups of one type.

    The real plug-in looks at stored rows; whether it sees earlier rows of one bulk request is not
    known, so the stricter answer is given.
    """
    if session.inside in _UNCHECKED:
        return
    taken: set[tuple[str, int | None]] = set()
    connection = session.store.connection
    for row in rows:
        member_id, member, group, is_primary = new_values(layout, row, *_MEMBERSHIP)
        if not is_primary:
            continue
        group_type = _type_of_group(connection, group, member)
        if (member, group_type) in taken or _has_primary(connection, member_id, member, group_type):
            raise PlatformError(
                PLUGIN, "The member already has a primary group of this type; one is allowed."
            )
        taken.add((member, group_type))


def _type_of_group(connection: sqlite3.Connection, group: Any, member: Any) -> int | None:
    if group is None or member is None:
        raise PlatformError(PLUGIN, "A primary membership needs both a group and a member.")
    found = connection.execute(
        "SELECT msfsi_type FROM msfsi_group WHERE msfsi_groupid = ?", (group,)
    ).fetchone()
    return None if found is None else found[0]


def _has_primary(
    connection: sqlite3.Connection, member_id: str, member: str, group_type: int | None
) -> bool:
    found = connection.execute(
        "SELECT 1 FROM msfsi_groupmember m JOIN msfsi_group g ON g.msfsi_groupid = m.msfsi_group "
        "WHERE m.msfsi_member = ? AND m.msfsi_isprimarygroup = 1 AND g.msfsi_type IS ? "
        "AND m.msfsi_groupmemberid <> ? LIMIT 1",
        (member, group_type, member_id),
    ).fetchone()
    return found is not None


def _primary_group_kept(session: Session, change: Change) -> None:
    if change.sent & {"msfsi_group", "msfsi_member", "msfsi_isprimarygroup"}:
        _one_primary_group(session, change.layout, [change.new])


def _group_type_kept(_session: Session, change: Change) -> None:
    """Refuse a change of a group's type, also from none to one."""
    if change.sets("msfsi_type"):
        raise PlatformError(PLUGIN, "The type of a group can't be changed.")


RULES = {
    "msfsi_groupmember": Rules(creating=(_one_primary_group,), changing=(_primary_group_kept,)),
    "msfsi_group": Rules(changing=(_group_type_kept,)),
}
