from __future__ import annotations

from typing import Any

import pytest

from seedkit.emulator import create_app, dump

CRM = "Microsoft.Dynamics.CRM."


def label(text: str) -> dict[str, Any]:
    return {"LocalizedLabels": [{"Label": text, "LanguageCode": 1033}]}


def column(kind: str, name: str, **members: Any) -> dict[str, Any]:
    return {
        "@odata.type": f"{CRM}{kind}AttributeMetadata",
        "SchemaName": name,
        "DisplayName": label(name),
        "RequiredLevel": {"Value": "None"},
        **members,
    }


def options(*values: tuple[int | None, str]) -> dict[str, Any]:
    made = [{"Value": value, "Label": label(text)} for value, text in values]
    return {"@odata.type": f"{CRM}OptionSetMetadata", "IsGlobal": False, "Options": made}


def entity(name: str, *columns: dict[str, Any], **members: Any) -> dict[str, Any]:
    primary = column(
        "String", "new_Name", MaxLength=100, FormatName={"Value": "Text"}, IsPrimaryName=True
    )
    return {
        "@odata.type": f"{CRM}EntityMetadata",
        "SchemaName": name,
        "DisplayName": label(name),
        "DisplayCollectionName": label(f"{name}s"),
        "OwnershipType": "UserOwned",
        "IsActivity": False,
        "HasActivities": False,
        "HasNotes": False,
        "Attributes": [primary, *columns],
        **members,
    }


def make(local: Any, name: str, *columns: dict[str, Any], **members: Any) -> str:
    answer = local.send("POST", "EntityDefinitions", entity(name, *columns, **members))
    assert answer.status_code == 204, answer.text
    address = answer.headers["OData-EntityId"]
    assert "/EntityDefinitions(" in address
    return str(address.rpartition("(")[2].rstrip(")"))


def add(local: Any, path: str, body: dict[str, Any], **headers: str) -> str:
    answer = local.send("POST", path, body, **headers)
    assert answer.status_code == 204, answer.text
    return str(answer.headers["OData-EntityId"])


def lookup(child: str, parent: str, name: str = "new_Parent", **members: Any) -> dict[str, Any]:
    return {
        "@odata.type": f"{CRM}OneToManyRelationshipMetadata",
        "SchemaName": f"new_{parent}_{child}",
        "ReferencedEntity": parent,
        "ReferencingEntity": child,
        "CascadeConfiguration": {"Delete": "Cascade", "Assign": "NoCascade"},
        "Lookup": column("Lookup", name),
        **members,
    }


def test_a_new_table_takes_rows_at_once(local: Any) -> None:
    made = make(local, "new_BankAccount", column("Integer", "new_Count", MinValue=0, MaxValue=9))
    row = local.create("new_bankaccounts", new_name="First", new_count=3)
    found = local.rows("new_bankaccounts?$filter=new_count gt 2")[0]
    assert found["new_bankaccountid"] == row
    assert (found["new_name"], found["statecode"], found["statuscode"]) == ("First", 0, 1)
    assert found["_ownerid_value"]
    assert found["createdon"]
    assert local.refused("POST", "new_bankaccounts", {"new_count": 10})[0] == 400

    definition = local.get(f"EntityDefinitions({made})")
    assert definition["LogicalName"] == "new_bankaccount"
    assert definition["EntitySetName"] == "new_bankaccounts"
    assert definition["PrimaryNameAttribute"] == "new_name"
    assert definition["IsManaged"] is False
    assert definition["IsCustomEntity"] is True
    bulk = local.bulk("new_bankaccounts", "CreateMultiple", "new_bankaccount", [{"new_name": "x"}])
    assert bulk.status_code == 200
    assert b'Name="new_bankaccount"' in local.send("GET", "$metadata").content


def test_tables_are_made_the_way_of_the_python_client(local: Any) -> None:
    name = column("String", "new_Name", IsPrimaryName=True, MaxLength=200)
    colour = column("Picklist", "new_Colour", OptionSet=options((1, "Red"), (2, "Blue")))
    for item in (name, colour):
        item["@odata.type"] = item["@odata.type"].replace(CRM, f"{CRM}Complex")
    colour["OptionSet"]["@odata.type"] = f"{CRM}ComplexOptionSetMetadata"
    body = entity("new_Thing", HasNotes=True)
    body |= {"@odata.type": f"{CRM}ComplexEntityMetadata", "Attributes": [name, colour]}
    answer = local.send("POST", "CreateEntities", {"Entities": [body]})
    assert answer.status_code in (200, 204), answer.text
    row = local.create("new_things", new_name="One", new_colour=2)
    assert local.get(f"new_things({row})?$select=new_colour")["new_colour"] == 2
    note = local.create("annotations", subject="n", objectid_new_thing__bind=f"/new_things({row})")
    local.send("DELETE", f"new_things({row})")
    assert local.refused("GET", f"annotations({note})")[0] == 404


@pytest.mark.parametrize(
    ("plural", "singular"),
    [("new_parties", "new_party"), ("new_statuses", "new_status"), ("new_branchs", "new_branch")],
)
def test_sets_are_named_as_the_platform_does(local: Any, plural: str, singular: str) -> None:
    make(local, singular)
    assert local.rows(plural) == []


@pytest.mark.parametrize(
    "body",
    [
        entity("bank"),
        entity("mscrm_bank"),
        entity("new_x", Nonsense=1),
        entity("new_x", Attributes=[]),
        entity("new_x", OwnershipType="BusinessOwned"),
        entity("new_x", DisplayName={"LocalizedLabels": [{"Label": "x", "LanguageCode": 1036}]}),
        entity("new_x", column("Lookup", "new_y")),
        entity("new_x", column("String", "new_y", MaxLength=4001)),
        entity("new_x", column("String", "new_Name")),
        entity("new_x", column("Integer", "new_y", MinValue=5, MaxValue=4)),
        entity("new_x", column("String", "y")),
    ],
)
def test_a_faulty_table_is_refused_whole(local: Any, body: dict[str, Any]) -> None:
    assert local.refused("POST", "EntityDefinitions", body)[0] == 400
    assert local.rows("EntityDefinitions?$filter=LogicalName eq 'new_x'") == []
    assert local.refused("GET", "new_xs")[0] == 404


def test_a_taken_name_is_refused(local: Any) -> None:
    make(local, "new_thing")
    assert local.refused("POST", "EntityDefinitions", entity("new_Thing"))[0] == 400


@pytest.mark.parametrize(
    ("body", "value", "bad"),
    [
        (column("String", "new_c", MaxLength=3), "abc", "abcd"),
        (column("Memo", "new_c", MaxLength=5), "abcde", "abcdef"),
        (column("Integer", "new_c", MaxValue=5), 5, 6),
        (column("BigInt", "new_c"), 2**40, 2**64),
        (column("Decimal", "new_c", Precision=2, MaxValue=10), 1.25, 11),
        (column("Double", "new_c", Precision=3, MaxValue=10), 1.5, 11),
        (column("Boolean", "new_c", DefaultValue=True), False, "no"),
        (column("Picklist", "new_c", OptionSet=options((7, "Seven"))), 7, 8),
        (column("MultiSelectPicklist", "new_c", OptionSet=options((7, "S"), (8, "E"))), "7,8", "9"),
        (column("DateTime", "new_c"), "2026-01-02T03:04:05Z", "never"),
        (
            column("DateTime", "new_c", Format="DateOnly", DateTimeBehavior={"Value": "DateOnly"}),
            "2026-01-02",
            "2026-13-02",
        ),
    ],
)
def test_columns_of_each_type_hold_their_values(
    local: Any, body: dict[str, Any], value: Any, bad: Any
) -> None:
    kind = body["@odata.type"]
    path = "EntityDefinitions(LogicalName='msfsi_bank')/Attributes"
    address = add(local, path, body)
    assert "LogicalName='msfsi_bank'" in address
    row = local.create("msfsi_banks", msfsi_name="b", msfsi_integrationkey="k", new_c=value)
    found = local.get(f"msfsi_banks({row})?$select=new_c")
    assert found["new_c"] == value
    assert local.refused("PATCH", f"msfsi_banks({row})", {"new_c": bad})[0] == 400
    shown = local.get(f"{path}(LogicalName='new_c')/{kind}")
    assert (shown["SchemaName"], shown["IsManaged"]) == ("new_c", False)
    row_id = address.rpartition("(")[2].rstrip(")")
    assert local.send("DELETE", f"{path}({row_id})", If_Match="*").status_code == 204
    assert local.refused("GET", f"msfsi_banks({row})?$select=new_c")[0] == 400


def test_amounts_bring_currency_and_base(local: Any) -> None:
    make(local, "new_thing")
    path = "EntityDefinitions(LogicalName='new_thing')/Attributes"
    add(local, path, column("Money", "new_Price"))
    row = local.create("new_things", new_name="x", new_price=5)
    found = local.get(f"new_things({row})")
    assert (found["new_price"], found["new_price_base"]) == (5, 5)
    assert found["_transactioncurrencyid_value"]
    assert found["exchangerate"] == 1


def test_a_column_is_changed_by_its_whole_definition(local: Any) -> None:
    make(local, "new_thing")
    path = "EntityDefinitions(LogicalName='new_thing')/Attributes(LogicalName='new_name')"
    full = local.get(f"{path}/{CRM}StringAttributeMetadata")
    body = {name: value for name, value in full.items() if not name.startswith("@odata.")}
    body |= {"@odata.type": f"{CRM}StringAttributeMetadata", "MaxLength": 2}
    answer = local.send("PUT", path, body, MSCRM_MergeLabels="true")
    assert answer.status_code == 204, answer.text
    assert local.get(f"{path}/{CRM}StringAttributeMetadata")["MaxLength"] == 2
    assert local.refused("POST", "new_things", {"new_name": "abc"})[0] == 400
    body["@odata.type"] = f"{CRM}MemoAttributeMetadata"
    assert local.refused("PUT", path, body)[0] == 400


def test_keys_hold_and_are_refused_for_colliding_rows(local: Any) -> None:
    make(local, "new_thing", column("String", "new_Code"))
    keys = "EntityDefinitions(LogicalName='new_thing')/Keys"
    body = {"SchemaName": "new_CodeKey", "KeyAttributes": ["new_code"]}
    first = local.create("new_things", new_name="1", new_code="a")
    local.create("new_things", new_name="2", new_code="a")
    assert local.refused("POST", keys, body)[0] >= 400
    assert local.rows(keys) == []
    local.send("DELETE", f"new_things({first})")
    address = add(local, keys, body)
    assert address.index("(LogicalName='new_thing')") < address.rindex("(")
    assert local.rows(keys)[0]["EntityKeyIndexStatus"] == "Active"
    assert local.get("new_things(new_code='a')")["new_name"] == "2"
    assert local.refused("POST", "new_things", {"new_code": "a"})[0] == 412
    attribute = "EntityDefinitions(LogicalName='new_thing')/Attributes(LogicalName='new_code')"
    assert local.refused("DELETE", attribute)[0] == 400
    key = address.rpartition("(")[2].rstrip(")")
    assert local.send("DELETE", f"{keys}({key})").status_code == 204
    local.create("new_things", new_name="3", new_code="a")


def test_no_more_than_ten_keys(local: Any) -> None:
    make(local, "new_thing")
    keys = "EntityDefinitions(LogicalName='new_thing')/Keys"
    for number in range(10):
        add(local, keys, {"SchemaName": f"new_k{number}", "KeyAttributes": ["new_name"]})
    body = {"SchemaName": "new_k", "KeyAttributes": ["new_name"]}
    assert local.refused("POST", keys, body)[0] == 400


def test_a_relationship_brings_lookup_collection_and_cascade(local: Any) -> None:
    make(local, "new_child")
    address = add(local, "RelationshipDefinitions", lookup("new_child", "contact"))
    contact = local.create("contacts", lastname="Parent")
    bind = f"/contacts({contact})"
    child = local.create("new_childs", new_name="c", new_Parent__bind=bind)
    found = local.get(f"new_childs({child})?$expand=new_Parent($select=lastname)")
    assert found["new_Parent"]["lastname"] == "Parent"
    rows = local.rows(f"contacts({contact})/new_contact_new_child?$select=new_name")
    assert [row["new_name"] for row in rows] == ["c"]
    local.send("DELETE", f"contacts({contact})")
    assert local.refused("GET", f"new_childs({child})")[0] == 404

    shown = local.rows("RelationshipDefinitions?$filter=SchemaName eq 'new_contact_new_child'")
    row_id = address.rpartition("(")[2].rstrip(")")
    assert shown[0]["MetadataId"] == row_id
    assert shown[0]["CascadeConfiguration"]["Delete"] == "Cascade"
    assert local.send("DELETE", f"RelationshipDefinitions({row_id})").status_code == 204
    assert local.refused("GET", "new_childs?$select=_new_parent_value")[0] == 400


def test_many_to_many_relationships_join_rows(local: Any) -> None:
    make(local, "new_thing")
    body = {
        "@odata.type": f"{CRM}ManyToManyRelationshipMetadata",
        "SchemaName": "new_thing_contact",
        "Entity1LogicalName": "new_thing",
        "Entity2LogicalName": "contact",
        "IntersectEntityName": "new_thing_contact",
    }
    add(local, "RelationshipDefinitions", body)
    thing, contact = (
        local.create("new_things", new_name="t"),
        local.create("contacts", lastname="c"),
    )
    link = {"@odata.id": f"https://bank.example/api/data/v9.2/contacts({contact})"}
    path = f"new_things({thing})/new_thing_contact"
    assert local.send("POST", f"{path}/$ref", link).status_code == 204
    assert [row["contactid"] for row in local.rows(path)] == [contact]
    entity_path = "EntityDefinitions(LogicalName='contact')/ManyToManyRelationships"
    names = {row["SchemaName"]: row for row in local.rows(entity_path)}
    assert names["new_thing_contact"]["Entity1LogicalName"] == "new_thing"
    definition = "EntityDefinitions(LogicalName='new_thing')"
    assert local.refused("DELETE", definition)[0] == 400
    relationship = "RelationshipDefinitions(SchemaName='new_thing_contact')"
    assert local.send("DELETE", relationship).status_code == 204
    assert local.send("DELETE", definition).status_code == 204


def test_a_table_that_others_point_at_stays(local: Any) -> None:
    make(local, "new_parent")
    make(local, "new_child")
    add(local, "RelationshipDefinitions", lookup("new_child", "new_parent"))
    path = "EntityDefinitions(LogicalName='new_parent')"
    assert local.refused("DELETE", path)[0] == 400
    assert local.send("DELETE", "EntityDefinitions(LogicalName='new_child')").status_code == 204
    assert local.send("DELETE", path).status_code == 204
    assert local.refused("GET", "new_parents")[0] == 404
    assert not [row for row in local.rows("EntityDefinitions") if "new_" in row["LogicalName"]]


@pytest.mark.parametrize(
    "path",
    [
        "EntityDefinitions(LogicalName='contact')",
        "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='jobtitle')",
        "EntityDefinitions(LogicalName='msfsi_bank')/Attributes(LogicalName='msfsi_city')",
        "EntityDefinitions(LogicalName='msfsi_bank')/Keys(LogicalName='msfsi_integrationkey')",
    ],
)
def test_what_was_shipped_stays(local: Any, path: str) -> None:
    assert local.refused("DELETE", path)[0] == 400
    assert local.get(path)


def test_global_choices_serve_several_columns(local: Any) -> None:
    body = {"Name": "new_Colour", **options((1, "Red")), "IsGlobal": True}
    address = add(local, "GlobalOptionSetDefinitions", body)
    row_id = address.rpartition("(")[2].rstrip(")")
    bind = {"GlobalOptionSet@odata.bind": f"/GlobalOptionSetDefinitions({row_id})"}
    make(local, "new_thing", column("Picklist", "new_c", **bind))
    path = "GlobalOptionSetDefinitions(Name='new_Colour')"
    assert local.refused("DELETE", path)[0] == 400
    assert [item["Value"] for item in local.get(path)["Options"]] == [1]
    value = {"OptionSetName": "new_Colour", "Value": 2, "Label": label("Blue")}
    assert local.send("POST", "InsertOptionValue", value).json()["NewOptionValue"] == 2
    local.create("new_things", new_name="x", new_c=2)
    assert local.refused("POST", "new_things", {"new_c": 3})[0] == 400
    local.send("DELETE", "EntityDefinitions(LogicalName='new_thing')")
    assert local.send("DELETE", path).status_code == 204
    assert local.refused("GET", path)[0] == 404


def test_a_failed_change_set_leaves_nothing(local: Any) -> None:
    import json

    def part(number: int, path: str, body: Any) -> str:
        return (
            f"--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
            f"Content-ID: {number}\r\n\r\nPOST /api/data/v9.2/{path} HTTP/1.1\r\n"
            f"Content-Type: application/json\r\n\r\n{json.dumps(body)}\r\n"
        )

    def send(body: Any) -> Any:
        parts = part(1, "EntityDefinitions", entity("new_thing")) + part(2, "new_things", body)
        text = f"--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n{parts}--c--\r\n--b--\r\n"
        kind = {"Content_Type": "multipart/mixed;boundary=b"}
        return local.send("POST", "$batch", text.encode(), **kind)

    send({"nonsense": 1})
    assert local.refused("GET", "new_things")[0] == 404
    assert b"204" in send({"new_name": "x"}).content
    assert len(local.rows("new_things")) == 1


def test_another_process_sees_the_change(local: Any, fresh_file: Any) -> None:
    from .conftest import Local

    other = Local(local.database)
    assert other.refused("GET", "new_things")[0] == 404
    make(local, "new_thing")
    assert other.rows("new_things") == []
    row = other.create("new_things", new_name="x")
    assert local.get(f"new_things({row})")["new_name"] == "x"
    other.app.state.close()
    local.app.state.close()
    assert [row["new_name"] for row in dump(local.database)["new_thing"]] == ["x"]
    again = create_app(local.database, clock=lambda: local.now)
    again.state.close()
