"""Tables of quantiles in which no figure stands for fewer than ten families."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from seedkit.fitting.survey_file import Floats

FEWEST = 10  # families behind every figure
_TAIL_FAMILIES = 30  # behind the slope of a tail
_ATOM_MASS, _KNOT_MASS = 1 / 300, 1 / 160  # least part of the owners for a knot of its own
_TAIL_RANKS = (0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 0.99, 0.998)  # within a Pareto tail
_STEEPEST, _FLATTEST = 4.0, 1.2  # slopes of Pareto tails
_COARSE = 1.25  # a gap between knots that gets knots in between, on a straight line of logarithms
_LAST_RANK = 1 - 1e-6


@dataclass(frozen=True, slots=True)
class Margin:
    """A table from normal scores to amounts; `families` is the least number behind a knot."""

    scores: Floats
    amounts: Floats
    families: int


@dataclass(frozen=True, slots=True)
class _Value:
    """Distinct amounts in rising order, the mass up to and with each, and the families with it."""

    amount: Floats
    before: Floats
    until: Floats
    families: list[frozenset[int]]


def normal_scores(values: Floats, weight: Floats, seed: int) -> Floats:
    """Return normal scores by weighted rank; equal values are put in a drawn order."""
    chance = np.random.Generator(np.random.Philox(seed)).random(values.size)
    order = np.lexsort((chance, values))
    mass = np.cumsum(weight[order]) - weight[order] / 2
    found = np.empty(values.size)
    found[order] = ndtri(mass / weight.sum())
    return found


def margin(values: Floats, weight: Floats, family: NDArray[np.int64]) -> Margin:
    """Return the table of amounts above 0: atoms, knots with ten families between, two tails."""
    distinct = _distinct(values, weight, family)
    ranks, amounts, least = _knots(distinct)
    low, high = _lower_end(values, weight, amounts[0]), _tail(values, weight, ranks, amounts)
    ranks = np.concatenate([[1e-6], ranks, high[0]])
    amounts = np.concatenate([[low], amounts, high[1]])
    ranks, amounts = _finer(ranks, np.maximum.accumulate(amounts))
    return Margin(ndtri(ranks), amounts, least)


def _distinct(values: Floats, weight: Floats, family: NDArray[np.int64]) -> _Value:
    amount, which = np.unique(values, return_inverse=True)
    mass = np.bincount(which, weight) / weight.sum()
    until = np.cumsum(mass)
    order = np.argsort(which, kind="stable")
    groups = np.split(family[order], np.cumsum(np.bincount(which))[:-1])
    return _Value(amount, until - mass, until, [frozenset(group.tolist()) for group in groups])


def _knots(distinct: _Value) -> tuple[Floats, Floats, int]:
    """Return (ranks, amounts, fewest families): both ends of atoms, and knots between them."""
    ranks: list[float] = []
    amounts: list[float] = []
    pending: set[int] = set()
    beyond = _families_beyond(distinct)
    least, last = 10**9, 0.0
    for i, (amount, group) in enumerate(zip(distinct.amount, distinct.families, strict=True)):
        atom = len(group) >= FEWEST and distinct.until[i] - distinct.before[i] >= _ATOM_MASS
        if atom and beyond[i] >= FEWEST:
            ranks += [distinct.before[i], distinct.until[i]]
            amounts += [amount, amount]
            least, last, pending = min(least, len(group)), distinct.until[i], set()
            continue
        pending |= group
        enough = len(pending) >= FEWEST and distinct.until[i] - last >= _KNOT_MASS
        if enough and beyond[i] >= _TAIL_FAMILIES:
            ranks.append(distinct.until[i])
            amounts.append(round_to(float((amount + distinct.amount[i + 1]) / 2), 3))
            least, last, pending = min(least, len(pending)), distinct.until[i], set()
    return np.clip(ranks, 1e-5, 1 - 1e-5), np.array(amounts), least


def _families_beyond(distinct: _Value) -> list[int]:
    """Return by amount how many families have more than that."""
    seen: set[int] = set()
    counts = []
    for group in reversed(distinct.families):
        counts.append(len(seen))
        seen |= group
    return counts[::-1]


def _lower_end(values: Floats, weight: Floats, first: float) -> float:
    """Return where the table begins, so that those below the first knot keep their mean."""
    below = values < first
    if not below.any():
        return first
    mean = float(weight[below] @ values[below] / weight[below].sum())
    return round_to(float(np.clip(2 * mean - first, 1, first)), 2)


def _tail(values: Floats, weight: Floats, ranks: Floats, amounts: Floats) -> tuple[Floats, Floats]:
    """Return (ranks, amounts) beyond the last knot: a Pareto tail with the slope found there."""
    start, rank = float(amounts[-1]), float(ranks[-1])
    above = values > start
    excess = weight[above] @ np.log(values[above] / start) / weight[above].sum()
    slope = float(np.clip(1 / excess, _FLATTEST, _STEEPEST))
    inside = np.array(_TAIL_RANKS)
    found = [round_to(start * (1 - part) ** (-1 / slope), 3) for part in inside]
    return np.minimum(rank + (1 - rank) * inside, _LAST_RANK), np.array(found)


def _finer(ranks: Floats, amounts: Floats) -> tuple[Floats, Floats]:
    """Return tables with knots put into wide gaps, straight in score and logarithm."""
    scores, logs = ndtri(ranks), np.log(amounts)
    wide = np.flatnonzero(np.diff(logs) > np.log(_COARSE))
    more = [
        (start + part * (scores[i + 1] - start), logs[i] + part * (logs[i + 1] - logs[i]))
        for i in wide
        for start, pieces in [(scores[i], int((logs[i + 1] - logs[i]) / np.log(_COARSE)) + 1)]
        for part in np.arange(1, min(pieces, 8)) / min(pieces, 8)
    ]
    if not more:
        return ranks, amounts
    extra = np.array(more)
    all_scores = np.concatenate([scores, extra[:, 0]])
    order = np.argsort(all_scores, kind="stable")
    values = np.concatenate([amounts, [round_to(value, 3) for value in np.exp(extra[:, 1])]])
    return ndtr(all_scores[order]), np.maximum.accumulate(values[order])


def residual_table(
    residual: Floats, row: NDArray[np.int64], weight: Floats, family: NDArray[np.int64], steps: int
) -> tuple[Floats, int]:
    """Return ([row, quantile], fewest families): as many even steps as ten families each allow."""
    for count in range(steps, 3, -1):
        tables = [
            _residuals(residual[here], weight[here], family[here], count)
            for here in (row == number for number in range(int(row.max()) + 1))
        ]
        least = min(found[1] for found in tables)
        if least >= FEWEST:
            return np.array([found[0] for found in tables]), least
    raise ValueError("too few families for a table of residuals")


def _residuals(
    residual: Floats, weight: Floats, family: NDArray[np.int64], steps: int
) -> tuple[Floats, int]:
    """Return quantiles at even steps and the fewest families in a step; the ends keep means."""
    order = np.argsort(residual, kind="stable")
    values, mass = residual[order], np.cumsum(weight[order]) / weight.sum()
    step = np.minimum((mass * steps - 1e-9).astype(np.int64), steps - 1)
    least = min(np.unique(family[order][step == number]).size for number in range(steps))
    inner = np.interp(np.arange(1, steps) / steps, mass, values)
    first = 2 * np.average(values[step == 0], weights=weight[order][step == 0]) - inner[0]
    last = 2 * np.average(values[step == steps - 1], weights=weight[order][step == steps - 1])
    return np.concatenate([[first], inner, [last - inner[-1]]]), least


def round_to(value: float, digits: int) -> float:
    """Return a number rounded to so many leading digits, at least 1."""
    return max(float(f"%.{digits}g" % value), 1.0)
