"""The metadata types of columns, and all metadata types by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seedkit.emulator.metadata.model import (
    ATTRIBUTE,
    BASE,
    CHOICE,
    CHOICE_BASE,
    ENTITY,
    KEY,
    MANY_TO_MANY,
    ONE_TO_MANY,
    RELATIONSHIP,
    YES_NO,
    Kind,
    Managed,
)


def _attribute(name: str, members: Mapping[str, tuple[str, Any]], **parts: str) -> Kind:
    return Kind(f"{name}AttributeMetadata", ATTRIBUTE, members, parts)


_FORMULA = {"FormulaDefinition": ("Edm.String", None), "SourceTypeMask": ("Edm.Int32", 0)}
_IME = {"ImeMode": ("mscrm.ImeMode", "Auto")}
_TEXT = {
    "Format": ("mscrm.StringFormat", "Text"),
    "FormatName": ("mscrm.StringFormatName", None),
    **_IME,
    "MaxLength": ("Edm.Int32", None),
    "IsLocalizable": ("Edm.Boolean", False),
}
_DOUBLES = {"MaxValue": ("Edm.Double", None), "MinValue": ("Edm.Double", None)}
_DECIMALS = {"MaxValue": ("Edm.Decimal", None), "MinValue": ("Edm.Decimal", None)}
_PRECISION = {"Precision": ("Edm.Int32", None), **_IME}
_CHOICES = {
    "OptionSet": "mscrm.OptionSetMetadata",
    "GlobalOptionSet": "mscrm.OptionSetMetadata",
}
_PICKLIST = {
    "DefaultFormValue": ("Edm.Int32", -1),
    **_FORMULA,
    "ParentPicklistLogicalName": ("Edm.String", None),
    "ChildPicklistLogicalNames": ("Collection(Edm.String)", None),
}

SUBTYPES: Mapping[str, Kind] = {
    kind.name.removesuffix("AttributeMetadata"): kind
    for kind in (
        _attribute(
            "String",
            {
                **_TEXT,
                "YomiOf": ("Edm.String", None),
                "DatabaseLength": ("Edm.Int32", None),
                **_FORMULA,
            },
        ),
        _attribute("Memo", _TEXT),
        _attribute(
            "Integer",
            {
                "Format": ("mscrm.IntegerFormat", "None"),
                "MaxValue": ("Edm.Int32", None),
                "MinValue": ("Edm.Int32", None),
                **_FORMULA,
            },
        ),
        _attribute(
            "BigInt", {"MaxValue": ("Edm.Int64", 2**63 - 1), "MinValue": ("Edm.Int64", -(2**63))}
        ),
        _attribute("Decimal", {**_DECIMALS, **_PRECISION, **_FORMULA}),
        _attribute("Double", {**_DOUBLES, **_PRECISION}),
        _attribute(
            "Money",
            {
                **_DOUBLES,
                **_PRECISION,
                "PrecisionSource": ("Edm.Int32", 0),
                "CalculationOf": ("Edm.String", None),
                "IsBaseCurrency": ("Edm.Boolean", False),
                **_FORMULA,
            },
        ),
        _attribute(
            "DateTime",
            {
                "Format": ("mscrm.DateTimeFormat", "DateAndTime"),
                "DateTimeBehavior": ("mscrm.DateTimeBehavior", None),
                "CanChangeDateTimeBehavior": (
                    "mscrm.BooleanManagedProperty",
                    Managed(True, "canchangedatetimebehavior"),
                ),
                **_IME,
                "MaxSupportedValue": ("Edm.DateTimeOffset", "9999-12-31T23:59:59Z"),
                "MinSupportedValue": ("Edm.DateTimeOffset", "1753-01-01T00:00:00Z"),
                **_FORMULA,
            },
        ),
        _attribute(
            "Lookup",
            {"Targets": ("Collection(Edm.String)", None), "Format": ("mscrm.LookupFormat", "None")},
        ),
        _attribute("Picklist", _PICKLIST, **_CHOICES),
        _attribute("MultiSelectPicklist", _PICKLIST, **_CHOICES),
        _attribute("State", {"DefaultFormValue": ("Edm.Int32", 0)}, **_CHOICES),
        _attribute("Status", {"DefaultFormValue": ("Edm.Int32", -1)}, **_CHOICES),
        _attribute("EntityName", {"DefaultFormValue": ("Edm.Int32", None)}, **_CHOICES),
        _attribute(
            "Boolean",
            {"DefaultValue": ("Edm.Boolean", False), **_FORMULA},
            OptionSet="mscrm.BooleanOptionSetMetadata",
            GlobalOptionSet="mscrm.BooleanOptionSetMetadata",
        ),
        _attribute("UniqueIdentifier", {}),
        _attribute(
            "Image",
            {
                "CanStoreFullImage": ("Edm.Boolean", False),
                "IsPrimaryImage": ("Edm.Boolean", False),
                "MaxHeight": ("Edm.Int16", 144),
                "MaxWidth": ("Edm.Int16", 144),
                "MaxSizeInKB": ("Edm.Int32", 10240),
            },
        ),
        _attribute("File", {"MaxSizeInKB": ("Edm.Int32", 32768)}),
        _attribute(
            "ManagedProperty",
            {
                "ManagedPropertyLogicalName": ("Edm.String", None),
                "ParentAttributeName": ("Edm.String", None),
                "ParentComponentType": ("Edm.Int32", None),
                "ValueAttributeTypeCode": ("mscrm.AttributeTypeCode", None),
            },
        ),
    )
}

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        BASE,
        ENTITY,
        ATTRIBUTE,
        *SUBTYPES.values(),
        KEY,
        RELATIONSHIP,
        ONE_TO_MANY,
        MANY_TO_MANY,
        CHOICE_BASE,
        CHOICE,
        YES_NO,
    )
}
