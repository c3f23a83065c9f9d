"""The figures that ship, held against the survey that they were fitted to.

`-m survey` runs them; SEEDKIT_SCF_FILE names the public summary file of 2022 as CSV.
"""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import numpy as np
import orjson
import pytest

pytest.importorskip("sklearn")

from seedkit.fitting.classifier import verdict
from seedkit.fitting.judging import SEEDS, copies, drawn_sample, judge_cells
from seedkit.fitting.survey_file import Survey, file_hash, read_survey
from seedkit.population.survey import load_figures
from seedkit.population.survey.figures import FILE

VARIABLE = "SEEDKIT_SCF_FILE"
pytestmark = pytest.mark.survey


@pytest.fixture(scope="module")
def survey() -> Survey:
    return read_survey(Path(os.environ[VARIABLE]))


@pytest.fixture(scope="module")
def samples() -> list[Survey]:
    return [drawn_sample(load_figures(), seed) for seed in SEEDS]


def test_the_figures_name_the_file_that_they_were_fitted_to() -> None:
    source = orjson.loads((files("seedkit.population") / FILE).read_bytes())["source"]
    assert source["sha256"] == file_hash(Path(os.environ[VARIABLE]))


def test_no_drawn_family_is_one_of_the_surveys(survey: Survey, samples: list[Survey]) -> None:
    assert [copies(survey, sample) for sample in samples] == [0] * len(SEEDS)


def test_the_model_alone_meets_the_cells(survey: Survey, samples: list[Survey]) -> None:
    found = judge_cells(survey, samples)
    percent = {part: [score.percent for score in scores] for part, scores in found.items()}
    assert min(percent["ownership"]) >= 99
    assert np.mean(percent["medians"]) >= 95
    assert min(percent["medians"]) >= 92
    assert min(percent["ranks"]) == 100
    assert min(percent["shares"] + percent["money"]) >= 90


@pytest.mark.parametrize("full", [False, True], ids=["16 columns", "39 columns"])
def test_a_classifier_hardly_tells_them_apart(
    survey: Survey, samples: list[Survey], full: bool
) -> None:
    assert 0.45 < verdict(survey, samples[0], full, digits=1).area < 0.58
