"""Names of relationships and their ends, made up where no source tells them."""

from __future__ import annotations

from collections.abc import Mapping

from seedkit.emulator.rules.parties import party_collections
from seedkit.schema import Catalogue, Relationship


def relationship_name(relationship: Relationship) -> str:
    """Return the schema name of a relationship; derived from its ends where it isn't known."""
    if relationship.name is not None:
        return relationship.name
    return f"{relationship.child}_{relationship.column}_{relationship.parent}"


def collection_name(relationship: Relationship) -> str:
    """Return the parent's navigation property to its children, derived where it isn't known."""
    return relationship.collection or relationship_name(relationship)


def collections(catalogue: Catalogue) -> dict[str, Mapping[str, Relationship]]:
    """Return, per parent table, its relationships to children by navigation property."""
    parties = party_collections(catalogue)
    return {
        parent: {
            **{collection_name(relationship): relationship for relationship in children},
            **parties.get(parent, {}),
        }
        for parent, children in catalogue.children.items()
    }
