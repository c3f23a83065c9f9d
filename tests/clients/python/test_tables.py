"""Microsoft's client for Python: tables, columns, keys, relationships and files."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.clients


class Size(IntEnum):
    SMALL = 1
    LARGE = 2


@pytest.fixture
def table(client: Any, name: str) -> Any:
    columns = {
        "new_Title": "string",
        "new_Notes": {"type": "memo", "max_length": 2000},
        "new_Count": {"type": "int", "min_value": 0, "max_value": 10},
        "new_Price": "decimal",
        "new_Ratio": "double",
        "new_Due": "datetime",
        "new_Done": "bool",
        "new_Size": Size,
    }
    return client.tables.create(name, columns, display_name="Thing")


def test_known_tables_are_described(client: Any) -> None:
    info = client.tables.get("contact")
    assert (info.entity_set_name, info.logical_name) == ("contacts", "contact")
    assert info.metadata_id
    assert client.tables.get("new_nowhere") is None


def test_tables_are_listed(client: Any, table: Any) -> None:
    names = {item["LogicalName"] for item in client.tables.list()}
    assert {"contact", "account", table.logical_name} <= names


def test_a_new_table_takes_rows_of_every_type(client: Any, table: Any) -> None:
    values = {
        "new_title": "One",
        "new_notes": "Several\nlines",
        "new_count": 7,
        "new_price": 12.5,
        "new_ratio": 0.25,
        "new_due": "2026-01-31T09:30:00Z",
        "new_done": True,
        "new_size": Size.LARGE,
    }
    row_id = client.records.create(table.schema_name, values)
    row = client.records.retrieve(table.schema_name, row_id)
    assert {name: row[name] for name in values} == values


def test_a_new_tables_limits_hold(client: Any, table: Any) -> None:
    from PowerPlatform.Dataverse.core.errors import HttpError

    with pytest.raises(HttpError) as caught:
        client.records.create(table.schema_name, {"new_count": 11})
    assert caught.value.details["service_error_code"] == "0x8004432f"


def test_a_new_table_takes_bulk_messages_and_queries(client: Any, table: Any) -> None:
    rows = [{"new_title": f"T{n}", "new_count": n} for n in range(5)]
    client.records.create(table.schema_name, rows)
    found = client.records.list(
        table.schema_name, filter="new_count ge 3", orderby=["new_title desc"]
    )
    assert [row["new_title"] for row in found] == ["T4", "T3"]


def test_a_table_is_deleted(client: Any, table: Any) -> None:
    client.tables.delete(table.schema_name)
    assert client.tables.get(table.schema_name) is None


def test_a_table_can_be_made_once(client: Any, table: Any) -> None:
    from PowerPlatform.Dataverse.core.errors import MetadataError

    with pytest.raises(MetadataError):
        client.tables.create(table.schema_name, {})


def test_columns_come_and_go(client: Any, table: Any) -> None:
    assert client.tables.add_columns(table.schema_name, {"new_Extra": "string"}) == ["new_Extra"]
    client.records.create(table.schema_name, {"new_extra": "here"})
    assert client.tables.remove_columns(table.schema_name, "new_Extra") == ["new_Extra"]
    assert client.tables.get_column(table.schema_name, "new_extra") is None


def test_columns_are_listed_with_their_types(client: Any, table: Any) -> None:
    found = {
        item["LogicalName"]: item["AttributeType"]
        for item in client.tables.list_columns(table.schema_name)
    }
    assert found["new_count"] == "Integer"
    assert found["new_size"] == "Picklist"
    strings = client.tables.list_columns(table.schema_name, filter="AttributeType eq 'String'")
    assert "new_title" in {item["LogicalName"] for item in strings}
    typed = client.tables.list_columns(table.schema_name, typed=True)
    assert any(item.get("MaxValue") == 10 for item in typed if item["LogicalName"] == "new_count")


def test_a_column_gets_other_limits(client: Any, table: Any) -> None:
    client.tables.update_column(table.schema_name, "new_count", {"max_value": 20})
    client.records.create(table.schema_name, {"new_count": 20})
    column = client.tables.get_column(table.schema_name, "new_count", typed=True)
    assert column["MaxValue"] == 20


def test_keys_are_made_read_and_dropped(client: Any, table: Any) -> None:
    key = client.tables.create_alternate_key(
        table.schema_name, f"{table.schema_name}_Key", ["new_title"]
    )
    (found,) = client.tables.get_alternate_keys(table.schema_name)
    assert found.key_attributes == ["new_title"]
    from PowerPlatform.Dataverse.models.upsert import UpsertItem

    for count in (1, 2):
        item = UpsertItem({"new_title": "Only"}, {"new_count": count})
        client.records.upsert(table.schema_name, [item])
    (row,) = client.records.list(table.schema_name)
    assert row["new_count"] == 2
    client.tables.delete_alternate_key(table.schema_name, key.metadata_id)
    assert client.tables.get_alternate_keys(table.schema_name) == []


def test_a_lookup_joins_two_tables(client: Any, table: Any, name: str) -> None:
    child = client.tables.create(f"{name}Child", {})
    made = client.tables.create_lookup_field(
        referencing_table=child.logical_name,
        lookup_field_name="new_ParentId",
        referenced_table=table.logical_name,
    )
    assert client.tables.get_relationship(made.relationship_schema_name) is not None
    parent = client.records.create(table.schema_name, {"new_title": "Parent"})
    bind = {"new_ParentId@odata.bind": f"/{table.entity_set_name}({parent})"}
    row_id = client.records.create(child.schema_name, {"new_name": "Child", **bind})
    row = client.records.retrieve(child.schema_name, row_id, expand=["new_ParentId"])
    assert row["new_ParentId"]["new_title"] == "Parent"
    client.tables.delete_relationship(made.relationship_id)
    assert client.tables.get_relationship(made.relationship_schema_name) is None


def test_one_to_many_and_many_to_many(client: Any, table: Any, name: str) -> None:
    from PowerPlatform.Dataverse.models.labels import Label, LocalizedLabel
    from PowerPlatform.Dataverse.models.relationship import (
        CascadeConfiguration,
        LookupAttributeMetadata,
        ManyToManyRelationshipMetadata,
        OneToManyRelationshipMetadata,
    )

    label = Label(localized_labels=[LocalizedLabel(label="Owner", language_code=1033)])
    client.tables.create_one_to_many_relationship(
        LookupAttributeMetadata(schema_name="new_ContactId", display_name=label),
        OneToManyRelationshipMetadata(
            schema_name=f"{name}_contact",
            referenced_entity="contact",
            referencing_entity=table.logical_name,
            referenced_attribute="contactid",
            cascade_configuration=CascadeConfiguration(delete="Cascade"),
        ),
    )
    made = client.tables.create_many_to_many_relationship(
        ManyToManyRelationshipMetadata(
            schema_name=f"{name}_accounts",
            entity1_logical_name=table.logical_name,
            entity2_logical_name="account",
        )
    )
    assert client.tables.get_relationship(f"{name}_accounts").relationship_id == (
        made.relationship_id
    )
    names = {
        item["SchemaName"] for item in client.tables.list_table_relationships(table.schema_name)
    }
    assert {f"{name}_contact", f"{name}_accounts"} <= names
    contact = client.records.create("contact", {"lastname": "Parent"})
    bind = {"new_ContactId@odata.bind": f"/contacts({contact})"}
    row_id = client.records.create(table.schema_name, {"new_title": "Child", **bind})
    client.records.delete("contact", contact)
    assert client.records.retrieve(table.schema_name, row_id) is None


@pytest.mark.parametrize("mode", ["small", "chunk"])
def test_a_file_is_put_into_a_column(client: Any, table: Any, tmp_path: Path, mode: str) -> None:
    client.tables.add_columns(table.schema_name, {"new_Document": "file"})
    row_id = client.records.create(table.schema_name, {"new_title": "With file"})
    path = tmp_path / "letter.txt"
    path.write_bytes(b"Dear bank" * 1000)
    client.files.upload(table.schema_name, row_id, "new_Document", str(path), mode=mode)
    row = client.records.retrieve(table.schema_name, row_id)
    assert row["new_document"] is not None
    assert row["new_document_name"] == "letter.txt"


def test_tables_are_made_in_a_batch(client: Any, name: str) -> None:
    batch = client.batch.new()
    batch.tables.create(name, {"new_Title": "string"})
    assert not batch.execute().has_errors
    assert client.tables.get(name) is not None
