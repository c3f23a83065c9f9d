"""What a customer has added to an environment, made by the metadata writes of any client."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson

from seedkit.testing import LocalEnvironment

CRM = "Microsoft.Dynamics.CRM."
SEGMENTS = {"A": "Private", "B": "Retail", "C": "Retail"}


def label(text: str) -> dict[str, Any]:
    return {"LocalizedLabels": [{"Label": text, "LanguageCode": 1033}]}


def column(kind: str, name: str, **members: Any) -> dict[str, Any]:
    return {
        "@odata.type": f"{CRM}{kind}AttributeMetadata",
        "SchemaName": name,
        "DisplayName": label(name),
        "RequiredLevel": {"Value": members.pop("required", "None")},
        **members,
    }


def choice(*values: tuple[int, str]) -> dict[str, Any]:
    made = [{"Value": value, "Label": label(text)} for value, text in values]
    return {"@odata.type": f"{CRM}OptionSetMetadata", "IsGlobal": False, "Options": made}


def text(name: str, length: int = 100, **members: Any) -> dict[str, Any]:
    return column("String", name, MaxLength=length, FormatName={"Value": "Text"}, **members)


def table(name: str, *columns: dict[str, Any]) -> dict[str, Any]:
    prefix = name.partition("_")[0]
    return {
        "@odata.type": f"{CRM}EntityMetadata",
        "SchemaName": name,
        "DisplayName": label(name),
        "DisplayCollectionName": label(f"{name}s"),
        "OwnershipType": "UserOwned",
        "IsActivity": False,
        "HasActivities": False,
        "HasNotes": False,
        "Attributes": [text(f"{prefix}_Name", 200, IsPrimaryName=True), *columns],
    }


def lookup(child: str, parent: str, name: str, delete: str = "Cascade") -> dict[str, Any]:
    return {
        "@odata.type": f"{CRM}OneToManyRelationshipMetadata",
        "SchemaName": f"{name}_{parent}_{child}",
        "ReferencedEntity": parent,
        "ReferencingEntity": child,
        "CascadeConfiguration": {"Delete": delete, "Assign": "NoCascade"},
        "Lookup": column("Lookup", name),
    }


TIERS = ((100000000, "Silver"), (100000001, "Gold"), (100000002, "Platinum"))
CONTACT_COLUMNS = (
    text("cr1_Source", 20),
    text("cr1_Greeting", 60),
    text("cr1_Number", 12),
    text("cr1_Needed", 20, required="ApplicationRequired"),
    column("Picklist", "cr1_Tier", OptionSet=choice(*TIERS)),
    column("Integer", "cr1_Score", MinValue=300, MaxValue=850),
    column("Decimal", "cr1_Rate", MinValue=0, MaxValue=10, Precision=2),
    column("DateTime", "cr1_Reviewed", DateTimeBehavior={"Value": "DateOnly"}, Format="DateOnly"),
    column("DateTime", "cr1_Next", DateTimeBehavior={"Value": "UserLocal"}, Format="DateOnly"),
    column(
        "Boolean",
        "cr1_Vip",
        OptionSet={
            "@odata.type": f"{CRM}BooleanOptionSetMetadata",
            "TrueOption": {"Value": 1, "Label": label("Yes")},
            "FalseOption": {"Value": 0, "Label": label("No")},
        },
    ),
)


def send(environment: LocalEnvironment, *requests: tuple[str, dict[str, Any]]) -> None:
    """Post one body after the other."""

    async def work() -> None:
        async with environment.api() as api:
            for path, body in requests:
                await api.send("POST", path, orjson.dumps(body))

    asyncio.run(work())


def add_columns(environment: LocalEnvironment) -> None:
    """Add columns to contacts, and a table of segments with three rows."""
    on_contact = "EntityDefinitions(LogicalName='contact')/Attributes"
    segments = [{"cr1_name": name, "cr1_code": code} for code, name in SEGMENTS.items()]
    send(
        environment,
        *((on_contact, body) for body in CONTACT_COLUMNS),
        ("EntityDefinitions", table("cr1_Segment", text("cr1_Code", 10))),
        (
            "RelationshipDefinitions",
            lookup("contact", "cr1_segment", "cr1_Segment", delete="RemoveLink"),
        ),
        *(("cr1_segments", body) for body in segments),
    )


def add_loyalty(environment: LocalEnvironment) -> None:
    """Add the tables of the example's loyalty programme."""
    tier = column("Picklist", "loy_Tier", OptionSet=choice(*TIERS))
    joined = column(
        "DateTime", "loy_JoinedOn", DateTimeBehavior={"Value": "DateOnly"}, Format="DateOnly"
    )
    points = column("Integer", "loy_Points", MinValue=0, MaxValue=1_000_000)
    send(
        environment,
        ("EntityDefinitions", table("loy_Programme")),
        ("EntityDefinitions", table("loy_Membership", text("loy_Number", 20), tier, joined)),
        ("EntityDefinitions", table("loy_Entry", points)),
        ("RelationshipDefinitions", lookup("loy_membership", "contact", "loy_Customer")),
        ("RelationshipDefinitions", lookup("loy_membership", "loy_programme", "loy_Programme")),
        ("RelationshipDefinitions", lookup("loy_entry", "loy_membership", "loy_Membership")),
    )
