"""What values a live environment's columns take: lengths, ranges, days or moments, options."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from seedkit.dataverse.client import WebApi

# By the word that AttributeType has for a column: the type to ask for, and what of it.
_TYPES: Mapping[str, tuple[str, str]] = {
    "String": ("String", "MaxLength"),
    "Memo": ("Memo", "MaxLength"),
    "Integer": ("Integer", "MinValue,MaxValue"),
    "BigInt": ("BigInt", "MinValue,MaxValue"),
    "Decimal": ("Decimal", "MinValue,MaxValue,Precision"),
    "Double": ("Double", "MinValue,MaxValue,Precision"),
    "Money": ("Money", "MinValue,MaxValue,Precision"),
    "DateTime": ("DateTime", "DateTimeBehavior"),
    "Picklist": ("Picklist", ""),
    "Virtual": ("MultiSelectPicklist", ""),  # which has no word of its own
}
_OPTIONS = "OptionSet($select=Options),GlobalOptionSet($select=Options)"


@dataclass(frozen=True, slots=True)
class Traits:
    """What values a column takes; `options` are values with each of their labels."""

    max_length: int | None = None
    low: float | None = None
    high: float | None = None
    decimals: int | None = None
    behavior: str | None = None
    options: tuple[tuple[int, str], ...] | None = None


async def read_traits(api: WebApi, table: str, types: Iterable[str]) -> dict[str, Traits]:
    """Return the traits of a table's columns of some AttributeTypes."""
    wanted = sorted({_TYPES[word] for word in types if word in _TYPES})
    answers = await asyncio.gather(*(_read_cast(api, table, *cast) for cast in wanted))
    return {name: traits for answer in answers for name, traits in answer.items()}


async def _read_cast(api: WebApi, table: str, cast: str, members: str) -> dict[str, Traits]:
    query = {"$select": f"LogicalName,{members}".rstrip(",")}
    if not members:
        query["$expand"] = _OPTIONS
    answer = await api.get(
        f"EntityDefinitions(LogicalName='{table}')/Attributes/"
        f"Microsoft.Dynamics.CRM.{cast}AttributeMetadata",
        query,
    )
    return {entry["LogicalName"]: _traits(entry) for entry in answer["value"]}


def _traits(entry: Mapping[str, Any]) -> Traits:
    choice = entry.get("OptionSet") or entry.get("GlobalOptionSet")
    return Traits(
        max_length=entry.get("MaxLength"),
        low=entry.get("MinValue"),
        high=entry.get("MaxValue"),
        decimals=entry.get("Precision"),
        behavior=(entry.get("DateTimeBehavior") or {}).get("Value"),
        options=None if choice is None else tuple(_labels(choice)),
    )


def _labels(choice: Mapping[str, Any]) -> Iterable[tuple[int, str]]:
    for option in choice.get("Options", ()):
        for label in (option.get("Label") or {}).get("LocalizedLabels") or [{"Label": ""}]:
            yield option["Value"], str(label["Label"])
