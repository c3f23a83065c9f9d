"""BulkDelete jobs: taken in, waiting, working, ending; what they delete and what they report."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest

from tests.emulator.conftest import Local

MARK = -55


def query(table: str, *conditions: dict[str, Any], **also: Any) -> dict[str, Any]:
    return {
        "@odata.type": "Microsoft.Dynamics.CRM.QueryExpression",
        "EntityName": table,
        "ColumnSet": {"AllColumns": False, "Columns": []},
        "Criteria": {"FilterOperator": "And", "Conditions": list(conditions)},
        **also,
    }


def condition(column: str, operator: str, *values: Any, kind: str = "System.Int32") -> Any:
    listed = [{"Value": str(value), "Type": kind} for value in values]
    return {"AttributeName": column, "Operator": operator, "Values": listed}


MARKED = condition("importsequencenumber", "Equal", MARK)


def body(*queries: dict[str, Any], **also: Any) -> dict[str, Any]:
    return {
        "QuerySet": list(queries),
        "JobName": "Clean up",
        "SendEmailNotification": False,
        "ToRecipients": [],
        "CCRecipients": [],
        "RecurrencePattern": "",
        "StartDateTime": "2026-01-05T08:00:00Z",
        **also,
    }


def submit(local: Local, *queries: dict[str, Any], **also: Any) -> str:
    answer = local.send("POST", "BulkDelete", body(*queries, **also))
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["@odata.context"].endswith("#Microsoft.Dynamics.CRM.BulkDeleteResponse")
    return str(found["JobId"])


def state(local: Local, job: str) -> tuple[int, int]:
    row = local.get(f"asyncoperations({job})?$select=statecode,statuscode")
    return row["statecode"], row["statuscode"]


def finish(local: Local, job: str) -> tuple[int, int]:
    for _ in range(20):
        found = state(local, job)
        if found[0] == 3:
            return found
    raise AssertionError("the job never ends")


def operation(local: Local, job: str) -> dict[str, Any]:
    rows = local.rows(f"bulkdeleteoperations?$filter=_asyncoperationid_value eq {job}")
    assert len(rows) == 1
    return rows[0]


def test_a_job_waits_works_and_ends(local: Local) -> None:
    local.create("msfsi_lifemoments", msfsi_name="t", importsequencenumber=MARK)
    job = submit(local, query("msfsi_lifemoment", MARKED))
    assert [state(local, job) for _ in range(3)] == [(2, 20), (3, 30), (3, 30)]
    assert local.rows(f"msfsi_lifemoments?$filter=importsequencenumber eq {MARK}") == []
    found = operation(local, job)
    assert (found["successcount"], found["failurecount"], found["statuscode"]) == (1, 0, 30)


def test_only_matching_rows_go(local: Local) -> None:
    ids = [local.create("contacts", lastname=name) for name in ("A", "B", "C")]
    job = submit(
        local, query("contact", condition("contactid", "In", *ids[:2], kind="System.Guid"))
    )
    finish(local, job)
    assert [row["contactid"] for row in local.rows("contacts?$select=contactid")] == ids[2:]


def test_rows_created_after_the_start_are_spared(local: Local) -> None:
    local.create("contacts", lastname="early", importsequencenumber=MARK)
    job = submit(local, query("contact", MARKED))
    assert state(local, job) == (2, 20)
    local.create("contacts", lastname="late", importsequencenumber=MARK)
    finish(local, job)
    assert [row["lastname"] for row in local.rows("contacts?$select=lastname")] == ["late"]


def test_time_makes_a_job_delete_more_between_two_requests(local: Local) -> None:
    local.send(
        "PATCH", "http://localhost/emulator/settings", {"job_rows_per_second": 1}
    ).raise_for_status()
    for number in range(10):
        local.create("contacts", lastname=str(number), importsequencenumber=MARK)
    job = submit(local, query("contact", MARKED))
    state(local, job)
    state(local, job)
    assert operation(local, job)["successcount"] in (1, 2)
    local.now += timedelta(seconds=4)
    assert operation(local, job)["successcount"] >= 6
    assert finish(local, job) == (3, 30)


def test_a_job_waits_for_its_start(local: Local) -> None:
    later = (local.now + timedelta(minutes=5)).isoformat()
    job = submit(local, query("contact", MARKED), StartDateTime=later)
    assert [state(local, job) for _ in range(3)] == [(0, 0)] * 3
    local.now += timedelta(minutes=5)
    assert finish(local, job) == (3, 30)


def test_queries_run_in_order_and_cascades_count_once(local: Local) -> None:
    contact = local.create("contacts", lastname="A", importsequencenumber=MARK)
    local.create(
        "msfsi_lifemoments",
        msfsi_name="t",
        importsequencenumber=MARK,
        msfsi_Contact__bind=f"/contacts({contact})",
    )
    job = submit(local, query("contact", MARKED), query("msfsi_lifemoment", MARKED))
    assert finish(local, job) == (3, 30)
    found = operation(local, job)
    assert (found["successcount"], found["failurecount"]) == (1, 0)
    assert local.rows("msfsi_lifemoments?$select=msfsi_name") == []


def test_a_refused_row_is_reported_and_the_others_go(local: Local) -> None:
    code = {"currencysymbol": "x", "exchangerate": 2, "currencyprecision": 2}
    used, free = (
        local.create("transactioncurrencies", currencyname=n, isocurrencycode=n, **code)
        for n in ("AAA", "BBB")
    )
    local.create(
        "msfsi_fh_accounts",
        msfsi_name="a",
        transactioncurrencyid__bind=f"/transactioncurrencies({used})",
    )
    values = condition("transactioncurrencyid", "In", used, free, kind="System.Guid")
    job = submit(local, query("transactioncurrency", values))
    assert finish(local, job) == (3, 30)
    found = operation(local, job)
    assert (found["successcount"], found["failurecount"]) == (1, 1)
    failures = local.rows(
        "bulkdeletefailures?$filter=_bulkdeleteoperationid_value eq "
        + found["bulkdeleteoperationid"]
    )
    assert [item["_regardingobjectid_value"] for item in failures] == [used]
    assert failures[0]["errornumber"] == 0x80040227 - (1 << 32)
    assert failures[0]["orderedqueryindex"] == 0
    assert failures[0]["regardingobjecttypecode"] == "transactioncurrency"


def test_a_cancelled_job_deletes_nothing_more(local: Local) -> None:
    local.create("contacts", lastname="A", importsequencenumber=MARK)
    job = submit(local, query("contact", MARKED))
    answer = local.send("PATCH", f"asyncoperations({job})", {"statecode": 3, "statuscode": 32})
    assert answer.status_code == 204, answer.text
    assert state(local, job) == (3, 32)
    assert len(local.rows("contacts?$select=contactid")) == 1
    assert operation(local, job)["statuscode"] == 32


def test_rows_of_a_finished_job_can_be_deleted(local: Local) -> None:
    job = submit(local, query("contact", MARKED))
    finish(local, job)
    assert local.send("DELETE", f"asyncoperations({job})").status_code == 204
    assert local.send("GET", f"asyncoperations({job})").status_code == 404
    assert local.rows("bulkdeleteoperations?$select=name") == []


def test_a_job_goes_on_after_the_database_was_opened_again(local: Local) -> None:
    local.create("contacts", lastname="A", importsequencenumber=MARK)
    job = submit(local, query("contact", MARKED))
    state(local, job)
    local.app.state.close()
    assert finish(local, job) == (3, 30)
    assert local.rows("contacts?$select=contactid") == []


def test_a_recurring_job_waits_for_its_next_turn(local: Local) -> None:
    start = local.now.isoformat()
    job = submit(
        local,
        query("contact", MARKED),
        RecurrencePattern="FREQ=DAILY;INTERVAL=2",
        StartDateTime=start,
    )
    for _ in range(3):
        state(local, job)
    assert state(local, job) == (1, 10)
    assert operation(local, job)["isrecurring"] is True
    local.create("contacts", lastname="A", importsequencenumber=MARK)
    local.now += timedelta(days=2)
    for _ in range(3):
        state(local, job)
    assert local.rows("contacts?$select=contactid") == []


def test_a_fault_rule_makes_a_job_fail(local: Local) -> None:
    rules = {"faults": [{"fault": "job-failure", "fire": "once"}]}
    assert local.send("PUT", "http://localhost/emulator/faults", rules).status_code == 200
    local.create("contacts", lastname="A", importsequencenumber=MARK)
    assert finish(local, submit(local, query("contact", MARKED))) == (3, 31)
    assert len(local.rows("contacts?$select=contactid")) == 1
    assert finish(local, submit(local, query("contact", MARKED))) == (3, 30)


def test_options_decide_about_the_recycle_bin(local: Local) -> None:
    local.send(
        "PATCH", "http://localhost/emulator/settings", {"recycle_bin": True}
    ).raise_for_status()
    local.create("contacts", lastname="A", importsequencenumber=MARK)
    only = {"CanRecoverDeletedRecords": False}
    finish(local, submit(local, query("contact", MARKED), Options=only))
    assert binned(local) == []
    local.create("contacts", lastname="B", importsequencenumber=MARK)
    finish(local, submit(local, query("contact", MARKED)))
    assert binned(local) == ["B"]


def binned(local: Local) -> list[str]:
    with closing(sqlite3.connect(local.database)) as database:
        if not database.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'bin:contact'"
        ).fetchone():
            return []
        return [name for (name,) in database.execute('SELECT lastname FROM "bin:contact"')]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"QuerySet": []}, "QuerySet"),
        ({"QuerySet": [query("nowhere")]}, "nowhere"),
        ({"QuerySet": [query("contact", condition("nocolumn", "Equal", 1))]}, "nocolumn"),
        ({"QuerySet": [query("contact", condition("lastname", "Sounds", 1))]}, "sounds"),
        ({"Options": {"Fast": True}}, "Options"),
        ({"RecurrencePattern": "FREQ=HOURLY"}, "FREQ=HOURLY"),
        ({"StartDateTime": "soon"}, "soon"),
        ({"Colour": 1}, "Colour"),
    ],
)
def test_a_faulty_job_is_refused_and_leaves_no_rows(
    local: Local, change: dict[str, Any], part: str
) -> None:
    status, _code, message = local.refused(
        "POST", "BulkDelete", {**body(query("contact", MARKED)), **change}
    )
    assert status == 400
    assert part in message
    assert local.rows("asyncoperations?$select=name") == []


@pytest.mark.parametrize("requests", [0, 1])
def test_a_job_whose_table_has_gone_fails_by_itself(local: Local, requests: int) -> None:
    local.create("msfsi_lifemoments", msfsi_name="t", importsequencenumber=MARK)
    job = submit(local, query("msfsi_lifemoment", MARKED))
    for _ in range(requests):
        state(local, job)
    hidden = {"hidden_tables": ["msfsi_lifemoment"]}
    local.send("PATCH", "http://localhost/emulator/settings", hidden).raise_for_status()
    assert finish(local, job) == (3, 31)
