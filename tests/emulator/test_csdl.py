from __future__ import annotations

from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from seedkit.emulator.metadata.csdl import document
from seedkit.emulator.operations import Operation
from seedkit.emulator.service import OPERATIONS
from seedkit.schema import load_catalogue

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"
ALIAS = "mscrm."


@pytest.fixture(scope="module")
def schema() -> ET.Element:
    operations: tuple[Operation, ...] = OPERATIONS
    root = ET.fromstring(document(load_catalogue(), operations))
    assert root.get("Version") == "4.0"
    found = root.find(f".//{EDM}Schema")
    assert found is not None
    return found


@cache  # of elements: each is looked up hundreds of times
def types(schema: ET.Element) -> dict[str, ET.Element]:
    return {
        str(item.get("Name")): item
        for tag in ("EntityType", "ComplexType", "EnumType")
        for item in schema.iter(EDM + tag)
    }


@cache
def members(schema: ET.Element, name: str, tag: str) -> dict[str, ET.Element]:
    """Return a type's members with those of its base types; no name may come twice."""
    item = types(schema)[name]
    found = {str(child.get("Name")): child for child in item.findall(EDM + tag)}
    assert len(found) == len(item.findall(EDM + tag)), name
    base = item.get("BaseType")
    inherited = members(schema, base.removeprefix(ALIAS), tag) if base else {}
    assert not set(found) & set(inherited), name
    return {**inherited, **found}


def target(element: ET.Element) -> str:
    return str(element.get("Type")).removeprefix("Collection(").rstrip(")")


def test_every_named_type_is_declared(schema: ET.Element) -> None:
    known = types(schema)
    named = [item for item in schema.iter() if item.get("Type")]
    assert len(known) > 60
    for item in named:
        name = target(item)
        assert name.startswith("Edm.") or name.removeprefix(ALIAS) in known, name
    for item in known.values():
        base = item.get("BaseType")
        assert base is None or base.removeprefix(ALIAS) in known


def test_every_entity_type_has_a_key_that_is_its_property(schema: ET.Element) -> None:
    for name, item in types(schema).items():
        if item.tag != EDM + "EntityType" or item.get("Abstract") == "true":
            continue
        above: ET.Element | None = item
        while above is not None and above.find(f"{EDM}Key") is None:
            base = above.get("BaseType")
            above = types(schema)[base.removeprefix(ALIAS)] if base else None
        assert above is not None, name
        keys = [ref.get("Name") for ref in above.iter(EDM + "PropertyRef")]
        for key in keys:
            assert members(schema, name, "Property")[str(key)].get("Nullable") == "false"


def test_partners_lead_back_and_constraints_name_properties(schema: ET.Element) -> None:
    for name in types(schema):
        for item in members(schema, name, "NavigationProperty").values():
            if item.get("Partner"):
                back = members(schema, target(item).removeprefix(ALIAS), "NavigationProperty")
                assert str(item.get("Partner")) in back, (name, item.attrib)
            for constraint in item.iter(EDM + "ReferentialConstraint"):
                own = members(schema, name, "Property")
                theirs = members(schema, target(item).removeprefix(ALIAS), "Property")
                assert constraint.get("Property") in own
                assert constraint.get("ReferencedProperty") in theirs


def test_sets_bind_declared_navigation_to_declared_sets(schema: ET.Element) -> None:
    sets = {str(item.get("Name")): item for item in schema.iter(EDM + "EntitySet")}
    catalogue = load_catalogue()
    assert {table.entity_set for table in catalogue.values()} < set(sets)
    for item in sets.values():
        name = str(item.get("EntityType")).removeprefix(ALIAS)
        navigation = members(schema, name, "NavigationProperty")
        for binding in item.iter(EDM + "NavigationPropertyBinding"):
            assert binding.get("Path") in navigation
            assert binding.get("Target") in sets


def test_columns_have_the_types_that_rows_show(schema: ET.Element) -> None:
    found = members(schema, "msfsi_fh_account", "Property")
    shown = {
        name: found[name].get("Type")
        for name in ("msfsi_balance", "statecode", "createdon", "_createdby_value")
    }
    assert shown == {
        "msfsi_balance": "Edm.Decimal",
        "statecode": "Edm.Int32",
        "createdon": "Edm.DateTimeOffset",
        "_createdby_value": "Edm.Guid",
    }
    assert "createdby" not in found
    lookup = members(schema, "msfsi_lifemoment", "NavigationProperty")["msfsi_Contact"]
    assert lookup.get("Type") == "mscrm.contact"
    assert members(schema, "contact", "Property")["birthdate"].get("Type") == "Edm.Date"


def test_lookups_are_read_only_properties(schema: ET.Element) -> None:
    found = members(schema, "contact", "Property")
    for name in ("_parentcustomerid_value", "createdon"):
        assert found[name].findtext(f"{EDM}Annotation/{EDM}EnumMember", "").endswith("/Read")
    assert found["firstname"].find(f"{EDM}Annotation") is None


def test_what_can_be_called_is_declared_and_imported(schema: ET.Element) -> None:
    declared = {item.get("Name") for item in schema.iter(EDM + "Function")}
    assert {"WhoAmI", "RetrieveVersion"} <= declared
    imports = {item.get("Function") for item in schema.iter(EDM + "FunctionImport")}
    assert "mscrm.WhoAmI" in imports


def test_metadata_has_types_of_its_own(schema: ET.Element) -> None:
    found = members(schema, "PicklistAttributeMetadata", "NavigationProperty")
    assert found["OptionSet"].get("Type") == "mscrm.OptionSetMetadata"
    assert "MetadataId" in members(schema, "PicklistAttributeMetadata", "Property")


def test_the_document_is_served(shared: Any) -> None:
    answer = shared.send("GET", "$metadata")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert b"msfsi_lifemoment" in answer.content
    assert shared.refused("POST", "$metadata", {})[0] == 405
