"""The classifier that judges drawn families: blind to equals, and right about what tells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("sklearn")

from seedkit.fitting.classifier import core_columns, full_columns, verdict
from seedkit.fitting.judging import copies, telling
from seedkit.fitting.ruler import ASSETS, DEBTS
from seedkit.fitting.survey_file import Survey

SIZE = 1_500


def made(seed: int) -> Survey:
    """Return families whose amounts are drawn from the same laws for every seed."""
    chance = np.random.Generator(np.random.Philox(seed))
    amounts = {name: np.exp(chance.normal(9, 1, SIZE)).round() for name in (*ASSETS, *DEBTS)}
    return Survey(
        weight=np.ones(SIZE),
        family=np.arange(SIZE),
        age=chance.integers(20, 80, SIZE),
        couple=chance.random(SIZE) < 0.5,
        children=chance.integers(0, 3, SIZE),
        schooling=chance.integers(0, 4, SIZE),
        work=chance.integers(1, 5, SIZE),
        income=np.exp(chance.normal(11, 1, SIZE)).round(),
        amounts=amounts,
    )


SURVEY, EQUAL = made(1), made(2)


def test_it_looks_at_16_and_at_39_columns() -> None:
    assert len(core_columns(SURVEY, 1)) == 16
    assert len(full_columns(SURVEY, 3)) == 39


def test_equals_are_not_told_apart() -> None:
    assert verdict(SURVEY, EQUAL, full=False, digits=1).area == pytest.approx(0.5, abs=0.05)


def test_the_column_that_gives_drawn_families_away_is_named() -> None:
    dear = {**EQUAL.amounts, "vehicle": EQUAL.amounts["vehicle"] * 4}
    found = verdict(SURVEY, replace(EQUAL, amounts=dear), full=False, digits=1)
    assert found.area > 0.7
    (name, lost), (_, next_most) = telling([found], 2)
    assert name == "vehicle"
    assert lost > 0.1 > next_most


def test_copied_families_are_counted() -> None:
    assert copies(SURVEY, EQUAL) == 0
    rows = np.arange(SIZE) < 7
    mixed = {
        name: np.where(rows, SURVEY.amounts[name], values) for name, values in EQUAL.amounts.items()
    }
    income = np.where(rows, SURVEY.income, EQUAL.income)
    assert copies(SURVEY, replace(EQUAL, income=income, amounts=mixed)) == 7
