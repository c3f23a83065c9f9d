"""Many-to-many relationships as they lie in the store: pairs of ids in an intersect table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seedkit.emulator.storage.layout import Layout
from seedkit.schema import Catalogue, ManyToMany, Side


@dataclass(frozen=True, slots=True)
class Link:
    """A many-to-many relationship as the rows of its near end see it."""

    relationship: ManyToMany
    near: Side
    far: Side

    def condition(self, far_id: str) -> str:
        """Return the SQL that a far row belongs to the near row whose id is the parameter."""
        return (
            f'EXISTS (SELECT 1 FROM "{self.relationship.intersect}" AS pair '
            f'WHERE pair."{self.near.column}" = ? AND pair."{self.far.column}" = {far_id})'
        )


def links(catalogue: Catalogue) -> dict[str, Mapping[str, Link]]:
    """Return, per table, its many-to-many relationships by navigation property."""
    found: dict[str, dict[str, Link]] = {}
    for relationships in catalogue.many_to_many.values():
        for item in relationships:
            for near, far in ((item.first, item.second), (item.second, item.first)):
                found.setdefault(near.table, {})[near.collection] = Link(item, near, far)
    return dict(found)


def pair_deletes(layouts: Mapping[str, Layout]) -> dict[str, tuple[str, ...]]:
    """Return, per table, the SQL that drops the pairs of a row: its id is the parameter."""
    found: dict[str, tuple[str, ...]] = {}
    for layout in layouts.values():
        pairs = layout.table.many_to_many
        for side in () if pairs is None else (pairs.first, pairs.second):
            statement = f'DELETE FROM "{layout.name}" WHERE "{side.column}" = ?'
            found[side.table] = (*found.get(side.table, ()), statement)
    return found
