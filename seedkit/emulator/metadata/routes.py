"""Routes of metadata: definitions of tables, columns, keys, relationships and choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from seedkit.emulator.addresses import Segment, is_guid, parse_key
from seedkit.emulator.errors import (
    ADDRESS,
    METHOD,
    MISSING_ROW,
    PlatformError,
    no_segment,
    unknown_property,
)
from seedkit.emulator.exchange import Answer, Request, json_answer
from seedkit.emulator.metadata.definitions import (
    CHOICES,
    CRM,
    OWN_MEMBERS,
    attribute_definition,
    entity_definition,
    key_definitions,
    many_to_one,
    one_to_many,
    relationship_definitions,
)
from seedkit.emulator.metadata.plainquery import choose
from seedkit.emulator.query.options import Query, read_query
from seedkit.schema import Catalogue, Table

Item = dict[str, Any]
_ENTITIES = "EntityDefinitions"
_RELATIONSHIPS = "RelationshipDefinitions"
_EXPANDABLE = (
    "Attributes",
    "Keys",
    "ManyToOneRelationships",
    "OneToManyRelationships",
    "ManyToManyRelationships",
)


class MetadataHandler:
    """Answers requests about the schema; the schema can't be changed here."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._entities: dict[str, Item] = {}
        self._parts: dict[tuple[str, str], list[Item]] = {}

    def knows(self, name: str) -> bool:
        """Tell whether a path's first segment belongs here."""
        return name in (_ENTITIES, _RELATIONSHIPS)

    def answer(self, request: Request, segments: Sequence[Segment]) -> Answer:
        """Answer one request."""
        if request.method != "GET":
            raise PlatformError(METHOD, "The schema of the local environment can't be changed.")
        query = read_query(request.options)
        if segments[0].name == _RELATIONSHIPS:
            return self._relationships(request, query, segments)
        return self._definitions(request, query, segments)

    def _relationships(self, request: Request, query: Query, segments: Sequence[Segment]) -> Answer:
        items = relationship_definitions(self._catalogue)
        first, rest = segments[0], segments[1:]
        if first.argument is not None:
            return self._one(request, query, _RELATIONSHIPS, items, first.argument, "SchemaName")
        if rest:
            items = _of_type(items, rest[0].name)
        return self._many(request, query, _RELATIONSHIPS, items)

    def _definitions(self, request: Request, query: Query, segments: Sequence[Segment]) -> Answer:
        first, rest = segments[0], segments[1:]
        if first.argument is None:
            items = [self._entity(name) for name in sorted(self._catalogue)]
            return self._many(request, query, _ENTITIES, items, self._expand)
        entities = [self._entity(name) for name in sorted(self._catalogue)]
        entity = _find(entities, first.argument, "LogicalName")
        if not rest:
            chosen = self._chosen(entity, query, self._expand)
            context = f"{request.root}$metadata#{_ENTITIES}{_columns(query)}/$entity"
            return json_answer({"@odata.context": context, **chosen})
        return self._part(request, query, entity, rest)

    def _part(
        self, request: Request, query: Query, entity: Item, rest: Sequence[Segment]
    ) -> Answer:
        name = rest[0].name
        if name not in _EXPANDABLE:
            if name in entity and len(rest) == 1:
                return json_answer({"value": entity[name]})
            raise no_segment(name)
        items = self._items(entity["LogicalName"], name)
        casts = [segment.name for segment in rest[1:] if segment.name.startswith(CRM)]
        if len(rest) - 1 > len(casts) or len(casts) > 1:
            raise no_segment(rest[-1].name)
        if casts:
            items = _of_type(items, casts[0])
        elif name == "Attributes" and rest[0].argument is None:
            items = _base_members(items)
        what = f"{_ENTITIES}('{entity['LogicalName']}')/{name}"
        argument = rest[0].argument
        if argument is None:
            return self._many(request, query, what, items)
        natural_key = "LogicalName" if name == "Attributes" else "SchemaName"
        return self._one(request, query, what, items, argument, natural_key)

    def _many(
        self,
        request: Request,
        query: Query,
        what: str,
        items: Sequence[Item],
        expand: Callable[[Item, Query], Item] | None = None,
    ) -> Answer:
        found = choose(items, query)
        value = [self._chosen(item, query, expand) for item in found]
        body: Item = {"@odata.context": f"{request.root}$metadata#{what}{_columns(query)}"}
        if query.count:
            body["@odata.count"] = len(value)
        return json_answer({**body, "value": value})

    def _one(
        self,
        request: Request,
        query: Query,
        what: str,
        items: Sequence[Item],
        key: str,
        natural_key: str,
    ) -> Answer:
        chosen = self._chosen(_find(items, key, natural_key), query, None)
        context = f"{request.root}$metadata#{what}{_columns(query)}/$entity"
        return json_answer({"@odata.context": context, **chosen})

    def _chosen(
        self, item: Item, query: Query, expand: Callable[[Item, Query], Item] | None
    ) -> Item:
        """Return the asked-for members; the id and the type are always there."""
        expanded = (expand or _expand_choices)(item, query)
        own = {name: value for name, value in item.items() if name not in CHOICES}
        if query.select is None:
            return {**own, **expanded}
        missing = [name for name in query.select if name not in own]
        if missing:
            raise unknown_property("definition", missing[0])
        members = {"@odata.type", "MetadataId", *query.select}
        return {**{name: own[name] for name in own if name in members}, **expanded}

    def _expand(self, entity: Item, query: Query) -> Item:
        found: Item = {}
        for name, inner in query.expand:
            part, _, cast = name.partition("/")
            if part not in _EXPANDABLE:
                raise PlatformError(ADDRESS, f"'{name}' can't be expanded on a table definition.")
            items = self._items(entity["LogicalName"], part)
            items = _of_type(items, cast) if cast else _base_members(items)
            found[part] = [self._chosen(item, inner, None) for item in choose(items, inner)]
        return found

    def _entity(self, name: str) -> Item:
        if name not in self._entities:
            self._entities[name] = entity_definition(self._catalogue[name])
        return self._entities[name]

    def _items(self, table: str, part: str) -> list[Item]:
        key = (table, part)
        if key not in self._parts:
            self._parts[key] = self._make_items(self._catalogue[table], part)
        return self._parts[key]

    def _make_items(self, table: Table, part: str) -> list[Item]:
        if part == "Attributes":
            return [attribute_definition(table, column) for column in table.columns.values()]
        if part == "Keys":
            return key_definitions(table)
        if part == "ManyToOneRelationships":
            return many_to_one(self._catalogue, table)
        if part == "OneToManyRelationships":
            return one_to_many(self._catalogue, table)
        return []  # the catalogue describes no many-to-many relationship


def _find(items: Sequence[Item], argument: str, natural_key: str) -> Item:
    """Return the item with a key; a guid is its MetadataId."""
    if is_guid(argument):
        name, value = "MetadataId", argument.lower()
    else:
        parts = dict(parse_key(argument).parts)
        name, value = natural_key, parts.get(natural_key) or ""
        if set(parts) - {natural_key}:
            raise PlatformError(ADDRESS, f"({argument}) is no key of a definition.")
    for item in items:
        if str(item[name]).lower() == value.lower():
            return item
    raise PlatformError(MISSING_ROW, f"Could not find a definition with {name} '{value}'.")


def _of_type(items: Sequence[Item], cast: str) -> list[Item]:
    return [item for item in items if item["@odata.type"] == f"#{cast}"]


def _base_members(items: Sequence[Item]) -> list[Item]:
    """Return columns with only what all types have: the rest needs a cast to the type."""
    return [{name: item[name] for name in item if name not in OWN_MEMBERS} for item in items]


def _expand_choices(item: Item, query: Query) -> Item:
    """Return the choices of a column as far as they are asked for."""
    found: Item = {}
    for name, inner in query.expand:
        if name not in CHOICES or name not in item:
            raise PlatformError(ADDRESS, f"'{name}' can't be expanded here.")
        choice = item[name]
        if choice is not None and inner.select is not None:
            choice = {key: choice[key] for key in choice if key in (*inner.select, "MetadataId")}
        found[name] = choice
    return found


def _columns(query: Query) -> str:
    return "" if query.select is None else f"({','.join(query.select)})"
