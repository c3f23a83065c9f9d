"""Spans against a plain set."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from seedkit.spans import Spans

PAIRS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 12)), max_size=15)


def plain(pairs: list[tuple[int, int]]) -> set[int]:
    return {number for first, count in pairs for number in range(first, first + count)}


@given(PAIRS, st.integers(0, 75), st.integers(1, 15))
def test_behaves_like_a_set(pairs: list[tuple[int, int]], first: int, count: int) -> None:
    spans, numbers = Spans(pairs), plain(pairs)
    assert len(spans) == len(numbers)
    assert (first in spans) == (first in numbers)
    assert spans.covers(first, count) == (set(range(first, first + count)) <= numbers)


@given(PAIRS)
def test_pairs_are_the_smallest_way_to_say_it(pairs: list[tuple[int, int]]) -> None:
    spans = Spans(pairs)
    found = spans.pairs()
    assert plain(found) == plain(pairs)
    assert all(count > 0 for _, count in found)
    assert all(a + n < b for (a, n), (b, _) in pairwise(found))
    assert Spans(reversed(pairs)).pairs() == found


def test_an_empty_set() -> None:
    assert len(Spans()) == 0
    assert 0 not in Spans()
    assert not Spans().covers(0, 1)


@given(PAIRS, st.integers(0, 60), st.integers(0, 60))
def test_gaps_are_what_is_not_covered(pairs: list[tuple[int, int]], first: int, count: int) -> None:
    spans = Spans(pairs)
    gaps = [n for start, size in spans.gaps(first, count) for n in range(start, start + size)]
    assert gaps == [n for n in range(first, first + count) if n not in spans]
