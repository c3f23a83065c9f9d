"""Whole definitions of tables, as an environment gives them: for saving its schema."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from seedkit.dataverse.client import WebApi
from seedkit.errors import ServiceError

CRM = "Microsoft.Dynamics.CRM."
NOT_FOUND = 404
_TABLE = (
    "LogicalName,SchemaName,EntitySetName,DisplayName,DisplayCollectionName,Description,"
    "PrimaryIdAttribute,PrimaryNameAttribute,OwnershipType,IsActivity,IsIntersect"
)
_COLUMN = (
    "LogicalName,SchemaName,AttributeOf,AttributeType,AttributeTypeName,DisplayName,Description,"
    "RequiredLevel,IsValidForCreate,IsValidForRead,IsValidForUpdate,AutoNumberFormat,SourceType"
)
_BOUNDS = "MinValue,MaxValue"
_CHOICE = "OptionSet,GlobalOptionSet"
# What only one type of columns has: the name of the type, and its members and parts.
_OWN: Mapping[str, tuple[str, str]] = {
    "StringType": ("String", "MaxLength,FormatName"),
    "MemoType": ("Memo", "MaxLength"),
    "IntegerType": ("Integer", _BOUNDS),
    "DecimalType": ("Decimal", f"{_BOUNDS},Precision"),
    "DoubleType": ("Double", f"{_BOUNDS},Precision"),
    "MoneyType": ("Money", f"{_BOUNDS},Precision,CalculationOf"),
    "DateTimeType": ("DateTime", "Format,DateTimeBehavior"),
    "BooleanType": ("Boolean", "DefaultValue"),
    "PicklistType": ("Picklist", "DefaultFormValue"),
    "MultiSelectPicklistType": ("MultiSelectPicklist", "DefaultFormValue"),
    "StateType": ("State", "DefaultFormValue"),
    "StatusType": ("Status", "DefaultFormValue"),
    "ImageType": ("Image", "CanStoreFullImage,IsPrimaryImage,MaxSizeInKB"),
    "FileType": ("File", "MaxSizeInKB"),
}
_WITH_OPTIONS = frozenset({"Boolean", "Picklist", "MultiSelectPicklist", "State", "Status"})


@dataclass(frozen=True, slots=True)
class Definition:
    """One table: its own members, its columns by name, its keys, its lookups' relationships."""

    table: Mapping[str, Any]
    columns: Mapping[str, Mapping[str, Any]]
    keys: tuple[Mapping[str, Any], ...]
    lookups: tuple[Mapping[str, Any], ...]
    pairs: tuple[str, ...]  # names of its many-to-many relationships


async def read_definition(api: WebApi, name: str) -> Definition | None:
    """Return the whole definition of a table; None when the environment lacks it."""
    path = f"EntityDefinitions(LogicalName='{name}')"
    query = {"$select": _TABLE, "$expand": f"Attributes($select={_COLUMN})"}
    try:
        data = await api.get(path, query)
    except ServiceError as error:
        if error.status == NOT_FOUND:
            return None
        raise
    columns = {entry["LogicalName"]: entry for entry in data["Attributes"]}
    kinds = sorted({_type(entry) for entry in columns.values()} & _OWN.keys())
    keys, lookups, pairs, *own = await asyncio.gather(
        api.get(f"{path}/Keys", {"$select": "LogicalName,KeyAttributes"}),
        api.get(f"{path}/ManyToOneRelationships"),
        api.get(f"{path}/ManyToManyRelationships", {"$select": "SchemaName"}),
        *(_read_own(api, path, kind) for kind in kinds),
    )
    for found in own:
        for entry in found:
            columns[entry["LogicalName"]] = {**columns[entry["LogicalName"]], **entry}
    return Definition(
        table=data,
        columns=columns,
        keys=tuple(keys["value"]),
        lookups=tuple(lookups["value"]),
        pairs=tuple(entry["SchemaName"] for entry in pairs["value"]),
    )


async def _read_own(api: WebApi, path: str, kind: str) -> list[Mapping[str, Any]]:
    name, members = _OWN[kind]
    query = {"$select": f"LogicalName,{members}"}
    if name in _WITH_OPTIONS:
        query["$expand"] = _CHOICE
    answer = await api.get(f"{path}/Attributes/{CRM}{name}AttributeMetadata", query)
    found: list[Mapping[str, Any]] = answer["value"]
    return found


def _type(entry: Mapping[str, Any]) -> str:
    named = entry.get("AttributeTypeName") or {}
    return str(named.get("Value", ""))
