"""AddMembersTeam and RemoveMembersTeam."""

from __future__ import annotations

from collections.abc import Iterator

from seedkit.emulator.actions.parameters import bound_row, reference
from seedkit.emulator.errors import ADDRESS, PlatformError
from seedkit.emulator.exchange import Answer
from seedkit.emulator.operations import Bound, Call, Kind, Operation
from seedkit.emulator.storage.pairs import Link
from seedkit.emulator.writing.pairs import associate, disassociate

TEAM = "team"
_USER = "systemuser"


def add_members(call: Call) -> Answer:
    """Make users members of a team; those who are stay so [inferred]."""
    team_id, link = _membership(call)
    present = set(_present(call, link, team_id))
    for user_id in dict.fromkeys(_users(call)):
        if user_id not in present:
            associate(call.session, link, team_id, user_id)
    return Answer(204)


def remove_members(call: Call) -> Answer:
    """End users' membership of a team."""
    team_id, link = _membership(call)
    for user_id in dict.fromkeys(_users(call)):
        disassociate(call.session, link, team_id, user_id)
    return Answer(204)


def _membership(call: Call) -> tuple[str, Link]:
    team_id = bound_row(call, "Write")
    links = call.session.environment.pairs.get(TEAM, {}).values()
    return team_id, next(link for link in links if link.far.table == _USER)


def _present(call: Call, link: Link, team_id: str) -> Iterator[str]:
    query = (
        f'SELECT "{link.far.column}" FROM "{link.relationship.intersect}" '
        f'WHERE "{link.near.column}" = ?'
    )
    for (user_id,) in call.session.store.connection.execute(query, (team_id,)):
        yield user_id


def _users(call: Call) -> Iterator[str]:
    members = call.parameters["Members"]
    if not isinstance(members, list):
        raise PlatformError(ADDRESS, "The parameter 'Members' must be a list of users.")
    for member in members:
        layout, user_id = reference(call, member, "Members", _USER)
        if layout.name != _USER:
            raise PlatformError(ADDRESS, f"A row of {layout.name} can't be a member.")
        yield user_id


_MEMBERS = frozenset({"Members"})
OPERATIONS = (
    Operation(
        "AddMembersTeam",
        Kind.ACTION,
        add_members,
        "documented",
        takes=_MEMBERS,
        needs=_MEMBERS,
        bound=Bound.ROW,
        tables=frozenset({TEAM}),
    ),
    Operation(
        "RemoveMembersTeam",
        Kind.ACTION,
        remove_members,
        "documented",
        takes=_MEMBERS,
        needs=_MEMBERS,
        bound=Bound.ROW,
        tables=frozenset({TEAM}),
    ),
)
