"""Hierarchies within one table: all rows above or below one."""

from __future__ import annotations

from dataclasses import dataclass

from seedkit.emulator.errors import unsupported
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
    """Return a table's hierarchy; 501 when none is known.

    No source says which of a table's lookups to itself is the hierarchical one; the parent lookup
    that bears the table's own name is taken [inferred].
    """
    name = f"parent{layout.name}id"
    column = layout.table.columns.get(name)
    if column is None or not column.targets or layout.name not in column.targets:
        raise unsupported(f"a hierarchy of {layout.name}")
    return Tree(layout, name)
