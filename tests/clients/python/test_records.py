"""Microsoft's client for Python: rows."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

pytestmark = pytest.mark.clients


def people(tag: int, *names: str) -> list[dict[str, Any]]:
    return [{"lastname": name, "importsequencenumber": tag} for name in names]


def test_a_row_is_created_and_read(client: Any) -> None:
    row_id = client.records.create("contact", {"firstname": "Ada", "lastname": "Okafor"})
    row = client.records.retrieve("contact", row_id, select=["fullname"])
    assert (row["fullname"], row["contactid"]) == ("Ada Okafor", row_id)


def test_a_missing_row_reads_as_none(client: Any) -> None:
    assert client.records.retrieve("contact", str(uuid4())) is None


def test_rows_are_created_in_bulk_in_order(client: Any, tag: int) -> None:
    ids = client.records.create("contact", people(tag, "One", "Two", "Three"))
    found = [client.records.retrieve("contact", row_id)["lastname"] for row_id in ids]
    assert found == ["One", "Two", "Three"]


def test_one_faulty_row_keeps_all_from_being_created(client: Any, tag: int) -> None:
    from PowerPlatform.Dataverse.core.errors import HttpError

    rows = people(tag, "Good") + people(tag, "x" * 500)
    with pytest.raises(HttpError) as caught:
        client.records.create("contact", rows)
    assert caught.value.status_code == 400
    assert caught.value.details["service_error_code"] == "0x80044331"
    assert len(client.records.list("contact", filter=f"importsequencenumber eq {tag}")) == 0


def test_a_label_is_turned_into_its_value(client: Any) -> None:
    row_id = client.records.create("contact", {"lastname": "Label", "familystatuscode": "Married"})
    assert client.records.retrieve("contact", row_id)["familystatuscode"] == 2


def test_a_lookup_is_bound_and_expanded(client: Any) -> None:
    account = client.records.create("account", {"name": "Harbour"})
    bind = {"parentcustomerid_account@odata.bind": f"/accounts({account})"}
    contact = client.records.create("contact", {"lastname": "Bound", **bind})
    row = client.records.retrieve(
        "contact", contact, select=["lastname"], expand=["parentcustomerid_account"]
    )
    assert row["parentcustomerid_account"]["name"] == "Harbour"


def test_a_row_is_updated(client: Any) -> None:
    row_id = client.records.create("contact", {"lastname": "Before"})
    client.records.update("contact", row_id, {"lastname": "After"})
    assert client.records.retrieve("contact", row_id)["lastname"] == "After"


def test_a_missing_row_is_not_updated(client: Any) -> None:
    from PowerPlatform.Dataverse.core.errors import HttpError

    with pytest.raises(HttpError) as caught:
        client.records.update("contact", str(uuid4()), {"lastname": "Nobody"})
    assert caught.value.status_code == 404


def test_many_rows_get_one_change(client: Any, tag: int) -> None:
    ids = client.records.create("contact", people(tag, "A", "B"))
    client.records.update("contact", ids, {"jobtitle": "Baker"})
    found = client.records.list("contact", filter=f"importsequencenumber eq {tag}")
    assert [row["jobtitle"] for row in found] == ["Baker", "Baker"]


def test_many_rows_get_a_change_each(client: Any, tag: int) -> None:
    ids = client.records.create("contact", people(tag, "A", "B"))
    client.records.update("contact", ids, [{"jobtitle": "Cook"}, {"jobtitle": "Waiter"}])
    found = client.records.list(
        "contact", filter=f"importsequencenumber eq {tag}", orderby=["lastname"]
    )
    assert [row["jobtitle"] for row in found] == ["Cook", "Waiter"]


def test_a_row_is_deleted(client: Any) -> None:
    row_id = client.records.create("contact", {"lastname": "Gone"})
    client.records.delete("contact", row_id)
    assert client.records.retrieve("contact", row_id) is None


def test_rows_are_deleted_one_by_one(client: Any, tag: int) -> None:
    ids = client.records.create("contact", people(tag, "A", "B"))
    assert client.records.delete("contact", ids, use_bulk_delete=False) is None
    assert len(client.records.list("contact", filter=f"importsequencenumber eq {tag}")) == 0


def test_rows_are_deleted_by_a_job(client: Any, tag: int) -> None:
    ids = client.records.create("contact", people(tag, "A", "B", "C"))
    job = client.records.delete("contact", ids[:2])
    for _ in range(200):
        row = client.records.retrieve("asyncoperation", job, select=["statecode", "statuscode"])
        if row["statecode"] == 3:
            break
    assert row["statuscode"] == 30
    left = client.records.list("contact", filter=f"importsequencenumber eq {tag}")
    assert [item["contactid"] for item in left] == [ids[2]]


def test_one_row_is_upserted_by_its_key(client: Any) -> None:
    from PowerPlatform.Dataverse.models.upsert import UpsertItem

    key = {"msfsi_integrationkey": str(uuid4())}
    for text in ("First", "Second"):
        client.records.upsert("msfsi_bank", [UpsertItem(key, {"msfsi_name": text})])
    found = client.records.list(
        "msfsi_bank", filter=f"msfsi_integrationkey eq '{key['msfsi_integrationkey']}'"
    )
    assert [row["msfsi_name"] for row in found] == ["Second"]


def test_rows_are_upserted_in_bulk(client: Any) -> None:
    from PowerPlatform.Dataverse.models.upsert import UpsertItem

    prefix = str(uuid4())
    for text in ("First", "Second"):
        client.records.upsert(
            "msfsi_bank",
            [
                UpsertItem({"msfsi_integrationkey": f"{prefix}{n}"}, {"msfsi_name": f"{text} {n}"})
                for n in range(3)
            ],
        )
    found = client.records.list(
        "msfsi_bank", filter=f"startswith(msfsi_integrationkey,'{prefix}')", orderby=["msfsi_name"]
    )
    assert [row["msfsi_name"] for row in found] == ["Second 0", "Second 1", "Second 2"]


def test_letters_beyond_ascii_survive(client: Any) -> None:
    row_id = client.records.create("contact", {"lastname": "Øyen-Łukasik 東京 😀"})
    assert client.records.retrieve("contact", row_id)["lastname"] == "Øyen-Łukasik 東京 😀"


def test_an_unknown_column_is_an_error_with_the_platforms_code(client: Any) -> None:
    from PowerPlatform.Dataverse.core.errors import HttpError

    with pytest.raises(HttpError) as caught:
        client.records.create("contact", {"lastname": "X", "favouritebank": 1})
    assert caught.value.status_code == 400
    assert caught.value.details["service_error_code"].startswith("0x8004")
    assert caught.value.details["service_request_id"]


def test_an_unknown_table_is_told_before_anything_is_sent(client: Any) -> None:
    from PowerPlatform.Dataverse.core.errors import MetadataError

    with pytest.raises(MetadataError):
        client.records.create("new_nowhere", {"new_name": "x"})
