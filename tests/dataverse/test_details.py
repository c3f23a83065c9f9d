"""Choices, keys and privileges as an environment describes them."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.details import read_keys, read_options, read_privileges

NEW, OLD = {"Value": 1, "Label": {}}, {"Value": 2, "Label": {}}


def answering(body: Any, seen: list[str]) -> WebApi:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(200, json=body)

    return WebApi(httpx.MockTransport(answer), "http://localhost")


@pytest.mark.parametrize(
    "choice",
    [
        {"OptionSet": {"Options": [NEW, OLD]}, "GlobalOptionSet": None},
        {"OptionSet": None, "GlobalOptionSet": {"Options": [NEW, OLD]}},
        {"GlobalOptionSet": {"Options": [NEW, OLD]}},
    ],
)
def test_values_are_those_of_the_columns_own_choice_or_of_the_global_one(
    choice: dict[str, Any],
) -> None:
    seen: list[str] = []
    api = answering({"value": [{"LogicalName": "new_kind", **choice}]}, seen)
    found = asyncio.run(read_options(api, "contact", ["Picklist"]))
    assert found == {"new_kind": {1, 2}}
    assert "PicklistAttributeMetadata" in seen[0]


def test_each_type_of_choice_is_asked_for_once_and_nothing_for_others() -> None:
    seen: list[str] = []
    api = answering({"value": []}, seen)
    asyncio.run(read_options(api, "contact", ["State", "Status", "State", "Virtual", "Integer"]))
    assert [url.partition("CRM.")[2].partition("?")[0] for url in sorted(seen)] == [
        "MultiSelectPicklistAttributeMetadata",
        "StateAttributeMetadata",
        "StatusAttributeMetadata",
    ]
    assert asyncio.run(read_options(api, "contact", ["String"])) == {}


def test_a_choice_without_options_takes_no_value() -> None:
    api = answering({"value": [{"LogicalName": "a", "OptionSet": None}]}, [])
    assert asyncio.run(read_options(api, "contact", ["Picklist"])) == {"a": frozenset()}


def test_keys_tell_columns_and_state() -> None:
    key = {"LogicalName": "k", "KeyAttributes": ["a", "b"], "EntityKeyIndexStatus": "InProgress"}
    (found,) = asyncio.run(read_keys(answering({"value": [key]}, []), "contact"))
    assert (found.table, found.name, found.columns) == ("contact", "k", ("a", "b"))
    assert found.status == "InProgress"


def test_privileges_of_several_tables_are_one_request() -> None:
    item = {"Name": "prvCreateContact", "PrivilegeId": "p", "PrivilegeType": "Create"}
    body = {
        "value": [
            {"LogicalName": "contact", "Privileges": [item]},
            {"LogicalName": "account", "Privileges": None},
        ]
    }
    seen: list[str] = []
    (found,) = asyncio.run(read_privileges(answering(body, seen), ["contact", "account"]))
    assert (found.table, found.right, found.name) == ("contact", "Create", "prvCreateContact")
    assert len(seen) == 1
