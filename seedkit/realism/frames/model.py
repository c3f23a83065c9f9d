"""Frames: what is measured, one row per family, household, person, couple, debt or year of life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]
Frame = Mapping[str, Values]  # columns of equal length; `weight` is always there
Frames = Mapping[str, Frame]  # by name

DAYS_OF_YEAR = 365.25


def join(parts: Sequence[Frames]) -> dict[str, dict[str, Values]]:
    """Put the frames of several blocks together, block after block."""
    return {
        name: {column: np.concatenate([part[name][column] for part in parts]) for column in frame}
        for name, frame in parts[0].items()
    }


def places(ids: Values) -> dict[str, int]:
    """Return the row of each id."""
    return {key: row for row, key in enumerate(ids.tolist())}


def rows_of(where: Mapping[str, int], keys: Values) -> NDArray[np.int64]:
    """Return the rows that ids lead to, -1 where they lead nowhere."""
    return np.array([where.get(key, -1) for key in keys.tolist()], np.int64)


def is_in(values: Values, words: Sequence[str]) -> NDArray[np.bool_]:
    """Return which texts are among some words."""
    known = frozenset(words)
    return np.array([value in known for value in values.tolist()], np.bool_)


def equal(values: Values, word: str) -> NDArray[np.bool_]:
    """Return which texts are one word."""
    return np.asarray(values == word, np.bool_)


def sums(rows: Values, weights: Values, n: int) -> NDArray[np.float64]:
    """Return sums of values by row number."""
    return np.bincount(rows, weights=weights, minlength=n)[:n].astype(np.float64)


def weight_of(households: Frame) -> NDArray[np.float64]:
    """Return the weights of households, 1 where none is given."""
    given = households["weight"]
    return np.where(np.isnan(given), 1.0, given)
