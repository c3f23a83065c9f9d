"""Routes of metadata: definitions of tables, columns, keys, relationships and choices."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from seedkit.emulator.addresses import Segment
from seedkit.emulator.errors import (
    ADDRESS,
    METHOD,
    MISSING_ROW,
    PlatformError,
    no_segment,
    unknown_property,
)
from seedkit.emulator.exchange import Answer, Request, json_answer
from seedkit.emulator.metadata.definitions import base_members
from seedkit.emulator.metadata.listing import (
    CHOICES,
    CSDL,
    ENTITIES,
    RELATIONSHIPS,
    Definitions,
    find,
)
from seedkit.emulator.metadata.model import (
    ATTRIBUTE,
    CHOICE_BASE,
    CRM,
    ENTITY,
    KEY,
    MANY_TO_MANY,
    ONE_TO_MANY,
    RELATIONSHIP,
    Kind,
)
from seedkit.emulator.metadata.plainquery import choose
from seedkit.emulator.metadata.subtypes import KINDS
from seedkit.emulator.metadata.writes import change
from seedkit.emulator.query.options import Query, read_query

if TYPE_CHECKING:
    from seedkit.emulator.operations import Operation
    from seedkit.emulator.session import Environment, Session

Item = dict[str, Any]

PARTS = {
    "Attributes": ATTRIBUTE,
    "Keys": KEY,
    "ManyToOneRelationships": ONE_TO_MANY,
    "OneToManyRelationships": ONE_TO_MANY,
    "ManyToManyRelationships": MANY_TO_MANY,
}


class MetadataHandler:
    """Answers requests about the schema."""

    def __init__(self, environment: Environment, operations: Sequence[Operation]) -> None:
        self._environment = environment
        self._operations = operations
        self._definitions = Definitions(environment.catalogue)

    def knows(self, name: str) -> bool:
        """Tell whether a path's first segment belongs here."""
        return name in (ENTITIES, RELATIONSHIPS, CHOICES, CSDL)

    def answer(self, request: Request, session: Session, segments: Sequence[Segment]) -> Answer:
        """Answer one request."""
        if segments[0].name == CSDL:
            return self._document(request, segments)
        if request.method != "GET":
            return change(request, session, segments, self._definitions)
        first, rest = segments[0], list(segments[1:])
        kind = {ENTITIES: ENTITY, RELATIONSHIPS: RELATIONSHIP, CHOICES: CHOICE_BASE}[first.name]
        view = View(self._definitions, read_query(request.options), request.root, first.name, kind)
        return view.follow(first, rest, self._definitions.items(first.name))

    def _document(self, request: Request, segments: Sequence[Segment]) -> Answer:
        if len(segments) > 1 or segments[0].argument is not None:
            raise no_segment(segments[-1].name)
        if request.method != "GET":
            raise PlatformError(METHOD, "The document at $metadata can only be read.")
        return Answer(200, self._csdl, {"Content-Type": "application/xml"})

    @cached_property
    def _csdl(self) -> bytes:
        """Return the document: half a second of work, kept until the schema changes."""
        from seedkit.emulator.metadata.csdl import document

        return document(self._environment.catalogue, self._operations)


class View:
    """One reading of definitions: the steps of an address, then what the query chooses."""

    def __init__(
        self, definitions: Definitions, query: Query, root: str, what: str, kind: Kind
    ) -> None:
        self._definitions = definitions
        self._query = query
        self._root = root
        self._what = what
        self._kind = kind

    def follow(self, segment: Segment, rest: list[Segment], items: Sequence[Item]) -> Answer:
        """Answer with what a segment and those behind it lead to."""
        if segment.argument is None:
            return self._many(rest, items)
        item = find(items, segment.argument, segment.name)
        if rest and rest[0].name.startswith(CRM):
            self._kind = cast_kind(self._kind, rest.pop(0).name)
            if not of_kind([item], self._kind):
                raise PlatformError(MISSING_ROW, f"The definition is no {self._kind.name}.")
        if not rest:
            return self._one(item)
        return self._below(item, rest)

    def _many(self, rest: list[Segment], items: Sequence[Item]) -> Answer:
        if rest and rest[0].name.startswith(CRM):
            self._kind = cast_kind(self._kind, rest.pop(0).name)
            items = of_kind(items, self._kind)
        if rest and rest[0].name == "$count" and len(rest) == 1:
            body = str(len(choose(items, self._query, self._kind)))
            return Answer(200, body.encode(), {"Content-Type": "text/plain"})
        if rest:
            raise no_segment(rest[0].name)
        value = self._chosen(items, self._query, self._kind)
        body_: Item = {"@odata.context": f"{self._context()}"}
        if self._query.count:
            body_["@odata.count"] = len(value)
        return json_answer({**body_, "value": value})

    def _one(self, item: Item) -> Answer:
        chosen = self._shown(item, self._query, self._kind)
        return json_answer({"@odata.context": f"{self._context()}/$entity", **chosen})

    def _below(self, item: Item, rest: list[Segment]) -> Answer:
        """Answer with a part or a member of one definition."""
        segment = rest.pop(0)
        name = segment.name
        if name in PARTS and self._kind is ENTITY:
            table = item["LogicalName"]
            self._what = f"{ENTITIES}('{table}')/{name}"
            self._kind = PARTS[name]
            return self.follow(segment, rest, self._definitions.items(name, table))
        if name in self._kind.all_parts and not rest and segment.argument is None:
            if item.get(name) is None:
                return Answer(204)
            return json_answer({"@odata.context": f"{self._root}$metadata", **item[name]})
        if name not in self._kind.all_members or segment.argument is not None:
            raise no_segment(name)
        return self._member(item, [segment, *rest])

    def _member(self, item: Item, path: Sequence[Segment]) -> Answer:
        value: Any = item
        for segment in path:
            if segment.name == "$value" and segment is path[-1] and not isinstance(value, dict):
                return Answer(200, str(value).encode(), {"Content-Type": "text/plain"})
            if not isinstance(value, dict) or segment.name not in value:
                raise no_segment(segment.name)
            value = value[segment.name]
        if value is None:
            return Answer(204)
        name = "/".join(segment.name for segment in path)
        context = f"{self._root}$metadata#{self._what}({item['MetadataId']})/{name}"
        whole = value if isinstance(value, dict) else {"value": value}
        return json_answer({"@odata.context": context, **whole})

    def _context(self) -> str:
        select = self._query.select
        chosen = "" if select is None else f"({','.join(select)})"
        cast = "" if self._kind.name in _BASE_NAMES else f"/{self._kind.title}"
        return f"{self._root}$metadata#{self._what}{cast}{chosen}"

    def _chosen(self, items: Sequence[Item], query: Query, kind: Kind) -> list[Item]:
        return [self._shown(item, query, kind) for item in choose(items, query, kind)]

    def _shown(self, item: Item, query: Query, kind: Kind) -> Item:
        """Return the asked-for members; the id and the type are always there."""
        unknown = [name for name in query.select or () if name not in kind.all_members]
        if unknown:
            raise unknown_property(kind.name, unknown[0])
        if query.select is not None:
            wanted = {"@odata.type", "MetadataId", *query.select} - _CHOICE_PARTS
            own = {name: value for name, value in item.items() if name in wanted}
        else:
            own = {name: value for name, value in item.items() if name not in _CHOICE_PARTS}
            own = base_members(own) if kind is ATTRIBUTE else own
        return {**own, **self._expanded(item, query, kind)}

    def _expanded(self, item: Item, query: Query, kind: Kind) -> Item:
        found: Item = {}
        for name, inner in query.expand:
            part, _, cast = name.partition("/")
            if part not in kind.all_parts:
                raise PlatformError(ADDRESS, f"'{part}' can't be expanded on a {kind.name}.")
            if part in PARTS:
                found[part] = self._expanded_part(item["LogicalName"], part, cast, inner)
            else:
                found[part] = _members_of(item.get(part), inner)
        return found

    def _expanded_part(self, table: str, part: str, cast: str, query: Query) -> list[Item]:
        items, kind = self._definitions.items(part, table), PARTS[part]
        if cast:
            kind = cast_kind(kind, cast)
            items = of_kind(items, kind)
        return self._chosen(items, query, kind)


_CHOICE_PARTS = frozenset({"OptionSet", "GlobalOptionSet"})
_BASE_NAMES = frozenset(kind.name for kind in (ENTITY, ATTRIBUTE, KEY, RELATIONSHIP, CHOICE_BASE))


def cast_kind(kind: Kind, cast: str) -> Kind:
    """Return the metadata type of a cast; 400 for one that isn't derived from `kind`."""
    found = KINDS.get(cast.removeprefix(CRM)) if cast.startswith(CRM) else None
    above = found
    while above is not None and above is not kind:
        above = above.base
    if found is None or above is None:
        raise PlatformError(
            ADDRESS, f"The type '{cast}' is not derived from '{kind.title}' or can't be cast to."
        )
    return found


def of_kind(items: Sequence[Item], kind: Kind) -> list[Item]:
    """Return the items of one type; of a base type, all."""
    if kind.name in _BASE_NAMES:
        return list(items)
    return [item for item in items if item["@odata.type"] == f"#{kind.title}"]


def _members_of(part: Item | None, query: Query) -> Item | None:
    if part is None or query.select is None:
        return part
    unknown = [name for name in query.select if name not in part]
    if unknown:
        raise unknown_property("OptionSetMetadata", unknown[0])
    return {name: value for name, value in part.items() if name in (*query.select, "MetadataId")}
