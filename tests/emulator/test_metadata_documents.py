from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from seedkit.emulator.settings import changed
from seedkit.schema import Choice, Option, load_catalogue
from seedkit.schema.document import from_choice, from_table, to_choice, to_table

from .test_metadata_writes import add, column


@pytest.mark.parametrize("name", ["contact", "msfsi_fh_account", "teamroles", "msfsi_groupmember"])
def test_a_table_survives_its_document(name: str) -> None:
    table = load_catalogue()[name]
    assert to_table(from_table(table)) == table


def test_a_choice_survives_its_document() -> None:
    choice = Choice("new_x", "X", "picklist", {2: Option(2, "Two"), 1: Option(1, "One")}, "d")
    again = to_choice(from_choice(choice))
    assert again == choice
    assert list(again.options) == [2, 1]


def test_own_tables_lie_over_the_shipped_ones() -> None:
    shipped = load_catalogue()
    changed = replace(shipped["msfsi_bank"], label="Other")
    added = replace(shipped["msfsi_bank"], name="new_bank", entity_set="new_banks")
    found = shipped.overlaid({"msfsi_bank": changed, "new_bank": added}, {})
    assert found["msfsi_bank"].label == "Other"
    assert found["contact"] is shipped["contact"]
    assert set(found) == {*shipped, "new_bank"}
    assert found.is_shipped("msfsi_bank")
    assert not found.is_shipped("new_bank")
    assert "new_bank" not in shipped


def test_a_change_keeps_what_the_settings_hide(local: Any) -> None:
    settings = {"hidden_columns": ["msfsi_bank.msfsi_city"]}
    host = local.app.state.host
    row = local.create("msfsi_banks", msfsi_name="b", msfsi_integrationkey="k", msfsi_city="Oslo")
    host.change_settings(changed(host.settings, json.dumps(settings).encode()))
    add(
        local,
        "EntityDefinitions(LogicalName='msfsi_bank')/Attributes",
        column("String", "new_Code"),
    )
    assert local.refused("GET", f"msfsi_banks({row})?$select=msfsi_city")[0] == 400
    host.change_settings(changed(host.settings, b'{"hidden_columns": null}'))
    assert local.get(f"msfsi_banks({row})")["msfsi_city"] == "Oslo"
