from __future__ import annotations

from typing import Any

import pytest

EVENTS = "msfsi_contact_msfsi_lifemoment_Contact"


@pytest.fixture
def contact(local: Any) -> str:
    return f"contacts({local.create('contacts', firstname='Ada', lastname='Okafor')})"


@pytest.fixture
def event(local: Any) -> str:
    return f"msfsi_lifemoments({local.create('msfsi_lifemoments', msfsi_name='Moved')})"


def test_one_column_is_read_set_and_cleared(local: Any, contact: str) -> None:
    assert local.get(f"{contact}/firstname")["value"] == "Ada"
    assert local.send("PUT", f"{contact}/firstname", {"value": "Eve"}).status_code == 204
    assert local.get(contact)["fullname"] == "Eve Okafor"
    assert local.send("DELETE", f"{contact}/firstname").status_code == 204
    assert local.send("GET", f"{contact}/firstname").status_code == 204
    assert local.refused("PUT", f"{contact}/gendercode", {"value": 9})[1] == "0x8004431a"
    assert local.refused("PUT", f"{contact}/firstname", {"firstname": "x"})[0] == 400


def test_a_row_is_added_to_and_taken_from_a_collection(
    local: Any, contact: str, event: str
) -> None:
    body = {"@odata.id": f"https://bank.example/api/data/v9.2/{event}"}
    assert local.send("POST", f"{contact}/{EVENTS}/$ref", body).status_code == 204
    assert [row["msfsi_name"] for row in local.rows(f"{contact}/{EVENTS}")] == ["Moved"]

    key = event.removeprefix("msfsi_lifemoments")
    assert local.send("DELETE", f"{contact}/{EVENTS}{key}/$ref").status_code == 204
    assert local.rows(f"{contact}/{EVENTS}") == []
    assert local.refused("DELETE", f"{contact}/{EVENTS}{key}/$ref")[0] == 404

    local.send("POST", f"{contact}/{EVENTS}/$ref", body)
    address = body["@odata.id"]
    assert local.send("DELETE", f"{contact}/{EVENTS}/$ref?$id={address}").status_code == 204
    assert local.get(event)["_msfsi_contact_value"] is None


def test_a_lookup_is_set_read_and_cleared(local: Any, contact: str, event: str) -> None:
    path = f"{event}/msfsi_Contact/$ref"
    assert local.send("GET", path).status_code == 204
    assert local.send("PUT", path, {"@odata.id": contact}).status_code == 204
    assert local.get(path)["@odata.id"].endswith(contact)
    assert local.get(f"{event}/msfsi_Contact?$select=lastname")["lastname"] == "Okafor"
    assert local.send("DELETE", path).status_code == 204
    assert local.send("GET", f"{event}/msfsi_Contact").status_code == 204


def test_clearing_one_end_of_a_polymorphic_lookup_leaves_the_other(local: Any) -> None:
    account = local.create("accounts", name="Mill")
    bind = {"parentcustomerid_account__bind": f"/accounts({account})"}
    contact = f"contacts({local.create('contacts', lastname='O', **bind)})"
    local.send("DELETE", f"{contact}/parentcustomerid_contact/$ref")
    assert local.get(contact)["_parentcustomerid_value"] == account
    assert local.get(f"{contact}/parentcustomerid_account")["name"] == "Mill"


def test_lookups_named_like_their_column_are_followed(local: Any, contact: str) -> None:
    assert local.get(f"{contact}/ownerid")["lastname"] == "Hale"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", f"{{contact}}/{EVENTS}/$ref", {"@odata.id": "{contact}"}, 400),
        ("POST", f"{{contact}}/{EVENTS}/$ref", {}, 400),
        ("PUT", f"{{contact}}/{EVENTS}/$ref", {"@odata.id": "{event}"}, 405),
        ("PUT", "{event}/msfsi_Contact/$ref", {"@odata.id": "{event}"}, 400),
        ("PUT", "{event}/msfsi_contact/$ref", {"@odata.id": "{contact}"}, 404),
        ("GET", "{contact}/nonsense", None, 404),
        ("POST", f"{{contact}}/{EVENTS}", {}, 501),
    ],
)
def test_misuse_of_references_is_refused(
    local: Any, contact: str, event: str, method: str, path: str, body: Any, status: int
) -> None:
    filled = path.format(contact=contact, event=event)
    if body:
        body = {name: value.format(contact=contact, event=event) for name, value in body.items()}
    assert local.refused(method, filled, body)[0] == status
