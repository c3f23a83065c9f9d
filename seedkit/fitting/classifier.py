"""Can a classifier tell drawn families from the survey's? An area of 0.5 means that it can't.

Well below 0.5 is a fault as well: families copied from the survey stand on both sides of the
folds under different labels.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seedkit.fitting.ruler import ACCOUNTS, ASSETS, DEBTS, FINANCIAL, net_worth, total
from seedkit.fitting.survey_file import Floats, Survey

FOLDS = 5
CORE = (
    "home", "checking", "savings", "money_market", "retirement", "stock", "pooled_fund",
    "vehicle", "mortgage", "vehicle_loan", "education_loan", "credit_card", "cd",
)  # fmt: skip
_SMALL = ("other_property",)  # joins the other real estate, as published tables have it


def core_columns(sample: Survey, digits: int) -> Floats:
    """Return 16 columns: age, income, structure of the family, the home and twelve holdings."""
    amounts = [sample.amounts[name] for name in CORE]
    money = [rounded(values, digits) for values in (sample.income, *amounts)]
    return np.column_stack([sample.age, structure(sample), *money])


def full_columns(sample: Survey, digits: int) -> Floats:
    """Return 39 columns: persons and income, every asset and debt, and five sums."""
    parts = {n: sample.amounts[n] for n in (*ASSETS, *DEBTS) if n not in _SMALL}
    real = sample.amounts["other_real_estate"] + sample.amounts["other_property"]
    parts["other_real_estate"] = real
    sums = [total(sample, kinds) for kinds in (ACCOUNTS, FINANCIAL, ASSETS, DEBTS)]
    money = [sample.income, *parts.values(), *sums, net_worth(sample)]
    persons = [
        sample.age, sample.couple, sample.children, structure(sample), sample.schooling,
        sample.work,
    ]  # fmt: skip
    return np.column_stack([*persons, *(rounded(values, digits) for values in money)])


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


def area(survey: Survey, drawn: Survey, full: bool, digits: int, seed: int = 0) -> float:
    """Return the area under the curve of a boosted classifier, families kept within folds."""
    from sklearn.ensemble import HistGradientBoostingClassifier  # seconds to import
    from sklearn.metrics import roc_auc_score

    columns = full_columns if full else core_columns
    x = np.vstack([columns(survey, digits), columns(drawn, digits)])
    y = np.repeat([0, 1], [survey.age.size, drawn.age.size])
    weight = np.concatenate(
        [survey.weight * drawn.age.size / survey.weight.sum(), np.ones(drawn.age.size)]
    )
    fold = np.concatenate([_folds(survey.family, seed), _folds(drawn.family, seed + 1)])
    score = np.zeros(y.size)
    for number in range(FOLDS):
        model = HistGradientBoostingClassifier(
            max_iter=150, max_leaf_nodes=15, learning_rate=0.06, random_state=seed
        )
        train = fold != number
        model.fit(x[train], y[train], sample_weight=weight[train])
        score[~train] = model.predict_proba(x[~train])[:, 1]
    return float(roc_auc_score(y, score, sample_weight=weight))


def _folds(family: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    names, which = np.unique(family, return_inverse=True)
    chance = np.random.Generator(np.random.Philox(seed)).permutation(names.size)
    return np.asarray((chance % FOLDS)[which], np.int64)
