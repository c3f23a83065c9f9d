"""Deleting rows with what their relationships say about children.

A relationship without a behaviour leaves its references dangling; one whose behaviour no source
tells does what `settings.unknown_cascade` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seedkit.emulator.errors import IN_USE, PlatformError, missing_row
from seedkit.emulator.rights import SHARES
from seedkit.emulator.rules.activities import POINTER, is_activity, mark_deleted_parties
from seedkit.emulator.rules.registry import rules_of
from seedkit.emulator.storage.blobs import file_deletes
from seedkit.emulator.storage.layout import VERSION, Layout, is_polymorphic, target_column
from seedkit.emulator.storage.pairs import pair_deletes
from seedkit.emulator.storage.store import Store
from seedkit.emulator.writing.bin import keep
from seedkit.schema import Catalogue, Delete, Relationship

if TYPE_CHECKING:
    from seedkit.emulator.session import Session

Row = tuple[str, str]


@dataclass(frozen=True)
class Probe:
    """One query per row that tells its version and which relationships have children."""

    query: str
    relationships: tuple[Relationship, ...]


@dataclass
class Closure:
    """Everything that one delete takes with it, in the order it was found."""

    unknown: Delete
    rows: dict[Row, None] = field(default_factory=dict)
    links: list[tuple[Relationship, str]] = field(default_factory=list)
    guards: list[tuple[Relationship, str]] = field(default_factory=list)


class Deleter:
    """Deletes rows; keeps what it worked out about each table."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store = store
        self._pair_deletes = pair_deletes(store.layouts)
        self._file_deletes = file_deletes(store.layouts)
        self._children_of = catalogue.children
        self._filled: frozenset[str] = frozenset()
        self._probes: dict[str, Probe] = {}

    def delete(
        self, session: Session, layout: Layout, row_id: str, *, recoverable: bool = True
    ) -> None:
        """Delete one row with its cascade; 404 when it is missing, 405 when it is in use.

        With the recycle bin on, the rows go there unless they are not `recoverable`.
        """
        refusals = rules_of(layout).deleting
        # Nobody else asks for the row: that it is missing is seen as soon as its children are.
        if (refusals or layout.stored != layout.name) and not session.store.has(layout, row_id):
            raise missing_row(layout.name, row_id)
        for refuse in refusals:
            refuse(session, layout, row_id)
        settings = session.environment.settings
        closure = Closure(Delete(settings.unknown_cascade))
        self._look_around()
        self._follow(session, closure, (layout.name, row_id))
        if not closure.rows and layout.stored == layout.name:
            raise missing_row(layout.name, row_id)
        session.need_deletes(closure.rows)
        for relationship, parent_id in closure.guards:
            self._refuse_when_used(closure, relationship, parent_id)
        if settings.recycle_bin and recoverable:
            keep(session, closure.rows, closure.links)
        for relationship, parent_id in closure.links:
            self._unlink(session, relationship, parent_id)
        for table, found_id in reversed(closure.rows):
            self._erase(self._store.layouts[table], found_id)
        mark_deleted_parties(session, closure.rows)

    def _erase(self, layout: Layout, row_id: str) -> None:
        execute = self._store.connection.execute
        execute(f'DELETE FROM "{layout.stored}" WHERE "{layout.primary_id}" = ?', (row_id,))
        for statement in self._pair_deletes.get(layout.name, ()):
            execute(statement, (row_id,))
        for statement in self._file_deletes.get(layout.name, ()):
            execute(statement, (row_id,))
        if SHARES in self._filled:  # shares end with their row [expected]
            execute(f'DELETE FROM "{SHARES}" WHERE objectid = ?', (row_id,))

    def _look_around(self) -> None:
        """Forget the probes when other tables hold rows now: a probe leaves out the empty ones."""
        filled = self._store.filled()
        if filled is not self._filled:
            self._filled = filled
            self._probes.clear()

    def _make_probe(self, table: str) -> Probe:
        layout, children = self._store.layouts[table], [*self._children_of.get(table, ())]
        if is_activity(layout.table):  # its row in the general table goes with it [documented]
            children += self._children_of.get(POINTER, ())
        filled = [item for item in children if item.child in self._filled]
        return _make_probe(layout, self._store.layouts, filled)

    def _probe(self, row: Row) -> tuple[object, ...] | None:
        table, row_id = row
        if table not in self._probes:
            self._probes[table] = self._make_probe(table)
        found: tuple[object, ...] | None = self._store.connection.execute(
            self._probes[table].query, (row_id,)
        ).fetchone()
        return found

    def _follow(self, session: Session, closure: Closure, root: Row) -> None:
        pending = [root]
        while pending:
            row = pending.pop()
            flags = self._probe(row)
            if row in closure.rows or flags is None:
                continue
            closure.rows[row] = None
            pending.extend(self._companions(session, row))
            for relationship in self._present(row[0], flags):
                behaviour = relationship.on_delete
                if behaviour is Delete.UNKNOWN:
                    behaviour = closure.unknown
                if behaviour is Delete.CASCADE:
                    pending.extend(self._child_rows(relationship, row[1]))
                elif behaviour is Delete.RESTRICT:
                    closure.guards.append((relationship, row[1]))
                else:
                    closure.links.append((relationship, row[1]))

    def _companions(self, session: Session, row: Row) -> Iterator[Row]:
        """Yield the rows that the platform lets go along with one."""
        layout = self._store.layouts[row[0]]
        for name in rules_of(layout).leaving:
            yield from name(session, layout, row[1])

    def _present(self, table: str, flags: tuple[object, ...]) -> Iterator[Relationship]:
        relationships = self._probes[table].relationships
        for flag, relationship in zip(flags[1:], relationships, strict=True):
            if flag is not None:
                yield relationship

    def _child_rows(self, relationship: Relationship, parent_id: str) -> Iterator[Row]:
        for child_id in self._children(relationship, parent_id):
            yield relationship.child, child_id

    def _children(self, relationship: Relationship, parent_id: str) -> list[str]:
        layout = self._store.layouts[relationship.child]
        query = f'SELECT "{layout.primary_id}" FROM "{layout.stored}" WHERE '
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
        version = self._store.take_versions(len(ids))
        self._store.connection.executemany(
            f'UPDATE "{layout.stored}" SET {assignments}"{VERSION}" = ? '
            f'WHERE "{layout.primary_id}" = ?',
            enumerate(ids, version),
        )


def _make_probe(
    layout: Layout, layouts: Mapping[str, Layout], children: Sequence[Relationship]
) -> Probe:
    watched = tuple(
        relationship
        for relationship in children
        if relationship.on_delete is not Delete.NONE
        and layouts[relationship.child].stored is not None
        and relationship.column in layouts[relationship.child].position
    )
    parts = [f'p."{VERSION}"']
    for relationship in watched:
        child = layouts[relationship.child]
        condition = _condition(child, relationship, f'p."{layout.primary_id}"')
        parts.append(f'(SELECT 1 FROM "{child.stored}" WHERE {condition} LIMIT 1)')
    query = f'SELECT {", ".join(parts)} FROM "{layout.stored}" p WHERE p."{layout.primary_id}" = ?'
    return Probe(query, watched)


def _condition(child: Layout, relationship: Relationship, parent: str) -> str:
    name = f'"{child.stored}"."{relationship.column}"'
    condition = f"{name} = {parent}"
    if is_polymorphic(child.table.columns[relationship.column]):
        kind = f'"{child.stored}"."{target_column(relationship.column)}"'
        condition += f" AND {kind} = '{relationship.parent}'"
    return condition
