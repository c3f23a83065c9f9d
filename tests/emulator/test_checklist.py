"""Rules that no other file tests: each fails when its rule is broken (see `mutations`)."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from tests.emulator.conftest import Local
from tests.emulator.test_access import Caller, role_id
from tests.emulator.test_batch import change_set, part
from tests.emulator.test_file_columns import PNG, STREAM

CRM = "Microsoft.Dynamics.CRM."
ALL = 'odata.include-annotations="*"'
BATCH = "multipart/mixed; boundary=b"


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


@pytest.mark.parametrize("path", ["/api/data/v9.3/contacts", "/api/data/v9.2contacts", "/"])
def test_an_address_outside_of_the_service_is_refused(shared: Local, path: str) -> None:
    refusal = shared.refused("GET", f"https://bank.example{path}")
    assert refusal[:2] == (404, "0x80060888")


def test_a_row_with_additions_is_sent_although_unchanged(local: Local) -> None:
    path = f"contacts({local.create('contacts', lastname='A')})"
    etag = local.get(path)["@odata.etag"]
    assert local.send("GET", path, If_None_Match=etag).status_code == 304
    assert local.send("GET", path, If_None_Match=etag, Prefer=ALL).status_code == 200
    expanded = local.send("GET", f"{path}?$expand=owninguser", If_None_Match=etag)
    assert expanded.status_code == 200


def test_what_only_applications_require_may_be_left_out(local: Local) -> None:
    contact = local.create("contacts", firstname="Ada")
    assert local.get(f"contacts({contact})")["lastname"] is None


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


def test_operations_of_a_change_set_count_towards_the_limit(local: Local) -> None:
    parts = [part("DELETE", "contacts(x)", None, number) for number in range(1, 1002)]
    body = f"--b\r\n{change_set(*parts)}\r\n--b--\r\n"
    refusal = local.refused("POST", "$batch", body.encode(), Content_Type=BATCH)
    assert refusal[:2] == (400, "0x80040203")
    assert "1001" in refusal[2]


def test_a_part_with_bare_line_feeds_is_refused(local: Local) -> None:
    head = "Content-Type: application/http{0}Content-Transfer-Encoding: binary"
    body = "--b\r\n" + head + "\r\n\r\nGET WhoAmI HTTP/1.1\r\n\r\n\r\n--b--\r\n"
    for line_end, status in (("\r\n", 200), ("\n", 400)):
        content = body.format(line_end).encode()
        answer = local.send("POST", "$batch", content, Content_Type=BATCH)
        assert answer.status_code == status


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


def test_each_user_has_a_window_of_his_own(local: Local) -> None:
    other = Caller(local, "dana.whitlock")
    local.turn(throttling=True, throttle_requests=1)
    assert local.send("GET", "WhoAmI").status_code == 200
    assert other.send("GET", "WhoAmI").status_code == 200
    assert local.send("GET", "WhoAmI").status_code == 429
    assert other.send("GET", "WhoAmI").status_code == 429


@pytest.mark.parametrize(
    ("column", "kind", "create", "update", "level"),
    [
        ("lastname", "String", True, True, "ApplicationRequired"),
        ("importsequencenumber", "Integer", True, False, "None"),
        ("statecode", "State", False, True, "SystemRequired"),
        ("contactid", "Uniqueidentifier", True, False, "SystemRequired"),
        ("createdon", "DateTime", False, False, "None"),
        ("birthdate", "DateTime", True, True, "None"),
        ("parentcustomerid", "Customer", True, True, "None"),
        ("ownerid", "Owner", True, True, "SystemRequired"),
        ("annualincome", "Money", True, True, "None"),
    ],
)
def test_a_column_tells_what_can_be_done_with_it(
    shared: Local, column: str, kind: str, create: bool, update: bool, level: str
) -> None:
    path = f"EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='{column}')"
    found = shared.get(path)
    assert found["AttributeType"] == kind
    assert (found["IsValidForCreate"], found["IsValidForUpdate"]) == (create, update)
    assert found["RequiredLevel"]["Value"] == level


def test_a_cast_leaves_other_types_out(shared: Local) -> None:
    cast = f"{CRM}MoneyAttributeMetadata"
    rows = shared.rows(f"EntityDefinitions(LogicalName='contact')/Attributes/{cast}")
    assert {row["AttributeType"] for row in rows} == {"Money"}


def test_giving_a_row_away_needs_the_right_to_assign_it(local: Local) -> None:
    owner, other = Caller(local, "dana.whitlock"), Caller(local, "jordan.pierce")
    row = owner.create("msfsi_lifemoments", msfsi_name="A")
    role = role_id(local, "Retail banking: Contributor")
    name = "prvAssignmsfsi_lifemoment"
    (privilege,) = local.rows(f"privileges?$select=name&$filter=name eq '{name}'")
    taken = {"PrivilegeId": privilege["privilegeid"]}
    answer = local.send("POST", f"roles({role})/{CRM}RemovePrivilegeRole", taken)
    assert answer.status_code == 204, answer.text
    path = f"msfsi_lifemoments({row})"
    given = {"ownerid@odata.bind": f"/systemusers({other.id})"}
    assert name in owner.denied("PATCH", path, given)
    assert owner.send("PATCH", path, {"msfsi_name": "B"}).status_code == 204


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
