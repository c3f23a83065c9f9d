"""Which privileges a user holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import orjson

from seedkit.dataverse.client import WebApi

# This function and not RetrieveUserPrivileges, which tells all privileges of a user's teams with
# the smallest depth, whatever the teams' roles give.
_FUNCTION = "Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p1)"


GLOBAL = "Global"  # the depth that reaches every row


async def held(api: WebApi, user: str, names: Iterable[str]) -> Mapping[str, str]:
    """Return those of some privileges that a user holds, with their depths by the service's words.

    `user` is a systemuserid.
    """
    wanted = {name.lower(): name for name in names}
    listed = orjson.dumps(list(wanted.values())).decode()
    answer = await api.get(f"systemusers({user})/{_FUNCTION}", {"@p1": listed})
    return {
        wanted[item["PrivilegeName"].lower()]: item["Depth"]
        for item in answer["RolePrivileges"]
        if item["PrivilegeName"].lower() in wanted
    }


async def held_by_team(api: WebApi, team: str) -> frozenset[str]:
    """Return the ids of the privileges that a team has by its own security roles."""
    answer = await api.get(f"teams({team})/Microsoft.Dynamics.CRM.RetrieveTeamPrivileges()")
    return frozenset(item["PrivilegeId"] for item in answer["RolePrivileges"])
