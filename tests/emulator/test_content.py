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


def test_bulk_messages_per_table(local: Any) -> None:
    expand = "$expand=sdkmessageid($select=name)"
    rows = local.rows(f"sdkmessagefilters?$select=primaryobjecttypecode&{expand}")
    found = {(row["primaryobjecttypecode"], row["sdkmessageid"]["name"]) for row in rows}
    for table in load_catalogue():
        expected = table.startswith("msfsi_") or table in ("contact", "account", "incident")
        for message in ("CreateMultiple", "UpdateMultiple", "UpsertMultiple"):
            if "_" not in table or table.startswith("msfsi_"):
                assert ((table, message) in found) == expected
        assert (table, "DeleteMultiple") not in found
