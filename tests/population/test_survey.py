"""Families drawn from the survey's figures: exact, coherent, and near what the survey found."""

from __future__ import annotations

import hashlib
import math
from functools import partial
from importlib.resources import files

import numpy as np
import orjson
import pytest

from seedkit.population.streams import stream
from seedkit.population.survey import (
    CERTAIN,
    SurveyFamilies,
    Tilt,
    Tilts,
    draw_families,
    load_figures,
)
from seedkit.population.survey.curves import (
    UNIT,
    between_knots,
    chance_of,
    exponential,
    to_digits,
    trailing_zeros,
)
from seedkit.population.survey.figures import FILE, FORMAT, read_figures

DOCUMENT = files("seedkit.population") / FILE


def families(seed: int = 1, tilts: Tilts = ()) -> SurveyFamilies:
    return draw_families(load_figures(), partial(stream, seed, 0), 4_000, tilts)


def test_the_figures_are_small_and_say_where_they_come_from() -> None:
    text = DOCUMENT.read_bytes()
    assert len(text) <= 200_000
    source = orjson.loads(text)["source"]
    assert source["year"] == 2022
    assert source["title"]
    assert len(source["sha256"]) == 64


def test_ten_families_or_more_stand_behind_every_figure() -> None:
    steps = orjson.loads(DOCUMENT.read_bytes())["steps"]
    assert {step["name"] for step in steps if step["families"] < 10} == set()


def test_figures_of_another_format_are_refused() -> None:
    text = DOCUMENT.read_bytes().replace(b'"format":%d' % FORMAT, b'"format":99')
    with pytest.raises(ValueError, match="format 99"):
        read_figures(text)


def test_the_same_bytes_on_every_machine() -> None:
    drawn = families()
    digest = hashlib.sha256()
    for values in (drawn.age, drawn.children, drawn.income, *drawn.amounts.values()):
        digest.update(values.astype("<i8").tobytes())
    assert digest.hexdigest()[:16] == "f54e8c9935e39937"


def test_curves_are_those_of_the_textbook() -> None:
    at = np.arange(-3 * UNIT, 3 * UNIT, 777)
    expected = [2**32 / (1 + math.exp(-x / UNIT)) for x in at]
    np.testing.assert_allclose(chance_of(at), expected, rtol=1e-4)
    powers = [UNIT * math.exp(x / UNIT) for x in at]
    np.testing.assert_allclose(exponential(at), powers, rtol=1e-3, atol=1)


def test_lines_between_knots_and_leading_digits() -> None:
    places, values = np.array([0, 10, 20]), np.array([100, 100, 300])
    at = np.array([-5, 5, 15, 25])
    assert between_knots(places, values, at).tolist() == [100, 100, 200, 300]
    assert to_digits(np.array([0, 7, 1_249, 1_250]), 2).tolist() == [0, 7, 1_200, 1_300]
    assert trailing_zeros(np.array([5, 50, 1_200, 1_000])).tolist() == [0, 1, 2, 3]


def test_what_can_not_be_is_not() -> None:
    drawn = families()
    own = drawn.amounts
    assert not (own["mortgage"] > own["home"]).any()
    assert not ((own["heloc"] > 0) & (own["home"] == 0)).any()
    assert not (own["vehicle_loan"] > own["vehicle"] * 5 // 4).any()
    assert not ((own["other_residential_debt"] > 0) & (own["other_real_estate"] == 0)).any()
    assert (drawn.age >= 18).all()
    assert (drawn.income >= 0).all()
    assert all((values >= 0).all() for values in own.values())


def test_near_what_the_survey_found() -> None:
    # shares and medians of the Survey of Consumer Finances 2022
    drawn = families()
    owned = {name: float((values > 0).mean()) for name, values in drawn.amounts.items()}
    assert owned["home"] == pytest.approx(0.66, abs=0.04)
    assert owned["mortgage"] == pytest.approx(0.41, abs=0.04)
    assert owned["retirement"] == pytest.approx(0.54, abs=0.04)
    assert owned["credit_card"] == pytest.approx(0.45, abs=0.04)
    assert drawn.couple.mean() == pytest.approx(0.575, abs=0.04)
    assert np.median(drawn.income) == pytest.approx(70_260, rel=0.08)
    homes = drawn.amounts["home"]
    assert np.median(homes[homes > 0]) == pytest.approx(323_000, rel=0.1)


def test_tilts_move_the_odds_of_a_decision() -> None:
    usual, none = families(), families(tilts=(Tilt("home", -CERTAIN),))
    more = families(tilts=(Tilt("home", UNIT),))
    assert (none.amounts["home"] == 0).all()
    assert (more.amounts["home"] > 0).sum() > (usual.amounts["home"] > 0).sum()
    assert (more.age == usual.age).all()
