"""Queries over many-to-many relationships and over who asks."""

from __future__ import annotations

from typing import Any

import pytest

_ROLES = "systemuserroles_association"
_TEAMS = "teammembership_association"


@pytest.fixture(scope="module")
def user(shared: Any) -> Any:
    """The caller, who has two more roles and is in one team that owns a contact."""
    shared.caller = shared.get("WhoAmI")["UserId"]
    unit = shared.get("WhoAmI")["BusinessUnitId"]
    address = f"https://bank.example/api/data/v9.2/systemusers({shared.caller})"
    for name in ("Alpha", "Beta"):
        role = shared.create("roles", name=name, businessunitid__bind=f"/businessunits({unit})")
        body = {"@odata.id": address.replace("systemusers", "roles").replace(shared.caller, role)}
        answer = shared.send("POST", f"systemusers({shared.caller})/{_ROLES}/$ref", body)
        assert answer.status_code == 204, answer.text
    team = shared.create(
        "teams",
        name="Desk",
        teamtype=0,
        businessunitid__bind=f"/businessunits({unit})",
        administratorid__bind=f"/systemusers({shared.caller})",
    )
    body = {"@odata.id": address}
    assert shared.send("POST", f"teams({team})/{_TEAMS}/$ref", body).status_code == 204
    shared.give_role(team)
    for owner in (f"/teams({team})", f"/systemusers({shared.caller})"):
        shared.create(
            "contacts", importsequencenumber=-80, ownerid__bind=owner, lastname=owner[1:6]
        )
    return shared


def test_pairs_can_be_filtered_by(user: Any) -> None:
    path = f"systemusers?$select=systemuserid&$filter=systemuserid eq {user.caller} and {_ROLES}"
    assert len(user.rows(f"{path}/any(r:r/name eq 'alpha')")) == 1
    assert user.rows(f"{path}/any(r:r/name eq 'Gamma')") == []
    assert user.rows(f"{path}/all(r:r/name eq 'Alpha')") == []
    both = f"{path}/any(r:r/name eq 'Alpha' and r/{_ROLES}/any(u:u/systemuserid eq {user.caller}))"
    assert len(user.rows(both)) == 1


def test_pairs_are_expanded_from_either_end(user: Any) -> None:
    options = "$select=name;$filter=name eq 'Alpha' or name eq 'Beta';$orderby=name desc"
    row = user.get(f"systemusers({user.caller})?$select=systemuserid&$expand={_ROLES}({options})")
    assert [role["name"] for role in row[_ROLES]] == ["Beta", "Alpha"]
    again = user.rows(row[f"{_ROLES}@odata.nextLink"])
    assert [role["name"] for role in again] == ["Beta", "Alpha"]
    roles = user.rows(
        f"roles?$select=name&$filter=name eq 'Alpha'&$expand={_ROLES}($select=systemuserid)"
    )
    assert [found["systemuserid"] for found in roles[0][_ROLES]] == [user.caller]


@pytest.mark.parametrize(
    "expand",
    [
        f"{_ROLES}($expand=businessunitid)",
        f"{_ROLES},businessunitid",
        f"businessunitid($expand=business_unit_system_users($expand={_ROLES}))",
        f"{_ROLES}/$ref",
    ],
)
def test_pairs_can_not_be_expanded_beside_others(user: Any, expand: str) -> None:
    assert user.refused("GET", f"systemusers?$expand={expand}")[0] == 400
    assert user.send("GET", f"systemusers?$expand={_ROLES},{_TEAMS}").status_code == 200


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("EqualUserTeams", ["teams"]),
        ("EqualUserOrUserTeams", ["syste", "teams"]),
        ("EqualUserOrUserHierarchy", ["syste"]),
        ("EqualUserOrUserHierarchyAndTeams", ["syste", "teams"]),
        ("EqualUserId", ["syste"]),
        ("NotEqualUserId", ["teams"]),
    ],
)
def test_rows_of_the_caller_and_of_the_caller_s_teams(
    user: Any, function: str, expected: list[str]
) -> None:
    call = f"Microsoft.Dynamics.CRM.{function}(PropertyName='ownerid')"
    path = f"contacts?$orderby=lastname&$filter=importsequencenumber eq -80 and {call}"
    assert [row["lastname"] for row in user.rows(path)] == expected


def test_another_caller_has_other_rows(user: Any) -> None:
    others = user.rows(f"systemusers?$select=systemuserid&$filter=systemuserid ne {user.caller}")
    call = "Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid')"
    path = f"contacts?$filter=importsequencenumber eq -80 and {call}&$count=true"
    for row in others[:1]:
        body = user.get(path, MSCRMCallerID=row["systemuserid"])
        assert (body["value"], body["@odata.count"]) == ([], 0)
    assert user.get(path)["@odata.count"] == 1


@pytest.mark.parametrize(
    "option", ["$filter=name eq 'x'", "$top=1", "$orderby=name", "$count=true"]
)
def test_one_row_takes_no_options_of_lists(user: Any, option: str) -> None:
    assert user.refused("GET", f"systemusers({user.caller})?{option}")[0] == 400


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[1:],
        lambda token: token.replace("pagenumber%3D%222", "pagenumber%3D%22-2"),
        lambda token: token.replace("pagenumber%3D%222", "pagenumber%3D%22x"),
        lambda token: token.replace("%255B", "%257B"),
        lambda token: token.replace("%255B", "%255Bnull%252C"),
        lambda token: "x" + token,
    ],
)
def test_a_token_that_was_tampered_with_is_refused(user: Any, change: Any) -> None:
    link = user.get("contacts?$select=contactid", Prefer="odata.maxpagesize=1")["@odata.nextLink"]
    head, _, token = link.partition("$skiptoken=")
    assert user.send("GET", link).status_code == 200
    assert user.refused("GET", f"{head}$skiptoken={change(token)}")[0] == 400


def test_rows_added_between_pages_move_no_others(local: Any, ids: Any) -> None:
    for number in range(2, 8):
        local.create("contacts", contactid=ids(number), importsequencenumber=-81)
    path = "contacts?$select=contactid&$filter=importsequencenumber eq -81"
    first = local.get(path, Prefer="odata.maxpagesize=3")
    local.create("contacts", contactid=ids(0), importsequencenumber=-81)
    local.create("contacts", contactid=ids(9), importsequencenumber=-81)
    rest = local.rows(first["@odata.nextLink"])
    found = [row["contactid"] for row in first["value"] + rest]
    assert found == [ids(number) for number in (2, 3, 4, 5, 6, 7, 9)]


def test_zero_letters_are_refused(user: Any) -> None:
    assert user.refused("GET", "contacts?$filter=lastname eq 'a%00b'")[0] == 400
    assert user.refused("GET", "contacts%00")[0] in (400, 404)
