"""The people of a local environment, for tests about who does what."""

from __future__ import annotations

from typing import Any

from seedkit.testing import RunningEnvironment

DANA = "dana.whitlock@bank.example"  # relationship manager, contributes to retail banking
JORDAN = "jordan.pierce@bank.example"  # branch adviser, views retail banking
NOOR = "noor.haddad@bank.example"  # service representative, takes cases and chats
CASEY = "casey.lind@bank.example"  # delegate: may act for others, and little else
TEAM = "Local bank"


def user(there: RunningEnvironment, mail: str) -> dict[str, Any]:
    """Return a user's row."""
    query = {"$filter": f"internalemailaddress eq '{mail}'"}
    found: list[dict[str, Any]] = there.client.get("systemusers", params=query).json()["value"]
    return found[0]


def user_id(there: RunningEnvironment, mail: str) -> str:
    """Return a user's id."""
    return str(user(there, mail)["systemuserid"])


def team_id(there: RunningEnvironment) -> str:
    """Return the id of the one team."""
    return str(there.client.get("teams").json()["value"][0]["teamid"])


def make_team(there: RunningEnvironment, name: str, kind: int = 0) -> None:
    """Make a team: 0 is an owner team, 1 an access team."""
    me = there.client.get("WhoAmI").json()
    body = {
        "name": name,
        "teamtype": kind,
        "administratorid@odata.bind": f"/systemusers({me['UserId']})",
        "businessunitid@odata.bind": f"/businessunits({me['BusinessUnitId']})",
    }
    assert there.client.post("teams", json=body).status_code == 204


def take_roles(there: RunningEnvironment, mail: str) -> None:
    """Take all roles from a user."""
    holder = f"systemusers({user_id(there, mail)})/systemuserroles_association"
    for role in there.client.get(holder).json()["value"]:
        answer = there.client.delete(f"{holder}({role['roleid']})/$ref")
        assert answer.status_code == 204, answer.text


def role_id(there: RunningEnvironment, name: str) -> str:
    """Return the id of a security role."""
    query = {"$filter": f"name eq '{name}'"}
    return str(there.client.get("roles", params=query).json()["value"][0]["roleid"])


def give_role(there: RunningEnvironment, holder: str, relationship: str, name: str) -> None:
    """Give a role to a user or team; `holder` is an address such as systemusers(id)."""
    role = f"{there.base_url}roles({role_id(there, name)})"
    answer = there.client.post(f"{holder}/{relationship}/$ref", json={"@odata.id": role})
    assert answer.status_code == 204, answer.text


def call_as(there: RunningEnvironment, mail: str | None) -> None:
    """Let requests without a token be those of somebody; None: of the administrator."""
    there.change_settings(caller=None)
    there.change_settings(caller=mail and user_id(there, mail))


def set_depth(there: RunningEnvironment, role: str, privilege: str, depth: str) -> None:
    """Give a role a privilege with another depth."""
    query = {"$filter": f"name eq '{privilege}'"}
    found = there.client.get("privileges", params=query).json()["value"][0]
    answer = there.client.post(
        f"roles({role_id(there, role)})/Microsoft.Dynamics.CRM.AddPrivilegesRole",
        json={"Privileges": [{"PrivilegeId": found["privilegeid"], "Depth": depth}]},
    )
    assert answer.status_code == 204, answer.text
