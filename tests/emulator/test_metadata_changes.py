from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from .test_metadata_writes import CRM, add, column, label, make, options


def condition(name: str, value: Any, operator: str = "Equals") -> dict[str, Any]:
    kind = "System.String" if isinstance(value, str) else "System.Boolean"
    return {
        "PropertyName": name,
        "ConditionOperator": operator,
        "Value": {"Type": kind, "Value": value},
    }


def query(*conditions: dict[str, Any], operator: str = "And", **more: Any) -> dict[str, Any]:
    criteria = {"FilterOperator": operator, "Conditions": list(conditions)}
    return {"Properties": {"PropertyNames": ["LogicalName"]}, "Criteria": criteria, **more}


def address(asked: dict[str, Any], stamp: str | None = None) -> str:
    parameters = "Query=@p1" + (",ClientVersionStamp=@p2" if stamp else "")
    tail = f"&@p2='{quote(stamp)}'" if stamp else ""
    return f"RetrieveMetadataChanges({parameters})?@p1={quote(json.dumps(asked))}{tail}"


def test_columns_come_with_the_asked_members(shared: Any) -> None:
    asked = query(
        condition("LogicalName", "contact"),
        Properties={"PropertyNames": ["LogicalName", "Attributes"]},
        AttributeQuery={
            "Properties": {"PropertyNames": ["LogicalName", "MaxLength", "MinValue"]},
            "Criteria": {"Conditions": [condition("LogicalName", "jobtitle")]},
        },
    )
    body = shared.get(address(asked))
    assert [item["LogicalName"] for item in body["EntityMetadata"]] == ["contact"]
    found = body["EntityMetadata"][0]["Attributes"]
    assert [(item["LogicalName"], item["MaxLength"]) for item in found] == [("jobtitle", 100)]
    assert not {"MinValue", "SchemaName"} & set(found[0])
    assert found[0]["@odata.type"] == f"#{CRM}ComplexStringAttributeMetadata"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (query(condition("LogicalName", "nonsense")), set()),
        (
            query(
                condition("LogicalName", "contact"),
                condition("LogicalName", "account"),
                operator="Or",
            ),
            {"contact", "account"},
        ),
        (
            query(condition("LogicalName", ["team", "role"], "In"), condition("IsManaged", True)),
            {"team", "role"},
        ),
    ],
)
def test_criteria_choose_tables(shared: Any, asked: dict[str, Any], expected: set[str]) -> None:
    rows = shared.get(address(asked))["EntityMetadata"]
    assert {row["LogicalName"] for row in rows} == expected


@pytest.mark.parametrize(
    "asked",
    [
        {"Nonsense": {}},
        query(condition("Nonsense", "x")),
        query(condition("LogicalName", "x", "Like")),
        query(Properties={"PropertyNames": ["Nonsense"]}),
    ],
)
def test_faulty_queries_are_refused(shared: Any, asked: dict[str, Any]) -> None:
    assert shared.refused("GET", address(asked))[0] == 400


def test_a_stamp_tells_what_has_changed_and_gone(local: Any) -> None:
    plain = {"Properties": {"PropertyNames": ["LogicalName"]}}
    start = local.get(address(plain))["ServerVersionStamp"]
    thing, other = make(local, "new_thing"), make(local, "new_other")
    later = local.get(address(plain, start))
    assert {row["LogicalName"] for row in later["EntityMetadata"]} == {"new_thing", "new_other"}
    assert all(row["HasChanged"] for row in later["EntityMetadata"])
    local.send("DELETE", f"EntityDefinitions({thing})")
    last = local.get(address(plain, later["ServerVersionStamp"]))
    assert last["EntityMetadata"] == []
    deleted = dict(
        zip(last["DeletedMetadata"]["Keys"], last["DeletedMetadata"]["Values"], strict=True)
    )
    assert deleted["Entity"]["Items"] == [thing]
    assert other not in deleted["Entity"]["Items"]
    assert local.refused("GET", address(plain, "999!x"))[0] == 400


def test_options_of_a_column_are_inserted_changed_ordered_and_deleted(local: Any) -> None:
    make(local, "new_thing", column("Picklist", "new_c", OptionSet=options((1, "One"))))
    place = {"EntityLogicalName": "new_thing", "AttributeLogicalName": "new_c"}

    def call(name: str, **values: Any) -> Any:
        return local.send("POST", name, {**place, **values})

    made = call("InsertOptionValue", Label=label("Two")).json()["NewOptionValue"]
    assert made == 100_000_000
    row = local.create("new_things", new_name="x", new_c=made)
    assert call("UpdateOptionValue", Value=made, Label=label("2")).status_code == 204
    assert call("OrderOption", Values=[made, 1]).status_code == 204
    kind = f"{CRM}PicklistAttributeMetadata"
    path = f"EntityDefinitions(LogicalName='new_thing')/Attributes(LogicalName='new_c')/{kind}"
    found = local.get(f"{path}?$expand=OptionSet")["OptionSet"]["Options"]
    texts = [(item["Value"], item["Label"]["UserLocalizedLabel"]["Label"]) for item in found]
    assert texts == [(made, "2"), (1, "One")]
    assert call("InsertOptionValue", Value=1, Label=label("x")).status_code == 400
    assert call("OrderOption", Values=[1]).status_code == 400
    assert call("DeleteOptionValue", Value=made).status_code == 204
    assert call("DeleteOptionValue", Value=made).status_code == 404
    assert local.refused("PATCH", f"new_things({row})", {"new_c": made})[0] == 400


def test_a_new_status_reason_belongs_to_its_state(local: Any) -> None:
    make(local, "new_thing")
    body = {"EntityLogicalName": "new_thing", "StateCode": 1, "Label": label("Closed")}
    value = local.send("POST", "InsertStatusValue", body).json()["NewOptionValue"]
    row = local.create("new_things", new_name="x")
    local.send("PATCH", f"new_things({row})", {"statecode": 1, "statuscode": value})
    assert local.get(f"new_things({row})")["statuscode"] == value
    assert local.refused("POST", "new_things", {"statuscode": value})[0] == 400
    assert local.refused("POST", "InsertStatusValue", {**body, "StateCode": 7})[0] == 400


def test_a_customer_lookup_points_at_accounts_and_contacts(local: Any) -> None:
    make(local, "new_thing")
    relationships = [
        {
            "@odata.type": f"{CRM}ComplexOneToManyRelationshipMetadata",
            "SchemaName": f"new_{parent}_thing",
            "ReferencedEntity": parent,
            "ReferencingEntity": "new_thing",
        }
        for parent in ("account", "contact")
    ]
    lookup = column("Lookup", "new_Customer")
    lookup["@odata.type"] = f"{CRM}ComplexLookupAttributeMetadata"
    body = {"Lookup": lookup, "OneToManyRelationships": relationships}
    answer = local.send("POST", "CreateCustomerRelationships", body)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["RelationshipIds"]) == 2
    contact = local.create("contacts", lastname="c")
    row = local.create(
        "new_things", new_name="x", new_Customer_contact__bind=f"/contacts({contact})"
    )
    assert local.get(f"new_things({row})")["_new_customer_value"] == contact
    half = {"Lookup": column("Lookup", "new_Half"), "OneToManyRelationships": relationships[:1]}
    assert local.refused("POST", "CreateCustomerRelationships", half)[0] == 400


def test_publishing_is_accepted(shared: Any) -> None:
    assert shared.send("POST", "PublishAllXml").status_code == 204
    body = {"ParameterXml": "<importexportxml/>"}
    assert shared.send("POST", "PublishXml", body).status_code == 204


def test_a_changed_cascade_holds(local: Any) -> None:
    from .test_metadata_writes import lookup

    make(local, "new_child")
    address_ = add(local, "RelationshipDefinitions", lookup("new_child", "contact"))
    path = f"RelationshipDefinitions({address_.rpartition('(')[2].rstrip(')')})"
    body = local.get(path)
    body = {name: value for name, value in body.items() if name != "@odata.context"}
    body["CascadeConfiguration"] = {"Delete": "Restrict"}
    assert local.send("PUT", path, body).status_code == 204
    contact = local.create("contacts", lastname="c")
    local.create("new_childs", new_name="x", new_Parent__bind=f"/contacts({contact})")
    assert local.refused("DELETE", f"contacts({contact})")[0] >= 400
    assert local.refused("PUT", path, {**body, "SchemaName": "new_other"})[0] == 400


def test_tables_and_choices_get_other_texts_by_their_whole_definition(local: Any) -> None:
    make(local, "new_thing")
    add(local, "GlobalOptionSetDefinitions", {"Name": "new_Colour", **options((1, "Red"))})
    for path in (
        "EntityDefinitions(LogicalName='new_thing')",
        "GlobalOptionSetDefinitions(Name='new_Colour')",
    ):
        body = local.get(path) | {"DisplayName": label("Other")}
        answer = local.send("PUT", path, body, MSCRM_MergeLabels="true")
        assert answer.status_code == 204, answer.text
        assert local.get(path)["DisplayName"]["UserLocalizedLabel"]["Label"] == "Other"
    body = local.get("EntityDefinitions(LogicalName='new_thing')") | {"SchemaName": "new_Two"}
    assert local.refused("PUT", "EntityDefinitions(LogicalName='new_thing')", body)[0] == 400
