"""Which hierarchy a column of a query belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from seedkit.emulator.query.fetch.sources import Field
from seedkit.emulator.query.trees import Tree, tree_of
from seedkit.emulator.storage.layout import Layout


def hierarchy(layouts: Mapping[str, Layout], field: Field) -> Tree | None:
    """Return the hierarchy that a key or a lookup to one table belongs to, None for neither."""
    if field.column.name == field.source.layout.primary_id:
        return tree_of(field.source.layout)
    targets = list(field.column.targets or {})
    return tree_of(layouts[targets[0]]) if len(targets) == 1 else None
