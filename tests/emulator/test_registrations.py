"""What a check of an environment asks for: publishers, steps, processes, imports, the bin."""

from __future__ import annotations

from typing import Any

from seedkit.emulator.content.solutions import ACTIVE
from seedkit.schema import load_catalogue

STEP = {
    "name": "Contoso",
    "rank": 1,
    "mode": 0,
    "stage": 20,
    "invocationsource": 0,
    "supporteddeployment": 0,
}


def test_each_solution_has_a_publisher(local: Any) -> None:
    rows = local.rows("solutions?$expand=publisherid($select=uniquename,customizationprefix)")
    found = {row["uniquename"]: row["publisherid"]["uniquename"] for row in rows}
    assert found["RetailBankingCoreDataModel"] == "microsoft_fsi"
    assert found["UnifiedCustomerProfileApplication"] == "microsoft_fsi"
    assert found["System"] == "MicrosoftCorporation"
    assert found["Active"] == "DefaultPublisherlocal"
    prefixes = {row["publisherid"]["customizationprefix"] for row in rows}
    assert {"msfsi", "new"} <= prefixes


def test_the_solutions_of_a_publisher_are_found_from_it(local: Any) -> None:
    path = "publishers?$filter=uniquename eq 'microsoft_fsi'&$expand=publisher_solution"
    (row,) = local.rows(path)
    names = {item["uniquename"] for item in row["publisher_solution"]}
    assert "FinancialServicesCommonDataModel" in names


def test_the_steps_of_the_banking_model_are_registered(local: Any) -> None:
    """Those whose rules the local environment applies."""
    rows = local.rows(
        "sdkmessageprocessingsteps?$expand=sdkmessageid($select=name),"
        "sdkmessagefilterid($select=primaryobjecttypecode)"
    )
    assert {
        (row["sdkmessagefilterid"]["primaryobjecttypecode"], row["sdkmessageid"]["name"])
        for row in rows
    } == {
        ("msfsi_groupmember", "Create"),
        ("msfsi_groupmember", "Update"),
        ("msfsi_group", "Update"),
    }
    solution = local.rows("solutions?$filter=uniquename eq 'RetailBankingCoreDataModel'")[0]
    assert {row["solutionid"] for row in rows} == {solution["solutionid"]}
    assert {(row["stage"], row["mode"], row["statecode"]) for row in rows} == {(10, 0, 0)}


def test_a_step_that_is_registered_here_is_the_customers_own(local: Any) -> None:
    message = local.rows("sdkmessages?$filter=name eq 'Create'")[0]["sdkmessageid"]
    bind = {"sdkmessageid__bind": f"/sdkmessages({message})"}
    row_id = local.create("sdkmessageprocessingsteps", **STEP, **bind)
    row = local.get(f"sdkmessageprocessingsteps({row_id})")
    assert (row["customizationlevel"], row["ismanaged"]) == (1, False)
    assert row["solutionid"] == ACTIVE
    assert local.rows(f"solutions?$filter=solutionid eq {ACTIVE}")[0]["uniquename"] == "Active"


def test_a_process_begins_as_a_draft_and_is_switched_on(local: Any) -> None:
    values = {"name": "w", "category": 0, "type": 1, "mode": 0, "scope": 4, "xaml": "x"}
    row_id = local.create("workflows", primaryentity="contact", **values)
    row = local.get(f"workflows({row_id})")
    assert (row["statecode"], row["statuscode"], row["triggeroncreate"]) == (0, 1, False)
    assert (row["solutionid"], row["ismanaged"]) == (ACTIVE, False)
    body = {"statecode": 1, "statuscode": 2}
    assert local.send("PATCH", f"workflows({row_id})", body).status_code == 204
    assert local.get(f"workflows({row_id})")["statecode"] == 1


def test_the_address_of_a_flow_is_written_and_never_read(local: Any) -> None:
    values = {"entityname": "contact", "message": 1, "runas": 3, "scope": 4, "version": 1}
    row_id = local.create("callbackregistrations", name="f", url="https://f.example", **values)
    assert "url" not in local.get(f"callbackregistrations({row_id})")
    assert local.refused("GET", "callbackregistrations?$select=url")[0] == 400


def test_an_import_that_is_made_has_begun_and_not_ended(local: Any) -> None:
    row_id = local.create("importjobs", solutionname="Contoso", progress=40)
    row = local.get(f"importjobs({row_id})")
    assert row["startedon"] == row["createdon"]
    assert row["completedon"] is None
    refused = local.refused("POST", "importjobs", {"completedon": "2026-01-01T00:00:00Z"})
    assert refused[:2] == (400, "0x80048d19")


def test_a_fresh_environment_has_no_imports_processes_and_flows(local: Any) -> None:
    for entity_set in ("importjobs", "msdyn_solutionhistories", "workflows"):
        assert local.rows(entity_set) == []
    assert local.rows("callbackregistrations") == []


def test_the_settings_of_the_recycle_bin_follow_the_switch(local: Any) -> None:
    active = (
        "recyclebinconfigs?$select=name,cleanupintervalindays"
        "&$filter=statecode eq 0 and isreadyforrecyclebin eq true"
    )
    assert local.rows(active) == []
    local.turn(recycle_bin=True, recycle_bin_days=7)
    (row,) = local.rows(active)
    assert (row["name"], row["cleanupintervalindays"]) == ("organization", 7)
    local.turn(recycle_bin=False)
    assert local.rows(active) == []


def test_the_languages_are_those_of_the_switch(local: Any) -> None:
    function = "RetrieveProvisionedLanguages"
    assert local.get(f"{function}()")[function] == [1033]
    local.turn(languages=[1033, 1031])
    assert local.get(function)[function] == [1033, 1031]
    address = "http://127.0.0.1/emulator/settings"
    assert local.send("PATCH", address, {"languages": ["de"]}).status_code == 400


def test_a_table_names_its_privileges_as_they_are_listed(local: Any) -> None:
    query = "EntityDefinitions?$select=LogicalName,Privileges"
    known = {
        row["name"]: row["privilegeid"] for row in local.rows("privileges?$select=name,privilegeid")
    }
    for row in local.rows(query):
        table = load_catalogue()[row["LogicalName"]]
        named = {item["PrivilegeType"]: item for item in row["Privileges"]}
        assert bool(named) == (table.many_to_many is None), table.name
        for item in named.values():
            assert known[item["Name"]] == item["PrivilegeId"]
            assert item["CanBeBasic"] == (table.ownership == "user")
        if table.ownership == "user":
            assert {"Create", "Read", "AppendTo", "Assign", "Share"} <= set(named)


def test_privileges_are_no_part_that_can_be_expanded(local: Any) -> None:
    path = "EntityDefinitions(LogicalName='contact')?$expand=Privileges"
    assert local.refused("GET", path)[0] == 400
