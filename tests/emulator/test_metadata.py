from __future__ import annotations

from typing import Any

import pytest

from seedkit.schema import Catalogue, load_catalogue

CAST = "Microsoft.Dynamics.CRM."


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_tables_are_listed_with_chosen_members(shared: Any, catalogue: Catalogue) -> None:
    rows = shared.rows("EntityDefinitions?$select=LogicalName,EntitySetName")
    assert {row["LogicalName"]: row["EntitySetName"] for row in rows} == {
        table.name: table.entity_set for table in catalogue.values()
    }
    assert all(row.keys() == {"MetadataId", "LogicalName", "EntitySetName"} for row in rows)


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        ("LogicalName eq 'msfsi_branch'", {"msfsi_branch"}),
        ("LogicalName eq 'nonsense'", set()),
        ("LogicalName in ('contact','account')", {"contact", "account"}),
        (
            f"OwnershipType eq {CAST}OwnershipTypes'BusinessOwned' and endswith(LogicalName,'r')",
            {"systemuser"},
        ),
        ("IsPrivate eq false and LogicalName eq 'team'", {"team"}),
        ("not contains(LogicalName,'_') and IsCustomEntity eq true", set()),
        ("DisplayName/UserLocalizedLabel/Label eq 'Contact'", {"contact"}),
    ],
)
def test_tables_are_filtered(shared: Any, filter_: str, expected: set[str]) -> None:
    rows = shared.rows(f"EntityDefinitions?$select=LogicalName&$filter={filter_}")
    assert {row["LogicalName"] for row in rows} == expected


def test_a_table_is_found_by_name_and_by_id(shared: Any) -> None:
    by_name = shared.get("EntityDefinitions(LogicalName='msfsi_branch')")
    by_id = shared.get(f"EntityDefinitions({by_name['MetadataId']})")
    assert by_name == by_id
    assert by_name["EntitySetName"] == "msfsi_branchs"
    assert by_name["PrimaryIdAttribute"] == "msfsi_branchid"
    assert shared.refused("GET", "EntityDefinitions(LogicalName='nonsense')")[0] == 404


@pytest.mark.parametrize(
    ("table", "cast", "column", "expected"),
    [
        ("contact", "String", "jobtitle", {"MaxLength": 100}),
        ("contact", "Memo", "address1_composite", {"MaxLength": 1000}),
        ("contact", "Integer", "importsequencenumber", {"MinValue": -(2**31)}),
        ("contact", "Double", "address1_latitude", {"MaxValue": 90, "Precision": 5}),
        ("msfsi_fh_account", "Decimal", "msfsi_balancedefault", {"Precision": 2}),
        ("msfsi_fh_account", "Money", "msfsi_balance", {"Precision": 4}),
        ("contact", "DateTime", "birthdate", {"DateTimeBehavior": {"Value": "DateOnly"}}),
        ("contact", "Lookup", "parentcustomerid", {"Targets": ["account", "contact"]}),
        ("contact", "Boolean", "donotphone", {"DefaultValue": False}),
    ],
)
def test_columns_by_type_have_their_own_members(
    shared: Any, table: str, cast: str, column: str, expected: dict[str, Any]
) -> None:
    kind = f"{CAST}{cast}AttributeMetadata"
    base = f"EntityDefinitions(LogicalName='{table}')/Attributes"
    rows = shared.rows(f"{base}/{kind}?$filter=LogicalName eq '{column}'")
    assert len(rows) == 1
    assert rows[0]["@odata.type"] == f"#{kind}"
    assert expected.items() <= rows[0].items()
    one = shared.get(f"{base}(LogicalName='{column}')/{kind}?$select=LogicalName")
    assert one["MetadataId"] == rows[0]["MetadataId"]


def test_every_column_is_described(shared: Any, catalogue: Catalogue) -> None:
    select = "$select=LogicalName,IsValidForCreate,IsValidForUpdate,RequiredLevel,AttributeType"
    for table in ("contact", "msfsi_fh_loan"):
        rows = shared.rows(f"EntityDefinitions(LogicalName='{table}')/Attributes?{select}")
        columns = catalogue[table].columns
        assert {row["LogicalName"]: row["IsValidForCreate"] for row in rows} == {
            name: column.creatable for name, column in columns.items()
        }
        levels = {"None", "Recommended", "ApplicationRequired", "SystemRequired"}
        assert {row["RequiredLevel"]["Value"] for row in rows} <= levels


@pytest.mark.parametrize(
    ("kind", "column", "expected"),
    [
        ("Picklist", "msfsi_type", {104800000: "Household", 104800001: "Custom group"}),
        ("State", "statecode", {0: "Active", 1: "Inactive"}),
        ("Status", "statuscode", {1: "Active", 2: "Inactive"}),
    ],
)
def test_choices_are_shown_when_expanded(
    shared: Any, kind: str, column: str, expected: dict[int, str]
) -> None:
    path = f"EntityDefinitions(LogicalName='msfsi_group')/Attributes/{CAST}{kind}AttributeMetadata"
    query = f"?$select=LogicalName&$filter=LogicalName eq '{column}'"
    assert "OptionSet" not in shared.rows(path + query)[0]
    row = shared.rows(f"{path}{query}&$expand=OptionSet($select=Options),GlobalOptionSet")[0]
    options = row["OptionSet"]["Options"]
    labels = {item["Value"]: item["Label"]["UserLocalizedLabel"]["Label"] for item in options}
    assert labels == expected
    if kind == "Status":
        assert {item["Value"]: item["State"] for item in options} == {1: 0, 2: 1}


def test_members_of_one_type_need_the_cast(shared: Any) -> None:
    path = "EntityDefinitions(LogicalName='contact')/Attributes"
    assert shared.refused("GET", f"{path}?$select=MaxLength")[0] == 400
    assert shared.refused("GET", f"{path}?$select=Nonsense")[0] == 400
    assert shared.rows(f"{path}/{CAST}StringAttributeMetadata?$select=MaxLength")


def test_parts_are_expanded_on_tables(shared: Any) -> None:
    expand = (
        "Attributes($select=LogicalName;$filter=AttributeType eq 'Memo'),"
        "Keys($select=KeyAttributes),ManyToOneRelationships,ManyToManyRelationships"
    )
    path = (
        f"EntityDefinitions?$select=LogicalName&$filter=LogicalName eq 'contact'&$expand={expand}"
    )
    row = shared.rows(path)[0]
    assert "address1_composite" in {item["LogicalName"] for item in row["Attributes"]}
    assert [key["KeyAttributes"] for key in row["Keys"]] == [["msfsi_integrationkey"]]
    assert {item["ReferencingEntity"] for item in row["ManyToOneRelationships"]} == {"contact"}
    assert all(
        "contact" in (item["Entity1LogicalName"], item["Entity2LogicalName"])
        for item in row["ManyToManyRelationships"]
    )


def test_keys_are_active(shared: Any) -> None:
    rows = shared.rows("EntityDefinitions(LogicalName='msfsi_groupmember')/Keys")
    assert [row["KeyAttributes"] for row in rows] == [["msfsi_group", "msfsi_member"]]
    assert rows[0]["EntityKeyIndexStatus"] == "Active"


def test_both_ends_show_the_same_relationship(shared: Any) -> None:
    path = "EntityDefinitions(LogicalName='{}')/{}"
    many = shared.rows(path.format("msfsi_lifemoment", "ManyToOneRelationships"))
    one = shared.rows(path.format("contact", "OneToManyRelationships"))
    found = next(row for row in many if row["ReferencedEntity"] == "contact")

    assert found in one
    assert found["ReferencedAttribute"] == "contactid"
    assert found["ReferencingAttribute"] == "msfsi_contact"
    assert found["ReferencingEntityNavigationPropertyName"] == "msfsi_Contact"
    collection = found["ReferencedEntityNavigationPropertyName"]
    assert collection == "msfsi_contact_msfsi_lifemoment_Contact"
    assert found["CascadeConfiguration"]["Delete"] == "Cascade"
    name = found["SchemaName"]
    assert shared.rows(f"RelationshipDefinitions?$filter=SchemaName eq '{name}'") == [found]
    kind = f"{CAST}OneToManyRelationshipMetadata"
    assert found in shared.rows(f"RelationshipDefinitions/{kind}")
    single = shared.get(f"RelationshipDefinitions(SchemaName='{name}')")
    assert single["MetadataId"] == found["MetadataId"]


def test_unknown_cascades_are_null_and_names_unique(shared: Any, catalogue: Catalogue) -> None:
    kind = f"{CAST}OneToManyRelationshipMetadata"
    rows = shared.rows(f"RelationshipDefinitions/{kind}")
    unknown = [
        item for table in catalogue.values() for item in table.relationships if item.cascade is None
    ]
    assert len([row for row in rows if row["CascadeConfiguration"] is None]) == len(unknown)
    assert len({row["MetadataId"] for row in rows}) == len(rows)
    allowed = {"Cascade", "RemoveLink", "Restrict", "NoCascade", None}
    assert {(row["CascadeConfiguration"] or {}).get("Delete") for row in rows} == allowed


@pytest.mark.parametrize(
    "path",
    [
        "EntityDefinitions(LogicalName='contact')/Nonsense",
        "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='nonsense')",
        "EntityDefinitions(LogicalName='contact')/Attributes/x/y",
        "RelationshipDefinitions(SchemaName='nonsense')",
    ],
)
def test_unknown_definitions_are_refused(shared: Any, path: str) -> None:
    assert shared.refused("GET", path)[0] == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "EntityDefinitions(LogicalName='contact')"),
        ("POST", "EntityDefinitions(LogicalName='contact')"),
        ("DELETE", "EntityDefinitions"),
        (
            "PUT",
            "EntityDefinitions(LogicalName='contact')/Keys(LogicalName='msfsi_integrationkey')",
        ),
    ],
)
def test_methods_without_a_meaning_are_refused(shared: Any, method: str, path: str) -> None:
    assert shared.refused(method, path, {})[0] == 405


@pytest.mark.parametrize("cast", ["Enum", "Nonsense", "OptionSet"])
def test_casts_to_other_types_are_refused(shared: Any, cast: str) -> None:
    path = f"EntityDefinitions(LogicalName='contact')/Attributes/{CAST}{cast}AttributeMetadata"
    assert shared.refused("GET", path)[0] == 400


@pytest.mark.parametrize(
    "cast",
    [
        "BigInt",
        "EntityName",
        "File",
        "Image",
        "Lookup",
        "ManagedProperty",
        "Memo",
        "MultiSelectPicklist",
        "State",
        "UniqueIdentifier",
    ],
)
def test_every_type_can_be_cast_to(shared: Any, cast: str) -> None:
    path = f"EntityDefinitions(LogicalName='contact')/Attributes/{CAST}{cast}AttributeMetadata"
    kinds = {row["@odata.type"] for row in shared.rows(path)}
    assert kinds <= {f"#{CAST}{cast}AttributeMetadata"}


@pytest.mark.parametrize(
    "filter_",
    [
        "OwnershipType eq OwnershipTypes'UserOwned'",
        f"OwnershipType eq {CAST}OwnershipTypes'Nonsense'",
        "Nonsense eq 1",
        "MaxLength eq 1",
    ],
)
def test_faulty_filters_are_refused(shared: Any, filter_: str) -> None:
    assert shared.refused("GET", f"EntityDefinitions?$filter={filter_}")[0] == 400


def test_complex_members_are_read_by_their_value(shared: Any) -> None:
    path = "EntityDefinitions(LogicalName='contact')/Attributes(LogicalName='lastname')"
    assert shared.get(f"{path}/RequiredLevel/Value")["value"] in ("None", "ApplicationRequired")
    assert shared.get(f"{path}/SchemaName")["value"] == "LastName"
    assert shared.send("GET", f"{path}/SchemaName/$value").text == "LastName"
    assert shared.refused("GET", f"{path}/Nonsense")[0] == 404


def test_attributes_are_expanded_with_a_cast(shared: Any) -> None:
    kind = f"{CAST}PicklistAttributeMetadata"
    expand = f"Attributes/{kind}($select=LogicalName,DefaultFormValue)"
    row = shared.get(f"EntityDefinitions(LogicalName='msfsi_group')?$expand={expand}")
    names = {item["LogicalName"]: item for item in row["Attributes"]}
    assert "msfsi_type" in names
    assert "msfsi_name" not in names
    assert names["msfsi_type"]["DefaultFormValue"] == -1
    plain = "Attributes($select=DefaultFormValue)"
    path = f"EntityDefinitions(LogicalName='msfsi_group')?$expand={plain}"
    assert shared.refused("GET", path)[0] == 400


def test_global_choices_are_found_by_name_and_id(shared: Any, catalogue: Catalogue) -> None:
    rows = shared.rows("GlobalOptionSetDefinitions")
    assert {row["Name"] for row in rows} == set(catalogue.choices)
    one = shared.get(f"GlobalOptionSetDefinitions(Name='{rows[0]['Name']}')")
    assert one["MetadataId"] == rows[0]["MetadataId"]
    by_id = f"GlobalOptionSetDefinitions({one['MetadataId']})/{CAST}OptionSetMetadata"
    assert shared.get(by_id)["Options"] == one["Options"]
    assert shared.refused("GET", "GlobalOptionSetDefinitions(Name='nonsense')")[0] == 404


def test_many_to_many_relationships_are_shown(shared: Any, catalogue: Catalogue) -> None:
    kind = f"{CAST}ManyToManyRelationshipMetadata"
    rows = shared.rows(f"RelationshipDefinitions/{kind}")
    pairs = [t.many_to_many for t in catalogue.values() if t.many_to_many is not None]
    assert {row["IntersectEntityName"] for row in rows} == {pair.intersect for pair in pairs}
    one = next(row for row in rows if row["IntersectEntityName"] == "teamroles")
    part = "EntityDefinitions(LogicalName='role')/ManyToManyRelationships"
    assert one["MetadataId"] in {row["MetadataId"] for row in shared.rows(part)}
    filter_ = f"RelationshipType eq {CAST}RelationshipType'ManyToManyRelationship'"
    assert len(shared.rows(f"RelationshipDefinitions?$filter={filter_}")) == len(rows)
