"""What a lenient emulator would take and the platform refuses."""

from __future__ import annotations

from typing import Any

import pytest

EMPTY = "00000000-0000-0000-0000-000000000000"
TEXT_KEY = "msfsi_banks(msfsi_integrationkey={})"


def test_an_empty_id_is_refused(local: Any) -> None:
    body = {"contactid": EMPTY, "lastname": "O"}
    assert local.refused("POST", "contacts", body)[:2] == (400, "0x80040266")
    path = f"contacts({EMPTY})"
    assert local.refused("PATCH", path, {"lastname": "O"})[:2] == (400, "0x80040266")
    assert local.rows("contacts") == []


def test_a_text_in_a_key_stands_in_quotes(local: Any) -> None:
    local.create("msfsi_banks", msfsi_name="b", msfsi_integrationkey="K1")
    assert local.get(TEXT_KEY.format("'K1'"))["msfsi_name"] == "b"
    assert local.refused("GET", TEXT_KEY.format("K1"))[:2] == (400, "0x80060888")


@pytest.mark.parametrize("offset", ["+14:01", "-15:00", "+23:59"])
def test_times_further_than_fourteen_hours_from_utc_are_refused(local: Any, offset: str) -> None:
    body = {"subject": "t", "scheduledend": f"2026-01-01T10:00:00{offset}"}
    assert local.refused("POST", "tasks", body)[0] == 400
    local.create("tasks", subject="t", scheduledend="2026-01-01T10:00:00+14:00")


@pytest.mark.parametrize("version", ["HTTP/2", "HTTP/1.0", "HTTP/"])
def test_the_parts_of_a_batch_are_http_1_1(local: Any, version: str) -> None:
    head = "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    body = f"{head}GET /api/data/v9.2/WhoAmI {version}\r\n\r\n\r\n--b--\r\n".encode()
    answer = local.send("POST", "$batch", body, Content_Type="multipart/mixed;boundary=b")
    assert answer.status_code == 400
    body = body.replace(version.encode(), b"HTTP/1.1")
    answer = local.send("POST", "$batch", body, Content_Type="multipart/mixed;boundary=b")
    assert answer.status_code == 200


def test_two_kinds_of_activities_never_share_an_id(local: Any, ids: Any) -> None:
    local.create("tasks", activityid=ids(1), subject="t")
    for method, path in (("POST", "phonecalls"), ("PATCH", f"phonecalls({ids(1)})")):
        body = {"subject": "p"} | ({"activityid": ids(1)} if method == "POST" else {})
        assert local.refused(method, path, body)[:2] == (412, "0x80040237")
    assert local.get(f"activitypointers({ids(1)})")["activitytypecode"] == "task"


def test_rows_whose_parent_goes_get_versions_of_their_own(local: Any, ids: Any) -> None:
    local.create("contacts", contactid=ids(1), lastname="O")
    for _ in range(3):
        local.create("msfsi_financialgoals", msfsi_name="g",
                     msfsi_customer__bind=f"/contacts({ids(1)})")  # fmt: skip
    assert local.send("DELETE", f"contacts({ids(1)})").status_code == 204
    versions = [row["versionnumber"] for row in local.rows("msfsi_financialgoals")]
    assert len(set(versions)) == 3


def test_the_job_of_a_change_set_that_failed_is_forgotten(local: Any, ids: Any) -> None:
    head = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: "
    job = (
        '{"QuerySet":[{"EntityName":"contact"}],"JobName":"j","SendEmailNotification":false,'
        '"ToRecipients":[],"CCRecipients":[],"RecurrencePattern":"",'
        '"StartDateTime":"2026-07-01T09:00:00Z"}'
    )
    kind = "Content-Type: application/json\r\n\r\n"
    parts = [
        f"{head}1\r\n\r\nPOST /api/data/v9.2/BulkDelete HTTP/1.1\r\n{kind}{job}\r\n",
        f"{head}2\r\n\r\nDELETE /api/data/v9.2/contacts({ids(9)}) HTTP/1.1\r\n\r\n\r\n",
    ]
    inner = "".join(f"--c\r\n{part}" for part in parts) + "--c--\r\n"
    body = f"--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n{inner}\r\n--b--\r\n".encode()
    answer = local.send("POST", "$batch", body, Content_Type="multipart/mixed;boundary=b")
    assert answer.status_code == 404
    local.create("contacts", lastname="stays")
    assert [row["lastname"] for row in local.rows("contacts")] == ["stays"]
    assert local.rows("asyncoperations") == []


def test_a_job_name_is_no_longer_than_its_column(local: Any) -> None:
    body = {
        "QuerySet": [{"EntityName": "contact"}], "JobName": "j" * 257,
        "SendEmailNotification": False, "ToRecipients": [], "CCRecipients": [],
        "RecurrencePattern": "", "StartDateTime": "2026-07-01T09:00:00Z",
    }  # fmt: skip
    assert local.refused("POST", "BulkDelete", body)[:2] == (400, "0x80040203")
    assert local.send("POST", "BulkDelete", body | {"JobName": "j" * 256}).status_code == 200


def test_queries_join_sixteen_tables_at_most(local: Any) -> None:
    def sql(joins: int) -> str:
        joined = " ".join(
            f"JOIN contact a{i} ON c.contactid = a{i}.contactid" for i in range(joins)
        )
        return f"contacts?sql=SELECT c.lastname FROM contact c {joined}"

    assert local.rows(sql(15)) == []
    assert local.refused("GET", sql(16))[:2] == (400, "0x8004430d")


@pytest.mark.parametrize(
    ("value", "status"),
    [("2026-W01-1", 400), ("20260101", 400), ("2026-01-01", 200), ("2026-01-01 10:00", 200)],
)
def test_days_of_fetchxml_are_calendar_days(local: Any, value: str, status: int) -> None:
    condition = f"<condition attribute='createdon' operator='ge' value='{value}'/>"
    fetch = f"<fetch><entity name='contact'><filter>{condition}</filter></entity></fetch>"
    assert local.send("GET", f"contacts?fetchXml={fetch}").status_code == status
