"""Making, changing and deleting groups: each in one transaction, each checked against its version.

The member checks of the group plug-ins don't run inside making and changing, since the client
hands a member's main group over itself in `otherMembers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from pydantic import Field

from seedkit.emulator.customer_profile.contract import (
    DATA,
    Group,
    Holding,
    Member,
    Request,
    read_data,
    refusal,
    result,
)
from seedkit.emulator.exchange import Answer
from seedkit.emulator.operations import Call, Kind, Operation
from seedkit.emulator.session import Session
from seedkit.emulator.storage.layout import VERSION, Layout
from seedkit.emulator.writing.write import create_rows, update_row

_GROUP, _MEMBER, _HOLDING = "msfsi_group", "msfsi_groupmember", "msfsi_groupfinancialholding"
_HOUSEHOLD = 104800000
_MAIN = "msfsi_isprimarygroup"


class _Add(Request):
    group: Group
    other_members: list[Member] = Field(alias="otherMembers")


class _Update(Request):
    old: Group = Field(alias="oldGroup")
    updated: Group = Field(alias="updatedGroup")
    other_members: list[Member] = Field(alias="otherMembers")


class _Delete(Request):
    group: Group


def _add(call: Call) -> Answer:
    """Make a group with its members and holdings, and hand it back with ids and version."""
    request = read_data(call, _Add)
    session, group = _without_member_checks(call, "msfsi_GroupAdd"), request.group
    group.id = UUID(session.environment.new_id())
    _hand_over(session, request.other_members)
    body = {
        "msfsi_groupid": str(group.id),
        "msfsi_name": _named(group),
        "msfsi_type": group.type,
    }
    create_rows(session, _layout(session, _GROUP), [body])
    _join(session, group, group.members)
    _show(session, group, group.holdings or [])
    return result(call, "msfsi_GroupAdd", _finished(session, group))


def _update(call: Call) -> Answer:
    """Bring a group to what the client sends, row by row that differs."""
    request = read_data(call, _Update)
    session, group = _without_member_checks(call, "msfsi_GroupUpdate"), request.updated
    _check_version(session, request.old)
    group.id = request.old.id
    _hand_over(session, request.other_members)
    change = {"msfsi_name": _named(group), "msfsi_type": group.type}
    update_row(session, _layout(session, _GROUP), str(group.id), change)
    _update_members(call, session, request.old, group)
    _update_holdings(call, session, request.old, group)
    return result(call, "msfsi_GroupUpdate", _finished(session, group))


def _delete(call: Call) -> Answer:
    """Delete a group; who loses the main group gets the oldest other one of the type."""
    group, session = read_data(call, _Delete).group, call.session
    _check_version(session, group)
    losers = session.store.connection.execute(
        "SELECT m.msfsi_member, g.msfsi_type FROM msfsi_groupmember m "
        "JOIN msfsi_group g ON g.msfsi_groupid = m.msfsi_group "
        "WHERE m.msfsi_group = ? AND m.msfsi_isprimarygroup = 1 ORDER BY 1",
        (str(group.id),),
    ).fetchall()
    session.environment.deleter.delete(session, _layout(session, _GROUP), str(group.id))
    for member, group_type in losers:
        _promote(session, member, group_type)
    return result(call, "msfsi_GroupDelete", True)


def _without_member_checks(call: Call, action: str) -> Session:
    return replace(call.session, inside=action)


def _layout(session: Session, table: str) -> Layout:
    return session.environment.layouts[table]


def _named(group: Group) -> str:
    if not group.name:
        raise refusal("A group needs a name.")
    return group.name


def _hand_over(session: Session, members: Iterable[Member]) -> None:
    for member in members:
        if member.id is not None:
            change = {_MAIN: member.is_primary}
            update_row(session, _layout(session, _MEMBER), str(member.id), change)


def _join(session: Session, group: Group, members: Sequence[Member]) -> None:
    """Make memberships; the first household of a person is the main one."""
    for member in members:
        member.id = UUID(session.environment.new_id())
        if member.customer.id == group.primary_member:
            group.primary_member = member.id
        first = group.type == _HOUSEHOLD and not _has_group(session, member, group.type)
        member.is_primary = member.is_primary or first
        body = {
            "msfsi_groupmemberid": str(member.id),
            "msfsi_name": f"{group.name}_GM_{member.customer.name}",
            "msfsi_role": member.role,
            _MAIN: member.is_primary,
            "msfsi_member_Contact_contact@odata.bind": f"/contacts({member.customer.id})",
            "msfsi_group@odata.bind": f"/msfsi_groups({group.id})",
        }
        create_rows(session, _layout(session, _MEMBER), [body])


def _show(session: Session, group: Group, holdings: Iterable[Holding]) -> None:
    for holding in holdings:
        body = {
            "msfsi_name": f"{group.name}_GH_{holding.name}",
            "msfsi_Group@odata.bind": f"/msfsi_groups({group.id})",
            "msfsi_FinancialHolding@odata.bind": f"/msfsi_financialholdings({holding.id})",
        }
        create_rows(session, _layout(session, _HOLDING), [body])


def _update_members(call: Call, session: Session, old: Group, group: Group) -> None:
    before = {member.id: member for member in old.members}
    kept = [member for member in group.members if member.id in before]
    for member in kept:
        change = {"msfsi_role": member.role, _MAIN: member.is_primary}
        update_row(session, _layout(session, _MEMBER), str(member.id), change)
    for gone in before.keys() - {member.id for member in kept}:
        session.environment.deleter.delete(call.session, _layout(session, _MEMBER), str(gone))
    _join(session, group, [member for member in group.members if member.id not in before])


def _update_holdings(call: Call, session: Session, old: Group, group: Group) -> None:
    before = {holding.id for holding in old.holdings or []}
    after = {holding.id: holding for holding in group.holdings or []}
    for gone in sorted(before - after.keys()):
        for (row_id,) in session.store.connection.execute(
            "SELECT msfsi_groupfinancialholdingid FROM msfsi_groupfinancialholding "
            "WHERE msfsi_group = ? AND msfsi_financialholding = ?",
            (str(group.id), str(gone)),
        ).fetchall():
            session.environment.deleter.delete(call.session, _layout(session, _HOLDING), row_id)
    _show(session, group, [holding for key, holding in after.items() if key not in before])


def _finished(session: Session, group: Group) -> str:
    """Check what a group must have, name its primary member, and return it as JSON text."""
    if group.primary_member is None:
        raise refusal("A group needs a primary member.")
    if not group.holdings:
        raise refusal("A group needs at least one financial holding.")
    address = f"/msfsi_groupmembers({group.primary_member})"
    layout = _layout(session, _GROUP)
    update_row(session, layout, str(group.id), {"msfsi_PrimaryMember@odata.bind": address})
    row = session.store.row(layout, str(group.id)) or []
    group.version = row[layout.position[VERSION]]
    group.created = _us_moment(row[layout.position["createdon"]])
    return group.model_dump_json(by_alias=True)


def _us_moment(text: str) -> str:
    """Return a time as .NET writes it for a server in the United States."""
    moment = datetime.fromisoformat(text)
    half = "AM" if moment.hour < 12 else "PM"
    day = f"{moment.month}/{moment.day}/{moment.year}"
    return f"{day} {moment.hour % 12 or 12}:{moment:%M:%S} {half}"


def _has_group(session: Session, member: Member, group_type: int) -> bool:
    found = session.store.connection.execute(
        "SELECT 1 FROM msfsi_groupmember m JOIN msfsi_group g ON g.msfsi_groupid = m.msfsi_group "
        "WHERE m.msfsi_member = ? AND g.msfsi_type = ? LIMIT 1",
        (str(member.customer.id), group_type),
    ).fetchone()
    return found is not None


def _check_version(session: Session, group: Group) -> None:
    layout = _layout(session, _GROUP)
    row = None if group.id is None else session.store.row(layout, str(group.id))
    if row is None:
        raise refusal("The version of the group can't be read.")
    if row[layout.position[VERSION]] != group.version:
        raise refusal("The group was changed by someone else in the meantime.")


def _promote(session: Session, member: str, group_type: int | None) -> None:
    found = session.store.connection.execute(
        "SELECT m.msfsi_groupmemberid FROM msfsi_groupmember m "
        "JOIN msfsi_group g ON g.msfsi_groupid = m.msfsi_group "
        "WHERE m.msfsi_member = ? AND g.msfsi_type IS ? AND m.msfsi_isprimarygroup IS NOT 1 "
        "ORDER BY g.createdon, g.msfsi_groupid LIMIT 1",
        (member, group_type),
    ).fetchone()
    if found is not None:
        update_row(session, _layout(session, _MEMBER), found[0], {_MAIN: True})


def _action(name: str, run: Callable[[Call], Answer], note: str) -> Operation:
    return Operation(name, Kind.ACTION, run, "documented", DATA, DATA, note=note)


OPERATIONS: tuple[Operation, ...] = (
    _action("msfsi_GroupAdd", _add, "`result` is the group as JSON text, with its new ids."),
    _action(
        "msfsi_GroupUpdate",
        _update,
        "What happens to members and holdings that are left out is inferred: they are removed.",
    ),
    _action("msfsi_GroupDelete", _delete, "Refused when the version is stale."),
)
