"""Functions and actions about privileges: who has which, what a user may do to a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from seedkit.emulator.access import BASIC, DEEP, GLOBAL, LOCAL, Person
from seedkit.emulator.addresses import is_guid
from seedkit.emulator.errors import ADDRESS, PlatformError, missing_row
from seedkit.emulator.exchange import Answer, json_answer
from seedkit.emulator.operations import Bound, Call, Kind, Operation
from seedkit.emulator.routes.functions import response_context
from seedkit.emulator.storage.layout import Layout

# The members of PrivilegeDepth in their order, by the masks that roles keep [documented].
_DEPTHS = {BASIC: "Basic", LOCAL: "Local", DEEP: "Deep", GLOBAL: "Global"}
_MASKS = {
    **{name: mask for mask, name in _DEPTHS.items()},
    **{str(place): mask for place, mask in enumerate(_DEPTHS)},
}
_NO_FILTER = "00000000-0000-0000-0000-000000000000"
# How rights are listed in one text [observed].
_ORDER = ("Read", "Write", "Append", "AppendTo", "Create", "Delete", "Share", "Assign")

_OF_ROLE = (
    "SELECT p.privilegeid, p.name, x.privilegedepthmask FROM roleprivileges x "
    "JOIN privilege p ON p.privilegeid = x.privilegeid WHERE x.roleid = ? ORDER BY p.name"
)
_ALL = "SELECT privilegeid, name FROM privilege ORDER BY name"


def user_privileges(call: Call) -> Answer:
    """List all privileges of a user with their depths."""
    return _listed(call, "RetrieveUserPrivileges", _of_user(call))


def privileges_by_names(call: Call) -> Answer:
    """List those privileges of a user that are asked for by name."""
    wanted = {str(name).lower() for name in _list(call, "PrivilegeNames")}
    found = [item for item in _of_user(call) if item["PrivilegeName"].lower() in wanted]
    return _listed(call, "RetrieveUserSetOfPrivilegesByNames", found)


def privileges_by_ids(call: Call) -> Answer:
    """List those privileges of a user that are asked for by id."""
    wanted = {str(item).lower() for item in _list(call, "PrivilegeIds")}
    found = [item for item in _of_user(call) if item["PrivilegeId"] in wanted]
    return _listed(call, "RetrieveUserSetOfPrivilegesByIds", found)


def privilege_by_name(call: Call) -> Answer:
    """Tell whether a user has one privilege, by its name."""
    wanted = str(call.parameters["PrivilegeName"]).lower()
    found = [item for item in _of_user(call) if item["PrivilegeName"].lower() == wanted]
    return _listed(call, "RetrieveUserPrivilegeByPrivilegeName", found)


def privilege_by_id(call: Call) -> Answer:
    """Tell whether a user has one privilege, by its id."""
    wanted = str(call.parameters["PrivilegeId"]).lower()
    found = [item for item in _of_user(call) if item["PrivilegeId"] == wanted]
    return _listed(call, "RetrieveUserPrivilegeByPrivilegeId", found)


def team_privileges(call: Call) -> Answer:
    """List the privileges that a team has by its own roles, with their depths."""
    team, session = str(call.row_id), call.session
    if session.store.row(session.environment.layouts["team"], team) is None:
        raise missing_row("team", team)
    depth_of = session.environment.directory.team_depths(team)
    found = [
        _privilege(call, row_id, name, depth_of(name))
        for row_id, name in session.store.connection.execute(_ALL).fetchall()
        if depth_of(name)
    ]
    return _listed(call, "RetrieveTeamPrivileges", found)


def role_privileges(call: Call) -> Answer:
    """List the privileges of a role with their depths."""
    role = _guid(call.parameters["RoleId"], "RoleId")
    layout = call.session.environment.layouts["role"]
    if call.session.store.row(layout, role) is None:
        raise missing_row("role", role)
    execute = call.session.store.connection.execute
    if call.session.environment.directory.is_administrators(role):
        rows: Iterable[tuple[str, str, int]] = [(*row, GLOBAL) for row in execute(_ALL)]
    else:
        rows = execute(_OF_ROLE, (role,))
    found = [_privilege(call, row_id, name, depth) for row_id, name, depth in rows]
    return _listed(call, "RetrieveRolePrivilegesRole", found)


def add_privileges(call: Call) -> Answer:
    """Give a role privileges with a depth; one that it has gets the new depth."""
    for privilege, mask in _given(call):
        _remove(call, privilege)
        _add(call, privilege, mask)
    return Answer(204)


def replace_privileges(call: Call) -> Answer:
    """Give a role just these privileges."""
    given = _given(call)
    call.session.store.connection.execute(
        "DELETE FROM roleprivileges WHERE roleid = ?", (call.row_id,)
    )
    for privilege, mask in given:
        _add(call, privilege, mask)
    return Answer(204)


def remove_privilege(call: Call) -> Answer:
    """Take one privilege from a role."""
    _need_role(call)
    _remove(call, _guid(call.parameters["PrivilegeId"], "PrivilegeId"))
    return Answer(204)


def principal_access(call: Call) -> Answer:
    """Tell what a user may do to a row."""
    target = call.parameters["Target"]
    if not isinstance(target, Mapping) or not isinstance(target.get("@odata.id"), str):
        raise PlatformError(ADDRESS, "'Target' must name a row in its '@odata.id'.")
    layout, row_id = call.session.locate(target["@odata.id"])
    rights = _rights(call, layout, row_id)
    context = response_context(call.request, "RetrievePrincipalAccess")
    return json_answer({"@odata.context": context, "AccessRights": rights or "None"})


def principal_access_info(call: Call) -> Answer:
    """Tell what a user may do to a row, as JSON within JSON [observed]."""
    name = str(call.parameters["EntityName"])
    layout = call.session.environment.layouts.get(name)
    if layout is None:
        raise PlatformError(ADDRESS, f"There is no table '{name}'.")
    rights = _rights(call, layout, _guid(call.parameters["ObjectId"], "ObjectId"))
    info = {"GrantedAccessRights": rights, "ShouldShowCheckAccess": True}
    context = response_context(call.request, "RetrievePrincipalAccessInfo")
    return json_answer({"@odata.context": context, "AccessInfo": orjson.dumps(info).decode()})


def _rights(call: Call, layout: Layout, row_id: str) -> str:
    row = call.session.store.row(layout, row_id)
    if row is None:
        raise missing_row(layout.name, row_id)
    person = _person(call)
    granted = [
        f"{right}Access" for right in _ORDER if person is None or person.may(right, layout, row)
    ]
    return ", ".join(granted)


def _person(call: Call) -> Person | None:
    layout = call.session.environment.layouts["systemuser"]
    user = str(call.row_id)
    if call.session.store.row(layout, user) is None:
        raise missing_row("systemuser", user)
    return call.session.environment.directory.person(user)


def _of_user(call: Call) -> list[dict[str, Any]]:
    person = _person(call)
    rows = call.session.store.connection.execute(_ALL).fetchall()
    return [
        _privilege(call, row_id, name, depth)
        for row_id, name in rows
        if (depth := GLOBAL if person is None else person.depth(name))
    ]


def _privilege(call: Call, row_id: str, name: str, depth: int) -> dict[str, Any]:
    return {
        "Depth": _DEPTHS[depth],
        "PrivilegeId": row_id,
        "BusinessUnitId": call.session.store.fact("business unit"),
        "PrivilegeName": name,
        "RecordFilterId": _NO_FILTER,
        "RecordFilterUniqueName": "",
    }


def _listed(call: Call, message: str, found: list[dict[str, Any]]) -> Answer:
    context = response_context(call.request, message)
    return json_answer({"@odata.context": context, "RolePrivileges": found})


def _given(call: Call) -> list[tuple[str, int]]:
    _need_role(call)
    found = []
    known = {row[0] for row in call.session.store.connection.execute(_ALL)}
    for item in _list(call, "Privileges"):
        depth = str(item.get("Depth")) if isinstance(item, Mapping) else ""
        if depth not in _MASKS:
            raise PlatformError(ADDRESS, "Each of the Privileges needs a Depth, such as 'Global'.")
        privilege = _guid(item.get("PrivilegeId"), "PrivilegeId")
        if privilege not in known:
            raise missing_row("privilege", privilege)
        found.append((privilege, _MASKS[depth]))
    return found


def _need_role(call: Call) -> None:
    layout = call.session.environment.layouts["role"]
    row = call.session.store.row(layout, str(call.row_id))
    if row is None:
        raise missing_row("role", str(call.row_id))
    call.session.need_row("Write", layout, row)


def _add(call: Call, privilege: str, mask: int) -> None:
    session = call.session
    layout = session.environment.layouts["roleprivileges"]
    values = {
        layout.primary_id: session.environment.new_id(),
        "roleid": call.row_id,
        "privilegeid": privilege,
        "privilegedepthmask": mask,
        "versionnumber": session.store.take_versions(1),
    }
    session.store.insert(layout, [[values.get(column) for column in layout.columns]])


def _remove(call: Call, privilege: str) -> None:
    call.session.store.connection.execute(
        "DELETE FROM roleprivileges WHERE roleid = ? AND privilegeid = ?",
        (call.row_id, privilege),
    )


def _list(call: Call, name: str) -> list[Any]:
    value = call.parameters[name]
    if not isinstance(value, list):
        raise PlatformError(ADDRESS, f"'{name}' must be a list.")
    return value


def _guid(value: Any, name: str) -> str:
    if not isinstance(value, str) or not is_guid(value):
        raise PlatformError(ADDRESS, f"'{name}' must be a guid.")
    return value.lower()


_USER, _TEAM, _ROLE = frozenset({"systemuser"}), frozenset({"team"}), frozenset({"role"})


def _function(name: str, run: Any, sure: str, *takes: str) -> Operation:
    named = frozenset(takes)
    return Operation(name, Kind.FUNCTION, run, sure, named, named, Bound.ROW, _USER)


def _action(name: str, run: Any, *takes: str) -> Operation:
    named = frozenset(takes)
    return Operation(name, Kind.ACTION, run, "documented", named, named, Bound.ROW, _ROLE)


OPERATIONS = (
    _function("RetrieveUserPrivileges", user_privileges, "documented"),
    _function(
        "RetrieveUserSetOfPrivilegesByNames", privileges_by_names, "documented", "PrivilegeNames"
    ),
    _function("RetrieveUserSetOfPrivilegesByIds", privileges_by_ids, "documented", "PrivilegeIds"),
    _function(
        "RetrieveUserPrivilegeByPrivilegeName", privilege_by_name, "documented", "PrivilegeName"
    ),
    _function("RetrieveUserPrivilegeByPrivilegeId", privilege_by_id, "documented", "PrivilegeId"),
    _function("RetrievePrincipalAccess", principal_access, "documented", "Target"),
    _function(
        "RetrievePrincipalAccessInfo", principal_access_info, "observed", "ObjectId", "EntityName"
    ),
    Operation(
        "RetrieveTeamPrivileges",
        Kind.FUNCTION,
        team_privileges,
        "documented",
        bound=Bound.ROW,
        tables=_TEAM,
    ),
    Operation(
        "RetrieveRolePrivilegesRole",
        Kind.FUNCTION,
        role_privileges,
        "documented",
        frozenset({"RoleId"}),
        frozenset({"RoleId"}),
    ),
    _action("AddPrivilegesRole", add_privileges, "Privileges"),
    _action("ReplacePrivilegesRole", replace_privileges, "Privileges"),
    _action("RemovePrivilegeRole", remove_privilege, "PrivilegeId"),
)
