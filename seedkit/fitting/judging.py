"""Families drawn from figures, held against the survey: cells, classifier, copies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from seedkit.fitting import more_cells, ruler
from seedkit.fitting.classifier import Verdict, verdict
from seedkit.fitting.ruler import Cells, Target
from seedkit.fitting.survey_file import Survey
from seedkit.population.model import BLOCK_HOUSEHOLDS
from seedkit.population.streams import stream
from seedkit.population.survey import Figures, SurveyFamilies, draw_families

Measure = Callable[[Survey], Cells]
SEEDS = (11, 23, 37, 59, 71)
PARTS: Mapping[str, tuple[Measure, Callable[[Survey], dict[str, Target]]]] = {
    "ownership": (ruler.ownership, ruler.ownership_targets),
    "medians": (ruler.medians, ruler.median_targets),
    "ranks": (ruler.ranks, ruler.rank_targets),
    "shares": (more_cells.shares, more_cells.share_targets),
    "money": (more_cells.money, more_cells.money_targets),
}


@dataclass(frozen=True, slots=True)
class Score:
    """What one sample scores on one part of the ruler; `z` by cell, 3 at its tolerance."""

    z: Mapping[str, float]

    @property
    def percent(self) -> float:
        """Return the share of cells within tolerance."""
        return float(100 * np.mean([abs(value) <= ruler.SIGMAS for value in self.z.values()]))


def drawn_sample(figures: Figures, seed: int, households: int = ruler.DRAWN) -> Survey:
    """Draw families block by block, as a bank's population is drawn."""
    blocks = -(-households // BLOCK_HOUSEHOLDS)
    parts = [
        draw_families(figures, partial(stream, seed, block), BLOCK_HOUSEHOLDS)
        for block in range(blocks)
    ]
    return as_sample(parts, households)


def as_sample(parts: list[SurveyFamilies], households: int) -> Survey:
    """Return drawn families in the form of the survey, each of weight 1."""

    def column(name: str) -> np.ndarray:
        return np.concatenate([getattr(part, name) for part in parts])[:households]

    amounts = {
        name: np.concatenate([part.amounts[name] for part in parts])[:households].astype(float)
        for name in parts[0].amounts
    }
    return Survey(
        weight=np.ones(households),
        family=np.arange(households),
        age=column("age"),
        couple=column("couple"),
        children=column("children"),
        schooling=column("schooling"),
        work=column("work"),
        income=column("income").astype(float),
        amounts=amounts,
    )


def judge_cells(survey: Survey, samples: list[Survey]) -> dict[str, list[Score]]:
    """Return the scores of samples on all parts of the ruler."""
    found = {}
    for part, (measure, targets) in PARTS.items():
        wanted = targets(survey)
        found[part] = [_score(wanted, measure(sample)) for sample in samples]
    return found


def _score(targets: Mapping[str, Target], cells: Cells) -> Score:
    return Score(
        {
            name: ruler.SIGMAS * (cells[name] - target.value) / target.tolerance
            if np.isfinite(cells[name])
            else 99.0
            for name, target in targets.items()
        }
    )


def worst_cells(scores: list[Score], most: int = 15) -> list[tuple[str, float]]:
    """Return the cells that are farthest off on the mean of samples."""
    means = {name: float(np.mean([s.z[name] for s in scores])) for name in scores[0].z}
    return sorted(means.items(), key=lambda item: -abs(item[1]))[:most]


def judge_areas(survey: Survey, sample: Survey) -> dict[str, Verdict]:
    """Return the classifier's verdicts on both sets of columns at one and three digits."""
    return {
        f"{columns} columns, {words}": verdict(survey, sample, full, digits)
        for columns, full in ((16, False), (39, True))
        for digits, words in ((1, "one digit"), (3, "three digits"))
    }


def telling(verdicts: list[Verdict], most: int = 8) -> list[tuple[str, float]]:
    """Return the columns that the classifier misses most, on the mean of samples."""
    means = {name: float(np.mean([v.lost[name] for v in verdicts])) for name in verdicts[0].lost}
    return sorted(means.items(), key=lambda item: -item[1])[:most]


def copies(survey: Survey, sample: Survey) -> int:
    """Return how many drawn families equal one of the survey in all amounts and the income.

    Families with fewer than five amounts are left out: they are alike by being poor.
    """
    names = sorted(survey.amounts)
    ours = np.column_stack([sample.income, *(sample.amounts[name] for name in names)])
    theirs = np.column_stack([survey.income, *(survey.amounts[name] for name in names)])
    rich = (ours > 0).sum(axis=1) >= 5
    known = {row.tobytes() for row in np.ascontiguousarray(theirs)}
    return sum(row.tobytes() in known for row in np.ascontiguousarray(ours[rich]))
