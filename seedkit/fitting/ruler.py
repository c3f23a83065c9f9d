"""The ruler: cells of the survey with tolerances, and what a sample of families scores on them.

Tolerances are three standard errors of 10,000 drawn families and of the survey together, as Kish's
effective number of families has it: shares at least one percentage point, medians at least 5 and
at most 60 per cent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedkit.fitting.survey_file import Floats, Survey
from seedkit.population.survey.columns import AGE_BANDS

Rows = NDArray[np.bool_]
Cells = dict[str, float]

DRAWN = 10_000
SIGMAS = 3
_LEAST_SHARE, _LEAST_MEDIAN, _MOST_MEDIAN = 0.01, 0.05, 0.60
_FEWEST_HOLDERS = 10  # families, for a median to be a target
_GROUP_RANKS = (0.2, 0.4, 0.6, 0.8, 0.9)
_RANK_TOLERANCE, _LOG_TOLERANCE, _SPREAD_TOLERANCE = 0.06, 0.05, 0.08

ASSETS = (
    "home", "retirement", "vehicle", "checking", "savings", "money_market", "other_transaction",
    "stock", "pooled_fund", "cd", "savings_bond", "bond", "life_insurance", "managed",
    "other_financial", "business", "other_real_estate", "other_property", "other_asset",
)  # fmt: skip
DEBTS = (
    "mortgage", "heloc", "vehicle_loan", "other_residential_debt", "education_loan",
    "credit_card", "other_instalment", "other_line", "other_debt",
)  # fmt: skip
ACCOUNTS = ("checking", "savings", "money_market", "other_transaction")
FINANCIAL = (
    *ACCOUNTS, "cd", "savings_bond", "bond", "stock", "pooled_fund", "retirement",
    "life_insurance", "managed", "other_financial",
)  # fmt: skip
TABLES: Mapping[str, tuple[str, ...]] = {
    "any account": ACCOUNTS,
    "savings or money market": ("savings", "money_market"),
    "any financial asset": FINANCIAL,
    "mortgage or heloc": ("mortgage", "heloc"),
    "any debt": DEBTS,
    **{
        name: (name,)
        for name in (
            "checking", "savings", "money_market", "cd", "savings_bond", "bond", "stock",
            "pooled_fund", "retirement", "life_insurance", "managed", "vehicle", "business",
            "mortgage", "heloc", "other_residential_debt", "credit_card", "vehicle_loan",
            "education_loan", "other_instalment", "other_line",
        )
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A cell of the survey: its value and how far off a sample may be."""

    value: float
    tolerance: float


def total(sample: Survey, names: tuple[str, ...]) -> Floats:
    """Return the sums of some holdings."""
    return np.asarray(np.sum([sample.amounts[name] for name in names], axis=0), np.float64)


def net_worth(sample: Survey) -> Floats:
    """Return what families own less what they owe."""
    return total(sample, ASSETS) - total(sample, DEBTS)


def groups(sample: Survey) -> Iterator[tuple[str, Rows]]:
    """Yield all families, bands of age and groups of income, cut in the sample itself."""
    yield "all", np.ones(sample.age.size, np.bool_)
    band = np.searchsorted(AGE_BANDS, sample.age, side="right")
    for row in range(len(AGE_BANDS) + 1):
        yield f"age {row}", band == row
    group = np.searchsorted(
        quantiles(sample.income, sample.weight, _GROUP_RANKS), sample.income, side="right"
    )
    for row in range(len(_GROUP_RANKS) + 1):
        yield f"income {row}", group == row


def ownership(sample: Survey) -> Cells:
    """Return shares of families that hold something, by table and group."""
    parts = list(groups(sample))
    return {
        f"{table}, {name}": share_of(sample, total(sample, kinds) > 0, rows)
        for table, kinds in TABLES.items()
        for name, rows in parts
    }


def medians(sample: Survey) -> Cells:
    """Return medians among holders, by table and group."""
    found = {}
    parts = list(groups(sample))
    for table, kinds in TABLES.items():
        amount = total(sample, kinds)
        for name, rows in parts:
            found[f"{table}, {name}"] = median_of(sample, amount, rows & (amount > 0))
    return found


def ranks(sample: Survey) -> Cells:
    """Return rank correlations, the logarithmic one of income and accounts, income's spread."""
    liquid, debt = total(sample, ACCOUNTS), total(sample, DEBTS)
    age = sample.age.astype(np.float64)
    pairs = {
        "income~net worth": (sample.income, net_worth(sample)),
        "income~accounts": (sample.income, liquid),
        "age~net worth": (age, net_worth(sample)),
        "age~income": (age, sample.income),
        "age~debt": (age, debt),
        "age~education loan": (age, sample.amounts["education_loan"]),
        "income~home": (sample.income, sample.amounts["home"]),
        "income~debt": (sample.income, debt),
        "income~stock": (sample.income, sample.amounts["stock"]),
        "income~savings": (sample.income, sample.amounts["savings"]),
    }
    found = {name: _rank_correlation(a, b, sample.weight) for name, (a, b) in pairs.items()}
    both = (sample.income > 0) & (liquid > 0)
    logs = np.log(sample.income[both]), np.log(liquid[both])
    found["log income~log accounts"] = _correlation(*logs, sample.weight[both])
    positive = sample.income > 0
    spread = np.cov(np.log(sample.income[positive]), aweights=sample.weight[positive])
    return {**found, "spread of log income": float(np.sqrt(spread))}


def share_of(sample: Survey, yes: Rows, rows: Rows) -> float:
    """Return a share by weight."""
    share = sample.weight[rows] @ yes[rows] / max(sample.weight[rows].sum(), 1e-9)
    return float(min(share, 1.0))


def median_of(sample: Survey, values: Floats, rows: Rows) -> float:
    """Return a median by weight, not a number where nobody is left."""
    if not rows.any():
        return float("nan")
    return float(quantiles(values[rows], sample.weight[rows], (0.5,))[0])


def quantiles(values: Floats, weight: Floats, at: tuple[float, ...]) -> Floats:
    """Return quantiles by weight: the first value with that much up to it."""
    order = np.argsort(values, kind="stable")
    mass = np.cumsum(weight[order])
    place = np.searchsorted(mass, np.array(at) * mass[-1])
    return np.asarray(values[order][np.minimum(place, values.size - 1)], np.float64)


def ownership_targets(survey: Survey) -> dict[str, Target]:
    """Return the cells of ownership with tolerances."""
    size = {name: (effective(survey, rows), rows) for name, rows in groups(survey)}
    found = {}
    for cell, share in ownership(survey).items():
        families, rows = size[cell.rsplit(", ", 1)[1]]
        error = np.sqrt(share * (1 - share) * (1 / (DRAWN * _part(survey, rows)) + 1 / families))
        found[cell] = Target(share, max(SIGMAS * float(error), _LEAST_SHARE))
    return found


def median_targets(survey: Survey) -> dict[str, Target]:
    """Return the cells of medians with tolerances, relative to the median."""
    parts = dict(groups(survey))
    found = {}
    for cell, median in medians(survey).items():
        table, name = cell.rsplit(", ", 1)
        amount = total(survey, TABLES[table])
        holders = parts[name] & (amount > 0)
        if np.unique(survey.family[holders]).size < _FEWEST_HOLDERS:
            continue
        spread = np.sqrt(np.cov(np.log(amount[holders]), aweights=survey.weight[holders]))
        drawn = DRAWN * _part(survey, holders)
        error = 1.2533 * float(spread) * np.sqrt(1 / drawn + 1 / effective(survey, holders))
        tolerance = float(np.clip(SIGMAS * error, _LEAST_MEDIAN, _MOST_MEDIAN))
        found[cell] = Target(median, tolerance * median)
    return found


def rank_targets(survey: Survey) -> dict[str, Target]:
    """Return rank correlations and the two figures beside them, with tolerances."""
    special = {
        "log income~log accounts": _LOG_TOLERANCE,
        "spread of log income": _SPREAD_TOLERANCE,
    }
    return {
        name: Target(value, special.get(name, _RANK_TOLERANCE))
        for name, value in ranks(survey).items()
    }


def effective(survey: Survey, rows: Rows) -> float:
    """Return Kish's effective number of families behind some rows."""
    _, which = np.unique(survey.family[rows], return_inverse=True)
    weight = np.bincount(which, survey.weight[rows])
    return float(weight.sum() ** 2 / np.maximum((weight**2).sum(), 1e-9))


def _part(survey: Survey, rows: Rows) -> float:
    return float(survey.weight[rows].sum() / survey.weight.sum())


def _rank_correlation(a: Floats, b: Floats, weight: Floats) -> float:
    return _correlation(_ranks(a, weight), _ranks(b, weight), weight)


def _ranks(values: Floats, weight: Floats) -> Floats:
    """Return ranks by weight, ties averaged."""
    _, which = np.unique(values, return_inverse=True)
    mass = np.bincount(which, weight)
    return np.asarray((np.cumsum(mass) - mass / 2)[which], np.float64)


def _correlation(a: Floats, b: Floats, weight: Floats) -> float:
    return float(
        np.cov(a, b, aweights=weight)[0, 1]
        / np.sqrt(np.cov(a, aweights=weight) * np.cov(b, aweights=weight))
    )
