"""What people who write a client meet in their first hours: lists, notes, rights, clear texts."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.emulator.conftest import Local

LABEL = {"LocalizedLabels": [{"Label": "Branch", "LanguageCode": 1033}]}
CRM = "#Microsoft.Dynamics.CRM."
TABLE = {
    "SchemaName": "new_Branch",
    "DisplayName": LABEL,
    "Attributes": [
        {
            "@odata.type": f"{CRM}StringAttributeMetadata",
            "SchemaName": "new_Name",
            "IsPrimaryName": True,
            "DisplayName": LABEL,
        }
    ],
}
FORMATTED = 'odata.include-annotations="*"'


@pytest.mark.parametrize(
    "call",
    [
        "(EntityNames=['contact','account'])",
        '(EntityNames=["contact","account"])',
        "(EntityNames=@p1)?@p1=['contact','account']",
    ],
)
def test_lists_take_either_quotes(local: Local, call: str) -> None:
    local.create("contacts", lastname="Reyes")
    found = local.get(f"RetrieveTotalRecordCount{call}")["EntityRecordCountCollection"]
    assert found["Keys"] == ["contact", "account"]
    assert found["Values"] == [1, 0]


def test_note_names_the_table_that_it_is_about(local: Local) -> None:
    contact = local.create("contacts", lastname="Reyes")
    account = local.create("accounts", name="Harbour")
    note = local.create("annotations", subject="x", objectid_contact__bind=f"/contacts({contact})")
    alone = local.create("annotations", subject="y")
    kinds = "annotations?$select=annotationid&$filter=objecttypecode eq "
    assert [row["annotationid"] for row in local.rows(f"{kinds}'contact'")] == [note]
    assert local.get(f"annotations({alone})?$select=objecttypecode")["objecttypecode"] is None
    body = {"objectid_account@odata.bind": f"/accounts({account})"}
    assert local.send("PATCH", f"annotations({note})", body).status_code == 204
    assert local.rows(f"{kinds}'contact'") == []
    assert [row["annotationid"] for row in local.rows(f"{kinds}'account'")] == [note]


def test_only_customizers_change_the_schema(local: Local) -> None:
    query = "systemusers?$select=systemuserid&$filter=internalemailaddress eq '{}'"
    user = local.rows(query.format("dana.whitlock@bank.example"))[0]["systemuserid"]
    signed = {"MSCRMCallerID": user}
    create = ("POST", "EntityDefinitions", TABLE)
    status, code, text = local.refused(*create, **signed)
    assert (status, code) == (403, "0x80040220")
    assert "prvCreateEntity" in text
    assert "prvPublishCustomization" in local.refused("POST", "PublishAllXml", {}, **signed)[2]
    give_role(local, user, "System Customizer")
    assert local.send(*create, **signed).status_code == 204
    assert local.send("POST", "PublishAllXml", {}, **signed).status_code == 204


def give_role(local: Local, user: str, role: str) -> None:
    found = local.rows(f"roles?$select=roleid&$filter=name eq '{role}'")[0]["roleid"]
    body = {"@odata.id": f"https://bank.example/api/data/v9.2/roles({found})"}
    path = f"systemusers({user})/systemuserroles_association/$ref"
    assert local.send("POST", path, body).status_code == 204


CHANGES = [
    ("DELETE", "EntityDefinitions(LogicalName='contact')", None, "prvDeleteEntity"),
    ("PUT", "EntityDefinitions(LogicalName='contact')", {}, "prvWriteEntity"),
    ("POST", "EntityDefinitions(LogicalName='contact')/Keys", {}, "prvWriteEntity"),
    ("POST", "EntityDefinitions(LogicalName='contact')/Attributes", {}, "prvCreateAttribute"),
    ("POST", "RelationshipDefinitions", {}, "prvCreateRelationship"),
    ("POST", "GlobalOptionSetDefinitions", {}, "prvCreateOptionSet"),
    ("POST", "CreateEntities", {"Entities": [TABLE]}, "prvCreateEntity"),
    (
        "POST",
        "InsertOptionValue",
        {"OptionSetName": "x", "Label": LABEL},
        "prvWriteOptionSet",
    ),
    (
        "POST",
        "InsertOptionValue",
        {"EntityLogicalName": "x", "Label": LABEL},
        "prvWriteAttribute",
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "privilege"), CHANGES)
def test_each_change_of_the_schema_has_its_privilege(
    shared: Local, method: str, path: str, body: Any, privilege: str
) -> None:
    query = "systemusers?$select=systemuserid&$filter=internalemailaddress eq '{}'"
    user = shared.rows(query.format("dana.whitlock@bank.example"))[0]["systemuserid"]
    status, _code, text = shared.refused(method, path, body, MSCRMCallerID=user)
    assert status == 403
    assert f"missing {privilege} privilege" in text


def test_kind_of_an_activity_is_shown_by_its_label(local: Local) -> None:
    local.create("tasks", subject="x")
    fetch = (
        "<fetch><entity name='activitypointer'><attribute name='activitytypecode'/>"
        "</entity></fetch>"
    )
    for path in (
        "tasks?$select=activitytypecode",
        "activitypointers?$select=activitytypecode",
        f"activitypointers?fetchXml={fetch}",
    ):
        row = local.rows(path, Prefer=FORMATTED)[0]
        assert row["activitytypecode@OData.Community.Display.V1.FormattedValue"] == "Task"


def test_wrong_names_of_lookups_are_explained(shared: Local) -> None:
    value = {"_parentcustomerid_value": "c0000001-5eed-8000-8000-000000000001"}
    status, code, text = shared.refused("POST", "contacts", value)
    assert (status, code) == (400, "0x80048d19")
    assert "CRM do not support direct update of Entity Reference properties" in text
    assert "Use Navigation properties instead." in text
    bind = {"parentcustomer@odata.bind": "/accounts(c0000001-5eed-8000-8000-000000000001)"}
    text = shared.refused("POST", "contacts", bind)[2]
    assert "An undeclared property 'parentcustomer' which only has property annotations" in text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("EntityDefinitions", {}),
        ("RelationshipDefinitions", {}),
        ("RelationshipDefinitions", {"@odata.type": f"{CRM}OneToManyRelationshipMetadata"}),
        ("RelationshipDefinitions", {"@odata.type": f"{CRM}ManyToManyRelationshipMetadata"}),
        ("GlobalOptionSetDefinitions", {}),
        ("EntityDefinitions", {**TABLE, "OwnershipType": {"a": None}}),
        ("contacts", {"lastname": {"a": None}}),
        ("contacts", {"lastname": [True]}),
    ],
)
def test_refusals_speak_json(shared: Local, path: str, body: Any) -> None:
    status, _code, text = shared.refused("POST", path, body)
    assert status == 400
    assert "None" not in text
    assert "True" not in text
    assert "{'" not in text


def test_own_choices_are_unmanaged_and_own_tables_are_numbered(local: Local) -> None:
    choice = {
        "@odata.type": f"{CRM}OptionSetMetadata",
        "Name": "new_size",
        "DisplayName": LABEL,
        "Options": [{"Value": 100000000, "Label": LABEL}],
    }
    assert local.send("POST", "GlobalOptionSetDefinitions", choice).status_code == 204
    found = local.get("GlobalOptionSetDefinitions(Name='new_size')")
    assert [option["IsManaged"] for option in found["Options"]] == [False]
    second = {**TABLE, "SchemaName": "new_Vault"}
    for body in (TABLE, second):
        assert local.send("POST", "EntityDefinitions", body).status_code == 204
    path = "EntityDefinitions(LogicalName='{}')?$select=ObjectTypeCode"
    codes = [local.get(path.format(n))["ObjectTypeCode"] for n in ("new_branch", "new_vault")]
    assert codes == [10000, 10001]
    column = {
        "@odata.type": f"{CRM}PicklistAttributeMetadata",
        "SchemaName": "new_Colour",
        "DisplayName": LABEL,
        "OptionSet": {
            "@odata.type": f"{CRM}OptionSetMetadata",
            "IsGlobal": False,
            "Options": [{"Value": 1, "Label": LABEL}],
        },
    }
    address = "EntityDefinitions(LogicalName='contact')/Attributes"
    assert local.send("POST", address, column).status_code == 204
    cast = f"{CRM[1:]}PicklistAttributeMetadata?$expand=OptionSet"
    made = local.get(f"{address}(LogicalName='new_colour')/{cast}")
    assert made["OptionSet"]["Options"][0]["IsManaged"] is False


def number_column(form: str) -> dict[str, Any]:
    return {
        "@odata.type": f"{CRM}StringAttributeMetadata",
        "SchemaName": "new_Number",
        "DisplayName": LABEL,
        "AutoNumberFormat": form,
    }


def test_columns_with_a_format_number_new_rows(local: Local) -> None:
    path = "EntityDefinitions(LogicalName='contact')/Attributes"
    form = "B-{SEQNUM:6}-{RANDSTRING:4}-{DATETIMEUTC:yyyyMMdd}"
    assert local.send("POST", path, number_column(form)).status_code == 204
    for name in ("a", "b"):
        local.create("contacts", lastname=name)
    local.create("contacts", lastname="c", new_number="own")
    rows = local.rows("contacts?$select=new_number&$orderby=lastname")
    first, second, own = (row["new_number"] for row in rows)
    assert re.fullmatch("B-001000-[A-Z0-9]{4}-20260701", first)
    assert re.fullmatch("B-001001-[A-Z0-9]{4}-20260701", second)
    assert first[9:13] != second[9:13]
    assert own == "own"


@pytest.mark.parametrize(
    ("form", "status"),
    [("{SEQNUM}", 400), ("{RANDSTRING:7}", 400), ("{X:1}", 400), ("{DATETIMEUTC:dddd}", 501)],
)
def test_formats_that_can_not_be_read_are_refused(shared: Local, form: str, status: int) -> None:
    path = "EntityDefinitions(LogicalName='contact')/Attributes"
    assert shared.refused("POST", path, number_column(form))[0] == status
