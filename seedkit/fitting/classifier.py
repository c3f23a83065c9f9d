"""Can a classifier tell drawn families from the survey's? An area of 0.5 means that it can't.

Well below 0.5 is a fault as well: families copied from the survey stand on both sides of the
folds under different labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seedkit.fitting.ruler import ACCOUNTS, ASSETS, DEBTS, FINANCIAL, net_worth, total
from seedkit.fitting.survey_file import Floats, Survey

Columns = dict[str, NDArray[Any]]
FOLDS = 5
CORE = (
    "home", "checking", "savings", "money_market", "retirement", "stock", "pooled_fund",
    "vehicle", "mortgage", "vehicle_loan", "education_loan", "credit_card", "cd",
)  # fmt: skip
_SMALL = ("other_property",)  # joins the other real estate, as published tables have it
_PERSONS = ("age", "couple", "children", "schooling", "work")
_SUMS = {
    "all accounts": ACCOUNTS, "financial assets": FINANCIAL, "all assets": ASSETS,
    "all debts": DEBTS,
}  # fmt: skip


def core_columns(sample: Survey, digits: int) -> Columns:
    """Return 16 columns: age, income, structure of the family, the home and twelve holdings."""
    money = {"income": sample.income, **{name: sample.amounts[name] for name in CORE}}
    return {"age": sample.age, "structure": structure(sample), **_all_rounded(money, digits)}


def full_columns(sample: Survey, digits: int) -> Columns:
    """Return 39 columns: persons and income, every asset and debt, and five sums."""
    parts = {n: sample.amounts[n] for n in (*ASSETS, *DEBTS) if n not in _SMALL}
    parts["other_real_estate"] = (
        sample.amounts["other_real_estate"] + sample.amounts["other_property"]
    )
    sums = {name: total(sample, kinds) for name, kinds in _SUMS.items()}
    money = {"income": sample.income, **parts, **sums, "net worth": net_worth(sample)}
    persons = {name: getattr(sample, name) for name in _PERSONS}
    return {**persons, "structure": structure(sample), **_all_rounded(money, digits)}


def _all_rounded(money: dict[str, Floats], digits: int) -> Columns:
    return {name: rounded(values, digits) for name, values in money.items()}


def structure(sample: Survey) -> NDArray[np.int64]:
    """Return the survey's five kinds of families."""
    child, old = sample.children > 0, sample.age >= 55
    single = np.where(child, 1, np.where(old, 3, 2))
    return np.where(sample.couple, np.where(child, 4, 5), single)


def rounded(values: Floats, digits: int) -> Floats:
    """Return amounts with so many leading digits."""
    size = np.floor(np.log10(np.maximum(np.abs(values), 1)))
    unit = 10.0 ** (size - digits + 1)
    return np.asarray(np.rint(values / unit) * unit, np.float64)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How well the classifier tells both sides apart, and what it misses without each column."""

    area: float
    lost: dict[
        str, float
    ]  # of the area in one fold, when a column's values are drawn anew for everybody


def verdict(survey: Survey, drawn: Survey, full: bool, digits: int, seed: int = 0) -> Verdict:
    """Return what a boosted classifier makes of drawn families; folds keep families together."""
    columns = full_columns if full else core_columns
    theirs, ours = columns(survey, digits), columns(drawn, digits)
    x = np.vstack([np.column_stack(list(side.values())) for side in (theirs, ours)])
    y = np.repeat([0, 1], [survey.age.size, drawn.age.size])
    weight = np.concatenate(
        [survey.weight * drawn.age.size / survey.weight.sum(), np.ones(drawn.age.size)]
    )
    fold = np.concatenate([_folds(survey.family, seed), _folds(drawn.family, seed + 1)])
    score, lost = np.zeros(y.size), np.zeros(x.shape[1])
    for number in range(FOLDS):
        seen, held = fold != number, fold == number
        model = _fitted(x[seen], y[seen], weight[seen], seed)
        score[held] = model.predict_proba(x[held])[:, 1]
        if number == 0:
            lost = _losses(model, x[held], y[held], weight[held], seed)
    return Verdict(_area(y, score, weight), dict(zip(ours, lost.tolist(), strict=True)))


def _fitted(x: Floats, y: NDArray[np.int64], weight: Floats, seed: int) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier  # seconds to import

    model = HistGradientBoostingClassifier(
        max_iter=150, max_leaf_nodes=15, learning_rate=0.06, random_state=seed
    )
    return model.fit(x, y, sample_weight=weight)


def _losses(model: Any, x: Floats, y: NDArray[np.int64], weight: Floats, seed: int) -> Floats:
    """Return how much of the area goes when a column's values are drawn anew, for each column."""
    chance, share = np.random.Generator(np.random.Philox(seed)), weight / weight.sum()
    whole = _area(y, model.predict_proba(x)[:, 1], weight)
    lost = np.zeros(x.shape[1])
    for place in range(lost.size):
        spoiled = x.copy()
        spoiled[:, place] = chance.choice(spoiled[:, place], y.size, p=share)
        lost[place] = whole - _area(y, model.predict_proba(spoiled)[:, 1], weight)
    return lost


def _area(y: NDArray[np.int64], score: Floats, weight: Floats) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(y, score, sample_weight=weight))


def _folds(family: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    names, which = np.unique(family, return_inverse=True)
    chance = np.random.Generator(np.random.Philox(seed)).permutation(names.size)
    return np.asarray((chance % FOLDS)[which], np.int64)
