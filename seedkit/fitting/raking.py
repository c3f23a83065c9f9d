"""Raking: steps are set right by age, income and home, in households that they draw themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from scipy.special import ndtri

from seedkit.fitting.fit_steps import Rows, may_decide
from seedkit.fitting.steps import Draft
from seedkit.fitting.survey_file import Floats, Survey
from seedkit.fitting.tables import FEWEST
from seedkit.population.survey.columns import BANDS, Columns
from seedkit.population.survey.curves import UNIT
from seedkit.population.survey.drawing import Chain, raw_scores
from seedkit.population.survey.figures import read_step

ROUNDS = 24  # each sets one of the groupings right, in turn: all at once would overshoot
_PACE = 0.9
_FAMILIES_OF_DOUBT = 15  # a cell with as many families moves half of its way
_MAP = np.concatenate([[0.003, 0.01, 0.03], np.arange(1, 20) / 20, [0.97, 0.99, 0.997]])
_AGE_MAP = np.concatenate([[0.02], np.arange(1, 10) / 10, [0.98]])
_BEYOND, _NARROWEST = 2.0, 0.02  # scores beyond the ends of maps; between their knots
_BY_BAND = tuple(f"age band {row}" for row in range(BANDS))
_BY_GROUP = tuple(f"income group {row}" for row in range(BANDS))
_BY_HOME = tuple(f"owner x income group {row}" for row in range(BANDS))


def cells_of(columns: Columns) -> list[tuple[str, ...]]:
    """Return the columns by which a step is raked: those of age, income and home known so far."""
    return [group for group in (_BY_BAND, _BY_GROUP, _BY_HOME) if group[0] in columns.places]


def all_cells(columns: Columns) -> list[str]:
    """Return all columns by which a step is raked."""
    return [name for group in cells_of(columns) for name in group]


def rake_decision(draft: Draft, survey: Survey, columns: Columns, yes: Rows, chain: Chain) -> Draft:
    """Set a decision right: the survey's share of yes in each cell."""
    open_here = may_decide(draft.planned, columns)
    targets = _shares(survey, columns, open_here, yes)
    cells = cells_of(columns)
    open_there = may_decide(draft.planned, chain.columns)
    for number in range(ROUNDS):
        drawn = chain.owners(read_step(draft.document(chain.figures.columns)))
        more = {}
        for name in (name for name in cells[number % len(cells)] if name in targets):
            share, trust = targets[name]
            here = open_there & (chain.columns.of(name) > 0)
            found = np.clip((drawn & here).sum() / max(here.sum(), 1), 0.0005, 0.9995)
            more[name] = _PACE * trust * (_logit(share) - _logit(float(found)))
        draft = draft.with_more("owns", more)
    return draft


def rake_amounts(
    draft: Draft, survey: Survey, columns: Columns, score: Floats, owned: Rows, chain: Chain
) -> Draft:
    """Set amounts right: the median in each cell, and the table's margin on the whole."""
    targets = _medians(survey, columns, owned, score)
    step = read_step(draft.document(chain.figures.columns))
    owners = chain.owners(step) if draft.owns is not None else _with_income(chain)
    part = chain.columns.rows(np.flatnonzero(owners))
    cells = cells_of(columns)
    for number in range(ROUNDS):
        raw = _raw(draft, part, chain)
        by_age = draft.planned.name == "income"
        draft = _with_map(draft, raw, part, by_age, survey, columns, owned, score)
        mapped = _mapped(draft, raw)
        if by_age:
            continue
        more = {}
        for name in (name for name in cells[number % len(cells)] if name in targets):
            median, trust = targets[name]
            here = part.of(name) > 0
            if here.any():
                more[name] = _PACE * trust * (median - float(np.median(mapped[here])))
        draft = draft.with_more("mean", more)
    return _with_map(draft, _raw(draft, part, chain), part, by_age, survey, columns, owned, score)


def _with_income(chain: Chain) -> Rows:
    return np.asarray(chain.columns.of("any_income") > 0)


def _raw(draft: Draft, part: Columns, chain: Chain) -> Floats:
    step = read_step(draft.document(chain.figures.columns))
    rng = chain.chance(f"survey amount {draft.planned.name}")
    return raw_scores(step, part, rng, part.values.shape[0]) / UNIT


def _mapped(draft: Draft, raw: Floats) -> Floats:
    if draft.before is None or draft.after is None or len(draft.before) != 1:
        return raw
    return np.asarray(np.interp(raw, draft.before[0], draft.after[0]), np.float64)


def _with_map(
    draft: Draft,
    raw: Floats,
    part: Columns,
    by_age: bool,
    survey: Survey,
    columns: Columns,
    owned: Rows,
    score: Floats,
) -> Draft:
    """Return the step with maps that give raw scores the survey's distribution."""
    if not by_age:
        before, after = np.quantile(raw, _MAP), ndtri(_MAP)
        return replace(draft, before=_rising(before, after)[None], after=_ends(after)[None])
    befores, afters = [], []
    for name in _BY_BAND:
        there, here = part.of(name) > 0, owned & (columns.of(name) > 0)
        after = _quantiles(score[here], survey.weight[here], _AGE_MAP)
        befores.append(_rising(np.quantile(raw[there], _AGE_MAP), after))
        afters.append(_ends(after))
    return replace(draft, before=np.array(befores), after=np.array(afters))


def _ends(knots: Floats) -> Floats:
    """Return knots with ends far beyond them."""
    return np.concatenate([[knots[0] - _BEYOND], knots, [knots[-1] + _BEYOND]])


def _rising(knots: Floats, after: Floats) -> Floats:
    """Return knots with ends so far out that the slopes of the map go on beyond them."""
    spaced = np.maximum.accumulate(knots + np.arange(knots.size) * 2 / UNIT)
    low = max(spaced[1] - spaced[0], _NARROWEST) / max(after[1] - after[0], _NARROWEST)
    high = max(spaced[-1] - spaced[-2], _NARROWEST) / max(after[-1] - after[-2], _NARROWEST)
    return np.concatenate([[spaced[0] - _BEYOND * low], spaced, [spaced[-1] + _BEYOND * high]])


def _shares(
    survey: Survey, columns: Columns, rows: Rows, yes: Rows
) -> Mapping[str, tuple[float, float]]:
    """Return by cell (share of yes, how far to trust it), where ten families decide either way."""
    found = {}
    for name in all_cells(columns):
        here = rows & (columns.of(name) > 0)
        sides = [np.unique(survey.family[here & side]).size for side in (yes, ~yes)]
        if here.any() and max(sides) >= FEWEST:
            weight = survey.weight[here]
            share = float(np.clip(weight @ yes[here] / weight.sum(), 0.0005, 0.9995))
            families = sum(sides)
            found[name] = share, families / (families + _FAMILIES_OF_DOUBT)
    return found


def _medians(
    survey: Survey, columns: Columns, rows: Rows, score: Floats
) -> Mapping[str, tuple[float, float]]:
    """Return by cell (median score, how far to trust it), where there are ten families."""
    found = {}
    for name in all_cells(columns):
        here = rows & (columns.of(name) > 0)
        families = np.unique(survey.family[here]).size
        if families >= FEWEST:
            median = float(_quantiles(score[here], survey.weight[here], np.array([0.5]))[0])
            found[name] = median, families / (families + _FAMILIES_OF_DOUBT)
    return found


def _quantiles(values: Floats, weight: Floats, ranks: Floats) -> Floats:
    order = np.argsort(values)
    mass = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    return np.asarray(np.interp(ranks, mass, values[order]), np.float64)


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))
