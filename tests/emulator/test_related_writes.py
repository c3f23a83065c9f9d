"""Rows that are written through or together with others: deep inserts, binds, references."""

from __future__ import annotations

from typing import Any

import pytest

from tests.emulator.conftest import ROOT, Local

MEMBERS = "msfsi_groupmember_Group_msfsi_group"
PAYLOAD, ADDRESS = "0x80048d19", "0x80060888"
ROLES = "systemuserroles_association"


def household(**values: Any) -> dict[str, Any]:
    return {"msfsi_name": "House", "msfsi_type": 104800000, **values}


def test_rows_are_nested_both_ways(local: Local) -> None:
    members = [
        {"msfsi_name": "1", "msfsi_member_Contact_contact": {"lastname": "Okafor"}},
        {"msfsi_name": "2"},
    ]
    path = local.send("POST", "msfsi_groups", household(**{MEMBERS: members})).headers[
        "OData-EntityId"
    ]
    expand = "$expand=msfsi_member_Contact_contact&$orderby=msfsi_name"
    found = local.rows(f"{path}/{MEMBERS}?{expand}")
    assert [row["msfsi_name"] for row in found] == ["1", "2"]
    assert found[0]["msfsi_member_Contact_contact"]["lastname"] == "Okafor"


@pytest.mark.parametrize("message", ["CreateMultiple", "UpsertMultiple"])
def test_targets_hold_no_related_rows(local: Local, ids: Any, message: str) -> None:
    row = household(msfsi_groupid=ids(1), **{MEMBERS: [{"msfsi_name": "1"}]})
    answer = local.bulk("msfsi_groups", message, "msfsi_group", [row])
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, PAYLOAD)
    assert local.rows("msfsi_groups") == []


def test_rows_can_not_be_nested_without_end(local: Local) -> None:
    def chain(levels: int) -> dict[str, Any]:
        body: dict[str, Any] = {"name": "A"}
        for _ in range(levels):
            body = {"name": "A", "parentaccountid": body}
        return body

    assert local.send("POST", "accounts", chain(50)).status_code == 204
    before = len(local.rows("accounts"))
    assert local.refused("POST", "accounts", chain(51))[:2] == (400, PAYLOAD)
    assert len(local.rows("accounts")) == before


def test_a_collection_binds_rows_that_exist(local: Local) -> None:
    rows = [local.create("msfsi_groupmembers", msfsi_name=name) for name in "ab"]
    binds = [f"/msfsi_groupmembers({rows[0]})", f"{ROOT}msfsi_groupmembers({rows[1]})"]
    group = local.create("msfsi_groups", **household(), **{f"{MEMBERS}__bind": binds})
    found = local.rows(f"msfsi_groups({group})/{MEMBERS}")
    assert sorted(row["msfsi_name"] for row in found) == ["a", "b"]


def test_a_collection_binds_no_row_of_another_table(local: Local) -> None:
    contact = local.create("contacts", lastname="O")
    body = household(**{f"{MEMBERS}@odata.bind": [f"/contacts({contact})"]})
    assert local.refused("POST", "msfsi_groups", body)[:2] == (400, PAYLOAD)
    assert local.rows("msfsi_groups") == []


def test_two_binds_of_one_lookup_are_refused(local: Local) -> None:
    account = f"/accounts({local.create('accounts', name='A')})"
    contact = f"/contacts({local.create('contacts', lastname='B')})"
    path = contact.removeprefix("/")
    twice = {
        "parentcustomerid_account@odata.bind": account,
        "parentcustomerid_contact@odata.bind": contact,
    }
    assert local.refused("POST", "contacts", {"lastname": "C", **twice})[:2] == (400, PAYLOAD)
    assert local.refused("PATCH", path, twice)[:2] == (400, PAYLOAD)
    both = {"parentcustomerid_account": {"name": "D"}, **twice}
    assert local.refused("POST", "contacts", both)[:2] == (400, PAYLOAD)
    rows = [{"lastname": "C", **twice}] * 2
    answer = local.bulk("contacts", "CreateMultiple", "contact", rows)
    assert answer.json()["error"]["code"] == PAYLOAD


@pytest.mark.parametrize(
    "address",
    [
        "https://other.example/api/data/v9.2/msfsi_branchs({id})",
        "https://bank.example/msfsi_branchs({id})",
        "https://bank.example/api/data/v8.2/msfsi_branchs({id})",
        "/api/msfsi_branchs({id})",
        "msfsi_branchs/{id}",
        "msfsi_branchs({id}))",
        "msfsi_branchs(msfsi_integrationkey='a',)",
        "msfsi_branchs(msfsi_integrationkey='a',msfsi_integrationkey='a')",
        "",
    ],
)
def test_an_address_of_elsewhere_binds_nothing(local: Local, ids: Any, address: str) -> None:
    local.create("msfsi_branchs", msfsi_branchid=ids(1), msfsi_integrationkey="a")
    body = {"lastname": "A", "msfsi_Branch@odata.bind": address.format(id=ids(1))}
    assert local.refused("POST", "contacts", body)[:2] == (400, ADDRESS)


def test_a_bind_may_be_percent_encoded(local: Local) -> None:
    branch = local.create("msfsi_branchs", msfsi_integrationkey="it's é 1")
    address = "/msfsi_branchs(msfsi_integrationkey='it''s%20%C3%A9%201')"
    contact = local.create("contacts", lastname="A", msfsi_Branch__bind=address)
    assert local.get(f"contacts({contact})")["_msfsi_branch_value"] == branch


@pytest.mark.parametrize("letter", list("/<>*%&:\\?+"))
@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_keys_with_letters_that_addresses_break_on_are_refused(
    local: Local, letter: str, method: str
) -> None:
    local.create("msfsi_banks", msfsi_integrationkey=f"a{letter}b")
    path = f"msfsi_banks(msfsi_integrationkey='a%{ord(letter):02X}b')"
    body = {"msfsi_name": "B"} if method == "PATCH" else None
    assert local.refused(method, path, body)[:2] == (400, ADDRESS)


def test_an_account_is_not_above_itself(local: Local, ids: Any) -> None:
    above, below = (local.create("accounts", name=name) for name in "ab")

    def parent(of: str, row: str) -> tuple[int, str]:
        body = {"parentaccountid@odata.bind": f"/accounts({row})"}
        answer = local.send("PATCH", f"accounts({of})", body)
        return answer.status_code, answer.json()["error"]["code"] if answer.content else ""

    assert parent(below, above) == (204, "")
    assert parent(above, below) == (400, "0x80040507")
    assert parent(above, above) == (400, "0x80040507")
    assert local.get(f"accounts({above})")["_parentaccountid_value"] is None


def test_taking_a_reference_away_deletes_no_row(local: Local) -> None:
    account = local.create("accounts", name="A")
    path = f"accounts({account})"
    contact = local.create("contacts", lastname="B", parentcustomerid_account__bind=f"/{path}")
    local.send("PATCH", path, {"primarycontactid@odata.bind": f"/contacts({contact})"})

    assert local.send("DELETE", f"{path}/primarycontactid/$ref").status_code == 204
    one = f"{path}/contact_customer_accounts"
    assert local.send("DELETE", f"{one}/$ref?$id={ROOT}contacts({contact})").status_code == 204
    row = local.get(f"contacts({contact})")
    assert row["_parentcustomerid_value"] is None
    assert local.get(path)["_primarycontactid_value"] is None


@pytest.mark.parametrize("tail", ["primarycontactid/$ref", "name", "primarycontactid"])
def test_a_stale_version_stops_writes_behind_a_row(local: Local, tail: str) -> None:
    path = f"accounts({local.create('accounts', name='A')})"
    stale = local.get(path)["@odata.etag"]
    local.send("PATCH", path, {"name": "B"})
    if tail != "primarycontactid":
        refused = local.refused("DELETE", f"{path}/{tail}", If_Match=stale)
        assert refused[:2] == (412, "0x80060882")
    assert local.get(path)["name"] == "B"


def test_references_of_a_collection_are_listed(local: Local) -> None:
    account = local.create("accounts", name="A")
    bind = {"parentcustomerid_account__bind": f"/accounts({account})"}
    contacts = {local.create("contacts", lastname=name, **bind) for name in "bc"}
    found = local.get(f"accounts({account})/contact_customer_accounts/$ref")
    assert found["@odata.context"] == f"{ROOT}$metadata#Collection($ref)"
    assert {row["@odata.id"] for row in found["value"]} == {
        f"{ROOT}contacts({row})" for row in contacts
    }


@pytest.fixture
def user(local: Local) -> str:
    return f"systemusers({local.get('WhoAmI')['UserId']})"


@pytest.fixture
def role(local: Local) -> str:
    unit = local.get("WhoAmI")["BusinessUnitId"]
    bind = {"businessunitid__bind": f"/businessunits({unit})"}
    return f"roles({local.create('roles', name='Teller', **bind)})"


def test_two_rows_are_paired_read_from_both_ends_and_parted(
    local: Local, user: str, role: str
) -> None:
    body = {"@odata.id": ROOT + role}
    before = len(local.rows(f"{user}/{ROLES}"))
    assert local.send("POST", f"{user}/{ROLES}/$ref", body).status_code == 204
    assert local.refused("POST", f"{user}/{ROLES}/$ref", body)[:2] == (412, "0x80040237")

    assert "Teller" in [row["name"] for row in local.rows(f"{user}/{ROLES}?$select=name")]
    assert [row["@odata.id"] for row in local.rows(f"{role}/{ROLES}/$ref")] == [ROOT + user]
    key = role.removeprefix("roles")
    assert local.send("DELETE", f"{user}/{ROLES}{key}/$ref").status_code == 204
    assert local.refused("DELETE", f"{user}/{ROLES}{key}/$ref")[:2] == (404, "0x80040217")
    assert len(local.rows(f"{user}/{ROLES}")) == before
    assert local.get(role)["name"] == "Teller"


def test_a_pair_needs_both_rows_of_the_right_tables(
    local: Local, user: str, role: str, ids: Any
) -> None:
    missing = {"@odata.id": f"roles({ids(9)})"}
    assert local.refused("POST", f"{user}/{ROLES}/$ref", missing)[0] == 404
    ghost = f"systemusers({ids(9)})/{ROLES}"
    assert local.refused("POST", f"{ghost}/$ref", {"@odata.id": role})[0] == 404
    wrong = {"@odata.id": user}
    assert local.refused("POST", f"{user}/{ROLES}/$ref", wrong)[:2] == (400, PAYLOAD)


def test_deleting_an_end_takes_its_pairs(local: Local, user: str, role: str) -> None:
    local.send("POST", f"{role}/{ROLES}/$ref", {"@odata.id": user})
    before = len(local.rows("systemuserrolescollection"))
    assert local.send("DELETE", role).status_code == 204
    assert len(local.rows("systemuserrolescollection")) == before - 1


def test_rows_are_paired_as_they_are_created(local: Local, user: str) -> None:
    unit = local.get("WhoAmI")["BusinessUnitId"]
    body = {
        "name": "Manager",
        "businessunitid@odata.bind": f"/businessunits({unit})",
        f"{ROLES}@odata.bind": [user],
    }
    path = local.send("POST", "roles", body).headers["OData-EntityId"]
    assert len(local.rows(f"{path}/{ROLES}")) == 1


def test_a_pair_is_no_row_to_write(local: Local, user: str, role: str) -> None:
    local.send("POST", f"{role}/{ROLES}/$ref", {"@odata.id": user})
    row = local.rows("systemuserrolescollection")[0]["systemuserroleid"]
    body = {"systemuserid": row}
    assert local.refused("POST", "systemuserrolescollection", body)[0] == 405
    assert local.refused("PATCH", f"systemuserrolescollection({row})", body)[0] == 405
    assert local.refused("DELETE", f"systemuserrolescollection({row})")[0] == 405
