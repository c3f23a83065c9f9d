"""Layers of tables: parents first, cycles opened only where that is allowed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedkit.errors import SeedkitError
from seedkit.ordering import Arrangement, Edge, arrange


def firm(child: str, parent: str) -> Edge:
    return Edge(child, parent, f"{child}_{parent}", firm=True)


def loose(child: str, parent: str) -> Edge:
    return Edge(child, parent, f"{child}_{parent}", firm=False)


def test_layers_put_parents_first() -> None:
    found = arrange("dcba", [firm("b", "a"), firm("c", "b"), loose("d", "a")])
    assert found == Arrangement((("a",), ("b", "d"), ("c",)), ())
    assert found.layer_of("d") == 1


def test_edges_to_itself_and_to_other_tables_do_not_count() -> None:
    found = arrange("ab", [firm("a", "a"), firm("b", "elsewhere"), firm("elsewhere", "a")])
    assert found.layers == (("a", "b"),)


def test_a_cycle_is_opened_at_its_loose_edge() -> None:
    edges = [firm("member", "group"), loose("group", "member")]
    found = arrange(["group", "member"], edges)
    assert found.layers == (("group",), ("member",))
    assert found.opened == (edges[1],)


def test_all_columns_between_a_pair_are_opened_together() -> None:
    both = [Edge("group", "member", column, firm=False) for column in ("first", "second")]
    found = arrange(["group", "member"], [firm("member", "group"), *both])
    assert found.opened == tuple(both)


def test_a_pair_that_one_firm_column_ties_is_not_opened() -> None:
    edges = [loose("a", "b"), firm("a", "b"), loose("b", "a")]
    found = arrange("ab", edges)
    assert found.layers == (("b",), ("a",))
    assert found.opened == (edges[2],)


def test_an_impossible_cycle_names_its_tables() -> None:
    with pytest.raises(SeedkitError, match="need one another") as caught:
        arrange("xyz", [firm("x", "y"), firm("y", "z"), firm("z", "x")])
    assert all(name in caught.value.message for name in "xyz")


NAMES = st.sampled_from("abcdef")
EDGES = st.lists(st.builds(Edge, NAMES, NAMES, st.sampled_from("pq"), st.booleans()), max_size=20)


@given(EDGES)
def test_whatever_is_not_opened_holds(edges: list[Edge]) -> None:
    try:
        found = arrange("abcdef", edges)
    except SeedkitError:
        # Only firm edges may make an order impossible.
        with pytest.raises(SeedkitError):
            arrange("abcdef", [edge for edge in edges if edge.firm])
        return
    assert sorted(name for layer in found.layers for name in layer) == list("abcdef")
    assert not any(edge.firm for edge in found.opened)
    for edge in edges:
        if edge not in found.opened and edge.child != edge.parent:
            assert found.layer_of(edge.child) > found.layer_of(edge.parent)


def test_every_process_opens_the_same_edges() -> None:
    """Texts hash differently in each process, so sets come in another order in each."""
    program = (
        "from random import Random\n"
        "from seedkit.ordering import Edge, arrange\n"
        "draw, names = Random(1), [f'table{n}' for n in range(9)]\n"
        "for _ in range(200):\n"
        "    pairs = [draw.sample(names, 2) for _ in range(12)]\n"
        "    print(arrange(names, [Edge(c, p, 'x', False) for c, p in pairs]))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "123"
    }
    assert len(found) == 1
