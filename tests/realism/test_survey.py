"""The ruler on the survey itself: its own weighted rows must hold everywhere.

`-m survey` runs them; SEEDKIT_SCF_FILE names the public summary file of 2022 as CSV.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from seedkit.extract.model import Extract
from seedkit.extract.reading import read_extract
from seedkit.realism.frames import make_frames
from seedkit.realism.scoring import judge
from seedkit.realism.targets import load_targets

from .survey import ABOUT, KINDS, make_extract, read_survey, write_survey

VARIABLE = "SEEDKIT_SCF_FILE"
SURVEY = "Survey of Consumer Finances 2022, summary extract of the public data"


def missing(extract: Extract) -> tuple[int, list[str]]:
    """Return how many of the survey's cells were judged, and those that do not hold."""
    targets = [t for t in load_targets("en_US").measured if t.source.title == SURVEY]
    verdicts = judge(make_frames([extract], ABOUT), targets)
    return len(verdicts), [f"{v.target.id} {v.label}" for v in verdicts if not v.holds]


@pytest.fixture(scope="module")
def survey() -> Extract:
    return read_survey(Path(os.environ[VARIABLE]))


@pytest.mark.survey
def test_the_surveys_own_rows_hold_in_every_cell(survey: Extract) -> None:
    cells, off = missing(survey)
    assert cells > 800
    assert off == []


@pytest.mark.survey
def test_they_hold_as_files_too(survey: Extract, tmp_path: Path) -> None:
    write_survey(survey, tmp_path / "survey")
    _, read = read_extract(tmp_path / "survey")
    assert missing(read)[1] == []


@pytest.mark.survey
def test_unweighted_or_shuffled_rows_do_not_hold(survey: Extract) -> None:
    homes = survey.households
    plain = {**homes.columns, "weight": np.ones(len(homes))}
    unweighted = Extract(type(homes)(plain), *list(survey.sheets().values())[1:])
    cells, off = missing(unweighted)
    assert len(off) > 0.3 * cells
    rows = survey.holdings
    home = np.random.Generator(np.random.Philox(3)).permutation(rows["household"])
    shuffled = {**rows.columns, "household": home}
    cells, off = missing(
        Extract(homes, survey.people, type(rows)(shuffled), survey.cards, survey.events)
    )
    assert len(off) > 0.3 * cells


def test_a_row_of_a_survey_becomes_a_household() -> None:
    """Two invented families, one a couple with children that owes on its home."""
    columns = {name: np.zeros(2) for name in KINDS}
    columns |= {
        "wgt": np.array([1_000.0, 3_000.0]),
        "age": np.array([44.0, 70.0]),
        "educ": np.array([12.0, 8.0]),
        "married": np.array([1.0, 2.0]),
        "kids": np.array([2.0, 0.0]),
        "occat1": np.array([1.0, 3.0]),
        "income": np.array([90_000.0, 20_000.0]),
        "late60": np.array([0.0, 1.0]),
        "houses": np.array([300_000.0, 0.0]),
        "checking": np.array([2_000.0, 0.0]),
        "liq": np.array([2_000.0, 50.0]),
        "fin": np.array([2_000.0, 50.0]),
        "nh_mort": np.array([100_000.0, 0.0]),
        "oresre": np.zeros(2),
        "nnresre": np.zeros(2),
        "asset": np.array([302_000.0, 50.0]),
    }
    families = make_frames([make_extract(columns)], ABOUT)["families"]
    assert families["children"].tolist() == [2, 0]
    assert families["structure"].tolist() == ["couple_with_child", "single_without_child_older"]
    assert families["work"].tolist() == ["employee", "retired_or_disabled"]
    assert families["college"].tolist() == [True, False]
    assert families["net_worth"].tolist() == [202_000.0, 50.0]
    assert families["prepaid"].tolist() == [0.0, 50.0]
    assert families["has_transaction"].tolist() == [True, True]
    assert families["mortgaged"].tolist() == [True, False]
    assert families["income_group"].tolist() == [87, 37]
