"""Hierarchies within one table: all rows above or below one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seedkit.emulator.query.fetch.sources import Field
from seedkit.emulator.query.viewer import parent_column
from seedkit.emulator.storage.layout import Layout


@dataclass(frozen=True, slots=True)
class Tree:
    """A table whose rows lie under each other by one of its lookups."""

    layout: Layout
    parent: str

    def walk(self, row: str, *, up: bool) -> str:
        """Return the SELECT of a row's id and all above or below it; a circle is walked once."""
        key, parent = f'"{self.layout.primary_id}"', f'"{self.parent}"'
        here, there = (key, parent) if up else (parent, key)
        return (
            f"WITH RECURSIVE walk(id) AS (SELECT {row} UNION SELECT r.{there} "
            f'FROM "{self.layout.name}" r JOIN walk ON r.{here} = walk.id) '
            "SELECT id FROM walk WHERE id IS NOT NULL"
        )


def tree_of(layout: Layout) -> Tree:
    """Return a table's hierarchy; 501 when none is known."""
    return Tree(layout, parent_column(layout))


def hierarchy(layouts: Mapping[str, Layout], field: Field) -> Tree | None:
    """Return the hierarchy that a key or a lookup to one table belongs to, None for neither."""
    if field.column.name == field.source.layout.primary_id:
        return tree_of(field.source.layout)
    targets = list(field.column.targets or {})
    return tree_of(layouts[targets[0]]) if len(targets) == 1 else None
