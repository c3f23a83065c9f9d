"""Columns and choices of a live definition, in the words of the schema documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from seedkit.schema import Choice, Column, Option, Relationship

Entry = Mapping[str, Any]

_TYPES = {
    "StringType": "string",
    "MemoType": "memo",
    "IntegerType": "integer",
    "BigIntType": "bigint",
    "DecimalType": "decimal",
    "DoubleType": "double",
    "MoneyType": "money",
    "BooleanType": "boolean",
    "PicklistType": "picklist",
    "MultiSelectPicklistType": "multipicklist",
    "StateType": "state",
    "StatusType": "status",
    "LookupType": "lookup",
    "CustomerType": "customer",
    "OwnerType": "owner",
    "PartyListType": "partylist",
    "DateTimeType": "datetime",
    "UniqueidentifierType": "uniqueidentifier",
    "EntityNameType": "entityname",
    "ManagedPropertyType": "managedproperty",
    "ImageType": "image",
    "FileType": "file",
}
_REQUIRED = {
    "None": "none",
    "Recommended": "recommended",
    "ApplicationRequired": "required",
    "SystemRequired": "system",
}
_FORMATS = {
    "Text": "text",
    "TextArea": "textarea",
    "Email": "email",
    "Url": "url",
    "Phone": "phone",
    "TickerSymbol": "ticker",
    "RichText": "richtext",
    "Json": "json",
}
_CASCADES = {
    "Cascade": "cascade",
    "RemoveLink": "remove_link",
    "Restrict": "restrict",
    "Active": "active",
    "UserOwned": "user_owned",
}
_ACTIONS = ("Assign", "Delete", "Merge", "Reparent", "Share", "Unshare")
_COMPUTED = {1: "calculated", 2: "rollup"}
_NO_DEFAULT = -1


def column_of(entry: Entry, targets: Mapping[str, Relationship] | None) -> Column | None:
    """Return the column of a definition; None when the documents have no word for its type."""
    type_ = _TYPES.get((entry.get("AttributeTypeName") or {}).get("Value", ""))
    if type_ is None:
        return None
    behavior = (entry.get("DateTimeBehavior") or {}).get("Value")
    if type_ == "datetime" and behavior == "DateOnly":
        type_ = "dateonly"
    named = _choice_entry(entry)
    return Column(
        name=entry["LogicalName"],
        type=type_,
        schema_name=entry["SchemaName"],
        label=label_of(entry["DisplayName"]) or entry["SchemaName"],
        description=label_of(entry.get("Description")),
        allows=_allows(entry),
        required=_REQUIRED[entry["RequiredLevel"]["Value"]],
        max_length=entry.get("MaxLength"),
        precision=entry.get("Precision"),
        min=entry.get("MinValue"),
        max=entry.get("MaxSizeInKB") if type_ in ("file", "image") else entry.get("MaxValue"),
        format=_format(entry),
        behavior=behavior,
        default=_default(entry),
        computed=_COMPUTED.get(entry.get("SourceType") or 0),
        base_of=entry.get("CalculationOf"),
        autonumber=entry.get("AutoNumberFormat") or None,
        choice=named["Name"] if named and named.get("IsGlobal") else None,
        full_image=bool(entry.get("CanStoreFullImage")),
        primary_image=bool(entry.get("IsPrimaryImage")),
        options=None if named is None else _options(named),
        targets=targets,
    )


def choice_of(entry: Entry, column: Column) -> Choice | None:
    """Return the global choice that a column uses; None when its choice is its own."""
    named = _choice_entry(entry)
    if named is None or column.choice is None or column.options is None:
        return None
    return Choice(
        name=column.choice,
        label=label_of(named.get("DisplayName")) or column.choice,
        kind=column.type,
        options=column.options,
        description=label_of(named.get("Description")),
    )


def relationship_of(entry: Entry) -> Relationship:
    """Return the relationship of a lookup to one of its tables."""
    return Relationship(
        child=entry["ReferencingEntity"],
        column=entry["ReferencingAttribute"],
        parent=entry["ReferencedEntity"],
        bind=entry["ReferencingEntityNavigationPropertyName"],
        name=entry["SchemaName"],
        collection=entry.get("ReferencedEntityNavigationPropertyName"),
        cascade=_cascade(entry.get("CascadeConfiguration")),
    )


def label_of(label: Entry | None) -> str | None:
    """Return the text of a label in the caller's language; None without one."""
    localized = (label or {}).get("UserLocalizedLabel") or {}
    return localized.get("Label") or None


def _allows(entry: Entry) -> str:
    members = (("c", "IsValidForCreate"), ("r", "IsValidForRead"), ("u", "IsValidForUpdate"))
    return "".join(letter for letter, member in members if entry[member])


def _format(entry: Entry) -> str | None:
    if "FormatName" in entry:
        name = str((entry["FormatName"] or {}).get("Value", "Text"))
        return _FORMATS.get(name, name)
    if "DateTimeBehavior" in entry:
        return "date" if entry.get("Format") == "DateOnly" else "datetime"
    return None


def _default(entry: Entry) -> Any:
    if "DefaultValue" in entry:
        return entry["DefaultValue"]
    value = entry.get("DefaultFormValue")
    return None if value == _NO_DEFAULT else value


def _choice_entry(entry: Entry) -> Entry | None:
    return entry.get("GlobalOptionSet") or entry.get("OptionSet") or None


def _options(entry: Entry) -> Mapping[int, Option]:
    if "Options" in entry:
        return _by_value(entry["Options"])
    both = (entry.get("FalseOption"), entry.get("TrueOption"))
    return _by_value(option for option in both if option)


def _by_value(entries: Iterable[Entry]) -> Mapping[int, Option]:
    return {
        entry["Value"]: Option(
            entry["Value"],
            label_of(entry["Label"]) or str(entry["Value"]),
            entry.get("State"),
            entry.get("DefaultStatus"),
        )
        for entry in entries
    }


def _cascade(entry: Entry | None) -> Mapping[str, str] | None:
    """Return what each action does; None where the environment does not say."""
    if entry is None:
        return None
    found = {action.lower(): _CASCADES.get(entry.get(action) or "") for action in _ACTIONS}
    return {action: behaviour for action, behaviour in found.items() if behaviour is not None}
