"""What a live environment says about tables beyond what a run needs: choices, keys, privileges."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from seedkit.dataverse.client import WebApi

# Columns with options, by the word that AttributeType has for them, and the type to ask for.
CHOICE_TYPES = {
    "Picklist": "PicklistAttributeMetadata",
    "State": "StateAttributeMetadata",
    "Status": "StatusAttributeMetadata",
    "Virtual": "MultiSelectPicklistAttributeMetadata",  # which has no word of its own
}
ACTIVE = "Active"


@dataclass(frozen=True, slots=True)
class LiveKey:
    """An alternate key: its columns, and the state of its index."""

    table: str
    name: str
    columns: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class LivePrivilege:
    """A privilege of a table; `right` is Create, Read, Write, Delete, Append, AppendTo, Assign."""

    table: str
    right: str
    id: str
    name: str


async def read_options(api: WebApi, table: str, types: Iterable[str]) -> dict[str, frozenset[int]]:
    """Return the values that each choice column of the given AttributeTypes takes."""
    wanted = sorted({CHOICE_TYPES[word] for word in types if word in CHOICE_TYPES})
    answers = await asyncio.gather(*(_read_cast(api, table, cast) for cast in wanted))
    return {name: values for answer in answers for name, values in answer.items()}


async def _read_cast(api: WebApi, table: str, cast: str) -> dict[str, frozenset[int]]:
    answer = await api.get(
        f"EntityDefinitions(LogicalName='{table}')/Attributes/Microsoft.Dynamics.CRM.{cast}",
        {
            "$select": "LogicalName",
            "$expand": "OptionSet($select=Options),GlobalOptionSet($select=Options)",
        },
    )
    return {entry["LogicalName"]: _values(entry) for entry in answer["value"]}


def _values(entry: Mapping[str, Any]) -> frozenset[int]:
    """Return the values of a column's own choice, or of the global one that it uses."""
    choice = entry.get("OptionSet") or entry.get("GlobalOptionSet") or {}
    return frozenset(option["Value"] for option in choice.get("Options", ()))


async def read_keys(api: WebApi, table: str) -> list[LiveKey]:
    """Return the alternate keys of a table."""
    answer = await api.get(
        f"EntityDefinitions(LogicalName='{table}')/Keys",
        {"$select": "LogicalName,KeyAttributes,EntityKeyIndexStatus"},
    )
    return [
        LiveKey(
            table,
            entry["LogicalName"],
            tuple(entry["KeyAttributes"]),
            str(entry["EntityKeyIndexStatus"]),
        )
        for entry in answer["value"]
    ]


async def read_privileges(api: WebApi, tables: Iterable[str]) -> list[LivePrivilege]:
    """Return the privileges of tables, as their definitions list them."""
    named = " or ".join(f"LogicalName eq '{table}'" for table in tables)
    answer = await api.get(
        "EntityDefinitions", {"$select": "LogicalName,Privileges", "$filter": named}
    )
    return [
        LivePrivilege(
            entry["LogicalName"], item["PrivilegeType"], item["PrivilegeId"], item["Name"]
        )
        for entry in answer["value"]
        for item in entry.get("Privileges") or ()
    ]
