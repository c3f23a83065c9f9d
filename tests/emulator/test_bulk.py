from __future__ import annotations

from typing import Any

import pytest


def bank(number: int, ids: Any, **values: Any) -> dict[str, Any]:
    return {"msfsi_bankid": ids(number), "msfsi_name": f"Bank {number}", **values}


def test_create_multiple_answers_with_ids_in_order(local: Any, ids: Any) -> None:
    rows = [bank(3, ids), {"msfsi_name": "Without id"}, bank(1, ids)]
    answer = local.bulk("msfsi_banks", "CreateMultiple", "msfsi_bank", rows)

    assert answer.status_code == 200
    body = answer.json()
    context = "$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse"
    assert body["@odata.context"].endswith(context)
    assert (body["Ids"][0], body["Ids"][2]) == (ids(3), ids(1))
    names = [local.get(f"msfsi_banks({id_})")["msfsi_name"] for id_ in body["Ids"]]
    assert names == ["Bank 3", "Without id", "Bank 1"]


def test_each_row_gets_a_version_of_its_own(local: Any, ids: Any) -> None:
    for numbers in (range(3), range(3, 6)):
        rows = [bank(number, ids) for number in numbers]
        local.bulk("msfsi_banks", "CreateMultiple", "msfsi_bank", rows)
    versions = [row["versionnumber"] for row in local.rows("msfsi_banks?$orderby=msfsi_bankid")]
    assert versions == list(range(versions[0], versions[0] + 6))


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ({"msfsi_name": "B" * 101}, "0x80044331"),
        ({"nonsense": 1}, "0x80048d19"),
        ({"msfsi_bankid": "c0000001-5eed-8000-8000-000000000001"}, "0x80040237"),
        ({"msfsi_integrationkey": "taken"}, "0x80060892"),
        (
            {"ownerid@odata.bind": "/systemusers(c0000001-5eed-8000-8000-000000000001)"},
            "0x80040217",
        ),
    ],
)
def test_one_bad_row_undoes_all(local: Any, ids: Any, bad: dict[str, Any], code: str) -> None:
    local.create("msfsi_banks", msfsi_bankid=ids(9), msfsi_integrationkey="taken")
    answer = local.bulk("msfsi_banks", "CreateMultiple", "msfsi_bank", [bank(1, ids), bad])
    assert answer.json()["error"]["code"] == code
    assert [row["msfsi_bankid"] for row in local.rows("msfsi_banks")] == [ids(9)]


def test_rows_with_different_columns_may_be_mixed(local: Any, ids: Any) -> None:
    rows = [bank(1, ids, msfsi_city="Porto"), bank(2, ids, importsequencenumber=-5), bank(3, ids)]
    assert local.bulk("msfsi_banks", "CreateMultiple", "msfsi_bank", rows).status_code == 200
    found = local.rows("msfsi_banks?$select=msfsi_city,importsequencenumber&$orderby=msfsi_bankid")
    assert [(row["msfsi_city"], row["importsequencenumber"]) for row in found] == [
        ("Porto", None),
        (None, -5),
        (None, None),
    ]


def test_update_multiple_is_all_or_nothing(local: Any, ids: Any) -> None:
    local.bulk("msfsi_banks", "CreateMultiple", "msfsi_bank", [bank(n, ids) for n in (1, 2)])

    def update(*numbers: int) -> Any:
        rows = [{"msfsi_bankid": ids(number), "msfsi_city": "Faro"} for number in numbers]
        return local.bulk("msfsi_banks", "UpdateMultiple", "msfsi_bank", rows)

    missing = update(1, 9)
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "0x80040217")
    assert update(1, 1).status_code == 400
    assert {row["msfsi_city"] for row in local.rows("msfsi_banks")} == {None}
    done = update(1, 2)
    assert (done.status_code, done.content) == (204, b"")
    assert {row["msfsi_city"] for row in local.rows("msfsi_banks")} == {"Faro"}


def test_upsert_multiple_by_key_and_by_id(local: Any, ids: Any) -> None:
    local.create("msfsi_banks", msfsi_name="Old", msfsi_integrationkey="k1")
    rows = [
        {"@odata.id": "msfsi_banks(msfsi_integrationkey='k1')", "msfsi_name": "Known"},
        {"@odata.id": "msfsi_banks(msfsi_integrationkey='k2')", "msfsi_name": "New by key"},
        bank(3, ids),
    ]
    assert local.bulk("msfsi_banks", "UpsertMultiple", "msfsi_bank", rows).status_code == 204
    found = local.rows("msfsi_banks?$orderby=msfsi_name&$select=msfsi_name,msfsi_integrationkey")
    assert [(row["msfsi_name"], row["msfsi_integrationkey"]) for row in found] == [
        ("Bank 3", None),
        ("Known", "k1"),
        ("New by key", "k2"),
    ]


def test_a_key_column_given_twice_is_refused_on_upsert(local: Any) -> None:
    row = {"@odata.id": "msfsi_banks(msfsi_integrationkey='k')", "msfsi_integrationkey": "k"}
    answer = local.bulk("msfsi_banks", "UpsertMultiple", "msfsi_bank", [row])
    assert answer.json()["error"]["code"] == "0x80048d19"


@pytest.mark.parametrize(
    ("entity_set", "message", "table", "mention"),
    [
        ("msfsi_banks", "DeleteMultiple", "msfsi_bank", "not yet been implemented"),
        ("annotations", "CreateMultiple", "annotation", "annotation"),
        ("msfsi_banks", "CreateMultiple", "contact", "msfsi_bank"),
    ],
)
def test_messages_that_a_table_lacks_are_refused(
    local: Any, ids: Any, entity_set: str, message: str, table: str, mention: str
) -> None:
    answer = local.bulk(entity_set, message, table, [bank(1, ids)])
    assert answer.status_code == 400
    assert mention in answer.json()["error"]["message"]


@pytest.mark.parametrize("body", [{}, {"Targets": []}, {"Targets": [{"msfsi_name": "B"}]}])
def test_targets_must_be_typed_rows(local: Any, body: dict[str, Any]) -> None:
    path = "msfsi_banks/Microsoft.Dynamics.CRM.CreateMultiple"
    assert local.refused("POST", path, body)[0] == 400


@pytest.mark.parametrize("message", ["UpdateMultiple", "UpsertMultiple"])
def test_one_row_named_twice_is_refused(local: Any, ids: Any, message: str) -> None:
    local.create("msfsi_banks", **bank(1, ids, msfsi_integrationkey="k"))
    by_key = {"@odata.id": "msfsi_banks(msfsi_integrationkey='k')", "msfsi_city": "Faro"}
    for rows in ([by_key, by_key], [by_key, bank(1, ids, msfsi_city="Faro")]):
        answer = local.bulk("msfsi_banks", message, "msfsi_bank", rows)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "0x80040203")
    assert local.rows("msfsi_banks")[0]["msfsi_city"] is None


def test_a_new_row_named_twice_by_its_key_is_refused(local: Any) -> None:
    row = {"@odata.id": "msfsi_banks(msfsi_integrationkey='k')", "msfsi_city": "Faro"}
    answer = local.bulk("msfsi_banks", "UpsertMultiple", "msfsi_bank", [row, row])
    assert answer.status_code == 400
    assert local.rows("msfsi_banks") == []


@pytest.mark.parametrize("message", ["UpdateMultiple", "UpsertMultiple"])
def test_a_target_of_another_table_or_host_is_refused(local: Any, ids: Any, message: str) -> None:
    for address in (f"contacts({ids(1)})", f"https://other.example/api/data/v9.2/x({ids(1)})"):
        row = {"@odata.id": address, "msfsi_city": "Faro"}
        assert local.bulk("msfsi_banks", message, "msfsi_bank", [row]).status_code == 400
