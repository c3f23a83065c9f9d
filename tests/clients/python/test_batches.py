"""Microsoft's client for Python: batches and change sets."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

pytestmark = pytest.mark.clients


def test_a_batch_does_one_thing_after_the_other(client: Any, tag: int) -> None:
    row_id = client.records.create("contact", {"lastname": "Old", "importsequencenumber": tag})
    batch = client.batch.new()
    batch.records.create("contact", {"lastname": "New", "importsequencenumber": tag})
    batch.records.update("contact", row_id, {"lastname": "Changed"})
    batch.records.retrieve("contact", row_id, select=["lastname"])
    batch.records.list("contact", filter=f"importsequencenumber eq {tag}", orderby=["lastname"])
    batch.records.delete("contact", row_id)
    batch.query.sql(f"SELECT lastname FROM contact WHERE importsequencenumber = {tag}")
    result = batch.execute()
    assert [item.status_code for item in result.responses] == [204, 204, 200, 200, 204, 200]
    assert result.responses[2].data["lastname"] == "Changed"
    assert [row["lastname"] for row in result.responses[3].data["value"]] == ["Changed", "New"]
    assert [row["lastname"] for row in result.responses[5].data["value"]] == ["New"]


def test_a_batch_takes_bulk_messages(client: Any, tag: int) -> None:
    batch = client.batch.new()
    rows = [{"lastname": name, "importsequencenumber": tag} for name in "AB"]
    batch.records.create("contact", rows)
    (answer,) = batch.execute().responses
    assert len(answer.data["Ids"]) == 2


def test_a_batch_stops_at_the_first_error(client: Any, tag: int) -> None:
    batch = client.batch.new()
    batch.records.create("contact", {"lastname": "x" * 500})
    batch.records.create("contact", {"lastname": "Never", "importsequencenumber": tag})
    result = batch.execute()
    assert [item.status_code for item in result.responses] == [400]
    assert len(client.records.list("contact", filter=f"importsequencenumber eq {tag}")) == 0


def test_a_batch_that_ends_with_a_missing_row_is_an_error_of_its_own(client: Any) -> None:
    from PowerPlatform.Dataverse.core.errors import HttpError

    batch = client.batch.new()
    batch.records.delete("contact", str(uuid4()))
    with pytest.raises(HttpError) as caught:
        batch.execute()
    assert caught.value.status_code == 404


def test_a_batch_can_go_on_after_errors(client: Any, tag: int) -> None:
    batch = client.batch.new()
    batch.records.delete("contact", str(uuid4()))
    batch.records.create("contact", {"lastname": "Made", "importsequencenumber": tag})
    result = batch.execute(continue_on_error=True)
    assert [item.status_code for item in result.responses] == [404, 204]
    assert result.failed[0].error_code == "0x80040217"


def test_a_change_set_refers_to_its_own_rows(client: Any) -> None:
    batch = client.batch.new()
    with batch.changeset() as changes:
        account = changes.records.create("account", {"name": "Parent"})
        bind = {"parentcustomerid_account@odata.bind": account}
        contact = changes.records.create("contact", {"lastname": "Child", **bind})
        changes.records.update("contact", contact, {"jobtitle": "Heir"})
    result = batch.execute()
    assert not result.has_errors
    row = client.records.retrieve(
        "contact", result.entity_ids[1], expand=["parentcustomerid_account"]
    )
    assert (row["jobtitle"], row["parentcustomerid_account"]["name"]) == ("Heir", "Parent")


def test_a_change_set_happens_whole_or_not_at_all(client: Any, tag: int) -> None:
    batch = client.batch.new()
    with batch.changeset() as changes:
        changes.records.create("contact", {"lastname": "First", "importsequencenumber": tag})
        changes.records.create("contact", {"lastname": "x" * 500})
    assert batch.execute().has_errors
    assert len(client.records.list("contact", filter=f"importsequencenumber eq {tag}")) == 0


def test_metadata_in_a_batch(client: Any) -> None:
    batch = client.batch.new()
    batch.tables.get("contact")
    result = batch.execute()
    assert [item.status_code for item in result.responses] == [200]
    assert result.responses[0].data["value"][0]["EntitySetName"] == "contacts"
