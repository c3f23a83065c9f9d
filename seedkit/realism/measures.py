"""Measuring a target's cells on the frames."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from seedkit.realism import statistics as stats
from seedkit.realism.frames import Frame, Frames
from seedkit.realism.labels import ALL, matches
from seedkit.realism.statistics import Estimate, Numbers
from seedkit.realism.targets import Cell, Target

_QUANTILE = re.compile(r"p(\d\d)")
Measure = Callable[[Frame, Target, NDArray[np.bool_], list[str]], Estimate]


def measure(frames: Frames, target: Target) -> list[Estimate]:
    """Return one estimate per cell, in the target's unit; rows = 0 where nothing is known."""
    frame = frames[target.frame]
    kept = np.ones(frame["weight"].size, np.bool_)
    for name in target.where:
        kept &= frame[name].astype(np.bool_)
    return [_scaled(_cell(frame, target, kept, cell), target.scale) for cell in target.cells]


def _cell(frame: Frame, target: Target, kept: NDArray[np.bool_], cell: Cell) -> Estimate:
    words = [] if cell.label == ALL else cell.label.split(" ")
    mine = kept.copy()
    for column in target.by:
        mine &= matches(frame[column], words.pop(0) if words else ALL)
    return MEASURES[target.measure](frame, target, mine, words)


def _scaled(found: Estimate, scale: float) -> Estimate:
    return Estimate(found.value * scale, found.error * scale, found.rows)


def _numbers(
    frame: Frame, columns: tuple[str, ...], rows: NDArray[np.bool_]
) -> tuple[Numbers, ...]:
    """Return columns as numbers, and the weights last, of the rows in which all are known."""
    values = [frame[name][rows].astype(np.float64) for name in columns]
    known = ~np.isnan(np.sum(values, axis=0))
    return *(column[known] for column in values), frame["weight"][rows][known]


def _share(frame: Frame, target: Target, rows: NDArray[np.bool_], words: list[str]) -> Estimate:
    """The share of rows that are marked, or that have the value that the label names."""
    if not words:
        return stats.share(*_numbers(frame, target.columns, rows))
    values = frame[target.columns[0]]
    known = rows & (values != "") if values.dtype == object else rows & ~np.isnan(values * 1.0)
    if not known.any():
        return stats.NOTHING
    flags = matches(values[known], words[0]).astype(np.float64)
    return stats.share(flags, frame["weight"][known])


def _amount(frame: Frame, target: Target, rows: NDArray[np.bool_], words: list[str]) -> Estimate:
    """The figure that the label names: median, mean, p10 to p99, log_spread, gini."""
    values, weight = _numbers(frame, target.columns, rows)
    if not values.size:
        return stats.NOTHING
    word = words[0] if words else "mean"
    found = _QUANTILE.fullmatch(word)
    if found:
        return stats.quantile(values, weight, int(found[1]) / 100)
    return _FIGURES[word](values, weight)


_FIGURES: dict[str, Callable[[Numbers, Numbers], Estimate]] = {
    "median": lambda values, weight: stats.quantile(values, weight, 0.5),
    "mean": stats.mean,
    "log_spread": stats.log_spread,
    "gini": stats.gini,
}


def _pair(
    of: Callable[[Numbers, Numbers, Numbers], Estimate],
) -> Measure:
    """Return a measure of two columns."""

    def found(frame: Frame, target: Target, rows: NDArray[np.bool_], words: list[str]) -> Estimate:
        del words
        return of(*_numbers(frame, target.columns, rows))

    return found


def _logs(one: Numbers, two: Numbers, weight: Numbers) -> Estimate:
    """The correlation of logarithms where both are above 0."""
    both = (one > 0) & (two > 0)
    return stats.correlation(np.log(one[both]), np.log(two[both]), weight[both])


def _part(frame: Frame, target: Target, rows: NDArray[np.bool_], words: list[str]) -> Estimate:
    """The part of a column's total that lies in the rows of a band or value of another."""
    values, weight = _numbers(frame, target.columns[:1], rows)
    mine = matches(frame[target.columns[1]][rows], words[0])
    return stats.ratio(values * mine, values, weight)


MEASURES: dict[str, Measure] = {
    "share": _share,
    "amount": _amount,
    "ratio": _pair(stats.ratio),
    "part": _part,
    "correlation": _pair(stats.correlation),
    "rank": _pair(stats.rank_correlation),
    "logs": _pair(_logs),
}
