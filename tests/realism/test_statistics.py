"""Weighted statistics: what they are on rows that can be counted by hand, and their errors."""

from __future__ import annotations

import numpy as np
import pytest

from seedkit.realism import statistics as stats

ONES = np.ones(5)
VALUES = np.array([1.0, 2.0, 3.0, 4.0, 10.0])


def test_means_shares_and_quantiles_of_five_rows() -> None:
    assert stats.mean(VALUES, ONES).value == 4
    assert stats.share(np.array([1.0, 0, 0, 1, 0]), ONES).value == 0.4
    assert stats.quantile(VALUES, ONES, 0.5).value == 3
    assert stats.quantile(VALUES, ONES, 0.2).value == 1
    assert stats.quantile(VALUES, ONES, 0.99).value == 10


def test_a_weight_is_as_many_rows() -> None:
    weight = np.array([1.0, 3.0, 1.0])
    few, many = np.array([5.0, 7.0, 9.0]), np.array([5.0, 7.0, 7.0, 7.0, 9.0])
    for one in (stats.mean, stats.log_spread, stats.gini):
        assert one(few, weight).value == pytest.approx(one(many, np.ones(5)).value)
    for part in (0.1, 0.5, 0.9):
        assert (
            stats.quantile(few, weight, part).value == stats.quantile(many, np.ones(5), part).value
        )
    assert stats.effective(weight) == pytest.approx(25 / 11)


def test_correlations() -> None:
    two = VALUES**3
    assert stats.rank_correlation(VALUES, two, ONES).value == pytest.approx(1)
    assert stats.correlation(VALUES, two, ONES).value < 1
    assert stats.correlation(VALUES, -VALUES, ONES).value == pytest.approx(-1)


def test_equal_values_share_their_middle_rank() -> None:
    # the textbook's formula on ranks 2, 2, 2, 4, 5 and 1, 2, 3, 4, 5
    one = np.array([7.0, 7, 7, 8, 9])
    expected = np.corrcoef([2, 2, 2, 4, 5], [1, 2, 3, 4, 5])[0, 1]
    assert stats.rank_correlation(one, VALUES, ONES).value == pytest.approx(expected)


def test_ratios_gini_and_spreads() -> None:
    assert stats.ratio(np.array([1.0, 1, 0]), np.array([2.0, 2, 4]), np.ones(3)).value == 0.25
    assert stats.gini(np.ones(50), np.ones(50)).value == pytest.approx(0, abs=1e-9)
    assert stats.gini(np.array([0.0] * 99 + [1.0]), np.ones(100)).value == pytest.approx(0.99)
    assert stats.log_spread(np.array([0.0, 1.0, np.e**2]), np.ones(3)).value == 1


def test_nothing_is_known_of_no_rows() -> None:
    none = np.zeros(0)
    for found in (
        stats.mean(none, none),
        stats.share(none, none),
        stats.quantile(none, none, 0.5),
        stats.log_spread(none, none),
        stats.correlation(none, none, none),
        stats.ratio(none, none, none),
        stats.gini(none, none),
    ):
        assert found.rows == 0


def measures():
    rng = np.random.Generator(np.random.Philox(7))

    def draw() -> tuple[np.ndarray, np.ndarray]:
        one = rng.normal(size=(2, 400))
        return np.exp(one[0]), 0.6 * one[0] + 0.8 * one[1]

    return draw, {
        "mean": lambda a, b, w: stats.mean(a, w),
        "share": lambda a, b, w: stats.share((a > 2) * 1.0, w),
        "median": lambda a, b, w: stats.quantile(a, w, 0.5),
        "log spread": lambda a, b, w: stats.log_spread(a, w),
        "correlation": lambda a, b, w: stats.correlation(np.log(a), b, w),
        "rank": lambda a, b, w: stats.rank_correlation(a, b, w),
        "ratio": lambda a, b, w: stats.ratio(a * (b > 0), a, w),
    }


@pytest.mark.parametrize("name", measures()[1])
def test_errors_are_those_of_drawing_again(name: str) -> None:
    draw, every = measures()
    found = [every[name](*draw(), np.ones(400)) for _ in range(300)]
    spread = np.std([estimate.value for estimate in found])
    assert np.mean([estimate.error for estimate in found]) == pytest.approx(spread, rel=0.25)
