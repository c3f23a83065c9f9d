from __future__ import annotations

from dataclasses import replace

import pytest

from seedkit.schema import Choice, Option, load_catalogue
from seedkit.schema.document import from_choice, from_table, to_choice, to_table


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
