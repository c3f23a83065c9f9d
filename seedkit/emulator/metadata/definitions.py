"""Definitions of tables, columns and keys as the metadata routes show them."""

from __future__ import annotations

from typing import Any

from seedkit.emulator.access import privilege_name
from seedkit.emulator.content.ids import content_id
from seedkit.emulator.content.security import rights_on
from seedkit.emulator.metadata.choices import option_set
from seedkit.emulator.metadata.labels import label, metadata_id
from seedkit.emulator.metadata.model import ATTRIBUTE, ENTITY, KEY, Kind, managed
from seedkit.emulator.metadata.newfiles import owner_of
from seedkit.emulator.metadata.subtypes import SUBTYPES
from seedkit.emulator.storage.layout import STORED_TYPES, USUAL_KB
from seedkit.schema import Catalogue, Column, Table

OWNERSHIP = {
    "user": "UserOwned",
    "organization": "OrganizationOwned",
    "business": "BusinessOwned",
    "none": "None",
}
# Column type to AttributeType, the name of the metadata class and the name in AttributeTypeName.
TYPES = {
    "string": ("String", "String", "StringType"),
    "memo": ("Memo", "Memo", "MemoType"),
    "integer": ("Integer", "Integer", "IntegerType"),
    "bigint": ("BigInt", "BigInt", "BigIntType"),
    "decimal": ("Decimal", "Decimal", "DecimalType"),
    "double": ("Double", "Double", "DoubleType"),
    "money": ("Money", "Money", "MoneyType"),
    "boolean": ("Boolean", "Boolean", "BooleanType"),
    "picklist": ("Picklist", "Picklist", "PicklistType"),
    "multipicklist": ("Virtual", "MultiSelectPicklist", "MultiSelectPicklistType"),
    "state": ("State", "State", "StateType"),
    "status": ("Status", "Status", "StatusType"),
    "lookup": ("Lookup", "Lookup", "LookupType"),
    "customer": ("Customer", "Lookup", "CustomerType"),
    "owner": ("Owner", "Lookup", "OwnerType"),
    "partylist": ("PartyList", "Lookup", "PartyListType"),
    "datetime": ("DateTime", "DateTime", "DateTimeType"),
    "dateonly": ("DateTime", "DateTime", "DateTimeType"),
    "uniqueidentifier": ("Uniqueidentifier", "UniqueIdentifier", "UniqueidentifierType"),
    "entityname": ("EntityName", "EntityName", "EntityNameType"),
    "managedproperty": ("ManagedProperty", "ManagedProperty", "ManagedPropertyType"),
    "image": ("Virtual", "Image", "ImageType"),
    "file": ("Virtual", "File", "FileType"),
}
_VIRTUAL = ("Virtual", "", "VirtualType")
REQUIRED = {
    "none": "None",
    "recommended": "Recommended",
    "required": "ApplicationRequired",
    "system": "SystemRequired",
}
# How a text is shown: the schema's format, the member Format and the member FormatName.
TEXT_FORMATS = {
    "text": ("Text", "Text"),
    "textarea": ("TextArea", "TextArea"),
    "email": ("Email", "Email"),
    "url": ("Url", "Url"),
    "phone": ("Phone", "Phone"),
    "ticker": ("TickerSymbol", "TickerSymbol"),
    "richtext": ("RichText", "RichText"),
    "json": ("Json", "Json"),
}

Item = dict[str, Any]


def entity_definition(catalogue: Catalogue, table: Table) -> Item:
    """Return the definition of a table without its parts."""
    own = not catalogue.is_shipped(table.name)
    found = ENTITY.fresh()
    found.update(
        MetadataId=metadata_id("table", table.name),
        LogicalName=table.name,
        ObjectTypeCode=table.type_code,
        SchemaName=table.schema_name,
        EntitySetName=table.entity_set,
        LogicalCollectionName=table.entity_set.lower(),
        CollectionSchemaName=_collection_schema_name(table),
        DisplayName=label(table.label, managed=not own),
        DisplayCollectionName=label(table.collection_label, managed=not own),
        Description=label(table.description, managed=not own),
        PrimaryIdAttribute=table.primary_id,
        PrimaryNameAttribute=table.primary_name,
        PrimaryImageAttribute=table.primary_image,
        OwnershipType=OWNERSHIP[table.ownership],
        IsActivity=table.primary_id == "activityid",
        IsCustomEntity=is_custom(table),
        IsManaged=not own,
        IsIntersect=table.many_to_many is not None,
        HasNotes=_points_at(catalogue, table, "objectid"),
        HasActivities=_points_at(catalogue, table, "regardingobjectid"),
        Privileges=privilege_definitions(table),
    )
    return found


def privilege_definitions(table: Table) -> list[Item]:
    """Return the privileges of a table; pairs of a many-to-many relationship have none.

    A privilege without depths can only be given for everything.
    """
    if table.many_to_many is not None:
        return []
    has_depth = table.ownership == "user"
    return [
        {
            "CanBeBasic": has_depth,
            "CanBeLocal": has_depth,
            "CanBeDeep": has_depth,
            "CanBeGlobal": True,
            "CanBeEntityReference": False,
            "CanBeParentEntityReference": False,
            "Name": privilege_name(right, table),
            "PrivilegeId": content_id("privilege", privilege_name(right, table)),
            "PrivilegeType": right,
        }
        for right in rights_on(table)
    ]


def is_custom(table: Table) -> bool:
    """Tell whether a table was not part of the platform from the start: it has a prefix."""
    return "_" in table.name


def _collection_schema_name(table: Table) -> str:
    prefix, ending = table.entity_set[: len(table.name)], table.entity_set[len(table.name) :]
    return table.schema_name + ending if prefix.lower() == table.name else table.entity_set


def _points_at(catalogue: Catalogue, table: Table, column: str) -> bool:
    return any(item.column == column for item in catalogue.children.get(table.name, ()))


def attribute_definition(catalogue: Catalogue, table: Table, column: Column) -> Item:
    """Return the definition of a column, with the members of its own type."""
    shown, _class, type_name = TYPES.get(column.type, _VIRTUAL)
    kind = kind_of(column)
    own = not catalogue.is_shipped(table.name, column.name)
    found = {"@odata.type": f"#{kind.title}", **kind.fresh()}
    found.update(
        MetadataId=metadata_id("column", f"{table.name}.{column.name}"),
        LogicalName=column.name,
        SchemaName=column.schema_name,
        EntityLogicalName=table.name,
        AttributeOf=owner_of(table, column.name),
        AttributeType=shown,
        AttributeTypeName={"Value": type_name},
        AutoNumberFormat=column.autonumber or "",
        DisplayName=label(column.label, managed=not own),
        Description=label(column.description, managed=not own),
        IsPrimaryId=column.name == table.primary_id,
        IsPrimaryName=column.name == table.primary_name,
        IsValidForCreate=column.creatable,
        IsValidForUpdate=column.updatable,
        IsValidForRead="r" in column.allows and column.type in STORED_TYPES | {"file", "image"},
        IsRetrievable="r" in column.allows,
        IsCustomAttribute="_" in column.name and not column.name.startswith("address"),
        IsManaged=not own,
        ColumnNumber=table.numbers[column.name],
        SourceType=1 if column.computed else 0,
        RequiredLevel=managed(
            REQUIRED[column.required],
            changeable=column.required != "system",
            name="canmodifyrequirementlevelsettings",
        ),
    )
    found.update(_own_members(catalogue, table, column))
    return found


def kind_of(column: Column) -> Kind:
    """Return the metadata type of a column."""
    return SUBTYPES.get(TYPES.get(column.type, _VIRTUAL)[1], ATTRIBUTE)


def base_members(item: Item) -> Item:
    """Return a column with only what all types have: the rest needs a cast to the type."""
    return {
        name: value
        for name, value in item.items()
        if name == "@odata.type" or name in ATTRIBUTE.all_members
    }


def _own_members(catalogue: Catalogue, table: Table, column: Column) -> Item:
    if column.type in ("string", "memo"):
        return _text_members(column)
    if column.type in ("integer", "bigint"):
        return {name: value for name, value in _bounds(column).items() if value is not None}
    if column.type in ("money", "decimal", "double"):
        extra = {"IsBaseCurrency": column.base_of is not None, "CalculationOf": column.base_of}
        return {
            **_bounds(column),
            "Precision": column.precision,
            **(extra if column.type == "money" else {}),
        }
    if column.type in ("datetime", "dateonly"):
        return {
            "Format": "DateOnly" if column.format == "date" else "DateAndTime",
            "DateTimeBehavior": {"Value": column.behavior or "UserLocal"},
        }
    if column.type in USUAL_KB:
        return _file_members(column)
    if column.targets is not None:
        return {"Targets": list(column.targets)}
    if column.options is not None:
        return _choice_members(catalogue, table, column)
    return {}


def _text_members(column: Column) -> Item:
    shown, name = TEXT_FORMATS.get(
        column.format or "text", (str(column.format), str(column.format))
    )
    found = {"MaxLength": column.max_length, "Format": shown, "FormatName": {"Value": name}}
    if column.type == "string" and column.max_length is not None:
        found["DatabaseLength"] = column.max_length * 2
    return found


def _file_members(column: Column) -> Item:
    found: Item = {"MaxSizeInKB": int(column.max or USUAL_KB[column.type])}
    if column.type == "image":
        found.update(CanStoreFullImage=column.full_image, IsPrimaryImage=column.primary_image)
    return found


def _bounds(column: Column) -> Item:
    return {"MinValue": column.min, "MaxValue": column.max}


def _choice_members(catalogue: Catalogue, table: Table, column: Column) -> Item:
    default: Item = {"DefaultFormValue": -1 if column.default is None else column.default}
    if column.type == "boolean":
        default = {"DefaultValue": bool(column.default)}
    choice = option_set(catalogue, table, column)
    return {
        **default,
        "OptionSet": choice,
        "GlobalOptionSet": choice if column.choice is not None else None,
    }


def key_definitions(catalogue: Catalogue, table: Table) -> list[Item]:
    """Return the alternate keys of a table."""
    return [
        {
            **KEY.fresh(),
            "MetadataId": metadata_id("key", f"{table.name}.{name}"),
            "LogicalName": name,
            "SchemaName": name,
            "EntityLogicalName": table.name,
            "DisplayName": label(name),
            "KeyAttributes": list(columns),
            "IsManaged": catalogue.is_shipped(table.name),
        }
        for name, columns in table.alternate_keys.items()
    ]
