"""Tables in layers: whatever a table points at lies in an earlier layer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from seedkit.errors import SeedkitError


@dataclass(frozen=True, slots=True)
class Edge:
    """`child` points at `parent` by `column`; only an edge that is not firm may be opened."""

    child: str
    parent: str
    column: str
    firm: bool


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Layers of tables, parents first, and the edges that had to be opened for it."""

    layers: tuple[tuple[str, ...], ...]
    opened: tuple[Edge, ...]

    def layer_of(self, table: str) -> int:
        """Return the number of the layer in which a table lies."""
        return next(number for number, layer in enumerate(self.layers) if table in layer)


def arrange(tables: Iterable[str], edges: Iterable[Edge]) -> Arrangement:
    """Arrange tables in layers and open cycles at edges that are not firm."""
    nodes = sorted(tables)
    known = set(nodes)
    remaining = [
        edge
        for edge in edges
        if edge.child in known and edge.parent in known and edge.child != edge.parent
    ]
    opened: list[Edge] = []
    while True:
        try:
            return Arrangement(_layers(nodes, remaining), tuple(opened))
        except CycleError as error:
            cut = _loose_edges(error.args[1], remaining)
            opened += cut
            remaining = [edge for edge in remaining if edge not in cut]


def _layers(nodes: list[str], edges: list[Edge]) -> tuple[tuple[str, ...], ...]:
    # Sorted, because which cycle is found first depends on the order, and a set has none.
    sorter = TopologicalSorter(
        {node: sorted({e.parent for e in edges if e.child == node}) for node in nodes}
    )
    sorter.prepare()
    layers = []
    while sorter.is_active():
        ready = tuple(sorted(sorter.get_ready()))
        layers.append(ready)
        sorter.done(*ready)
    return tuple(layers)


def _loose_edges(cycle: list[str], edges: list[Edge]) -> list[Edge]:
    """Return the edges to open in a cycle: all loose ones between one pair of its tables."""
    pairs = {pair for step in pairwise(cycle) for pair in (step, step[::-1])}
    loose = [e for e in edges if (e.child, e.parent) in pairs and not e.firm]
    for first in loose:
        pair = [e for e in edges if (e.child, e.parent) == (first.child, first.parent)]
        if not any(edge.firm for edge in pair):
            return pair
    raise SeedkitError(f"The tables {', '.join(cycle)} need one another; no order fits.")
