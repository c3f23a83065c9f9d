"""Tables out of the definitions that clients send, with the columns that the platform adds.

Which columns it adds is documented for custom tables of each ownership; names of their
relationships follow those of shipped custom tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from seedkit.emulator.errors import ARGUMENT, PlatformError, payload_error, unsupported
from seedkit.emulator.metadata.bodies import Body, checked, kind_of_body, member
from seedkit.emulator.metadata.definitions import OWNERSHIP
from seedkit.emulator.metadata.edit import SchemaEdit, checked_name
from seedkit.emulator.metadata.labels import read_label
from seedkit.emulator.metadata.model import ENTITY
from seedkit.emulator.metadata.newcolumn import new_columns
from seedkit.schema import Column, Option, Relationship, Table

_OWNERS = {name: own for own, name in OWNERSHIP.items() if own in ("user", "organization")}
_FULL = {"assign", "delete", "merge", "reparent", "share", "unshare"}
_INT = 2**31


def add_table(edit: SchemaEdit, body: Any) -> Table:
    """Add the table that a definition with its columns asks for."""
    checked(body, kind_of_body(body, [ENTITY], "EntityDefinitions"), "EntityDefinitions")
    schema_name = checked_name("entity", body.get("SchemaName"))
    if body.get("IsActivity"):
        raise unsupported("new activity tables")
    ownership = member(_OWNERS, body.get("OwnershipType", "UserOwned"), "OwnershipType")
    table = _named(schema_name, body, ownership)
    edit.add_table(replace(table, entity_set=_free_set(edit, table.entity_set)))
    _add_columns(edit, table.name, body.get("Attributes") or ())
    if body.get("HasNotes"):
        _point_at(edit, table, "annotation", "objectid", "Annotations")
    if body.get("HasActivities"):
        _add_activities(edit, table)
    return edit.table(table.name)


def changed_table(old: Table, body: Body) -> Table:
    """Return a table as a full definition wants it: other texts; names and ownership stay."""
    checked(body, ENTITY, "EntityDefinitions")
    if str(body.get("SchemaName", old.schema_name)).lower() != old.schema_name.lower():
        raise PlatformError(ARGUMENT, "The name of a table can't be changed.")
    if body.get("OwnershipType", OWNERSHIP[old.ownership]) != OWNERSHIP[old.ownership]:
        raise PlatformError(ARGUMENT, "The ownership of a table can't be changed.")
    return replace(old, **_texts(body, old.label, old.collection_label, old.description))


def entity_set_name(name: str) -> str:
    """Return the plural that the platform makes of a table's name, as shipped tables show it."""
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith("s") else f"{name}s"


def _free_set(edit: SchemaEdit, wanted: str) -> str:
    if any(table.entity_set == wanted for table in edit.tables()):
        raise PlatformError(ARGUMENT, f"The entity set name {wanted} is taken.")
    return wanted


def _texts(body: Body, label: str, plural: str, description: str | None) -> dict[str, Any]:
    return {
        "label": read_label("DisplayName", body.get("DisplayName")) or label,
        "collection_label": (
            read_label("DisplayCollectionName", body.get("DisplayCollectionName")) or plural
        ),
        "description": read_label("Description", body.get("Description")) or description,
    }


def _named(schema_name: str, body: Body, ownership: str) -> Table:
    name = schema_name.lower()
    texts = _texts(body, schema_name, schema_name, None)
    columns = {c.name: c for c in platform_columns(schema_name, texts["label"], ownership)}
    return Table(
        name=name,
        schema_name=schema_name,
        entity_set=str(body.get("EntitySetName") or entity_set_name(name)),
        primary_id=f"{name}id",
        primary_name=None,
        ownership=ownership,
        solution=None,
        facts_from=("environment",),
        alternate_keys={},
        columns=columns,
        **texts,
    )


def _add_columns(edit: SchemaEdit, table: str, sent: Sequence[Any]) -> None:
    """Add the columns of a new table; exactly one text must be the primary name."""
    primary = []
    for item in sent:
        columns = new_columns(edit, table, item)
        for column in columns:
            edit.add_column(table, column)
        if item.get("IsPrimaryName"):
            primary.append(columns[0])
    if len(primary) != 1 or primary[0].type != "string":
        raise payload_error(
            "EntityDefinitions", "exactly one string attribute must be the primary name."
        )
    edit.put_table(replace(edit.table(table), primary_name=primary[0].name))


def _add_activities(edit: SchemaEdit, table: Table) -> None:
    for activity in list(edit.tables()):
        if "regardingobjectid" in activity.columns and activity.primary_id == "activityid":
            plural = "".join(activity.collection_label.split())
            if activity.name == "activitypointer":
                plural = "ActivityPointers"
            _point_at(edit, table, activity.name, "regardingobjectid", plural)


def _point_at(edit: SchemaEdit, table: Table, child: str, name: str, plural: str) -> None:
    """Let a lookup of the platform point at the new table, too."""
    if not edit.knows(child):
        return
    column = edit.table(child).columns[name]
    suffix = f"_{child}" if name == "regardingobjectid" and child != "activitypointer" else ""
    relationship = Relationship(
        child,
        name,
        table.name,
        f"{name}_{table.name}{suffix}",
        f"{table.name}_{plural}",
        f"{table.name}_{plural}",
        dict.fromkeys(sorted(_FULL), "cascade"),
    )
    targets = {**(column.targets or {}), table.name: relationship}
    edit.put_column(child, replace(column, targets=targets))


def forget_table(edit: SchemaEdit, name: str) -> list[Relationship]:
    """Take a table out of the platform's own lookups; return what else points at it."""
    left = []
    for item in edit.children(name):
        if item.child == name:
            continue
        column = edit.table(item.child).columns[item.column]
        if item.column in ("objectid", "regardingobjectid"):
            targets = {n: r for n, r in (column.targets or {}).items() if n != name}
            edit.put_column(item.child, replace(column, targets=targets))
        else:
            left.append(item)
    return left


def platform_columns(schema_name: str, label: str, ownership: str) -> Iterator[Column]:
    """Yield the columns that every custom table of an ownership has."""
    name = schema_name.lower()
    yield Column(f"{name}id", "uniqueidentifier", f"{schema_name}Id", label, "cr", "system")
    yield from _stamps(name)
    yield from _owner(name) if ownership == "user" else _organization(name)
    yield Column(
        "statecode",
        "state",
        "statecode",
        "Status",
        "ru",
        "system",
        options={
            0: Option(0, "Active", default_status=1),
            1: Option(1, "Inactive", default_status=2),
        },
    )
    yield Column(
        "statuscode",
        "status",
        "statuscode",
        "Status Reason",
        "cru",
        options={1: Option(1, "Active", state=0), 2: Option(2, "Inactive", state=1)},
    )
    yield Column("versionnumber", "bigint", "VersionNumber", "Version Number", "r")


def _stamps(name: str) -> Iterator[Column]:
    moment = Column("createdon", "datetime", "CreatedOn", "Created On", "r")
    moment = replace(moment, format="datetime", behavior="UserLocal")
    yield moment
    yield replace(moment, name="modifiedon", schema_name="ModifiedOn", label="Modified On")
    yield Column(
        "overriddencreatedon",
        "datetime",
        "OverriddenCreatedOn",
        "Record Created On",
        "cr",
        format="date",
        behavior="UserLocal",
    )
    for column, schema_name, label in (
        ("createdby", "CreatedBy", "Created By"),
        ("modifiedby", "ModifiedBy", "Modified By"),
        ("createdonbehalfby", "CreatedOnBehalfBy", "Created By (Delegate)"),
        ("modifiedonbehalfby", "ModifiedOnBehalfBy", "Modified By (Delegate)"),
    ):
        yield _to(name, column, schema_name, label, "systemuser", f"lk_{name}_{column}")
    for column, schema_name, label, allows, low in (
        ("importsequencenumber", "ImportSequenceNumber", "Import Sequence Number", "cr", -_INT),
        ("timezoneruleversionnumber", "TimeZoneRuleVersionNumber", "Time Zone Rule", "cru", -1),
        ("utcconversiontimezonecode", "UTCConversionTimeZoneCode", "UTC Conversion", "cru", -1),
    ):
        yield Column(column, "integer", schema_name, label, allows, min=low, max=_INT - 1)


def _owner(name: str) -> Iterator[Column]:
    owners = {
        kind: Relationship(name, "ownerid", kind, "ownerid", None, None, {})
        for kind in ("systemuser", "team")
    }
    yield Column("ownerid", "owner", "OwnerId", "Owner", "cru", "system", targets=owners)
    yield _to(name, "owninguser", "OwningUser", "Owning User", "systemuser", f"user_{name}")
    yield _to(name, "owningteam", "OwningTeam", "Owning Team", "team", f"team_{name}")
    yield _to(
        name,
        "owningbusinessunit",
        "OwningBusinessUnit",
        "Owning Business Unit",
        "businessunit",
        f"business_unit_{name}",
    )


def _organization(name: str) -> Iterator[Column]:
    yield _to(
        name,
        "organizationid",
        "OrganizationId",
        "Organization Id",
        "organization",
        f"organization_{name}",
    )


def _to(
    table: str, column: str, schema_name: str, label: str, parent: str, relationship: str
) -> Column:
    link = Relationship(table, column, parent, column, relationship, relationship, {})
    return Column(column, "lookup", schema_name, label, "r", targets={parent: link})
