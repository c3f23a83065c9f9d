"""Rules that no other file tests: each fails when its rule is broken (see `mutations`)."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.emulator.conftest import Local
from tests.emulator.test_access import Caller, role_id
from tests.emulator.test_batch import change_set, part
from tests.emulator.test_file_columns import PNG, STREAM
from tests.emulator.test_jobs import MARK, MARKED, binned, finish, query, submit
from tests.emulator.test_metadata_writes import add, lookup, make

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


@pytest.mark.parametrize("inner", ["[[1]]", "[18446744073709551615]", '{"a":1}', "[{}]", "1", "["])
def test_a_token_holds_one_plain_value_per_term(shared: Local, inner: str) -> None:
    token = f'<cookie pagenumber="2" pagingcookie="{quote(inner)}" istracking="False" />'
    refusal = shared.refused("GET", f"contacts?$skiptoken={quote(token)}")
    assert refusal[:2] == (400, "0x80060888")


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


@pytest.mark.parametrize(
    ("entity_set", "table", "row"),
    [
        ("annotations", "annotation", {"subject": "A"}),
        ("tasks", "task", {"subject": "A"}),
        ("phonecalls", "phonecall", {"subject": "A"}),
    ],
)
def test_notes_and_activities_take_no_bulk_messages(
    local: Local, entity_set: str, table: str, row: dict[str, Any]
) -> None:
    answer = local.bulk(entity_set, "CreateMultiple", table, [row])
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "0x80040800")
    assert local.rows(entity_set) == []


def test_every_target_is_of_the_tables_type(local: Local) -> None:
    answer = local.bulk("contacts", "CreateMultiple", "account", [{"description": "A"}] * 2)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "0x80048d19")
    assert local.rows("contacts") == []


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


def test_what_a_cascade_took_can_not_be_restored_alone(local: Local) -> None:
    local.turn(recycle_bin=True)
    contact = local.create("contacts", lastname="A")
    event = local.create(
        "msfsi_lifemoments", msfsi_name="E", msfsi_Contact__bind=f"/contacts({contact})"
    )
    local.send("DELETE", f"contacts({contact})")
    target = {"@odata.type": f"{CRM}msfsi_lifemoment", "msfsi_lifemomentid": event}
    assert local.refused("POST", "Restore", {"Target": target})[:2] == (404, "0x80040217")


def test_a_relationship_has_its_own_name(local: Local) -> None:
    make(local, "new_child")
    add(local, "RelationshipDefinitions", lookup("new_child", "contact"))
    again = lookup("new_child", "contact", "new_Other")
    assert local.refused("POST", "RelationshipDefinitions", again)[:2] == (400, "0x80044363")
    assert local.refused("GET", "new_childs?$select=_new_other_value")[0] == 400


def test_the_import_number_of_a_new_table_is_fixed_by_the_create(local: Local) -> None:
    make(local, "new_thing")
    path = f"new_things({local.create('new_things', new_name='A', importsequencenumber=-3)})"
    assert local.refused("PATCH", path, {"importsequencenumber": -4})[:2] == (400, "0x80048d19")
    assert local.get(path)["importsequencenumber"] == -3


def test_operations_of_a_batch_weigh_by_their_time_but_are_one_request(
    fresh_file: Path, tmp_path: Path
) -> None:
    async def at_once(_seconds: float) -> None:
        return

    shutil.copy(fresh_file, tmp_path / "slow.db")
    local = Local(tmp_path / "slow.db", sleep=at_once)
    local.turn(throttling=True, row_time_ms=100)
    body = "".join(f"--b\r\n{part('GET', 'WhoAmI')}\r\n" for _ in range(4)) + "--b--\r\n"
    answer = local.send("POST", "$batch", body.encode(), Content_Type=BATCH)
    assert answer.status_code == 200
    assert answer.headers["x-ms-ratelimit-burst-remaining-xrm-requests"] == "5999"
    assert answer.headers["x-ms-ratelimit-time-remaining-xrm-requests"] == "1199.60"
    local.app.state.close()


def test_a_body_has_a_greatest_size(shared: Local) -> None:
    size = 128 * 2**20 + 1
    refusal = shared.refused("POST", "contacts", bytes(size), Content_Type="application/json")
    assert refusal[:2] == (413, "0x80060888")


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


def test_a_job_that_deletes_directly_leaves_the_bin_alone(local: Local) -> None:
    local.turn(recycle_bin=True)
    local.create("contacts", lastname="A", importsequencenumber=MARK)
    finish(local, submit(local, query("contact", MARKED), Options={"RunJobForSandbox": True}))
    assert local.rows("contacts") == []
    assert binned(local) == []
