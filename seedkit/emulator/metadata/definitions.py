"""Definitions as the metadata routes show them, made from the catalogue."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from seedkit.emulator.metadata.navigation import collection_name, relationship_name
from seedkit.emulator.storage.layout import STORED_TYPES
from seedkit.emulator.storage.store import IDS
from seedkit.schema import Catalogue, Column, Option, Relationship, Table

CRM = "Microsoft.Dynamics.CRM."
CHOICES = frozenset({"OptionSet", "GlobalOptionSet"})  # shown only when expanded
OWN_MEMBERS = CHOICES | frozenset(  # what only some types of columns have
    {
        "MaxLength",
        "MinValue",
        "MaxValue",
        "Precision",
        "Format",
        "DateTimeBehavior",
        "Targets",
        "DefaultValue",
        "DefaultFormValue",
    }
)
_LANGUAGE = 1033

_OWNERSHIP = {
    "user": "UserOwned",
    "organization": "OrganizationOwned",
    "business": "BusinessOwned",
    "none": "None",
}
# Column type to the name in AttributeType and the metadata class.
_TYPES = {
    "string": ("String", "String"),
    "memo": ("Memo", "Memo"),
    "integer": ("Integer", "Integer"),
    "bigint": ("BigInt", "BigInt"),
    "decimal": ("Decimal", "Decimal"),
    "double": ("Double", "Double"),
    "money": ("Money", "Money"),
    "boolean": ("Boolean", "Boolean"),
    "picklist": ("Picklist", "Picklist"),
    "multipicklist": ("Virtual", "MultiSelectPicklist"),
    "state": ("State", "State"),
    "status": ("Status", "Status"),
    "lookup": ("Lookup", "Lookup"),
    "customer": ("Customer", "Lookup"),
    "owner": ("Owner", "Lookup"),
    "partylist": ("PartyList", "Lookup"),
    "datetime": ("DateTime", "DateTime"),
    "dateonly": ("DateTime", "DateTime"),
    "uniqueidentifier": ("Uniqueidentifier", "UniqueIdentifier"),
    "entityname": ("EntityName", "EntityName"),
}
_REQUIRED = {
    "none": "None",
    "recommended": "Recommended",
    "required": "ApplicationRequired",
    "system": "SystemRequired",
}
_BEHAVIOURS = {
    "cascade": "Cascade",
    "remove_link": "RemoveLink",
    "restrict": "Restrict",
    "none": "NoCascade",
    "active": "Active",
    "user_owned": "UserOwned",
}
_ACTIONS = ("Assign", "Delete", "Merge", "Reparent", "Share", "Unshare")

Item = dict[str, Any]


def metadata_id(kind: str, name: str) -> str:
    """Return the fixed id of a definition."""
    return str(uuid5(IDS, f"{kind} {name}"))


def label(text: str | None) -> Item:
    """Return a text in the one language of the local environment."""
    if text is None:
        return {"LocalizedLabels": [], "UserLocalizedLabel": None}
    localized = {
        "Label": text,
        "LanguageCode": _LANGUAGE,
        "IsManaged": True,
        "MetadataId": metadata_id("label", text),
        "HasChanged": None,
    }
    return {"LocalizedLabels": [localized], "UserLocalizedLabel": localized}


def entity_definition(table: Table) -> Item:
    """Return the definition of a table without its parts."""
    custom = "_" in table.name
    return {
        "MetadataId": metadata_id("table", table.name),
        "LogicalName": table.name,
        "SchemaName": table.schema_name,
        "EntitySetName": table.entity_set,
        "LogicalCollectionName": table.entity_set,
        "CollectionSchemaName": table.entity_set,
        "DisplayName": label(table.label),
        "DisplayCollectionName": label(table.collection_label),
        "PrimaryIdAttribute": table.primary_id,
        "PrimaryNameAttribute": table.primary_name,
        "OwnershipType": _OWNERSHIP[table.ownership],
        "IsActivity": table.primary_id == "activityid",
        "IsCustomEntity": custom,
        "IsManaged": True,
        "IsIntersect": False,
        "IsPrivate": False,
        "IsOptimisticConcurrencyEnabled": True,
        "IsDuplicateDetectionEnabled": {"Value": False, "CanBeChanged": True},
        "TableType": "Standard",
    }


def attribute_definition(table: Table, column: Column) -> Item:
    """Return the definition of a column, with the members of its own type."""
    shown, metadata_class = _TYPES.get(column.type, ("Virtual", ""))
    return {
        "@odata.type": f"#{CRM}{metadata_class}AttributeMetadata",
        "MetadataId": metadata_id("column", f"{table.name}.{column.name}"),
        "LogicalName": column.name,
        "SchemaName": column.schema_name,
        "EntityLogicalName": table.name,
        "AttributeType": shown,
        "AttributeTypeName": {"Value": f"{metadata_class or shown}Type"},
        "AttributeOf": None,
        "DisplayName": label(column.label),
        "IsPrimaryId": column.name == table.primary_id,
        "IsPrimaryName": column.name == table.primary_name,
        "IsValidForCreate": column.creatable,
        "IsValidForUpdate": column.updatable,
        "IsValidForRead": "r" in column.allows and column.type in STORED_TYPES,
        "IsCustomAttribute": "_" in column.name and not column.name.startswith("address"),
        "RequiredLevel": {"Value": _REQUIRED[column.required], "CanBeChanged": False},
        **_own_members(table, column),
    }


def _own_members(table: Table, column: Column) -> Item:
    if column.type in ("string", "memo"):
        return {"MaxLength": column.max_length, "Format": column.format}
    if column.type in ("integer", "bigint"):
        return {"MinValue": column.min, "MaxValue": column.max}
    if column.type in ("money", "decimal", "double"):
        return {"MinValue": column.min, "MaxValue": column.max, "Precision": column.precision}
    if column.type in ("datetime", "dateonly"):
        behaviour = column.behavior or "UserLocal"
        return {
            "Format": "DateOnly" if column.format == "date" else "DateAndTime",
            "DateTimeBehavior": {"Value": behaviour},
        }
    if column.targets is not None:
        return {"Targets": list(column.targets)}
    if column.options is not None:
        return _choice_members(table, column)
    return {}


def _choice_members(table: Table, column: Column) -> Item:
    options = column.options or {}
    name = column.choice or f"{table.name}_{column.name}"
    choice: Item = {
        "MetadataId": metadata_id("choice", name),
        "Name": name,
        "IsGlobal": column.choice is not None,
        "OptionSetType": "Boolean" if column.type == "boolean" else column.type.capitalize(),
    }
    if column.type == "boolean":
        for member, value in (("TrueOption", 1), ("FalseOption", 0)):
            choice[member] = _option(options[value]) if value in options else None
        return {"DefaultValue": column.default, "OptionSet": choice, "GlobalOptionSet": None}
    choice["Options"] = [_option(option) for option in options.values()]
    return {
        "DefaultFormValue": -1 if column.default is None else column.default,
        "OptionSet": choice,
        "GlobalOptionSet": choice if column.choice is not None else None,
    }


def _option(option: Option) -> Item:
    found: Item = {
        "Value": option.value,
        "Label": label(option.label),
        "Description": label(None),
        "Color": None,
        "IsManaged": True,
        "MetadataId": None,
        "HasChanged": None,
    }
    if option.state is not None:
        found["State"] = option.state
    if option.default_status is not None:
        found["DefaultStatus"] = option.default_status
    return found


def key_definitions(table: Table) -> list[Item]:
    """Return the alternate keys of a table."""
    return [
        {
            "MetadataId": metadata_id("key", f"{table.name}.{name}"),
            "LogicalName": name,
            "SchemaName": name,
            "EntityLogicalName": table.name,
            "KeyAttributes": list(columns),
            "EntityKeyIndexStatus": "Active",
            "IsManaged": True,
        }
        for name, columns in table.alternate_keys.items()
    ]


def many_to_one(catalogue: Catalogue, table: Table) -> list[Item]:
    """Return the relationships from a table to its parents."""
    return [_relationship(catalogue, relationship) for relationship in table.relationships]


def one_to_many(catalogue: Catalogue, table: Table) -> list[Item]:
    """Return the relationships from a table to its children."""
    return [_relationship(catalogue, item) for item in catalogue.children[table.name]]


def relationship_definitions(catalogue: Catalogue) -> list[Item]:
    """Return all relationships."""
    return [item for table in catalogue.values() for item in many_to_one(catalogue, table)]


def _relationship(catalogue: Catalogue, relationship: Relationship) -> Item:
    """Return one relationship; a cascade that no source tells is null."""
    name = relationship_name(relationship)
    return {
        "@odata.type": f"#{CRM}OneToManyRelationshipMetadata",
        "MetadataId": metadata_id("relationship", f"{name} {relationship.parent}"),
        "SchemaName": name,
        "RelationshipType": "OneToManyRelationship",
        "ReferencedEntity": relationship.parent,
        "ReferencedAttribute": catalogue[relationship.parent].primary_id,
        "ReferencingEntity": relationship.child,
        "ReferencingAttribute": relationship.column,
        "ReferencingEntityNavigationPropertyName": relationship.bind,
        "ReferencedEntityNavigationPropertyName": collection_name(relationship),
        "CascadeConfiguration": _cascade(relationship),
        "IsManaged": True,
    }


def _cascade(relationship: Relationship) -> Item | None:
    cascade = relationship.cascade
    if cascade is None:
        return None
    return {
        action: _BEHAVIOURS.get(cascade.get(action.lower(), "none"), "NoCascade")
        for action in _ACTIONS
    }
