"""Relationships as the metadata routes show them."""

from __future__ import annotations

from typing import Any

from seedkit.emulator.metadata.labels import label, metadata_id
from seedkit.emulator.metadata.model import MANY_TO_MANY, ONE_TO_MANY
from seedkit.emulator.metadata.navigation import collection_name, relationship_name
from seedkit.schema import Catalogue, ManyToMany, Relationship, Side, Table

BEHAVIOURS = {
    "cascade": "Cascade",
    "remove_link": "RemoveLink",
    "restrict": "Restrict",
    "none": "NoCascade",
    "active": "Active",
    "user_owned": "UserOwned",
}
ACTIONS = ("Assign", "Delete", "Merge", "Reparent", "Share", "Unshare", "RollupView", "Archive")

Item = dict[str, Any]


def many_to_one(catalogue: Catalogue, table: Table) -> list[Item]:
    """Return the relationships from a table to its parents."""
    return [_one_to_many(catalogue, relationship) for relationship in table.relationships]


def one_to_many(catalogue: Catalogue, table: Table) -> list[Item]:
    """Return the relationships from a table to its children."""
    return [_one_to_many(catalogue, item) for item in catalogue.children[table.name]]


def many_to_many(catalogue: Catalogue, table: Table) -> list[Item]:
    """Return the many-to-many relationships of a table."""
    return [_many_to_many(catalogue, item) for item in catalogue.many_to_many[table.name]]


def relationship_definitions(catalogue: Catalogue) -> list[Item]:
    """Return all relationships."""
    found = [item for table in catalogue.values() for item in many_to_one(catalogue, table)]
    found += [
        _many_to_many(catalogue, table.many_to_many)
        for table in catalogue.values()
        if table.many_to_many is not None
    ]
    return found


def relationship_id(relationship: Relationship) -> str:
    """Return the id of a one-to-many relationship."""
    name = relationship_name(relationship)
    return metadata_id("relationship", f"{name} {relationship.parent}")


def many_to_many_id(relationship: ManyToMany) -> str:
    """Return the id of a many-to-many relationship."""
    return metadata_id("relationship", relationship.name)


def _one_to_many(catalogue: Catalogue, relationship: Relationship) -> Item:
    """Return one relationship; a cascade that no source tells is null."""
    own = not catalogue.is_shipped(relationship.child, relationship.column)
    own = own or not catalogue.is_shipped(relationship.parent)
    name = relationship_name(relationship)
    found = {"@odata.type": f"#{ONE_TO_MANY.title}", **ONE_TO_MANY.fresh()}
    found.update(
        MetadataId=relationship_id(relationship),
        SchemaName=name,
        RelationshipType="OneToManyRelationship",
        ReferencedEntity=relationship.parent,
        ReferencedAttribute=catalogue[relationship.parent].primary_id,
        ReferencingEntity=relationship.child,
        ReferencingAttribute=relationship.column,
        ReferencingEntityNavigationPropertyName=relationship.bind,
        ReferencedEntityNavigationPropertyName=collection_name(relationship),
        CascadeConfiguration=_cascade(relationship),
        AssociatedMenuConfiguration=_menu(),
        IsManaged=not own,
        IsCustomRelationship="_" in relationship.column or own,
        SecurityTypes="Append" if own else "None",
    )
    return found


def _many_to_many(catalogue: Catalogue, relationship: ManyToMany) -> Item:
    found = {"@odata.type": f"#{MANY_TO_MANY.title}", **MANY_TO_MANY.fresh()}
    own = not catalogue.is_shipped(relationship.intersect)
    found.update(
        MetadataId=many_to_many_id(relationship),
        SchemaName=relationship.name,
        RelationshipType="ManyToManyRelationship",
        IntersectEntityName=relationship.intersect,
        IsManaged=not own,
        IsCustomRelationship="_" in relationship.name,
        **_side(1, relationship.first),
        **_side(2, relationship.second),
    )
    return found


def _side(number: int, side: Side) -> Item:
    return {
        f"Entity{number}LogicalName": side.table,
        f"Entity{number}IntersectAttribute": side.column,
        f"Entity{number}NavigationPropertyName": side.collection,
        f"Entity{number}AssociatedMenuConfiguration": _menu(),
    }


def _menu() -> Item:
    return {
        "Behavior": "UseCollectionName",
        "Group": "Details",
        "Label": label(None),
        "Order": None,
        "IsCustomizable": True,
        "Icon": None,
        "ViewId": "00000000-0000-0000-0000-000000000000",
        "AvailableOffline": True,
        "MenuId": None,
        "QueryApi": None,
    }


def _cascade(relationship: Relationship) -> Item | None:
    cascade = relationship.cascade
    if cascade is None:
        return None
    return {
        action: BEHAVIOURS.get(cascade.get(action.lower(), "none"), "NoCascade")
        for action in ACTIONS
    }
