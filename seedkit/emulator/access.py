"""Privileges: what a caller who is no system administrator may do, and which rows he sees.

A privilege is `prv` + right + the table's schema name; a role gives it with a depth: the user's
own rows, those of his business unit, of the units below it, or all. [documented]

System administrators have no `Access` at all, so nothing is looked up for them. Of two callers,
one acting for the other, only what both may do is allowed [documented].
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from seedkit.emulator.errors import Kind, PlatformError
from seedkit.emulator.rights import SHARES, names_of
from seedkit.emulator.storage.layout import Layout
from seedkit.emulator.storage.store import Store, id_list
from seedkit.schema import Table

BASIC, LOCAL, DEEP, GLOBAL = 1, 2, 4, 8  # depths as roleprivileges keeps them [documented]
RIGHTS = ("Create", "Read", "Write", "Delete", "Append", "AppendTo", "Assign", "Share")
ADMINISTRATOR = "System Administrator"
DENIED = Kind("0x80040220", 403, "documented")
OWNER_DENIED = Kind("0x80040231", 403, "documented")
NO_ROLE = Kind("0x80042f09", 403, "expected")
ACT_FOR_OTHERS = "prvActOnBehalfOfAnotherUser"
BACKDATE = "prvOverrideCreatedOnCreatedBy"
PRINCIPALS = frozenset({"systemuser", "team", "businessunit"})
# Headers that skip custom logic, with the privileges that they need [documented].
BYPASS: Mapping[str, str] = {
    "mscrm.bypassbusinesslogicexecution": "prvBypassCustomBusinessLogic",
    "mscrm.bypassbusinesslogicexecutionstepids": "prvBypassCustomBusinessLogic",
    "mscrm.bypasscustompluginexecution": "prvBypassCustomPlugins",
}

# Tables whose privileges are called otherwise than the table [documented for those named].
_NAMES: Mapping[str, str] = {"systemuser": "User", "annotation": "Note"}
# Tables that everyone reads: without them no client gets anywhere [inferred].
_OPEN = frozenset({"sdkmessage", "sdkmessagefilter", "privilege", "roleprivileges", "teamroles"})


def privilege_name(right: str, table: Table) -> str:
    """Return the name of the privilege for a right on a table."""
    if table.primary_id == "activityid":
        return f"prv{right}Activity"  # all activities share one set [documented]
    return f"prv{right}{_NAMES.get(table.name, table.schema_name)}"


@dataclass(frozen=True)
class Person:
    """A user with the depth of each privilege and with whom and where he belongs."""

    id: str
    unit: str
    units: frozenset[str]
    teams: frozenset[str]
    roles: int
    privileges: Mapping[str, int]
    shares: Mapping[tuple[str, str], str]

    def depth(self, privilege: str) -> int:
        """Return how far a privilege reaches, 0 without it."""
        return self.privileges.get(privilege.lower(), 0)

    def may(self, right: str, layout: Layout, row: Sequence[Any]) -> bool:
        """Tell whether the user has a right on a row, by a role or because it is shared."""
        if _is_free(right, layout.table):
            return True
        depth = self.depth(privilege_name(right, layout.table))
        if not depth or "ownerid" not in layout.position:
            return depth > 0
        owner, unit = (_value(layout, row, name) for name in ("ownerid", "owningbusinessunit"))
        shared = self.shares.get((layout.name, row[0]), "")
        return self._reaches(depth, owner, unit) or f"{right}Access" in shared.split(", ")

    def _reaches(self, depth: int, owner: str | None, unit: str | None) -> bool:
        """Tell whether a row with this owner and business unit is within a depth."""
        if depth >= GLOBAL:
            return True
        if depth >= DEEP and unit in self.units:
            return True
        if depth >= LOCAL and unit == self.unit:
            return True
        return depth >= BASIC and (owner == self.id or owner in self.teams)


@dataclass(frozen=True)
class Access:
    """What the callers of one request may do: each of `persons` must have the privilege.

    How far it reaches is asked of `actor`, for whom they act; None reaches everything.
    """

    persons: tuple[Person, ...]
    actor: Person | None

    def need(self, privilege: str) -> None:
        """Refuse when someone lacks a privilege."""
        for person in self.persons:
            if not person.depth(privilege):
                raise _missing(person, privilege)

    def need_on(self, right: str, table: Table) -> None:
        """Refuse when someone has a right on no row of a table."""
        if not _is_free(right, table):
            self.need(privilege_name(right, table))

    def need_row(self, right: str, layout: Layout, row: Sequence[Any]) -> None:
        """Refuse when a row is beyond the depth of the privilege."""
        self.need_on(right, layout.table)
        if self.actor is not None and not self.actor.may(right, layout, row):
            raise PlatformError(
                DENIED,
                f"SecLib::AccessCheckEx failed. {_who(self.actor)} has no {right}Access to the "
                f"{layout.name} {row[0]}: {privilege_name(right, layout.table)} does not reach "
                "that far.",
            )

    def need_targets(self, layout: Layout, _ids: Sequence[str]) -> None:
        """Refuse when rows of a table can't be what others are hung on."""
        if layout.name not in PRINCIPALS:
            self.need_on("AppendTo", layout.table)

    def condition(self, layout: Layout) -> str | None:
        """Return the SQL for the rows of a table that may be read; None for all of them."""
        if _is_free("Read", layout.table):
            return None
        name = privilege_name("Read", layout.table)
        if not all(person.depth(name) for person in self.persons):
            return "0"
        return None if self.actor is None else self._condition(self.actor, name, layout)

    def _condition(self, person: Person, name: str, layout: Layout) -> str | None:
        depth = person.depth(name)
        if depth >= GLOBAL or "ownerid" not in layout.position:
            return None
        parts = [f'"ownerid" IN ({_quoted({person.id, *person.teams})})']
        shared = {
            row_id
            for (table, row_id), rights in person.shares.items()
            if table == layout.name and "ReadAccess" in rights
        }
        if shared:
            parts.append(f'"{layout.primary_id}" IN ({_quoted(shared)})')
        if depth >= LOCAL and "owningbusinessunit" in layout.position:
            units = person.units if depth >= DEEP else {person.unit}
            parts.append(f'"owningbusinessunit" IN ({_quoted(units)})')
        return " OR ".join(parts)


class Directory:
    """Looks people up in the tables of users, roles and privileges."""

    def __init__(self, store: Store, administrator: str) -> None:
        self._store = store
        self._administrator = administrator
        self._known: dict[str, Person | None] = {}
        self._seen = (-1, -1)

    def access(self, signed_in: str, actor: str | None = None) -> Access | None:
        """Return what a user may do, perhaps for another; None when both may do everything."""
        actor = actor or signed_in
        if signed_in == actor == self._administrator:
            return None
        persons = [self.person(user) for user in dict.fromkeys((signed_in, actor))]
        limited = tuple(person for person in persons if person is not None)
        return Access(limited, persons[-1]) if limited else None

    def person(self, user: str) -> Person | None:
        """Return a user's rights; None for a system administrator, 403 without any role."""
        if user == self._administrator:
            return None
        changes = self._store.changes()
        if changes != self._seen:  # something was written: rights may have changed
            self._known.clear()
            self._seen = changes
        if user not in self._known:
            self._known[user] = self._load(user)
        return self._known[user]

    def _load(self, user: str) -> Person | None:
        execute = self._store.connection.execute
        teams = {row[0] for row in execute(_TEAMS, (user,))}
        roles = execute(_ROLES, {"user": user, "teams": id_list(sorted(teams))}).fetchall()
        if any(name == ADMINISTRATOR for _role, name in roles):
            return None
        if not roles:
            raise PlatformError(
                NO_ROLE, f"The user with id {user} has not been assigned any security roles."
            )
        depths = execute(_PRIVILEGES, (id_list([role for role, _name in roles]),)).fetchall()
        unit = execute(_UNIT, (user,)).fetchone()[0]
        units = {row[0] for row in execute(_UNITS, (unit,))}
        return Person(
            user,
            unit,
            frozenset(units),
            frozenset(teams),
            len(roles),
            dict(depths),
            self._shares(sorted({user, *teams})),
        )

    def check_owner(self, layout: Layout, table: str, owner: str) -> None:
        """Refuse an owner who lacks the privilege to read rows of a table."""
        privilege = privilege_name("Read", layout.table)
        if table == "team":
            holds = self.team_depths(owner)(privilege) > 0
        else:
            try:
                person = self.person(owner)
            except PlatformError:
                holds = False  # without any role
            else:
                holds = person is None or person.depth(privilege) > 0
        if not holds:
            raise PlatformError(
                OWNER_DENIED, f"Principal {table} (Id={owner}) is missing {privilege} privilege."
            )

    def team_depths(self, team: str) -> Callable[[str], int]:
        """Return how far privileges reach that a team has by its own roles, 0 without them."""
        execute = self._store.connection.execute
        roles = execute(_TEAM_ROLES, (team,)).fetchall()
        if any(name == ADMINISTRATOR for _role, name in roles):
            return lambda _privilege: GLOBAL
        depths = dict(execute(_PRIVILEGES, (id_list([role for role, _name in roles]),)))
        return lambda privilege: depths.get(privilege.lower(), 0)

    def is_administrators(self, role: str) -> bool:
        """Tell whether a role is that of system administrators, which has every privilege."""
        query = "SELECT name FROM role WHERE roleid = ?"
        found = self._store.connection.execute(query, (role,)).fetchone()
        return found is not None and found[0] == ADMINISTRATOR

    def _shares(self, principals: Sequence[str]) -> dict[tuple[str, str], str]:
        """Return what is shared with principals: rights by table and id."""
        found: dict[tuple[str, str], int] = defaultdict(int)
        execute = self._store.connection.execute
        for table, row_id, mask in execute(_SHARES, (id_list(principals),)):
            found[table, row_id] |= mask
        return {share: names_of(mask) for share, mask in found.items()}


_TEAMS = "SELECT teamid FROM teammembership WHERE systemuserid = ?"
_ROLES = (
    "SELECT r.roleid, r.name FROM role r WHERE r.roleid IN "
    "(SELECT roleid FROM systemuserroles WHERE systemuserid = :user "
    "UNION SELECT roleid FROM teamroles WHERE teamid IN (SELECT value FROM json_each(:teams)))"
)
_TEAM_ROLES = (
    "SELECT r.roleid, r.name FROM role r JOIN teamroles t ON t.roleid = r.roleid WHERE t.teamid = ?"
)
_PRIVILEGES = (
    "SELECT lower(p.name), max(x.privilegedepthmask) FROM roleprivileges x "
    "JOIN privilege p ON p.privilegeid = x.privilegeid "
    "WHERE x.roleid IN (SELECT value FROM json_each(?)) GROUP BY lower(p.name)"
)
_SHARES = (
    f'SELECT objecttypecode, objectid, accessrightsmask FROM "{SHARES}" '
    "WHERE principalid IN (SELECT value FROM json_each(?))"
)
_UNIT = "SELECT businessunitid FROM systemuser WHERE systemuserid = ?"
_UNITS = (
    "WITH RECURSIVE below(id) AS (VALUES(?) UNION SELECT b.businessunitid FROM businessunit b "
    "JOIN below ON b.parentbusinessunitid = below.id) SELECT id FROM below"
)


@contextmanager
def seen(store: Store, layouts: Mapping[str, Layout], access: Access | None) -> Iterator[None]:
    """Let every query of a block see only the rows that may be read.

    Temporary views with the names of the tables stand before them, so all ways of reading obey.
    """
    if access is None:
        yield
        return
    views = [
        (layout.name, condition)
        for layout in layouts.values()
        if (condition := access.condition(layout)) is not None
    ]
    execute = store.connection.execute
    try:
        for name, condition in views:
            execute(f'CREATE TEMP VIEW "{name}" AS SELECT * FROM main."{name}" WHERE {condition}')
        yield
    finally:
        for name, _condition in views:
            execute(f'DROP VIEW IF EXISTS temp."{name}"')


def _is_free(right: str, table: Table) -> bool:
    return right == "Read" and (table.name in _OPEN or table.many_to_many is not None)


def _value(layout: Layout, row: Sequence[Any], name: str) -> Any:
    index = layout.position.get(name)
    return None if index is None else row[index]


def _quoted(ids: Sequence[str] | set[str] | frozenset[str]) -> str:
    return ", ".join(f"'{item}'" for item in sorted(ids))


def _who(person: Person) -> str:
    return f"Principal user (Id={person.id}, type=8, roleCount={person.roles})"


def _missing(person: Person, privilege: str) -> PlatformError:
    return PlatformError(
        DENIED,
        f"{_who(person)} is missing {privilege} privilege. Consider adding missed privilege to "
        "one of the principal (user/team) roles.",
    )
