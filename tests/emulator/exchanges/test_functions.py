from __future__ import annotations

from tests.emulator.exchanges.conftest import Exchange
from tests.emulator.exchanges.shapes import FLAG, GUID, NUMBER, TEXT, TEXTS, ending, matching

_CONTEXT = "$metadata#Microsoft.Dynamics.CRM."


def test_who_am_i_names_the_caller_and_recommends_a_parallelism(exchange: Exchange) -> None:
    answer = exchange.send("GET", "WhoAmI")
    shape = {
        "@odata.context": ending(f"{_CONTEXT}WhoAmIResponse"),
        "BusinessUnitId": GUID,
        "UserId": GUID,
        "OrganizationId": GUID,
    }
    exchange.answered(answer, 200, shape, x_ms_dop_hint=matching(r"\d+"))


def test_the_version_is_one_of_nine(exchange: Exchange) -> None:
    answer = exchange.send("GET", "RetrieveVersion()")
    context = ending(f"{_CONTEXT}RetrieveVersionResponse")
    exchange.answered(answer, 200, {"@odata.context": context, "Version": matching(r"9\..+")})


def test_the_organisation_tells_ids_names_and_endpoints(exchange: Exchange) -> None:
    value = "Microsoft.Dynamics.CRM.EndpointAccessType'Default'"
    answer = exchange.send("GET", f"RetrieveCurrentOrganization(AccessType=@p1)?@p1={value}")
    detail = {
        "OrganizationId": GUID,
        "FriendlyName": TEXT,
        "OrganizationVersion": TEXT,
        "EnvironmentId": TEXT,
        "DatacenterId": GUID.or_null(),
        "Geo": TEXT.or_null(),
        "TenantId": TEXT,
        "UrlName": TEXT,
        "UniqueName": TEXT,
        "Endpoints": {"Count": NUMBER, "IsReadOnly": FLAG, "Keys": TEXTS, "Values": TEXTS},
        "State": TEXT,
        ...: True,
    }
    context = ending(f"{_CONTEXT}RetrieveCurrentOrganizationResponse")
    exchange.answered(answer, 200, {"@odata.context": context, "Detail": detail})


def test_the_message_filters_tell_whether_a_table_has_a_bulk_message(exchange: Exchange) -> None:
    path = (
        "sdkmessagefilters?$select=sdkmessagefilterid&$filter=sdkmessageid/name eq @message "
        "and primaryobjecttypecode eq @table&@message='CreateMultiple'&@table='{}'"
    )
    context = ending("$metadata#sdkmessagefilters(sdkmessagefilterid)")
    answer = exchange.send("GET", path.format("msfsi_bank"))
    filters = answer.json()["value"]
    assert [set(item) for item in filters] == [{"@odata.etag", "sdkmessagefilterid"}]
    exchange.answered(answer, 200, {"@odata.context": context, "value": filters})
    assert exchange.send("GET", path.format("annotation")).json()["value"] == []


def test_a_table_definition_names_its_set_and_its_columns(exchange: Exchange) -> None:
    members = "LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute"
    path = f"EntityDefinitions(LogicalName='msfsi_branch')?$select={members}"
    shape = {
        "@odata.context": matching(r".*\$metadata#EntityDefinitions.*"),
        "LogicalName": "msfsi_branch",
        "EntitySetName": "msfsi_branchs",
        "PrimaryIdAttribute": "msfsi_branchid",
        "PrimaryNameAttribute": "msfsi_name",
        "MetadataId": GUID,
    }
    exchange.answered(exchange.send("GET", path), 200, shape)


def test_a_choice_column_is_read_with_its_options(exchange: Exchange) -> None:
    path = (
        "EntityDefinitions(LogicalName='msfsi_group')/Attributes/"
        "Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName"
        "&$filter=LogicalName eq 'msfsi_type'&$expand=OptionSet,GlobalOptionSet"
    )
    answer = exchange.send("GET", path)
    (found,) = answer.json()["value"]
    column = {"LogicalName": "msfsi_type", "MetadataId": GUID, ...: True}
    exchange.answered(answer, 200, {"@odata.context": TEXT, "value": [found]})
    choices = [choice for choice in (found["OptionSet"], found["GlobalOptionSet"]) if choice]
    values = {option["Value"] for choice in choices for option in choice["Options"]}
    assert values == {104800000, 104800001}
    assert column["LogicalName"] == found["LogicalName"]
