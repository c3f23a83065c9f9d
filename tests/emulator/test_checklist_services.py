"""Rules of batches, limits, jobs and metadata that no other file tests (see `mutations`)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.conftest import Local
from tests.emulator.test_access import Caller, role_id
from tests.emulator.test_batch import change_set, part
from tests.emulator.test_jobs import MARK, MARKED, binned, finish, query, submit
from tests.emulator.test_metadata_writes import add, column, entity, lookup, make

CRM = "Microsoft.Dynamics.CRM."
BATCH = "multipart/mixed; boundary=b"


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


def test_what_a_cascade_took_can_not_be_restored_alone(local: Local) -> None:
    local.turn(recycle_bin=True)
    contact = local.create("contacts", lastname="A")
    event = local.create(
        "msfsi_lifemoments", msfsi_name="E", msfsi_Contact__bind=f"/contacts({contact})"
    )
    local.send("DELETE", f"contacts({contact})")
    target = {"@odata.type": f"{CRM}msfsi_lifemoment", "msfsi_lifemomentid": event}
    assert local.refused("POST", "Restore", {"Target": target})[:2] == (404, "0x80040217")


@pytest.mark.parametrize("kind", ["String", "Integer"])
def test_a_table_has_one_text_as_its_primary_name(local: Local, kind: str) -> None:
    second = column(kind, "new_Second", IsPrimaryName=True)
    body = entity("new_thing", second)
    if kind == "Integer":
        body["Attributes"] = [second]
    else:
        second |= {"MaxLength": 50, "FormatName": {"Value": "Text"}}
    assert local.refused("POST", "EntityDefinitions", body)[:2] == (400, "0x80048d19")
    assert local.refused("GET", "new_things")[0] == 404
    del second["IsPrimaryName"]
    assert local.send("POST", "EntityDefinitions", entity("new_thing", second)).is_success


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


def test_a_job_that_deletes_directly_leaves_the_bin_alone(local: Local) -> None:
    local.turn(recycle_bin=True)
    local.create("contacts", lastname="A", importsequencenumber=MARK)
    finish(local, submit(local, query("contact", MARKED), Options={"RunJobForSandbox": True}))
    assert local.rows("contacts") == []
    assert binned(local) == []
