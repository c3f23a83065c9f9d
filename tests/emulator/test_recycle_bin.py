from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest


@pytest.fixture
def binned(local: Any) -> Any:
    """A local environment that keeps deleted rows."""
    local.turn(recycle_bin=True)
    return local


def _restore(local: Any, table: str, row_id: str, **values: Any) -> Any:
    target = {"@odata.type": f"Microsoft.Dynamics.CRM.{table}", f"{table}id": row_id, **values}
    return local.send("POST", "Restore", {"Target": target})


def _kept(local: Any, table: str) -> list[str]:
    with closing(sqlite3.connect(local.database)) as connection:
        query = f'SELECT "{table}id" FROM "bin:{table}" ORDER BY 1'
        return [row[0] for row in connection.execute(query)]


def test_a_deleted_row_comes_back_as_it_was(binned: Any) -> None:
    contact = binned.create("contacts", lastname="O", firstname="Ada", importsequencenumber=-3)
    before = binned.get(f"contacts({contact})")
    binned.send("DELETE", f"contacts({contact})")
    assert binned.send("GET", f"contacts({contact})").status_code == 404
    answer = _restore(binned, "contact", contact)
    assert (answer.status_code, answer.json()["id"]) == (200, contact)
    after = binned.get(f"contacts({contact})")
    assert after.pop("versionnumber") > before.pop("versionnumber")
    assert {k: v for k, v in after.items() if "etag" not in k} == {
        k: v for k, v in before.items() if "etag" not in k
    }
    assert _kept(binned, "contact") == []


def _deleted(local: Any) -> list[str]:
    entity = "<entity name='contact'><attribute name='lastname'/></entity>"
    fetch = f"<fetch datasource='bin'>{entity}</fetch>"
    return sorted(row["lastname"] for row in local.rows(f"contacts?fetchXml={quote(fetch)}"))


def test_a_query_of_the_bin_finds_what_was_deleted(binned: Any) -> None:
    assert _deleted(binned) == []
    for name in "AB":
        row = binned.create("contacts", lastname=name)
        if name == "A":
            binned.send("DELETE", f"contacts({row})")
    assert _deleted(binned) == ["A"]
    binned.now += timedelta(days=31)
    assert _deleted(binned) == []


def test_columns_can_be_changed_while_restoring(binned: Any) -> None:
    contact = binned.create("contacts", lastname="O")
    binned.send("DELETE", f"contacts({contact})")
    assert _restore(binned, "contact", contact, lastname="Back").status_code == 200
    assert binned.get(f"contacts({contact})")["lastname"] == "Back"


def test_a_row_can_be_named_by_its_address(binned: Any) -> None:
    contact = binned.create("contacts", lastname="O")
    binned.send("DELETE", f"contacts({contact})")
    body = {"Target": {"@odata.id": f"contacts({contact})"}}
    assert binned.send("POST", "Restore", body).json()["id"] == contact


def test_what_the_cascade_took_and_unlinked_comes_back_too(binned: Any) -> None:
    contact = binned.create("contacts", lastname="O")
    task = binned.create(
        "tasks", subject="Call", regardingobjectid_contact_task__bind=f"/contacts({contact})"
    )
    member = binned.create(
        "msfsi_groupmembers", msfsi_member_Contact_contact__bind=f"/contacts({contact})"
    )
    binned.send("DELETE", f"contacts({contact})")
    assert _restore(binned, "contact", contact).status_code == 200
    assert binned.get(f"tasks({task})")["_regardingobjectid_value"] == contact
    assert binned.get(f"msfsi_groupmembers({member})")["_msfsi_member_value"] == contact


def test_without_the_bin_nothing_can_be_restored(local: Any) -> None:
    contact = local.create("contacts", lastname="O")
    local.send("DELETE", f"contacts({contact})")
    answer = _restore(local, "contact", contact)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "0x80040217")


def test_a_new_row_under_the_same_id_is_in_the_way(binned: Any, ids: Any) -> None:
    for lastname in ("Old", "New"):
        binned.create("contacts", contactid=ids(1), lastname=lastname)
        if lastname == "Old":
            binned.send("DELETE", f"contacts({ids(1)})")
    answer = _restore(binned, "contact", ids(1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "0x80044a02")


def test_a_second_delete_of_an_id_skips_the_bin(binned: Any, ids: Any) -> None:
    for lastname in ("Old", "New"):
        binned.create("contacts", contactid=ids(1), lastname=lastname)
        binned.send("DELETE", f"contacts({ids(1)})")
    assert _kept(binned, "contact") == [ids(1)]
    _restore(binned, "contact", ids(1))
    assert binned.get(f"contacts({ids(1)})")["lastname"] == "Old"


def test_a_taken_alternate_key_is_in_the_way(binned: Any) -> None:
    bank = binned.create("msfsi_banks", msfsi_name="A", msfsi_integrationkey="k")
    binned.send("DELETE", f"msfsi_banks({bank})")
    binned.create("msfsi_banks", msfsi_name="B", msfsi_integrationkey="k")
    assert _restore(binned, "msfsi_bank", bank).json()["error"]["code"] == "0x80049929"


def test_a_reference_to_a_row_that_is_gone_is_in_the_way(binned: Any) -> None:
    account = binned.create("accounts", name="A")
    task = binned.create("contacts", parentcustomerid_account__bind=f"/accounts({account})")
    binned.send("DELETE", f"contacts({task})")
    binned.send("DELETE", f"accounts({account})")
    assert _restore(binned, "contact", task).json()["error"]["code"] == "0x80049959"
    _restore(binned, "account", account)
    assert _restore(binned, "contact", task).status_code == 200


def test_the_bin_forgets_after_some_days(binned: Any) -> None:
    contact = binned.create("contacts", lastname="O")
    binned.send("DELETE", f"contacts({contact})")
    binned.now += timedelta(days=31)
    assert _restore(binned, "contact", contact).status_code == 404
    binned.send("DELETE", f"contacts({binned.create('contacts', lastname='P')})")
    assert contact not in _kept(binned, "contact")


def test_a_refused_delete_leaves_the_bin_empty(binned: Any) -> None:
    subject = binned.create("subjects", title="Cards")
    contact = binned.create("contacts", lastname="O")
    binned.create(
        "incidents",
        title="C",
        customerid_contact__bind=f"/contacts({contact})",
        subjectid__bind=f"/subjects({subject})",
    )
    assert binned.refused("DELETE", f"subjects({subject})")[0] == 405
    assert _restore(binned, "subject", subject).status_code == 404
