"""Changes of the schema: which address and method changes what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seedkit.emulator.addresses import Segment
from seedkit.emulator.errors import (
    ARGUMENT,
    METHOD,
    NAME_TAKEN,
    TOO_MANY_KEYS,
    PlatformError,
    no_segment,
)
from seedkit.emulator.exchange import Answer, Request
from seedkit.emulator.metadata import removal
from seedkit.emulator.metadata.bodies import checked, kind_of_body
from seedkit.emulator.metadata.edit import SchemaEdit, checked_name
from seedkit.emulator.metadata.labels import metadata_id
from seedkit.emulator.metadata.listing import CHOICES, ENTITIES, Definitions, find
from seedkit.emulator.metadata.model import CRM, KEY, ONE_TO_MANY
from seedkit.emulator.metadata.newchoices import changed_choice, new_choice
from seedkit.emulator.metadata.newcolumn import changed_column, new_columns
from seedkit.emulator.metadata.newfiles import with_primary_image
from seedkit.emulator.metadata.newlinks import add_relationship, read_cascade
from seedkit.emulator.metadata.newtable import add_table, changed_table

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.schema import Catalogue

Item = dict[str, Any]

_KEYS, _KEY_COLUMNS = 10, 16  # limits of one table and of one key [documented]
_KEY_TYPES = frozenset(
    {"string", "integer", "decimal", "datetime", "dateonly", "lookup", "picklist"}
)


class Change:
    """One change that a request asks for."""

    def __init__(
        self,
        request: Request,
        definitions: Definitions,
        segments: Sequence[Segment],
        catalogue: Catalogue,
    ) -> None:
        # The whole schema: what the settings hide must not be lost by a change.
        self.edit = SchemaEdit(catalogue)
        self.request = request
        self._definitions = definitions
        self.address = request.root + request.path.rstrip("/")
        self.first = segments[0]

    def body(self) -> Item:
        """Return the definition that was sent."""
        return self.request.json(self.first.name)

    def item(self, name: str, segment: Segment, table: str = "") -> Item:
        """Return the definition that a segment with a key leads to; 404 when there is none."""
        return find(self._definitions.items(name, table), str(segment.argument), name)


def change(
    request: Request, session: Session, segments: Sequence[Segment], definitions: Definitions
) -> Answer:
    """Change the schema as one request says."""
    path = [segment for segment in segments if not segment.name.startswith(CRM)]
    names = tuple(segment.name for segment in path)
    keyed = path[-1].argument is not None
    step = _STEPS.get((request.method, names, keyed))
    if step is None:
        if len(names) > 1 and names[1] not in ("Attributes", "Keys"):
            raise no_segment(names[1])
        raise PlatformError(METHOD, f"{request.method} is not supported on {'/'.join(names)}.")
    session.need(_privilege(request.method, names))
    work = Change(request, definitions, path, session.store.catalogue)
    row_id = step(work, path)
    work.edit.commit(session)
    if row_id is None:
        return Answer(204)
    return Answer(204, headers={"OData-EntityId": f"{work.address}({row_id})"})


def _privilege(method: str, names: Sequence[str]) -> str:
    """Return the privilege that a change needs; that keys count as their table's is inferred."""
    if names[-1] == "Keys":
        return "prvWriteEntity"
    return f"prv{_RIGHTS[method]}{_PARTS[names[-1]]}"


Step = Callable[[Change, Sequence[Segment]], str | None]


def _create_table(work: Change, _path: Sequence[Segment]) -> str:
    return metadata_id("table", add_table(work.edit, work.body()).name)


def _update_table(work: Change, path: Sequence[Segment]) -> None:
    name = work.item(ENTITIES, path[0])["LogicalName"]
    work.edit.put_table(changed_table(work.edit.table(name), work.body()))


def _delete_table(work: Change, path: Sequence[Segment]) -> None:
    removal.table(work.edit, work.item(ENTITIES, path[0])["LogicalName"])


def _table(work: Change, path: Sequence[Segment]) -> str:
    return str(work.item(ENTITIES, path[0])["LogicalName"])


def _create_column(work: Change, path: Sequence[Segment]) -> str:
    table = _table(work, path)
    columns = new_columns(work.edit, table, work.body())
    for column in columns:
        work.edit.add_column(table, column)
    return metadata_id("column", f"{table}.{columns[0].name}")


def _column(work: Change, path: Sequence[Segment]) -> tuple[str, str]:
    table = _table(work, path)
    return table, str(work.item("Attributes", path[1], table)["LogicalName"])


def _update_column(work: Change, path: Sequence[Segment]) -> None:
    table, name = _column(work, path)
    old = work.edit.table(table).columns[name]
    changed = changed_column(work.edit, old, work.body())
    work.edit.put_column(table, changed)
    if changed.primary_image:
        work.edit.put_table(with_primary_image(work.edit.table(table), name))


def _delete_column(work: Change, path: Sequence[Segment]) -> None:
    removal.column(work.edit, *_column(work, path))


def _create_key(work: Change, path: Sequence[Segment]) -> str:
    table = work.edit.table(_table(work, path))
    body = checked(work.body(), kind_of_body(work.body(), [KEY], "Keys"), "Keys")
    name = checked_name("key", body.get("SchemaName")).lower()
    if name in table.alternate_keys:
        raise PlatformError(NAME_TAKEN, f"A key with the name {name} already exists.")
    if len(table.alternate_keys) >= _KEYS:
        raise PlatformError(TOO_MANY_KEYS, f"A table can't have more than {_KEYS} keys.")
    columns = body.get("KeyAttributes")
    if not isinstance(columns, list) or not 0 < len(columns) <= _KEY_COLUMNS:
        raise PlatformError(ARGUMENT, f"A key needs 1 to {_KEY_COLUMNS} KeyAttributes.")
    for item in columns:
        column = table.columns.get(item)
        if column is None or column.type not in _KEY_TYPES:
            raise PlatformError(ARGUMENT, f"The attribute '{item}' can't be part of a key.")
    keys = {**table.alternate_keys, name: tuple(columns)}
    work.edit.put_table(replace(table, alternate_keys=keys))
    return metadata_id("key", f"{table.name}.{name}")


def _delete_key(work: Change, path: Sequence[Segment]) -> None:
    table = work.edit.table(_table(work, path))
    name = work.item("Keys", path[1], table.name)["LogicalName"]
    removal.refuse_shipped_key(work.edit, table.name, name)
    keys = {key: columns for key, columns in table.alternate_keys.items() if key != name}
    work.edit.put_table(replace(table, alternate_keys=keys))


def _create_relationship(work: Change, _path: Sequence[Segment]) -> str:
    return add_relationship(work.edit, work.body())


def _update_relationship(work: Change, path: Sequence[Segment]) -> None:
    """Change the cascade of a relationship; names and ends stay."""
    item = work.item("RelationshipDefinitions", path[0])
    body = work.body()
    kind = kind_of_body({"@odata.type": item["@odata.type"], **body}, [ONE_TO_MANY], "Relationship")
    checked(body, kind, "RelationshipDefinitions")
    for name in ("SchemaName", "ReferencedEntity", "ReferencingEntity", "ReferencingAttribute"):
        if body.get(name, item[name]) != item[name]:
            raise PlatformError(ARGUMENT, f"{name} of a relationship can't be changed.")
    child, parent = item["ReferencingEntity"], item["ReferencedEntity"]
    column = work.edit.table(child).columns[item["ReferencingAttribute"]]
    targets = dict(column.targets or {})
    old = targets[parent]
    cascade = read_cascade(body.get("CascadeConfiguration"), old.cascade or {})
    targets[parent] = replace(old, cascade=cascade)
    work.edit.put_column(child, replace(column, targets=targets))


def _delete_relationship(work: Change, path: Sequence[Segment]) -> None:
    removal.relationship(work.edit, work.item("RelationshipDefinitions", path[0]))


def _create_choice(work: Change, _path: Sequence[Segment]) -> str:
    choice = new_choice(work.edit, work.body())
    work.edit.put_choice(choice)
    return metadata_id("choice", choice.name)


def _update_choice(work: Change, path: Sequence[Segment]) -> None:
    old = work.edit.choice(work.item(CHOICES, path[0])["Name"])
    if old is not None:
        work.edit.put_choice(changed_choice(old, work.body()))


def _delete_choice(work: Change, path: Sequence[Segment]) -> None:
    removal.choice(work.edit, work.item(CHOICES, path[0])["Name"])


_ATTRIBUTES = (ENTITIES, "Attributes")
_TABLE_KEYS = (ENTITIES, "Keys")
_LINKS = ("RelationshipDefinitions",)
_RIGHTS = {"POST": "Create", "PUT": "Write", "DELETE": "Delete"}
_PARTS = {
    ENTITIES: "Entity",
    "Attributes": "Attribute",
    "RelationshipDefinitions": "Relationship",
    CHOICES: "OptionSet",
}
_STEPS: Mapping[tuple[str, tuple[str, ...], bool], Step] = {
    ("POST", (ENTITIES,), False): _create_table,
    ("PUT", (ENTITIES,), True): _update_table,
    ("DELETE", (ENTITIES,), True): _delete_table,
    ("POST", _ATTRIBUTES, False): _create_column,
    ("PUT", _ATTRIBUTES, True): _update_column,
    ("DELETE", _ATTRIBUTES, True): _delete_column,
    ("POST", _TABLE_KEYS, False): _create_key,
    ("DELETE", _TABLE_KEYS, True): _delete_key,
    ("POST", _LINKS, False): _create_relationship,
    ("PUT", _LINKS, True): _update_relationship,
    ("DELETE", _LINKS, True): _delete_relationship,
    ("POST", (CHOICES,), False): _create_choice,
    ("PUT", (CHOICES,), True): _update_choice,
    ("DELETE", (CHOICES,), True): _delete_choice,
}
