"""Weighted statistics, each with its sampling error: one small function per kind of target.

Weights are those of a survey's rows, all 1 for a generated population. The error is one standard
deviation of what another random seed would give, from the effective number of rows (Kish).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A measured figure, its standard error, and the effective number of rows behind it."""

    value: float
    error: float
    rows: float


NOTHING = Estimate(float("nan"), float("nan"), 0.0)


def effective(weight: Numbers) -> float:
    """Return the effective number of rows: (sum w)^2 / sum w^2."""
    square = float((weight**2).sum())
    return float(weight.sum()) ** 2 / square if square else 0.0


def mean(values: Numbers, weight: Numbers) -> Estimate:
    """Return the mean."""
    rows = effective(weight)
    if not rows:
        return NOTHING
    average = float(np.average(values, weights=weight))
    spread = float(np.average((values - average) ** 2, weights=weight))
    return Estimate(average, float(np.sqrt(spread / rows)), rows)


def share(flags: Numbers, weight: Numbers) -> Estimate:
    """Return the share of rows that are marked; the error of a share of 0 or 1 is not 0."""
    rows = effective(weight)
    if not rows:
        return NOTHING
    found = float(np.average(flags, weights=weight))
    kept = (found * rows + 1) / (rows + 2)  # as if one more row said yes and one no
    return Estimate(found, float(np.sqrt(kept * (1 - kept) / rows)), rows)


def quantile(values: Numbers, weight: Numbers, part: float) -> Estimate:
    """Return a quantile; its error is half of how far the ranks one deviation around it lie."""
    rows = effective(weight)
    if not rows:
        return NOTHING
    order = np.argsort(values, kind="stable")
    ordered, running = values[order], np.cumsum(weight[order])
    deviation = float(np.sqrt(part * (1 - part) / rows))
    ranks = np.clip([part, part - deviation, part + deviation], 0, 1) * running[-1]
    found = np.minimum(np.searchsorted(running, ranks * (1 - 1e-12)), values.size - 1)
    middle, low, high = ordered[found]
    return Estimate(float(middle), float(high - low) / 2, rows)


def log_spread(values: Numbers, weight: Numbers) -> Estimate:
    """Return the standard deviation of logarithms of the values above 0."""
    above = values > 0
    logs, rows = np.log(values[above]), effective(weight[above])
    if not rows:
        return NOTHING
    centre = np.average(logs, weights=weight[above])
    deviation = float(np.sqrt(np.average((logs - centre) ** 2, weights=weight[above])))
    return Estimate(deviation, deviation / float(np.sqrt(2 * rows)), rows)


def correlation(one: Numbers, two: Numbers, weight: Numbers) -> Estimate:
    """Return the linear correlation."""
    rows = effective(weight)
    if rows < 3:
        return NOTHING
    covariance = np.cov(one, two, aweights=weight)
    scale = float(np.sqrt(covariance[0, 0] * covariance[1, 1]))
    found = float(covariance[0, 1]) / scale if scale else 0.0
    return Estimate(found, (1 - found**2) / float(np.sqrt(rows - 2)), rows)


def rank_correlation(one: Numbers, two: Numbers, weight: Numbers) -> Estimate:
    """Return the correlation of ranks; equal values share their middle rank."""
    return correlation(_ranks(one, weight), _ranks(two, weight), weight)


def _ranks(values: Numbers, weight: Numbers) -> Numbers:
    _, place = np.unique(values, return_inverse=True)
    total = np.bincount(place, weights=weight)
    return np.asarray((np.cumsum(total) - total / 2)[place], np.float64)


def ratio(above: Numbers, below: Numbers, weight: Numbers) -> Estimate:
    """Return one sum divided by another."""
    rows, total = effective(weight), float((below * weight).sum())
    if not rows or not total:
        return NOTHING
    found = float((above * weight).sum()) / total
    rest = above - found * below
    average = total / float(weight.sum())
    spread = float(np.average(rest**2, weights=weight))
    return Estimate(found, float(np.sqrt(spread / rows)) / abs(average), rows)


def gini(values: Numbers, weight: Numbers) -> Estimate:
    """Return the Gini coefficient; its error is a rule of thumb (0.6 over the root of rows)."""
    rows, total = effective(weight), float((values * weight).sum())
    if not rows or not total:
        return NOTHING
    middle = _ranks(values, weight) / float(weight.sum())
    found = float((2 * middle * values * weight).sum()) / total - 1
    return Estimate(found, 0.6 / float(np.sqrt(rows)), rows)


def distance(found: Numbers, wanted: Numbers, rows: float) -> Estimate:
    """Return the total variation distance of shares, with what chance alone would give."""
    noise = float(np.sqrt(np.clip(wanted * (1 - wanted), 0, None) / max(rows, 1)).sum())
    return Estimate(float(np.abs(found - wanted).sum()) / 2, 0.4 * noise, rows)
