"""Choices as the metadata routes show them: those of one column and the global ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seedkit.emulator.metadata.labels import label, metadata_id
from seedkit.emulator.metadata.model import CHOICE, YES_NO, Kind
from seedkit.schema import Catalogue, Choice, Column, Option, Table

_KINDS = {
    "boolean": "Boolean",
    "state": "State",
    "status": "Status",
    "picklist": "Picklist",
    "multipicklist": "Picklist",
}

Item = dict[str, Any]


def option_set(catalogue: Catalogue, table: Table, column: Column) -> Item:
    """Return the choice of a column."""
    shipped = (
        catalogue.is_shipped(table.name, column.name)
        if column.choice is None
        else catalogue.is_shipped_choice(column.choice)
    )
    name = column.choice or f"{table.name}_{column.name}"
    kind = YES_NO if column.type == "boolean" else CHOICE
    found = _choice(kind, name, column.options or {}, managed=shipped)
    found.update(
        DisplayName=label(column.label),
        IsGlobal=column.choice is not None,
        OptionSetType=_KINDS.get(column.type, "Picklist"),
        IsCustomOptionSet="_" in name,
    )
    return found


def global_choices(catalogue: Catalogue) -> list[Item]:
    """Return the global choices by name."""
    return [_global(catalogue, choice) for _name, choice in sorted(catalogue.choices.items())]


def _global(catalogue: Catalogue, choice: Choice) -> Item:
    kind = YES_NO if choice.kind == "boolean" else CHOICE
    shipped = catalogue.is_shipped_choice(choice.name)
    found = {
        "@odata.type": f"#{kind.title}",
        **_choice(kind, choice.name, choice.options, managed=shipped),
    }
    found.update(
        DisplayName=label(choice.label),
        Description=label(choice.description),
        IsGlobal=True,
        OptionSetType=_KINDS.get(choice.kind, "Picklist"),
        IsCustomOptionSet="_" in choice.name,
        IsManaged=shipped,
    )
    return found


def _choice(kind: Kind, name: str, options: Mapping[int, Option], *, managed: bool) -> Item:
    found = {**kind.fresh(), "MetadataId": metadata_id("choice", name), "Name": name}
    if kind is YES_NO:
        for member, value in (("TrueOption", 1), ("FalseOption", 0)):
            found[member] = _option(options[value], managed) if value in options else None
    else:
        found["Options"] = [_option(option, managed) for option in options.values()]
    return found


def _option(option: Option, managed: bool) -> Item:
    found: Item = {
        "Value": option.value,
        "Label": label(option.label, managed=managed),
        "Description": label(None),
        "Color": None,
        "ExternalValue": None,
        "ParentValues": [],
        "IsManaged": managed,
        "IsHidden": False,
        "MetadataId": None,
        "HasChanged": None,
    }
    if option.state is not None:
        found["@odata.type"] = "#Microsoft.Dynamics.CRM.StatusOptionMetadata"
        found["State"] = option.state
    if option.default_status is not None:
        found["@odata.type"] = "#Microsoft.Dynamics.CRM.StateOptionMetadata"
        found["DefaultStatus"] = option.default_status
    return found
