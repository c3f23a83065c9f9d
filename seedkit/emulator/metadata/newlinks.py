"""Relationships out of the definitions that clients send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seedkit.emulator.errors import ARGUMENT, NAME_TAKEN, PlatformError, payload_error, shown
from seedkit.emulator.metadata.bodies import Body, checked, kind_of_body, member
from seedkit.emulator.metadata.edit import SchemaEdit, checked_name
from seedkit.emulator.metadata.model import MANY_TO_MANY, ONE_TO_MANY
from seedkit.emulator.metadata.newcolumn import lookup_column
from seedkit.emulator.metadata.relationships import (
    ACTIONS,
    BEHAVIOURS,
    many_to_many_id,
    relationship_id,
)
from seedkit.schema import Column, ManyToMany, Relationship, Side, Table

_BEHAVIOUR_OF = {name: own for own, name in BEHAVIOURS.items()}
_WHAT = "RelationshipDefinitions"
_CUSTOMERS = ("account", "contact")


def add_relationship(edit: SchemaEdit, body: Any) -> str:
    """Add the relationship that a definition asks for; return its id."""
    kind = kind_of_body(body, [ONE_TO_MANY, MANY_TO_MANY], _WHAT)
    checked(body, kind, _WHAT)
    return _add_pairs(edit, body) if kind is MANY_TO_MANY else _add_lookup(edit, body)


def add_customer(edit: SchemaEdit, lookup: Any, sent: Any) -> tuple[str, list[str]]:
    """Add a lookup that points at accounts and contacts; return its table and relationships."""
    if not isinstance(sent, list) or not isinstance(lookup, dict):
        raise payload_error(_WHAT, "a lookup and a list of relationships are needed.")
    for body in sent:
        checked(body, kind_of_body(body, [ONE_TO_MANY], _WHAT), _WHAT)
    parents = [str(body.get("ReferencedEntity")) for body in sent]
    children = {str(body.get("ReferencingEntity")) for body in sent}
    if sorted(parents) != list(_CUSTOMERS) or len(children) != 1:
        raise PlatformError(
            ARGUMENT, "A customer lookup needs one relationship to account and one to contact."
        )
    schema_name = checked_name("attribute", lookup.get("SchemaName"))
    child = _end(edit, sent[0], "ReferencingEntity").name
    targets = {
        str(body["ReferencedEntity"]): _relationship(
            edit, body, child, schema_name, f"{schema_name}_{body['ReferencedEntity']}"
        )
        for body in sent
    }
    edit.add_column(child, lookup_column(lookup, schema_name, targets))
    return child, [relationship_id(item) for item in targets.values()]


def _add_lookup(edit: SchemaEdit, body: Body) -> str:
    lookup = body.get("Lookup")
    if not isinstance(lookup, dict):
        raise payload_error(_WHAT, "a one-to-many relationship needs its 'Lookup'.")
    schema_name = checked_name("attribute", lookup.get("SchemaName"))
    child = _end(edit, body, "ReferencingEntity").name
    made = _relationship(edit, body, child, schema_name, schema_name)
    edit.add_column(child, lookup_column(lookup, schema_name, {made.parent: made}))
    return relationship_id(made)


def _relationship(edit: SchemaEdit, body: Body, child: str, lookup: str, bind: str) -> Relationship:
    name = free_name(edit, body.get("SchemaName"))
    parent = _end(edit, body, "ReferencedEntity")
    wanted = body.get("ReferencedAttribute")
    # One client makes the name of the key up, and is not refused [observed].
    if wanted is not None and wanted not in parent.columns and wanted != f"{parent.name}id":
        raise PlatformError(ARGUMENT, f"{parent.name} has no attribute {wanted}.")
    column = body.get("ReferencingAttribute")
    if column is not None and column != lookup.lower():
        raise PlatformError(ARGUMENT, "ReferencingAttribute must be the name of the lookup.")
    return Relationship(
        child,
        lookup.lower(),
        parent.name,
        str(body.get("ReferencingEntityNavigationPropertyName") or bind),
        name,
        str(body.get("ReferencedEntityNavigationPropertyName") or name),
        read_cascade(body.get("CascadeConfiguration"), {"delete": "remove_link"}),
    )


def _end(edit: SchemaEdit, body: Body, member_name: str) -> Table:
    """Return the table that a member names; 400 when the member is left out."""
    name = body.get(member_name)
    if not isinstance(name, str):
        raise payload_error(_WHAT, f"a relationship needs its '{member_name}'.")
    return edit.table(name)


def free_name(edit: SchemaEdit, sent: Any) -> str:
    """Return the schema name of a new relationship; 400 when it is taken or has no prefix."""
    if sent is None:
        raise PlatformError(ARGUMENT, "The relationship has no schema name: one is required.")
    if not isinstance(sent, str) or "_" not in sent or not sent.replace("_", "").isalnum():
        raise PlatformError(ARGUMENT, f"The relationship name {shown(sent)} is invalid.")
    if sent.lower() in edit.relationship_names():
        raise PlatformError(NAME_TAKEN, f"A relationship with the name {sent} already exists.")
    return sent


def read_cascade(sent: Any, usual: Mapping[str, str]) -> Mapping[str, str]:
    """Return what a cascade configuration says, without what has no effect."""
    if sent is None:
        return usual
    if not isinstance(sent, dict) or not set(sent) <= {*ACTIONS, "@odata.type"}:
        raise payload_error(_WHAT, "the CascadeConfiguration holds unknown actions.")
    found = {
        action.lower(): member(_BEHAVIOUR_OF, value, f"CascadeConfiguration/{action}")
        for action, value in sent.items()
        if action in ACTIONS and value is not None
    }
    return {action: behaviour for action, behaviour in found.items() if behaviour != "none"}


def _add_pairs(edit: SchemaEdit, body: Body) -> str:
    schema_name = free_name(edit, body.get("SchemaName"))
    intersect = checked_name("entity", body.get("IntersectEntityName") or schema_name)
    ends = [_end(edit, body, f"Entity{n}LogicalName") for n in (1, 2)]
    columns = [f"{table.name}id" for table in ends]
    if ends[0].name == ends[1].name:  # the platform numbers the columns of a self-relation
        columns = [f"{columns[0]}one", f"{columns[1]}two"]
    sides = [
        Side(
            table.name,
            column,
            str(body.get(f"Entity{n}NavigationPropertyName") or schema_name),
        )
        for n, table, column in zip((1, 2), ends, columns, strict=True)
    ]
    pairs = ManyToMany(schema_name, intersect.lower(), *sides)
    edit.add_table(_intersect(intersect, pairs))
    return many_to_many_id(pairs)


def _intersect(schema_name: str, pairs: ManyToMany) -> Table:
    name = pairs.intersect
    ids = (f"{name}id", pairs.first.column, pairs.second.column)
    columns = {item: Column(item, "uniqueidentifier", item, item, "r", "system") for item in ids}
    columns["versionnumber"] = Column(
        "versionnumber", "bigint", "VersionNumber", "Version Number", "r"
    )
    return Table(
        name=name,
        schema_name=schema_name,
        entity_set=f"{name}set",  # as the platform names those of custom relationships [expected]
        label=schema_name,
        collection_label=schema_name,
        primary_id=f"{name}id",
        primary_name=None,
        ownership="none",
        solution=None,
        facts_from=("environment",),
        alternate_keys={},
        columns=columns,
        api_create="no",
        many_to_many=pairs,
    )
