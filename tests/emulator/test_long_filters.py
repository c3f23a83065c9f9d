"""Filters on definitions that are long or deep: answered or refused, never an error of ours."""

from __future__ import annotations

import pytest

from tests.emulator.conftest import Local

DEFINITIONS = "EntityDefinitions?$select=LogicalName&$filter="
ACTIVITIES = f"{DEFINITIONS}IsActivity"


@pytest.mark.parametrize("word", [" or ", " and "])
def test_a_chain_of_a_thousand_conditions_is_answered(local: Local, word: str) -> None:
    path = DEFINITIONS + word.join(["IsActivity"] * 1000)
    assert local.get(path)["value"] == local.get(ACTIVITIES)["value"] != []


def test_both_words_keep_their_order(local: Local) -> None:
    path = f"{DEFINITIONS}LogicalName eq 'contact' and IsActivity or LogicalName eq 'task'"
    assert [item["LogicalName"] for item in local.get(path)["value"]] == ["task"]


def test_a_filter_that_is_nested_a_thousand_times_is_refused(local: Local) -> None:
    path = DEFINITIONS + "(" * 1000 + "IsActivity" + ")" * 1000
    assert local.refused("GET", path)[:2] == (400, "0x8004430c")
