"""In which order tables are emptied: children first, by the environment's own relationships."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from seedkit.dataverse.metadata import LiveRelationship, LiveTable
from seedkit.errors import SeedkitError
from seedkit.ordering import Edge, arrange
from seedkit.plan import Plan


def deletion_order(plan: Plan, live: Mapping[str, LiveTable]) -> list[str]:
    """Return the run's tables, children first.

    A lookup that deleting its target merely empties may be opened where tables form a cycle; if
    that is not enough, one by which our own rows take one another along as well.
    """
    try:
        return _order(plan, live, lambda lookup: lookup.takes_child or lookup.blocks)
    except SeedkitError:
        return _order(plan, live, lambda lookup: lookup.blocks)


def _order(
    plan: Plan, live: Mapping[str, LiveTable], firm: Callable[[LiveRelationship], bool]
) -> list[str]:
    names = sorted(table.name for table in plan.tables)
    edges = [
        Edge(name, lookup.parent, lookup.column, firm(lookup))
        for name in names
        for lookup in live[name].lookups
        if lookup.parent in names
    ]
    layers = arrange(names, edges).layers
    return [name for layer in reversed(layers) for name in layer]
