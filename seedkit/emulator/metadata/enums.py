"""Enumerations of the Web API's own metadata with their members and numbers [documented]."""

from __future__ import annotations

from collections.abc import Mapping


def _counted(members: str, first: int = 0) -> dict[str, int]:
    return {name: number for number, name in enumerate(members.split(), first)}


ENUMS: Mapping[str, Mapping[str, int]] = {
    "OwnershipTypes": {
        "None": 0,
        "UserOwned": 1,
        "TeamOwned": 2,
        "BusinessOwned": 4,
        "OrganizationOwned": 8,
        "BusinessParented": 16,
    },
    "AttributeTypeCode": _counted(
        "Boolean Customer DateTime Decimal Double Integer Lookup Memo Money Owner PartyList "
        "Picklist State Status String Uniqueidentifier CalendarRules Virtual BigInt "
        "ManagedProperty EntityName"
    ),
    "AttributeRequiredLevel": _counted("None SystemRequired ApplicationRequired Recommended"),
    "RelationshipType": _counted("OneToManyRelationship ManyToManyRelationship"),
    "SecurityTypes": {"None": 0, "Append": 1, "ParentChild": 2, "Pointer": 4, "Inheritance": 8},
    "CascadeType": _counted("NoCascade Cascade Active UserOwned RemoveLink Restrict"),
    "EntityKeyIndexStatus": _counted("Pending InProgress Active Failed"),
    "OptionSetType": _counted("Picklist State Status Boolean"),
    "DateTimeFormat": _counted("DateOnly DateAndTime"),
    "StringFormat": _counted(
        "Email Text TextArea Url TickerSymbol PhoneticGuide VersionNumber Phone Json RichText"
    ),
    "IntegerFormat": _counted("None Duration TimeZone Language Locale"),
    "LookupFormat": _counted("None Connection Regarding Text"),
    "ImeMode": _counted("Auto Inactive Active Disabled"),
    "AssociatedMenuBehavior": _counted("UseCollectionName UseLabel DoNotDisplay"),
    "AssociatedMenuGroup": _counted("Details Sales Service Marketing"),
    "PrivilegeType": _counted("None Create Read Write Delete Assign Share Append AppendTo"),
}
