"""Tables and regressions of the fit, on small samples with a known answer."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy")

from seedkit.fitting.regression import logistic, ridge
from seedkit.fitting.tables import FEWEST, margin, normal_scores, residual_table

CHANCE = np.random.Generator(np.random.Philox(3))
SIZE = 2_000
FAMILY = np.repeat(np.arange(SIZE // 5), 5)
WEIGHT = np.full(SIZE, 0.2)


def test_regressions_find_what_made_the_sample() -> None:
    columns = CHANCE.standard_normal((SIZE, 2))
    values = 1.0 + 2.0 * columns[:, 0] - columns[:, 1]
    found = ridge(columns, values, WEIGHT * 100)
    np.testing.assert_allclose(found, [1, 2, -1], atol=0.02)
    chance = 1 / (1 + np.exp(-values))
    yes = (CHANCE.random(SIZE) < chance).astype(float)
    np.testing.assert_allclose(logistic(columns, yes, WEIGHT * 100), [1, 2, -1], atol=0.3)


def test_rare_answers_do_not_run_away() -> None:
    columns = CHANCE.standard_normal((SIZE, 8))
    yes = (np.arange(SIZE) < 20).astype(float)
    assert np.abs(logistic(columns, yes, WEIGHT)).max() < 10


def test_every_knot_has_ten_families_behind_it() -> None:
    values = np.round(np.exp(9 + 1.5 * CHANCE.standard_normal(SIZE)))
    found = margin(values, WEIGHT, FAMILY)
    assert found.families >= FEWEST
    assert (np.diff(found.scores) >= 0).all()
    assert (np.diff(found.amounts) >= 0).all()


def test_the_largest_fortunes_follow_a_formula_and_are_nobodys() -> None:
    values = np.round(np.exp(9 + 1.5 * CHANCE.standard_normal(SIZE)), 2)
    richest = np.argsort(values)[-30:]
    found = margin(values, WEIGHT, FAMILY)
    assert found.amounts[-1] > np.sort(values)[-30]
    assert not np.isin(found.amounts, values[richest]).any()
    richer = values.copy()
    richer[richest[-1]] *= 2
    assert margin(richer, WEIGHT, FAMILY).amounts[-1] < 1.3 * found.amounts[-1]


def test_many_families_with_one_amount_keep_it() -> None:
    values = np.where(np.arange(SIZE) % 10 < 3, 5_000.0, CHANCE.integers(1, 9_999, SIZE))
    found = margin(values, WEIGHT, FAMILY)
    assert (found.amounts == 5_000).sum() >= 2


def test_too_few_families_give_coarser_tables() -> None:
    residual = CHANCE.standard_normal(SIZE)
    table, least = residual_table(residual, np.zeros(SIZE, np.int64), WEIGHT, FAMILY, 32)
    assert least >= FEWEST
    small = slice(0, 300)
    coarse, least = residual_table(
        residual[small], np.zeros(300, np.int64), WEIGHT[small], FAMILY[small], 32
    )
    assert least >= FEWEST
    assert coarse.shape[1] < table.shape[1]


def test_normal_scores_are_normal_and_in_order() -> None:
    values = np.exp(CHANCE.standard_normal(SIZE))
    score = normal_scores(values, WEIGHT, 1)
    assert abs(score.mean()) < 0.01
    assert score.std() == pytest.approx(1, abs=0.02)
    assert (np.diff(score[np.argsort(values)]) > 0).all()
