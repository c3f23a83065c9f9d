"""All definitions of a catalogue, and how one is found among them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from seedkit.emulator.addresses import is_guid, parse_key
from seedkit.emulator.errors import ADDRESS, MISSING_ROW, PlatformError
from seedkit.emulator.metadata.choices import global_choices
from seedkit.emulator.metadata.definitions import (
    attribute_definition,
    entity_definition,
    key_definitions,
)
from seedkit.emulator.metadata.relationships import (
    many_to_many,
    many_to_one,
    one_to_many,
    relationship_definitions,
)
from seedkit.schema import Catalogue, Table

Item = dict[str, Any]

ENTITIES = "EntityDefinitions"
RELATIONSHIPS = "RelationshipDefinitions"
CHOICES = "GlobalOptionSetDefinitions"
CSDL = "$metadata"
# By which member, beside the id, one finds an item of each set.
NATURAL_KEYS = {
    ENTITIES: "LogicalName",
    "Attributes": "LogicalName",
    "Keys": "LogicalName",
    CHOICES: "Name",
}


class Definitions:
    """All definitions of a catalogue, made when they are first asked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._made: dict[tuple[str, str], list[Item]] = {}

    def items(self, name: str, table: str = "") -> list[Item]:
        """Return the items of a set, or of a part of a table's definition."""
        key = (name, table)
        if key not in self._made:
            self._made[key] = self._make(name, table)
        return self._made[key]

    def _make(self, name: str, table: str) -> list[Item]:
        makers: Mapping[str, Callable[[], list[Item]]] = {
            ENTITIES: lambda: [
                entity_definition(self.catalogue, self.catalogue[item])
                for item in sorted(self.catalogue)
            ],
            RELATIONSHIPS: lambda: relationship_definitions(self.catalogue),
            CHOICES: lambda: global_choices(self.catalogue),
        }
        if name in makers:
            return makers[name]()
        return self._make_part(name, self.catalogue[table])

    def _make_part(self, name: str, table: Table) -> list[Item]:
        if name == "Attributes":
            columns = table.columns.values()
            return [attribute_definition(self.catalogue, table, column) for column in columns]
        makers = {
            "Keys": key_definitions,
            "ManyToOneRelationships": many_to_one,
            "OneToManyRelationships": one_to_many,
            "ManyToManyRelationships": many_to_many,
        }
        return makers[name](self.catalogue, table)


def find(items: Sequence[Item], argument: str, collection: str) -> Item:
    """Return the item with a key; a guid is its MetadataId."""
    natural_key = NATURAL_KEYS.get(collection, "SchemaName")
    if is_guid(argument):
        name, value = "MetadataId", argument.lower()
    else:
        parts = dict(parse_key(argument).parts)
        if set(parts) == {"MetadataId"}:
            natural_key = "MetadataId"
        name, value = natural_key, parts.get(natural_key) or ""
        if set(parts) != {natural_key}:
            raise PlatformError(ADDRESS, f"({argument}) is no key of a definition.")
    for item in items:
        if str(item[name]).lower() == value.lower():
            return item
    raise PlatformError(MISSING_ROW, f"Could not find a definition with {name} '{value}'.")
