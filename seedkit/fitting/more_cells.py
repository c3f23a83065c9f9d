"""Further cells of the ruler: who the families are, incomes, net worth, homes, balances."""

from __future__ import annotations

import numpy as np

from seedkit.fitting.ruler import (
    ACCOUNTS,
    DRAWN,
    SIGMAS,
    Cells,
    Target,
    effective,
    groups,
    median_of,
    net_worth,
    quantiles,
    share_of,
    total,
)
from seedkit.fitting.survey_file import Survey

_PERCENTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
_INCOME_TOLERANCE, _TOP_TOLERANCE = 0.06, 0.15
_WORTH_TOLERANCE, _ACCOUNT_TOLERANCE, _MORTGAGE_TOLERANCE = (0.12, 0.15), 0.15, 0.10
_CELL_TOLERANCE = 0.20  # of medians of net worth by group
_WORK_TOLERANCE, _LEAST_SHARE = 0.06, 0.02


def shares(sample: Survey) -> Cells:
    """Return shares of families: who they are, their work, their homes."""
    child = sample.children > 0
    home, mortgage = sample.amounts["home"] > 0, sample.amounts["mortgage"] > 0
    old = sample.age >= 55
    everyone = np.ones(old.size, np.bool_)
    found = {
        "one parent": share_of(sample, ~sample.couple & child, everyone),
        "single, younger": share_of(sample, ~sample.couple & ~child & ~old, everyone),
        "single, older": share_of(sample, ~sample.couple & ~child & old, everyone),
        "couple, children": share_of(sample, sample.couple & child, everyone),
        "couple alone": share_of(sample, sample.couple & ~child, everyone),
        **{f"{n} children": share_of(sample, sample.children == n, everyone) for n in range(6)},
    }
    for name, rows in groups(sample):
        found[f"owner, {name}"] = share_of(sample, home, rows)
        if name.startswith("income"):
            continue
        found[f"couple, {name}"] = share_of(sample, sample.couple, rows)
        found[f"child, {name}"] = share_of(sample, child, rows)
        found[f"college, {name}"] = share_of(sample, sample.schooling == 3, rows)
        found[f"mortgage of owners, {name}"] = share_of(sample, mortgage, rows & home)
        for state in (1, 2, 3, 4):
            found[f"work {state}, {name}"] = share_of(sample, sample.work == state, rows)
    return found


def money(sample: Survey) -> Cells:
    """Return percentiles and medians of income, net worth, accounts and mortgages."""
    worth, liquid = net_worth(sample), total(sample, ACCOUNTS)
    mortgage = sample.amounts["mortgage"]
    of_all = {
        **_percentiles("income", sample.income, sample),
        **_percentiles("net worth", worth, sample),
        **_percentiles("accounts", liquid, sample, liquid > 0),
        **_percentiles("mortgage", mortgage, sample, mortgage > 0),
        "income, p95": float(quantiles(sample.income, sample.weight, (0.95,))[0]),
        "income, p99": float(quantiles(sample.income, sample.weight, (0.99,))[0]),
    }
    parts = dict(groups(sample))
    by_group = {f"net worth, {n}": median_of(sample, worth, rows) for n, rows in parts.items()}
    by_age = {
        f"income, {name}": median_of(sample, sample.income, rows)
        for name, rows in parts.items()
        if name.startswith("age")
    }
    return {**of_all, **by_group, **by_age}


def share_targets(survey: Survey) -> dict[str, Target]:
    """Return the further shares with tolerances."""
    parts, home = dict(groups(survey)), survey.amounts["home"] > 0
    found = {}
    for cell, share in shares(survey).items():
        rows = parts.get(cell.rsplit(", ", 1)[-1], parts["all"])
        rows = rows & home if cell.startswith("mortgage") else rows
        drawn = DRAWN * survey.weight[rows].sum() / survey.weight.sum()
        error = np.sqrt(share * (1 - share) * (1 / drawn + 1 / effective(survey, rows)))
        least = _WORK_TOLERANCE if cell.startswith("work") else _LEAST_SHARE
        found[cell] = Target(share, max(SIGMAS * float(error), least))
    return found


def money_targets(survey: Survey) -> dict[str, Target]:
    """Return the further money cells with tolerances; the lowest percentiles are not judged."""
    cells = {
        cell: value
        for cell, value in money(survey).items()
        if cell not in ("net worth, p10", "net worth, p25", "net worth, all")
    }
    return {cell: Target(value, _tolerance(cell) * value) for cell, value in cells.items()}


def _tolerance(cell: str) -> float:
    what, which = cell.split(", ")
    if what == "income":
        return _TOP_TOLERANCE if which in ("p95", "p99") or "age" in which else _INCOME_TOLERANCE
    if what == "net worth":
        return {"p50": _WORTH_TOLERANCE[0]}.get(
            which, _CELL_TOLERANCE if " " in which else _WORTH_TOLERANCE[1]
        )
    return _ACCOUNT_TOLERANCE if what == "accounts" else _MORTGAGE_TOLERANCE


def _percentiles(
    name: str, values: np.ndarray, sample: Survey, rows: np.ndarray | None = None
) -> Cells:
    some = np.ones(values.size, np.bool_) if rows is None else rows
    found = quantiles(values[some], sample.weight[some], _PERCENTILES)
    return {
        f"{name}, p{round(at * 100)}": float(v) for at, v in zip(_PERCENTILES, found, strict=True)
    }
