"""One decision fitted to the survey: its regressions and tables, before raking."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from seedkit.fitting.plan import Planned, for_raking
from seedkit.fitting.regression import logistic, ridge
from seedkit.fitting.steps import Draft
from seedkit.fitting.survey_file import Floats, Survey
from seedkit.fitting.tables import FEWEST, margin, normal_scores, residual_table
from seedkit.population.survey.columns import Columns
from seedkit.population.survey.curves import UNIT

Rows = NDArray[np.bool_]

_STEPS = 32  # of residual tables, where there are families enough
_FAMILIES_OF_BIN = 400
_MOST_BINS = 5
_LEAST_RESIDUAL = 0.05
_MOST_DEVIATION = 1.2


def fit_decision(planned: Planned, survey: Survey, columns: Columns, yes: Rows) -> Draft:
    """Fit for whom a decision is yes, among those who can decide."""
    rows = may_decide(planned, columns)
    names, table = usable(survey, columns, rows)
    found = logistic(table, yes[rows].astype(float), survey.weight[rows])
    sides = (np.unique(survey.family[rows & side]).size for side in (yes, ~yes))
    return Draft(planned, min(sides), owns=_named(names, found))


def fit_amounts(
    draft: Draft, survey: Survey, columns: Columns, amounts: Floats, seed: int
) -> tuple[Draft, Floats]:
    """Fit how much owners have; return also the scores of all rows, 0 for others."""
    rows = amounts > 0
    weight, family = survey.weight[rows], survey.family[rows]
    score = normal_scores(amounts[rows], weight, seed)
    names, table = usable(survey, columns, rows)
    mean = ridge(table, score, weight)
    expected = mean[0] + table @ mean[1:]
    residual = score - expected
    sizes = np.log(np.abs(residual) + _LEAST_RESIDUAL)
    deviation = ridge(table, sizes, weight)
    deviation[0] -= float(np.average(deviation[0] + table @ deviation[1:], weights=weight))
    spread = np.exp(
        np.clip(deviation[0] + table @ deviation[1:], -_MOST_DEVIATION, _MOST_DEVIATION)
    )
    bins = _bins(expected, weight, np.unique(family).size)
    steps, least = residual_table(
        residual / spread, np.searchsorted(bins, expected), weight, family, _STEPS
    )
    steps = np.sort(steps, axis=1)
    found = margin(amounts[rows], weight, family)
    full = np.zeros(amounts.size)
    full[rows] = score
    return Draft(
        planned=draft.planned,
        families=min(draft.families, least, found.families),
        owns=draft.owns,
        mean=_named(names, mean),
        deviation=_named(names, deviation),
        bins=bins,
        residuals=steps,
        before=np.array([[-6.0, 6.0]]),
        after=np.array([[-6.0, 6.0]]),
        scores=found.scores,
        amounts=found.amounts,
    ), full


def may_decide(planned: Planned, columns: Columns) -> Rows:
    """Return the rows for which a decision is open."""
    if not planned.needs:
        return np.ones(columns.values.shape[0], np.bool_)
    return np.asarray(columns.of(planned.needs) > 0)


def usable(survey: Survey, columns: Columns, rows: Rows) -> tuple[list[str], Floats]:
    """Return the columns that a regression may use: ten families on either side of each."""
    names, kept = [], []
    family = survey.family[rows]
    for name in columns.names[1 : columns.filled]:
        values = columns.values[rows, columns.places[name]]
        other = values != np.median(values)
        if not for_raking(name) and np.unique(family[other]).size >= FEWEST:
            names.append(name)
            kept.append(values / UNIT)
    return names, np.column_stack(kept)


def _bins(expected: Floats, weight: Floats, families: int) -> Floats:
    """Return the scores that part owners into groups with tables of residuals of their own."""
    count = int(np.clip(families // _FAMILIES_OF_BIN, 1, _MOST_BINS))
    order = np.argsort(expected)
    mass = np.cumsum(weight[order]) / weight.sum()
    return np.interp(np.arange(1, count) / count, mass, expected[order])


def _named(names: list[str], coefficients: Floats) -> Mapping[str, float]:
    return {
        "one": float(coefficients[0]),
        **dict(zip(names, coefficients[1:].tolist(), strict=True)),
    }
