from __future__ import annotations

import json

import pytest

from tests.emulator.conftest import Local
from tests.emulator.exchanges.conftest import ORIGIN, Exchange, row
from tests.emulator.exchanges.shapes import (
    ETAG,
    GUID,
    NUMBER,
    TEXT,
    Part,
    Rows,
    check,
    ending,
    holding,
    multipart,
)

_BOUND = "Microsoft.Dynamics.CRM."


def targets(table: str, *rows: dict[str, object]) -> dict[str, object]:
    return {"Targets": [{"@odata.type": f"{_BOUND}{table}", **item} for item in rows]}


def bank(number: int, **values: object) -> dict[str, object]:
    return {
        "msfsi_bankid": row(number),
        "msfsi_name": f"Bank {number}",
        "msfsi_integrationkey": f"example-{number}",
        **values,
    }


def test_create_multiple_answers_with_the_ids_in_order(exchange: Exchange) -> None:
    exchange.given("contacts", 1, lastname="Okafor")
    moments = [
        {
            "msfsi_lifemomentid": row(number),
            "msfsi_name": name,
            "msfsi_lifemomentcategory": category,
            "msfsi_lifemomentdate": "2025-03-03T12:00:00Z",
            "msfsi_Contact@odata.bind": f"/contacts({row(1)})",
        }
        for number, name, category in ((72, "New job", 104800004), (71, "Birthday", 104800000))
    ]
    answer = exchange.send(
        "POST", f"msfsi_lifemoments/{_BOUND}CreateMultiple", targets("msfsi_lifemoment", *moments)
    )
    shape = {
        "@odata.context": ending(f"$metadata#{_BOUND}CreateMultipleResponse"),
        "Ids": Rows(2, GUID),
    }
    exchange.answered(answer, 200, shape)
    assert answer.json()["Ids"] == [row(72), row(71)]


def test_one_bad_row_undoes_all(exchange: Exchange, local: Local) -> None:
    body = targets("msfsi_bank", bank(73), bank(74, msfsi_name="B" * 101))
    answer = exchange.send("POST", f"msfsi_banks/{_BOUND}CreateMultiple", body)
    exchange.refused(answer, 400, "0x80044331")
    assert local.rows("msfsi_banks") == []


def test_update_multiple_changes_all(exchange: Exchange, local: Local) -> None:
    for number in (75, 76):
        local.create("msfsi_banks", **bank(number))
    changes = [
        {"msfsi_bankid": row(number), "msfsi_city": city}
        for number, city in ((75, "Porto"), (76, "Faro"))
    ]
    answer = exchange.send(
        "POST", f"msfsi_banks/{_BOUND}UpdateMultiple", targets("msfsi_bank", *changes)
    )
    exchange.answered(answer, 204)
    found = {item["msfsi_bankid"]: item["msfsi_city"] for item in local.rows("msfsi_banks")}
    assert found == {row(75): "Porto", row(76): "Faro"}


def test_upsert_multiple_takes_keys_and_ids(exchange: Exchange, local: Local) -> None:
    by_key = {"@odata.id": "msfsi_banks(msfsi_integrationkey='k77')", "msfsi_name": "By key"}
    body = targets("msfsi_bank", by_key, bank(78))
    answer = exchange.send("POST", f"msfsi_banks/{_BOUND}UpsertMultiple", body)
    exchange.answered(answer, 204)
    found = {item["msfsi_integrationkey"] for item in local.rows("msfsi_banks")}
    assert found == {"k77", "example-78"}


def test_delete_multiple_is_not_there_for_ordinary_tables(exchange: Exchange, local: Local) -> None:
    local.create("msfsi_banks", **bank(75))
    body = targets("msfsi_bank", {"msfsi_bankid": row(75)})
    answer = exchange.send("POST", f"msfsi_banks/{_BOUND}DeleteMultiple", body)
    exchange.refused(answer, 400, TEXT, holding("DeleteMultiple"))
    assert len(local.rows("msfsi_banks")) == 1


def batch(*parts: str) -> bytes:
    body = "".join(f"--batch_one\r\n{part}\r\n" for part in parts)
    return f"{body}--batch_one--\r\n".encode()


def http(request: str, body: str | None = None, content_id: str | None = None) -> str:
    outer = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
    if content_id is not None:
        outer += f"Content-ID: {content_id}\r\n"
    if body is None:
        return f"{outer}\r\n{request} HTTP/1.1\r\nAccept: application/json\r\n\r\n"
    length = len(body.encode())
    inner = f"Content-Type: application/json\r\nContent-Length: {length}\r\n"
    return f"{outer}\r\n{request} HTTP/1.1\r\n{inner}\r\n{body}"


def send_batch(exchange: Exchange, body: bytes, **headers: str) -> tuple[int, list[object]]:
    kind = 'multipart/mixed; boundary="batch_one"'
    answer = exchange.send("POST", "$batch", body, Content_Type=kind, **headers)
    assert answer.headers["OData-Version"] == "4.0"
    return answer.status_code, list(multipart(answer))


def check_created(part: object, address: str, content_id: str | None = None) -> None:
    assert isinstance(part, Part)
    assert (part.status, part.body, part.content_id) == (204, b"", content_id)
    assert part.headers["odata-version"] == "4.0"
    for name in ("odata-entityid", "location"):
        assert part.headers[name] == f"{ORIGIN}/api/data/v9.2/{address}"


def check_refused(part: object, code: str) -> None:
    assert isinstance(part, Part)
    assert part.status == 400
    check(json.loads(part.body)["error"]["code"], code)


def test_a_batch_answers_in_order(exchange: Exchange) -> None:
    bodies = [
        f'{{"msfsi_bankid": "{row(n)}", "msfsi_name": "Batch {n}", "msfsi_integrationkey": "b{n}"}}'
        for n in (81, 82)
    ]
    query = "$select=msfsi_name&$filter=startswith(msfsi_name,'Batch%208')"
    status, parts = send_batch(
        exchange,
        batch(
            *(http("POST /api/data/v9.2/msfsi_banks", body) for body in bodies),
            http(f"GET /api/data/v9.2/msfsi_banks?{query}"),
        ),
    )
    assert (status, len(parts)) == (200, 3)
    for part, number in zip(parts, (81, 82), strict=False):
        check_created(part, f"msfsi_banks({row(number)})")
    read = parts[2]
    assert isinstance(read, Part)
    assert read.status == 200
    item = {"@odata.etag": ETAG, "msfsi_name": TEXT, "msfsi_bankid": GUID}
    check(json.loads(read.body), {"@odata.context": TEXT, "value": Rows(2, item)})


def test_a_change_set_refers_to_its_own_rows(exchange: Exchange, local: Local) -> None:
    contact = f'{{"contactid": "{row(83)}", "lastname": "Reference"}}'
    moment = (
        f'{{"msfsi_lifemomentid": "{row(84)}", "msfsi_name": "Linked", '
        '"msfsi_lifemomentcategory": 104800000, "msfsi_lifemomentdate": "2025-05-05T12:00:00Z", '
        '"msfsi_Contact@odata.bind": "$1"}'
    )
    inner = "".join(
        f"--changes\r\n{part}\r\n"
        for part in (
            http("POST /api/data/v9.2/contacts", contact, "1"),
            http("POST /api/data/v9.2/msfsi_lifemoments", moment, "2"),
        )
    )
    change_set = f'Content-Type: multipart/mixed; boundary="changes"\r\n\r\n{inner}--changes--\r\n'
    status, parts = send_batch(exchange, batch(change_set))
    assert (status, len(parts)) == (200, 1)
    changes = parts[0]
    assert isinstance(changes, list)
    check_created(changes[0], f"contacts({row(83)})", "1")
    check_created(changes[1], f"msfsi_lifemoments({row(84)})", "2")
    assert local.get(f"msfsi_lifemoments({row(84)})")["_msfsi_contact_value"] == row(83)


TASKS = (
    http("POST /api/data/v9.2/tasks", f'{{"subject": "{"y" * 201}"}}'),
    http("POST /api/data/v9.2/tasks", f'{{"activityid": "{row(86)}", "subject": "Call"}}'),
)


def test_the_first_error_ends_a_batch(exchange: Exchange, local: Local) -> None:
    status, parts = send_batch(exchange, batch(*TASKS))
    assert (status, len(parts)) == (400, 1)
    check_refused(parts[0], "0x80044331")
    assert local.rows("tasks") == []


def test_a_batch_goes_on_after_errors_when_asked_to(exchange: Exchange) -> None:
    status, parts = send_batch(exchange, batch(*TASKS), Prefer="odata.continue-on-error")
    assert (status, len(parts)) == (200, 2)
    check_refused(parts[0], "0x80044331")
    check_created(parts[1], f"tasks({row(86)})")


@pytest.fixture
def job(exchange: Exchange) -> str:
    """Submit a job that deletes the life events of one import, and return its id."""
    exchange.given("msfsi_lifemoments", 91, msfsi_name="x", importsequencenumber=-55)
    condition = {
        "AttributeName": "importsequencenumber",
        "Operator": "Equal",
        "Values": [{"Value": "-55", "Type": "System.Int32"}],
    }
    query = {
        "@odata.type": f"{_BOUND}QueryExpression",
        "EntityName": "msfsi_lifemoment",
        "ColumnSet": {"AllColumns": False, "Columns": []},
        "Distinct": False,
        "Criteria": {"FilterOperator": "And", "Conditions": [condition]},
    }
    body = {
        "QuerySet": [query],
        "JobName": "Remove what one import brought",
        "SendEmailNotification": False,
        "ToRecipients": [],
        "CCRecipients": [],
        "RecurrencePattern": "",
        "StartDateTime": "2026-07-01T08:00:00Z",
        "Options": {"CanRecoverDeletedRecords": False},
    }
    answer = exchange.send("POST", "BulkDelete", body)
    shape = {"@odata.context": ending(f"$metadata#{_BOUND}BulkDeleteResponse"), "JobId": GUID}
    exchange.answered(answer, 200, shape)
    return str(answer.json()["JobId"])


def finished(exchange: Exchange, job: str) -> int:
    """Poll until the job is over and return its status reason."""
    for _ in range(100):
        answer = exchange.send("GET", f"asyncoperations({job})?$select=statecode,statuscode")
        shape = {
            "@odata.context": TEXT,
            "@odata.etag": ETAG,
            "asyncoperationid": job,
            "statecode": NUMBER,
            "statuscode": NUMBER,
        }
        exchange.answered(answer, 200, shape)
        if answer.json()["statecode"] == 3:
            return int(answer.json()["statuscode"])
    raise AssertionError("the job never ends")


def test_a_job_is_polled_until_it_is_over(exchange: Exchange, local: Local, job: str) -> None:
    assert finished(exchange, job) == 30
    assert local.rows("msfsi_lifemoments") == []


def test_a_job_tells_how_many_rows_it_deleted(exchange: Exchange, job: str) -> None:
    finished(exchange, job)
    columns = "successcount,failurecount,statuscode"
    path = f"bulkdeleteoperations?$select={columns}&$filter=_asyncoperationid_value eq {job}"
    counts = {
        "@odata.etag": ETAG,
        "bulkdeleteoperationid": GUID,
        "successcount": 1,
        "failurecount": 0,
        "statuscode": NUMBER,
    }
    exchange.answered(
        exchange.send("GET", path), 200, {"@odata.context": TEXT, "value": Rows(1, counts)}
    )
