"""Rules of rows that no other file tests: each fails when its rule is broken (see `mutations`)."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.conftest import Local
from tests.emulator.test_access import Caller
from tests.emulator.test_file_columns import PNG, STREAM
from tests.emulator.test_metadata_writes import add, lookup, make

CRM = "Microsoft.Dynamics.CRM."
ALL = 'odata.include-annotations="*"'


def test_what_an_answer_can_not_honour_is_not_confirmed(local: Local) -> None:
    answer = local.send("POST", "contacts", {"lastname": "A"}, Prefer=ALL)
    assert answer.status_code == 204
    assert "Preference-Applied" not in answer.headers


def test_honoured_annotations_are_confirmed_in_quotes(local: Local) -> None:
    answer = local.send("GET", "contacts", Prefer=ALL)
    assert answer.headers["Preference-Applied"] == ALL


@pytest.mark.parametrize(
    ("path", "context"),
    [
        ("contacts?$select=fullname", "contacts(fullname)"),
        ("contacts?$select=fullname,jobtitle", "contacts(fullname,jobtitle)"),
        ("contacts", "contacts"),
        ("WhoAmI", f"{CRM}WhoAmIResponse"),
        ("RetrieveVersion", f"{CRM}RetrieveVersionResponse"),
    ],
)
def test_contexts_name_what_is_shown(shared: Local, path: str, context: str) -> None:
    root = "https://bank.example/api/data/v9.2/"
    assert shared.get(path)["@odata.context"] == f"{root}$metadata#{context}"


@pytest.mark.parametrize("path", ["/api/data/v9.3/contacts", "/api/data/v9.2contacts", "/x"])
def test_an_address_outside_of_the_service_is_refused(shared: Local, path: str) -> None:
    refusal = shared.refused("GET", f"https://bank.example{path}")
    assert refusal[:2] == (404, "0x80060888")
    assert "https://bank.example/api/data/v9.2/" in refusal[2]


def test_a_row_with_additions_is_sent_although_unchanged(local: Local) -> None:
    path = f"contacts({local.create('contacts', lastname='A')})"
    etag = local.get(path)["@odata.etag"]
    assert local.send("GET", path, If_None_Match=etag).status_code == 304
    assert local.send("GET", path, If_None_Match=etag, Prefer=ALL).status_code == 200
    expanded = local.send("GET", f"{path}?$expand=owninguser", If_None_Match=etag)
    assert expanded.status_code == 200


def test_rows_of_two_tables_with_one_id_are_told_apart(local: Local, ids: Any) -> None:
    local.create("accounts", accountid=ids(1), name="A")
    local.create("contacts", contactid=ids(1), lastname="B")
    local.create(
        "contacts", contactid=ids(2), parentcustomerid_account__bind=f"/accounts({ids(1)})"
    )
    by_contact = "contacts?$filter=parentcustomerid_contact/lastname eq 'B'"
    assert local.rows(by_contact) == []
    by_account = "contacts?$filter=parentcustomerid_account/name eq 'A'"
    assert [row["contactid"] for row in local.rows(by_account)] == [ids(2)]
    children = local.get(f"contacts({ids(1)})?$expand=contact_customer_contacts")
    assert children["contact_customer_contacts"] == []


def test_what_only_applications_require_may_be_left_out(local: Local) -> None:
    contact = local.create("contacts", firstname="Ada")
    assert local.get(f"contacts({contact})")["lastname"] is None


def test_what_the_platform_filled_in_can_not_be_emptied(local: Local) -> None:
    path = f"queues({local.create('queues', name='Q')})"
    assert local.get(path)["queueviewtype"] == 0
    refusal = local.refused("PATCH", path, {"queueviewtype": None})
    assert refusal[:2] == (400, "0x80040200")


def test_rows_may_share_one_half_of_a_key(local: Local) -> None:
    group = f"/msfsi_groups({local.create('msfsi_groups', msfsi_name='G')})"
    for name in "AB":
        contact = f"/contacts({local.create('contacts', lastname=name)})"
        member = {"msfsi_group__bind": group, "msfsi_member_Contact_contact__bind": contact}
        local.create("msfsi_groupmembers", **member)
    assert len(local.rows("msfsi_groupmembers")) == 2


def test_a_lookup_in_a_key_is_named_by_its_value(local: Local) -> None:
    group = local.create("msfsi_groups", msfsi_name="G")
    account = local.create("accounts", name="A")
    named = f"msfsi_groupmembers(_msfsi_group_value={group},_msfsi_member_value={account})"
    assert local.send("PATCH", named, {"msfsi_name": "M"}).status_code == 204
    bare = f"msfsi_groupmembers(msfsi_group={group},msfsi_member={account})"
    assert local.refused("GET", bare)[:2] == (400, "0x80060890")
    assert local.get(named)["msfsi_name"] == "M"


def test_an_id_is_the_same_in_any_case(local: Local, ids: Any) -> None:
    local.create("contacts", contactid=ids(1), lastname="A")
    assert local.get(f"contacts({ids(1).upper()})")["contactid"] == ids(1)


def test_a_page_and_a_count_end_at_five_thousand(local: Local) -> None:
    with sqlite3.connect(local.database) as connection:
        connection.execute(
            "INSERT INTO theme (themeid, name, versionnumber) WITH RECURSIVE n(i) AS "
            "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5002) SELECT 'x' || i, 'x', 1 FROM n"
        )
    total = f"{CRM}totalrecordcount"
    prefer = f'odata.maxpagesize=6000,odata.include-annotations="{CRM}*"'
    for headers in ({}, {"Prefer": prefer}):
        body = local.get("themes?$select=name&$count=true", **headers)
        assert len(body["value"]) == body["@odata.count"] == 5000
        assert "@odata.nextLink" in body
    assert (body[f"@{total}"], body[f"@{total}limitexceeded"]) == (5000, True)
    assert local.send("GET", "themes/$count").text == "5000"


@pytest.mark.parametrize("inner", ["[[1]]", "[18446744073709551615]", '{"a":1}', "[{}]", "1", "["])
def test_a_token_holds_one_plain_value_per_term(shared: Local, inner: str) -> None:
    token = f'<cookie pagenumber="2" pagingcookie="{quote(inner)}" istracking="False" />'
    refusal = shared.refused("GET", f"contacts?$skiptoken={quote(token)}")
    assert refusal[:2] == (400, "0x80060888")


def test_an_upload_belongs_to_its_column(local: Local) -> None:
    first, second = (f"contacts({local.create('contacts', lastname=n)})" for n in "AB")
    begun = local.send(
        "PATCH", f"{first}/entityimage?x-ms-file-name=a.png", x_ms_transfer_mode="chunked"
    )
    address = begun.headers["Location"].replace(first, second)
    whole = f"bytes 0-{len(PNG) - 1}/{len(PNG)}"
    refusal = local.refused("PATCH", address, PNG, Content_Type=STREAM, Content_Range=whole)
    assert refusal[:2] == (400, "0x80040203")
    assert local.get(second)["entityimageid"] is None


def test_no_cascade_leaves_the_reference_as_it_is(local: Local) -> None:
    make(local, "new_note")
    kept = {"Delete": "NoCascade", "Assign": "Cascade"}
    relationship = lookup("new_note", "contact", CascadeConfiguration=kept)
    add(local, "RelationshipDefinitions", relationship)
    contact = local.create("contacts", lastname="A")
    row = local.create("new_notes", new_name="n", new_Parent__bind=f"/contacts({contact})")
    assert local.send("DELETE", f"contacts({contact})").status_code == 204
    assert local.get(f"new_notes({row})")["_new_parent_value"] == contact


def test_restricted_children_that_go_along_are_no_hindrance(local: Local) -> None:
    make(local, "new_house")
    make(local, "new_flat")
    for child in ("new_house", "new_flat"):
        add(local, "RelationshipDefinitions", lookup(child, "contact"))
    inside = lookup(
        "new_flat", "new_house", "new_House", CascadeConfiguration={"Delete": "Restrict"}
    )
    add(local, "RelationshipDefinitions", inside)
    owner = f"/contacts({local.create('contacts', lastname='A')})"
    house = f"/new_houses({local.create('new_houses', new_name='h', new_Parent__bind=owner)})"
    local.create("new_flats", new_name="f", new_Parent__bind=owner, new_House__bind=house)
    assert local.refused("DELETE", house[1:])[:2] == (405, "0x80040227")
    assert local.send("DELETE", owner[1:]).status_code == 204
    assert local.rows("new_houses") == local.rows("new_flats") == []


def test_an_update_stamps_who_and_when(local: Local) -> None:
    path = f"contacts({local.create('contacts', lastname='A')})"
    before = local.get(path)
    local.now += timedelta(hours=2)
    other = Caller(local, "dana.whitlock")
    assert other.send("PATCH", path, {"lastname": "B"}).status_code == 204
    after = local.get(path)
    assert (after["modifiedon"], after["_modifiedby_value"]) == ("2026-07-01T11:00:00Z", other.id)
    for name in ("createdon", "_createdby_value"):
        assert after[name] == before[name]


def test_a_row_belongs_to_the_unit_of_its_owner(local: Local) -> None:
    unit = local.get("WhoAmI")["BusinessUnitId"]
    contact = local.get(f"contacts({local.create('contacts', lastname='A')})")
    assert contact["_owningbusinessunit_value"] == unit


def test_an_id_belongs_to_one_activity_of_any_kind(local: Local, ids: Any) -> None:
    local.create("tasks", activityid=ids(1), subject="A")
    refusal = local.refused("POST", "phonecalls", {"activityid": ids(1), "subject": "B"})
    assert refusal[:2] == (412, "0x80040237")


def test_a_row_is_taken_from_its_own_parent_only(local: Local) -> None:
    first, second = (local.create("contacts", lastname=name) for name in "AB")
    event = local.create(
        "msfsi_lifemoments", msfsi_name="E", msfsi_Contact__bind=f"/contacts({first})"
    )
    path = f"contacts({second})/msfsi_contact_msfsi_lifemoment_Contact({event})/$ref"
    assert local.refused("DELETE", path)[:2] == (404, "0x80040217")
    assert local.get(f"msfsi_lifemoments({event})")["_msfsi_contact_value"] == first


def test_a_quote_in_a_key_is_doubled(local: Local) -> None:
    bank = local.create("msfsi_banks", msfsi_name="B", msfsi_integrationkey="O'Neil''s")
    found = local.get("msfsi_banks(msfsi_integrationkey='O''Neil''''s')")
    assert found["msfsi_bankid"] == bank


def test_each_of_several_options_is_checked(local: Local) -> None:
    stream = {"msdyn_name": "W", "msdyn_allowedpresences": "192360000,192360001"}
    local.create("msdyn_liveworkstreams", **stream)
    wrong = {**stream, "msdyn_allowedpresences": "192360000,5"}
    refusal = local.refused("POST", "msdyn_liveworkstreams", wrong)
    assert refusal[:2] == (400, "0x8004431a")
