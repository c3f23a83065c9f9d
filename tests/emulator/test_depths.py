"""How far a privilege reaches: own rows, those of the unit, of the units below, all."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.conftest import Local
from tests.emulator.test_access import CRM, Caller, role_id

REACH = {
    "Basic": {"own", "team's"},
    "Local": {"own", "team's", "near"},
    "Deep": {"own", "team's", "near", "below"},
    "Global": {"own", "team's", "near", "below", "above"},
}


def unit(local: Local, name: str, parent: str) -> str:
    return local.create(
        "businessunits", name=name, parentbusinessunitid__bind=f"/businessunits({parent})"
    )


def move(local: Local, person: str, to: str) -> None:
    bind = {"businessunitid@odata.bind": f"/businessunits({to})"}
    assert local.send("PATCH", f"systemusers({person})", bind).status_code == 204


def give(local: Local, role: str, depth: str, *names: str) -> None:
    """Make privileges on contacts with one depth all that a role has."""
    condition = " or ".join(f"name eq '{name}'" for name in names)
    found = local.rows(f"privileges?$select=name&$filter={condition}")
    assert len(found) == len(names)
    given = [{"PrivilegeId": item["privilegeid"], "Depth": depth} for item in found]
    path = f"roles({role_id(local, role)})/{CRM}.ReplacePrivilegesRole"
    assert local.send("POST", path, {"Privileges": given}).status_code == 204


@pytest.fixture
def casey(local: Local) -> Caller:
    """A user in a middle unit, with contacts around: own, near, below, above, a team's."""
    root = local.get("WhoAmI")["BusinessUnitId"]
    middle = unit(local, "North", root)
    lower = unit(local, "Harbour", middle)
    casey, noor, dana = (
        Caller(local, name) for name in ("casey.lind", "noor.haddad", "dana.whitlock")
    )
    for person, to in ((casey, middle), (noor, middle), (dana, lower)):
        move(local, person.id, to)
    administrator = local.get("WhoAmI")["UserId"]
    team = local.create(
        "teams",
        name="Crew",
        administratorid__bind=f"/systemusers({administrator})",
        businessunitid__bind=f"/businessunits({root})",
    )
    body = {"Members": [{"@odata.type": f"{CRM}.systemuser", "systemuserid": casey.id}]}
    assert local.send("POST", f"teams({team})/{CRM}.AddMembersTeam", body).status_code == 204
    local.give_role(team, "System Customizer")
    for name, owner in (
        ("own", f"systemusers({casey.id})"),
        ("near", f"systemusers({noor.id})"),
        ("below", f"systemusers({dana.id})"),
        ("above", f"systemusers({administrator})"),
        ("team's", f"teams({team})"),
    ):
        local.create("contacts", lastname=name, ownerid__bind=f"/{owner}")
    # The team was to own a row only; what its role gives its members must not count below.
    role = f"teams({team})/teamroles_association({role_id(local, 'System Customizer')})/$ref"
    assert local.send("DELETE", role).status_code == 204
    give(local, "Delegate", "Basic", "prvReadAccount")
    return casey


@pytest.mark.parametrize("depth", REACH)
def test_rows_are_seen_as_far_as_the_depth_reaches(local: Local, casey: Caller, depth: str) -> None:
    give(local, "Basic User", depth, "prvReadContact")
    found = casey.send("GET", "contacts?$select=lastname").json()["value"]
    assert {row["lastname"] for row in found} == REACH[depth]


@pytest.mark.parametrize("depth", REACH)
def test_rows_are_written_as_far_as_the_depth_reaches(
    local: Local, casey: Caller, depth: str
) -> None:
    give(local, "Basic User", depth, "prvReadContact", "prvWriteContact")
    rows: list[Any] = local.rows("contacts?$select=lastname")
    written = {
        row["lastname"]
        for row in rows
        if casey.send("PATCH", f"contacts({row['contactid']})", {"jobtitle": "A"}).is_success
    }
    assert written == REACH[depth]


def test_hanging_a_row_on_another_needs_append(local: Local, casey: Caller) -> None:
    names = ("prvCreateContact", "prvReadContact", "prvAppendToContact", "prvAppendContact")
    master = local.rows("contacts?$select=contactid&$filter=lastname eq 'near'")[0]["contactid"]
    body = {"lastname": "A", "parentcustomerid_contact@odata.bind": f"/contacts({master})"}
    give(local, "Basic User", "Global", *names[:3])
    assert "prvAppendContact" in casey.denied("POST", "contacts", body)
    give(local, "Basic User", "Global", *names)
    assert casey.send("POST", "contacts", body).status_code == 204


def test_all_activities_share_their_privileges(local: Local, casey: Caller) -> None:
    give(local, "Basic User", "Global", "prvReadActivity", "prvCreateActivity")
    assert casey.send("POST", "tasks", {"subject": "A"}).status_code == 204
    assert casey.send("GET", "phonecalls").status_code == 200
