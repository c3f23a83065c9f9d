"""Deleting rows with what their relationships say about children.

A relationship whose behaviour no source tells is treated as removing the link: nothing is lost
and nothing is refused. Relationships without a behaviour leave their references dangling.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from seedkit.emulator.errors import IN_USE, PlatformError, missing_row
from seedkit.emulator.session import Session
from seedkit.emulator.storage.layout import VERSION, Layout, is_polymorphic, target_column
from seedkit.emulator.storage.store import Store, id_list
from seedkit.schema import Delete, Relationship


@dataclass(frozen=True)
class Probe:
    """One query per row that tells its version and which relationships have children."""

    query: str
    relationships: tuple[Relationship, ...]


@dataclass
class Closure:
    """Everything that one delete takes with it, in the order it was found."""

    rows: dict[tuple[str, str], None] = field(default_factory=dict)
    links: list[tuple[Relationship, str]] = field(default_factory=list)
    guards: list[tuple[Relationship, str]] = field(default_factory=list)


class Deleter:
    """Deletes rows; keeps what it worked out about each table."""

    def __init__(self, store: Store, children: Mapping[str, Sequence[Relationship]]) -> None:
        self._store = store
        self._probes = {
            name: _make_probe(layout, store.layouts, children.get(name, ()))
            for name, layout in store.layouts.items()
        }

    def delete(self, session: Session, layout: Layout, row_id: str) -> None:
        """Delete one row with its cascade; 404 when it is missing, 405 when it is in use."""
        flags = self._probe(layout.name, row_id)
        if flags is None:
            raise missing_row(layout.name, row_id)
        closure = Closure({(layout.name, row_id): None})
        self._follow(closure, layout.name, row_id, flags)
        for relationship, parent_id in closure.guards:
            self._refuse_when_used(closure, relationship, parent_id)
        for relationship, parent_id in closure.links:
            self._unlink(session, relationship, parent_id)
        for table, found_id in reversed(closure.rows):
            primary_id = self._store.layouts[table].primary_id
            self._store.connection.execute(
                f'DELETE FROM "{table}" WHERE "{primary_id}" = ?', (found_id,)
            )

    def _probe(self, table: str, row_id: str) -> tuple[object, ...] | None:
        found: tuple[object, ...] | None = self._store.connection.execute(
            self._probes[table].query, (row_id,)
        ).fetchone()
        return found

    def _follow(self, closure: Closure, table: str, row_id: str, flags: tuple[object, ...]) -> None:
        pending = [(table, row_id, flags)]
        while pending:
            table, row_id, flags = pending.pop()
            for relationship in self._present(table, flags):
                if relationship.on_delete is Delete.CASCADE:
                    pending.extend(self._take_children(closure, relationship, row_id))
                elif relationship.on_delete is Delete.RESTRICT:
                    closure.guards.append((relationship, row_id))
                else:
                    closure.links.append((relationship, row_id))

    def _present(self, table: str, flags: tuple[object, ...]) -> Iterator[Relationship]:
        relationships = self._probes[table].relationships
        for flag, relationship in zip(flags[1:], relationships, strict=True):
            if flag is not None:
                yield relationship

    def _take_children(
        self, closure: Closure, relationship: Relationship, parent_id: str
    ) -> Iterator[tuple[str, str, tuple[object, ...]]]:
        for child_id in self._children(relationship, parent_id):
            child = (relationship.child, child_id)
            if child not in closure.rows:
                closure.rows[child] = None
                yield *child, self._probe(*child) or ()

    def _children(self, relationship: Relationship, parent_id: str) -> list[str]:
        layout = self._store.layouts[relationship.child]
        query = f'SELECT "{layout.primary_id}" FROM "{layout.name}" WHERE '
        condition = _condition(layout, relationship, "?")
        return [row[0] for row in self._store.connection.execute(query + condition, (parent_id,))]

    def _refuse_when_used(
        self, closure: Closure, relationship: Relationship, parent_id: str
    ) -> None:
        for child_id in self._children(relationship, parent_id):
            if (relationship.child, child_id) not in closure.rows:
                raise PlatformError(
                    IN_USE,
                    f"The {relationship.parent} record with id {parent_id} can't be deleted: "
                    f"{relationship.child} records are associated with it.",
                )

    def _unlink(self, session: Session, relationship: Relationship, parent_id: str) -> None:
        """Empty the children's lookups; that this counts as a change of the child is inferred."""
        layout = self._store.layouts[relationship.child]
        ids = self._children(relationship, parent_id)
        emptied = [relationship.column]
        if is_polymorphic(layout.table.columns[relationship.column]):
            emptied.append(target_column(relationship.column))
        assignments = "".join(f'"{name}" = NULL, ' for name in emptied)
        if "modifiedon" in layout.position:
            assignments += f"\"modifiedon\" = '{session.now}', "
        self._store.connection.execute(
            f'UPDATE "{layout.name}" SET {assignments}"{VERSION}" = ? '
            f'WHERE "{layout.primary_id}" IN (SELECT value FROM json_each(?))',
            (self._store.take_versions(1), id_list(ids)),
        )


def _make_probe(
    layout: Layout, layouts: Mapping[str, Layout], children: Sequence[Relationship]
) -> Probe:
    watched = tuple(
        relationship
        for relationship in children
        if relationship.on_delete is not Delete.NONE
        and relationship.column in layouts[relationship.child].position
    )
    parts = [f'p."{VERSION}"']
    for relationship in watched:
        child = layouts[relationship.child]
        condition = _condition(child, relationship, f'p."{layout.primary_id}"')
        parts.append(f'(SELECT 1 FROM "{child.name}" WHERE {condition} LIMIT 1)')
    query = f'SELECT {", ".join(parts)} FROM "{layout.name}" p WHERE p."{layout.primary_id}" = ?'
    return Probe(query, watched)


def _condition(child: Layout, relationship: Relationship, parent: str) -> str:
    name = f'"{child.name}"."{relationship.column}"'
    condition = f"{name} = {parent}"
    if is_polymorphic(child.table.columns[relationship.column]):
        kind = f'"{child.name}"."{target_column(relationship.column)}"'
        condition += f" AND {kind} = '{relationship.parent}'"
    return condition
