"""The whole chain fitted: each decision on the survey, raked, then drawn before the next one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy.special import ndtri

from seedkit.fitting.fit_steps import Rows, fit_amounts, fit_decision
from seedkit.fitting.plan import PLAN, Planned, all_columns
from seedkit.fitting.raking import rake_amounts, rake_decision
from seedkit.fitting.steps import Draft
from seedkit.fitting.survey_file import Floats, Survey
from seedkit.population.streams import stream
from seedkit.population.survey.columns import add_all, age_columns
from seedkit.population.survey.curves import UNIT
from seedkit.population.survey.drawing import Chain
from seedkit.population.survey.figures import FORMAT, Figures, read_step

DRAWN = 60_000  # households in which steps are raked
_SEED = 90_210
_FIRST_AGE, _LAST_AGE = 18, 95
_SMOOTH = 2  # years on either side that an age borrows from
_NEXT_TO_NOTHING = 3_000  # dollars of assets
_INCOME_RANKS = np.array([0.2, 0.4, 0.6, 0.8, 0.9])

Report = Callable[[str], None]


def fit_chain(survey: Survey, source: dict[str, Any], report: Report) -> dict[str, Any]:
    """Fit all figures; return the document that ships."""
    figures = _bare_figures(survey)
    observed = _chain(figures, survey.age.size, 0)
    add_all(observed.columns, age_columns(survey.age))
    drawn = _chain(figures, DRAWN, _SEED)
    drawn.begin()
    drafts = []
    for number, planned in enumerate(PLAN):
        draft = _fit(planned, survey, observed, drawn, number)
        drafts.append(draft)
        drawn.take(read_step(draft.document(figures.columns)))
        report(f"{planned.name}: {draft.families} families behind its rarest figure")
    return {
        "format": FORMAT,
        "source": source,
        "columns": list(figures.columns),
        "ages": {"first": figures.first_age, "weights": figures.ages.tolist()},
        "income_cuts": figures.income_cuts.tolist(),
        "steps": [draft.document(figures.columns) for draft in drafts],
    }


def _fit(planned: Planned, survey: Survey, observed: Chain, drawn: Chain, number: int) -> Draft:
    """Fit and rake one step and note in the survey's columns what was decided there."""
    if not planned.amount:
        yes = decided(survey, planned.name)
        draft = fit_decision(planned, survey, observed.columns, yes)
        raked = rake_decision(draft, survey, observed.columns, yes, drawn)
        observed.remember_decision(planned.name, yes)
        return raked
    amounts = survey.income if planned.name == "income" else survey.amounts[planned.name]
    owned = amounts > 0
    draft = Draft(planned, 10**4)
    if planned.name != "income":
        draft = fit_decision(planned, survey, observed.columns, owned)
        draft = rake_decision(draft, survey, observed.columns, owned, drawn)
    told = in_its_own_year(amounts) if planned.name == "income" else amounts
    draft, score = fit_amounts(draft, survey, observed.columns, told, number)
    raked = rake_amounts(draft, survey, observed.columns, score, owned, drawn)
    _note(observed, planned.name, owned, score, amounts)
    return raked


def decided(survey: Survey, name: str) -> Rows:
    """Return what the survey's families decided."""
    if name.endswith(" children"):
        return survey.children >= int(name.split()[0])
    tests: dict[str, Callable[[], Rows]] = {
        "couple": lambda: survey.couple,
        "child": lambda: survey.children >= 1,
        "high school": lambda: survey.schooling >= 1,
        "some college": lambda: survey.schooling >= 2,
        "college": lambda: survey.schooling >= 3,
        "active": lambda: survey.work != 3,
        "works": lambda: survey.work <= 2,
        "own business": lambda: survey.work == 2,
        "any_income": lambda: survey.income > 0,
        "next to nothing": lambda: _assets(survey) < _NEXT_TO_NOTHING,
        "any_account": lambda: _accounts(survey) > 0,
    }
    return np.asarray(tests[name]())


def in_its_own_year(income: Floats) -> Floats:
    """Return incomes in the dollars in which they were told."""
    return np.rint(income / 1.08092)


def _note(observed: Chain, name: str, owned: Rows, score: Floats, amounts: Floats) -> None:
    whole = np.rint(score * UNIT).astype(np.int64)
    if name == "income":
        observed.remember_income(whole, amounts.astype(np.int64))
    else:
        observed.remember_amount(name, owned, whole, amounts.astype(np.int64))


def _assets(survey: Survey) -> Floats:
    debts = {
        "mortgage", "heloc", "vehicle_loan", "other_residential_debt", "education_loan",
        "credit_card", "other_instalment", "other_line", "other_debt",
    }  # fmt: skip
    own = [values for name, values in survey.amounts.items() if name not in debts]
    return np.asarray(np.sum(own, axis=0), np.float64)


def _accounts(survey: Survey) -> Floats:
    kinds = ("checking", "savings", "money_market", "other_transaction")
    return np.asarray(np.sum([survey.amounts[kind] for kind in kinds], axis=0), np.float64)


def _bare_figures(survey: Survey) -> Figures:
    nothing = float(survey.weight[survey.income == 0].sum() / survey.weight.sum())
    cuts = np.rint(ndtri((_INCOME_RANKS - nothing) / (1 - nothing)) * UNIT).astype(np.int64)
    return Figures({}, tuple(all_columns()), _ages(survey), _FIRST_AGE, cuts, ())


def _ages(survey: Survey) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return weights of single years: smooth, and right in each band."""
    years = np.arange(_FIRST_AGE, _LAST_AGE + 1)
    found = np.zeros(years.size)
    for low, high in ((18, 34), (35, 44), (45, 54), (55, 64), (65, 74), (75, 95)):
        inside = (survey.age >= low) & (survey.age <= high)
        counts = np.bincount(survey.age[inside] - _FIRST_AGE, survey.weight[inside], years.size)
        reach = np.abs(years[:, None] - years[None]) <= _SMOOTH
        smooth = (reach * counts).sum(axis=1) * ((years >= low) & (years <= high))
        found += smooth / smooth.sum() * counts.sum()
    return np.rint(found * 1_000).astype(np.int64)


def _chain(figures: Figures, households: int, seed: int) -> Chain:
    return Chain(figures, partial(stream, seed, 0), households, ())
