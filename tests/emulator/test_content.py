from __future__ import annotations

from typing import Any

from seedkit.emulator import dump
from seedkit.schema import load_catalogue

CONFIGURATION = {
    "msfsi_lifemomentsconfigurations": 1,
    "msfsi_lifemomentcategoryconfig": 9,
    "msfsi_lifemomenttypeconfig": 22,
    "msfsi_categorytypesrelations": 26,
}


def test_a_fresh_environment_has_configuration_and_no_customers(local: Any) -> None:
    content = dump(local.database)
    assert {name: len(content[name]) for name in CONFIGURATION} == CONFIGURATION
    banking = {name for name in content if name.startswith("msfsi_")} - set(CONFIGURATION)
    assert {name for name in (*banking, "contact", "account") if content[name]} == set()


def test_life_event_settings_point_at_options_that_exist(local: Any) -> None:
    columns = load_catalogue()["msfsi_lifemoment"].columns
    settings = local.rows("msfsi_lifemomentsconfigurationses")[0]
    assert settings["msfsi_newmomentindicationperioddays"] == 8
    assert settings["msfsi_focusindicationperioddays"] == 14
    for code, column in (
        ("msfsi_birthdaycategorycode", "msfsi_lifemomentcategory"),
        ("msfsi_othertypecode", "msfsi_lifemomenttype"),
    ):
        assert settings[code] in (columns[column].options or {})
    types = local.rows("msfsi_lifemomenttypeconfigs?$select=msfsi_typecode,msfsi_name")
    options = columns["msfsi_lifemomenttype"].options or {}
    assert {row["msfsi_typecode"]: row["msfsi_name"] for row in types} == {
        value: option.label
        for value, option in options.items()
        if value not in {104800040, *range(104800047, 104800054)}
    }


def test_each_category_has_types_and_each_type_a_category(local: Any) -> None:
    expand = "msfsi_LifeMomentCategoryConfigurations,msfsi_LifeMomentTypeConfigurations"
    rows = local.rows(f"msfsi_categorytypesrelationses?$expand={expand}")
    categories = {row["msfsi_LifeMomentCategoryConfigurations"]["msfsi_name"] for row in rows}
    types = {row["msfsi_LifeMomentTypeConfigurations"]["msfsi_name"] for row in rows}
    assert (len(categories), len(types), len(rows)) == (9, 22, 26)


def test_the_base_currency_is_joined_to_the_organization(local: Any) -> None:
    row = local.rows("organizations?$expand=basecurrencyid($select=isocurrencycode)")[0]
    assert row["basecurrencyid"]["isocurrencycode"] == "USD"
    assert row["organizationid"] == local.get("WhoAmI")["OrganizationId"]
    codes = {row["isocurrencycode"] for row in local.rows("transactioncurrencies")}
    assert codes >= {"USD", "EUR", "GBP"}


def test_the_solutions_of_the_schema_are_installed(local: Any) -> None:
    tables = load_catalogue().values()
    installed = {row["uniquename"] for row in local.rows("solutions?$select=uniquename")}
    assert {table.solution for table in tables if table.solution} <= installed


def test_content_obeys_the_schema(local: Any) -> None:
    """Every row of the first content could be sent as an update of itself."""
    catalogue = load_catalogue()
    for name in (*CONFIGURATION, "transactioncurrency", "businessunit"):
        table = catalogue[name]
        for row in local.rows(table.entity_set):
            body = {
                column.name: row[column.name]
                for column in table.columns.values()
                if column.updatable and not column.is_lookup and column.name in row
            }
            answer = local.send("PATCH", f"{table.entity_set}({row[table.primary_id]})", body)
            assert answer.status_code == 204, answer.text


BULK_SYSTEM_TABLES = {
    *("contact", "account", "incident"),
    *("environmentvariabledefinition", "environmentvariablevalue", "recyclebinconfig"),
}


def offered(local: Any) -> set[tuple[str, str]]:
    """Return the pairs of table and message that the filters name."""
    expand = "$expand=sdkmessageid($select=name)"
    rows = local.rows(f"sdkmessagefilters?$select=primaryobjecttypecode&{expand}")
    return {(row["primaryobjecttypecode"], row["sdkmessageid"]["name"]) for row in rows}


def test_bulk_messages_per_table(local: Any) -> None:
    found = offered(local)
    for name, table in load_catalogue().items():
        custom = "_" in name and table.api_create != "no"
        expected = custom or name in BULK_SYSTEM_TABLES
        for message in ("CreateMultiple", "UpdateMultiple", "UpsertMultiple"):
            assert ((name, message) in found) == expected, name
        assert (name, "DeleteMultiple") not in found


def test_pairs_of_a_many_to_many_are_associated_and_listed(local: Any) -> None:
    found = {message for table, message in offered(local) if table == "systemuserroles"}
    assert found == {"Associate", "Disassociate", "RetrieveMultiple"}


def test_a_deletion_job_can_be_deleted_but_not_created(local: Any) -> None:
    found = {message for table, message in offered(local) if table == "bulkdeleteoperation"}
    assert found == {"Retrieve", "RetrieveMultiple", "Delete"}


def test_each_user_and_team_has_a_queue_of_its_own(local: Any) -> None:
    users = local.rows("systemusers?$select=fullname&$expand=queueid($select=name,queueviewtype)")
    teams = local.rows("teams?$select=name&$expand=queueid($select=name,queueviewtype)")
    assert users
    assert teams
    for row in (*users, *teams):
        name = row.get("fullname", row.get("name"))
        assert (row["queueid"]["name"], row["queueid"]["queueviewtype"]) == (f"<{name}>", 1)


def test_the_subject_tree_has_one_root(local: Any) -> None:
    rows = local.rows("subjects?$select=title,_parentsubject_value")
    assert [(row["title"], row["_parentsubject_value"]) for row in rows] == [
        ("Default Subject", None)
    ]


def test_languages_of_articles_are_known_by_locale(local: Any) -> None:
    row = local.rows("languagelocale?$filter=localeid eq 1033&$select=code,name")[0]
    assert (row["code"], row["name"]) == ("en-US", "English - United States")
