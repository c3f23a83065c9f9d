"""A row that changes hands takes along what its relationships say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.conftest import Local


@pytest.fixture
def other(local: Local) -> str:
    """A user who is not the caller."""
    (found,) = local.rows("systemusers?$filter=firstname eq 'Noor'")
    return str(found["systemuserid"])


def give(local: Local, path: str, user: str) -> None:
    body = {"ownerid@odata.bind": f"/systemusers({user})"}
    assert local.send("PATCH", path, body).status_code == 204


def owner(local: Local, path: str) -> tuple[Any, Any]:
    row = local.get(f"{path}?$select=_ownerid_value,_owninguser_value")
    return row["_ownerid_value"], row["_owninguser_value"]


def test_children_follow_as_deep_as_the_cascade_reaches(local: Local, other: str) -> None:
    contact = local.create("contacts", lastname="Okafor")
    bind = {"customerid_contact__bind": f"/contacts({contact})"}
    case = local.create("incidents", title="Lost card", **bind)
    about = {"regardingobjectid_incident_task__bind": f"/incidents({case})"}
    task = local.create("tasks", subject="Call back", **about)
    stranger = local.create("tasks", subject="Something else")
    before = local.get(f"tasks({task})")["versionnumber"]
    give(local, f"contacts({contact})", other)
    for path in (f"contacts({contact})", f"incidents({case})", f"tasks({task})"):
        assert owner(local, path) == (other, other), path
    assert local.get(f"tasks({task})")["versionnumber"] > before
    assert owner(local, f"tasks({stranger})")[0] != other


def test_a_child_without_the_cascade_keeps_its_owner(local: Local, other: str) -> None:
    contact = local.create("contacts", lastname="Okafor")
    bind = {"msfsi_customer__bind": f"/contacts({contact})"}
    goal = local.create("msfsi_financialgoals", msfsi_name="House", **bind)
    give(local, f"contacts({contact})", other)
    assert owner(local, f"msfsi_financialgoals({goal})")[0] != other


def test_two_rows_below_each_other_change_hands_once(local: Local, other: str) -> None:
    first = local.create("contacts", lastname="First")
    bind = {"parentcustomerid_contact__bind": f"/contacts({first})"}
    second = local.create("contacts", lastname="Second", **bind)
    back = {"parentcustomerid_contact@odata.bind": f"/contacts({second})"}
    local.send("PATCH", f"contacts({first})", back)
    give(local, f"contacts({first})", other)
    assert owner(local, f"contacts({second})") == (other, other)


@pytest.mark.parametrize(
    ("behaviour", "follows"), [("Active", {"active", "foreign"}), ("UserOwned", {"active", "done"})]
)
def test_only_some_children_follow_where_the_relationship_says_so(
    local: Local, other: str, behaviour: str, follows: set[str]
) -> None:
    relate(local, behaviour)
    contact = local.create("contacts", lastname="Okafor")
    bind = {"new_Contact__bind": f"/contacts({contact})"}
    children = {
        name: local.create("msfsi_banks", msfsi_name=name, msfsi_integrationkey=name, **bind)
        for name in ("active", "done", "foreign")
    }
    local.send("PATCH", f"msfsi_banks({children['done']})", {"statecode": 1, "statuscode": 2})
    third = local.rows("systemusers?$filter=domainname eq 'jordan.pierce@bank.example'")
    give(local, f"msfsi_banks({children['foreign']})", third[0]["systemuserid"])
    give(local, f"contacts({contact})", other)
    moved = {
        name for name, id in children.items() if owner(local, f"msfsi_banks({id})")[0] == other
    }
    assert moved == follows


def relate(local: Local, assign: str) -> None:
    """Make a relationship from banks to contacts with a behaviour on a change of owner."""
    label = {"LocalizedLabels": [{"Label": "Contact", "LanguageCode": 1033}]}
    actions = ("Delete", "Merge", "Reparent", "Share", "Unshare")
    body = {
        "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
        "SchemaName": "new_contact_bank",
        "ReferencedEntity": "contact",
        "ReferencedAttribute": "contactid",
        "ReferencingEntity": "msfsi_bank",
        "CascadeConfiguration": {
            **dict.fromkeys(actions, "NoCascade"),
            "Delete": "RemoveLink",
            "Assign": assign,
        },
        "Lookup": {
            "@odata.type": "Microsoft.Dynamics.CRM.LookupAttributeMetadata",
            "SchemaName": "new_Contact",
            "DisplayName": label,
        },
    }
    answer = local.send("POST", "RelationshipDefinitions", body)
    assert answer.status_code == 204, answer.text
