"""The labels of cells: which rows a cell looks at.

A label is words with a space between them, one for each column of the target's `by`, then one for
the figure where the measure has several (`p90`, `female`). A word names a value (`owner`), a band
with both ends in it (`18-24`, `<35`, `75+`), or everything (`all`).
"""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

from seedkit.realism.frames.model import Values

ALL = "all"
_BAND = re.compile(r"(?:<(\d+)|(\d+)-(\d+)|(\d+)(\+?))")


def band(word: str) -> tuple[float, float] | None:
    """Return the limits of a band, from the first to below the second; None for another word."""
    found = _BAND.fullmatch(word)
    if found is None:
        return None
    below, first, last, only, more = found.groups()
    if below:
        return -math.inf, float(below)
    if first:
        return float(first), float(last) + 1
    return float(only), math.inf if more else float(only) + 1


def matches(values: Values, word: str) -> NDArray[np.bool_]:
    """Return which values a word stands for."""
    if word == ALL:
        return np.ones(values.size, np.bool_)
    if values.dtype == object:
        return np.asarray(values == word, np.bool_)
    limits = band(word)
    if limits is None:
        raise ValueError(f"{word!r} is no band of numbers")
    return np.asarray((values >= limits[0]) & (values < limits[1]), np.bool_)
