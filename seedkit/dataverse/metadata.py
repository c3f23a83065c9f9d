"""What a live environment says about its tables: names, columns, lookups, cascades, messages.

The live environment is asked, not assumed (design D8): nothing here comes from shipped files.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from seedkit.dataverse.client import WebApi
from seedkit.errors import MissingInTargetError, ServiceError

NUMBER_COLUMN = "importsequencenumber"
BACKDATED_COLUMN = "overriddencreatedon"
OWNER_COLUMN = "ownerid"
BULK_MESSAGES = ("CreateMultiple", "UpdateMultiple")
_TABLE_FIELDS = "LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,OwnershipType"
OF_USERS_AND_TEAMS = frozenset({"UserOwned", "TeamOwned"})  # values of OwnershipType
_ATTRIBUTE_FIELDS = (
    "LogicalName,AttributeOf,AttributeType,IsValidForCreate,IsValidForUpdate,RequiredLevel"
)
_RELATIONSHIP_FIELDS = (
    "SchemaName,ReferencedEntity,ReferencingEntity,ReferencingAttribute,"
    "ReferencingEntityNavigationPropertyName,CascadeConfiguration"
)


@dataclass(frozen=True, slots=True)
class LiveColumn:
    """A column as the environment describes it; `required` is its RequiredLevel."""

    name: str
    type: str
    creatable: bool
    updatable: bool
    required: str

    @property
    def needed(self) -> bool:
        """Tell whether no row should be without a value."""
        return self.required in ("ApplicationRequired", "SystemRequired")


@dataclass(frozen=True, slots=True)
class LiveRelationship:
    """A lookup of `child` to `parent`. `on_delete` is None where the environment does not say."""

    name: str
    child: str
    column: str
    parent: str
    bind: str
    on_delete: str | None

    @property
    def takes_child(self) -> bool:
        """Tell whether deleting the parent may delete the child; what is not known may."""
        return self.on_delete in (None, "Cascade")

    @property
    def unlinks(self) -> bool:
        """Tell whether deleting the parent empties the lookup."""
        return self.on_delete == "RemoveLink"

    @property
    def blocks(self) -> bool:
        """Tell whether the child keeps the parent from being deleted."""
        return self.on_delete == "Restrict"


@dataclass(frozen=True, slots=True)
class LiveTable:
    """A table as the environment describes it; of an `owned` one rows can be given to owners."""

    name: str
    entity_set: str
    primary_id: str
    primary_name: str | None
    columns: Mapping[str, LiveColumn]
    lookups: tuple[LiveRelationship, ...]
    children: tuple[LiveRelationship, ...]
    messages: frozenset[str]
    owned: bool = False

    @property
    def numbered(self) -> bool:
        """Tell whether rows can carry the run's mark in a column."""
        column = self.columns.get(NUMBER_COLUMN)
        return column is not None and column.creatable

    def column(self, name: str) -> LiveColumn:
        """Return a column; MissingInTargetError when the environment lacks it."""
        if name not in self.columns:
            raise MissingInTargetError(
                f"In this environment {self.name} lacks the column {name}.",
                "Install or update the solution that brings the table.",
            )
        return self.columns[name]

    def needs(self, column: str) -> bool:
        """Tell whether no row should be without a value in a column."""
        return column in self.columns and self.columns[column].needed

    def bind(self, column: str, target: str) -> str:
        """Return the exact name of a lookup for `@odata.bind`."""
        for lookup in self.lookups:
            if lookup.column == column and lookup.parent == target:
                return lookup.bind
        raise MissingInTargetError(
            f"In this environment {self.name}.{column} can't point at {target}.",
            "Install or update the solution that brings the table.",
        )


@dataclass(frozen=True, slots=True)
class TableWithNumber:
    """A table whose rows can carry a mark; `backdates`: it keeps when backdated rows were made."""

    name: str
    entity_set: str
    primary_id: str
    backdates: bool


async def read_numbered_tables(api: WebApi) -> list[TableWithNumber]:
    """Return all tables of the environment whose rows can carry a mark in a column."""
    names = f"LogicalName eq '{NUMBER_COLUMN}' or LogicalName eq '{BACKDATED_COLUMN}'"
    query = {
        "$select": "LogicalName,EntitySetName,PrimaryIdAttribute",
        "$expand": f"Attributes($select=LogicalName;$filter={names})",
    }
    found = []
    for entry in await api.all("EntityDefinitions", query):
        columns = {column["LogicalName"] for column in entry["Attributes"]}
        if NUMBER_COLUMN in columns and entry["EntitySetName"]:
            table = TableWithNumber(
                name=entry["LogicalName"],
                entity_set=entry["EntitySetName"],
                primary_id=entry["PrimaryIdAttribute"],
                backdates=BACKDATED_COLUMN in columns,
            )
            found.append(table)
    return found


async def read_with_dependants(api: WebApi, names: Iterable[str]) -> dict[str, LiveTable]:
    """Read tables and all tables whose rows a delete in them may harm.

    It takes them along, they forbid it, or they lose a lookup that they need. What the environment
    does not have, any more, is left out.
    """
    tables = await _read_there(api, names)
    links = [link for table in tables.values() for link in table.children]
    hanging = {link.child for link in links if link.takes_child or link.blocks}
    pointing = {link.child for link in links if link.unlinks} - hanging
    there = await _read_there(api, sorted((hanging | pointing) - tables.keys()))
    needing = {
        link.child
        for link in links
        if link.child in there and link.unlinks and there[link.child].needs(link.column)
    }
    return tables | {name: there[name] for name in there if name in hanging | needing}


async def _read_there(api: WebApi, names: Iterable[str]) -> dict[str, LiveTable]:
    found = await look_up_tables(api, names)
    return {name: table for name, table in found.items() if table is not None}


async def read_tables(api: WebApi, names: Iterable[str]) -> dict[str, LiveTable]:
    """Read what the environment says about tables; MissingInTargetError names all that lack."""
    found = await look_up_tables(api, names)
    missing = [name for name, table in found.items() if table is None]
    if missing:
        raise MissingInTargetError(
            f"The environment lacks the tables {', '.join(missing)}.",
            "Deploy Microsoft Cloud for Financial Services (Unified Customer Profile) there, "
            "or use the local environment.",
        )
    return {table.name: table for table in found.values() if table is not None}


async def look_up_tables(api: WebApi, names: Iterable[str]) -> dict[str, LiveTable | None]:
    """Read what the environment says about tables; None for those that it lacks."""
    wanted = list(names)
    messages = await read_messages(api)
    found = await asyncio.gather(*(_read_table(api, name, messages) for name in wanted))
    return dict(zip(wanted, found, strict=True))


async def _read_table(
    api: WebApi, name: str, messages: Mapping[str, frozenset[str]]
) -> LiveTable | None:
    path = f"EntityDefinitions(LogicalName='{name}')"
    query = {
        "$select": _TABLE_FIELDS,
        "$expand": f"Attributes($select={_ATTRIBUTE_FIELDS}),"
        f"ManyToOneRelationships($select={_RELATIONSHIP_FIELDS}),"
        f"OneToManyRelationships($select={_RELATIONSHIP_FIELDS})",
    }
    try:
        data = await api.get(path, query)
    except ServiceError as error:
        if error.status == 404:
            return None
        raise
    found = (_column(entry) for entry in data["Attributes"])
    columns = {column.name: column for column in found}
    owner = columns.get(OWNER_COLUMN)  # of some tables it only tells whose the row is
    return LiveTable(
        name=data["LogicalName"],
        entity_set=data["EntitySetName"],
        primary_id=data["PrimaryIdAttribute"],
        primary_name=_own_name(data),
        columns=columns,
        lookups=tuple(_relationship(entry) for entry in data["ManyToOneRelationships"]),
        children=tuple(_relationship(entry) for entry in data["OneToManyRelationships"]),
        messages=messages.get(name, frozenset()),
        owned=data.get("OwnershipType") in OF_USERS_AND_TEAMS and bool(owner and owner.creatable),
    )


def _own_name(data: dict[str, Any]) -> str | None:
    """Return the column of the name; None where the name is another row's, which no query gives."""
    name: str | None = data["PrimaryNameAttribute"]
    own = (entry["LogicalName"] for entry in data["Attributes"] if not entry.get("AttributeOf"))
    return name if name in own else None


def _column(entry: dict[str, Any]) -> LiveColumn:
    return LiveColumn(
        name=entry["LogicalName"],
        type=entry["AttributeType"],
        creatable=entry["IsValidForCreate"],
        updatable=entry["IsValidForUpdate"],
        required=entry["RequiredLevel"]["Value"],
    )


def _relationship(entry: dict[str, Any]) -> LiveRelationship:
    cascade = entry.get("CascadeConfiguration") or {}
    return LiveRelationship(
        name=entry["SchemaName"],
        child=entry["ReferencingEntity"],
        column=entry["ReferencingAttribute"],
        parent=entry["ReferencedEntity"],
        bind=entry["ReferencingEntityNavigationPropertyName"],
        on_delete=cascade.get("Delete"),
    )


async def read_messages(api: WebApi) -> dict[str, frozenset[str]]:
    """Return the bulk messages that each table takes, as the message filters list them."""
    found: dict[str, set[str]] = {}
    for message in BULK_MESSAGES:
        rows = await api.all(
            "sdkmessagefilters",
            {
                "$select": "primaryobjecttypecode",
                "$filter": f"sdkmessageid/name eq '{message}'",
            },
        )
        for row in rows:
            found.setdefault(row["primaryobjecttypecode"], set()).add(message)
    return {table: frozenset(items) for table, items in found.items()}
