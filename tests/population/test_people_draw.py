"""How chance becomes values."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedkit.population import draw
from seedkit.population.days import add_months, add_years, whole_months, whole_years
from seedkit.population.streams import stream
from tests.population.made import FEW

DAY = np.datetime64


def test_a_stream_gives_the_same_values_on_every_machine() -> None:
    pinned = [1607459633, 1514140655, 1040200388, 204756344]
    assert draw.raw(stream(1, 2, "a stage"), 4).tolist() == pinned


@pytest.mark.parametrize("random_seed", [0, 1, 2**63 - 1])
@pytest.mark.parametrize("stage", ["", "families", "adults", "jobs", "streets"])
def test_a_stream_is_philox_keyed_by_all_bits_of_seed_and_stage(
    random_seed: int, stage: str
) -> None:
    digest = hashlib.blake2b(stage.encode(), digest_size=8).digest()
    key = np.array([random_seed, int.from_bytes(digest, "big")], np.uint64)
    philox = np.random.Philox(key=key, counter=[0, 0, 0, 5])
    mine = stream(random_seed, 5, stage).bit_generator
    assert (mine.random_raw(8) == philox.random_raw(8)).all()


def test_streams_of_stages_and_blocks_differ() -> None:
    rows = {
        tuple(draw.raw(stream(seed, block, stage), 4))
        for seed in (1, 2)
        for block in (0, 1)
        for stage in ("a", "b")
    }
    assert len(rows) == 8


def test_expand_numbers_the_rows_of_each_parent() -> None:
    parent, number = draw.expand([2, 0, 1])
    assert parent.tolist() == [0, 0, 2]
    assert number.tolist() == [0, 1, 0]


def test_pick_follows_the_weights_and_never_takes_a_zero() -> None:
    found = np.bincount(draw.pick(stream(1, 0, "x"), [0, 3, 0, 1, 0], 8_000), minlength=5)
    assert found[[0, 2, 4]].tolist() == [0, 0, 0]
    assert 0.72 < found[1] / 8_000 < 0.78


def test_pick_by_uses_the_row_of_each_entry() -> None:
    rows = np.array([0, 1, 2, 1, 0])
    table = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert draw.pick_by(stream(1, 0, "x"), table, rows).tolist() == rows.tolist()


@pytest.mark.parametrize(("rank", "value"), [(0, 10), (1 << 31, 20), ((1 << 32) - 1, 39)])
def test_amounts_lie_on_straight_lines_between_quantiles(rank: int, value: int) -> None:
    assert draw.at_rank([[10, 20, 40]], np.array([0]), np.array([rank]))[0] == value


@FEW
@given(st.integers(-50, 150), st.integers(0, 120), st.integers(0, 2**32))
def test_amount_within_stays_within(low: int, width: int, seed: int) -> None:
    row = [0, 5, 7, 30, 100]
    found = draw.amount_within(stream(seed, 0, "x"), row, low, low + width, 200)
    assert found.min() >= low
    assert found.max() <= max(low + width, 0)


def test_amount_within_keeps_the_shape_inside_the_limits() -> None:
    row = [0, 10, 20, 30, 100]
    found = draw.amount_within(stream(3, 0, "x"), row, 10, 100, 6_000)
    # a third each of 10-20, 20-30 and 30-100
    assert abs(np.mean(found < 20) - 1 / 3) < 0.03
    assert abs(np.mean(found >= 30) - 1 / 3) < 0.03


def test_tilted_chances_keep_the_share_and_the_order() -> None:
    chance = draw.tilted(0.5, [1, 2, 9, 0], rows=4)
    assert abs(chance.sum() - 2) < 0.01
    assert chance[2] == 1
    assert chance[3] == 0
    assert abs(chance[1] - 2 * chance[0]) < 0.01
    assert draw.tilted(1.0, [3, 5], rows=2).tolist() == [1.0, 1.0]
    assert draw.tilted(0.9, [1, 1], rows=2, most=0.7).tolist() == [0.7, 0.7]
    assert draw.tilted(0.5, [0, 0], rows=0).tolist() == [0.0, 0.0]


def test_coin_and_between_keep_their_limits() -> None:
    rng = stream(1, 0, "x")
    assert not draw.coin(rng, 0.0, 500).any()
    assert draw.coin(rng, 1.0, 500).all()
    assert set(draw.between(rng, 3, 5, 300).tolist()) == {3, 4, 5}


def test_months_and_years_end_with_the_shorter_month() -> None:
    assert add_months(DAY("2024-01-31"), 1) == DAY("2024-02-29")
    assert add_years(DAY("2024-02-29"), 1) == DAY("2025-02-28")
    assert add_months(DAY("2024-03-31"), -1) == DAY("2024-02-29")


@pytest.mark.parametrize(
    ("birth", "today", "age"),
    [
        ("2000-06-30", "2025-06-30", 25),
        ("2000-07-01", "2025-06-30", 24),
        ("2000-02-29", "2023-02-28", 23),
        ("2025-06-30", "2025-06-30", 0),
    ],
)
def test_ages_are_completed_years(birth: str, today: str, age: int) -> None:
    assert whole_years(DAY(birth), DAY(today)) == age


def test_whole_months_counts_completed_ones() -> None:
    assert whole_months(DAY("2024-01-31"), DAY("2024-02-29")) == 1
    assert whole_months(DAY("2024-01-15"), DAY("2024-02-14")) == 0
