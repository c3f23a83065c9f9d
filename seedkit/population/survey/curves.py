"""Curves in whole numbers: what would else be an exponential differs in its last bits by machine.

Sums, scores and logits are whole ten-thousandths (`UNIT`), chances parts of 2**32.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from seedkit.population.draw import BITS, Whole
from seedkit.population.model import Flags

UNIT = 10_000
_STEPS = 64  # knots of a curve to the unit
_LOGIT_END, _EXPONENT_END = 14, 3
_CHANCE_BITS = 24  # to which a chance is rounded: far from what machines disagree about
_POWERS = 10 ** np.arange(16, dtype=np.int64)


def chance_of(logit: Whole) -> Whole:
    """Return chances, in parts of 2**32, for log-odds in ten-thousandths."""
    return read_curve(_chances(), logit, _LOGIT_END)


def exponential(power: Whole) -> Whole:
    """Return e to powers between -3 and 3; both in ten-thousandths."""
    return read_curve(_exponentials(), power, _EXPONENT_END)


def read_curve(curve: Whole, at: Whole, end: int) -> Whole:
    """Return what stands at places from -end to end on a curve of even steps."""
    place = (np.clip(at, -end * UNIT, end * UNIT) + end * UNIT) * _STEPS
    step = np.minimum(place // UNIT, curve.size - 2)
    rest = place - step * UNIT
    return np.asarray(curve[step] + (curve[step + 1] - curve[step]) * rest // UNIT, np.int64)


def between_knots(places: Whole, values: Whole, at: Whole) -> Whole:
    """Return values at places between rising knots, straight lines in between; ends are kept."""
    inside = np.clip(at, places[0], places[-1])
    knot = np.clip(np.searchsorted(places, inside, side="right") - 1, 0, places.size - 2)
    width = np.maximum(places[knot + 1] - places[knot], 1)
    rise = (values[knot + 1] - values[knot]) * (inside - places[knot])
    return np.asarray(values[knot] + rise // width, np.int64)


def on_flats(places: Whole, values: Whole, at: Whole) -> Flags:
    """Return where a place lies between two knots of the same value."""
    knot = np.clip(np.searchsorted(places, at, side="right") - 1, 0, places.size - 2)
    return np.asarray(values[knot] == values[knot + 1])


def to_digits(value: Whole, digits: int) -> Whole:
    """Return whole numbers from 0 rounded to so many leading digits, halves up."""
    unit = _POWERS[np.maximum(length_of(value) - digits, 0)]
    return np.asarray((value + unit // 2) // unit * unit, np.int64)


def length_of(value: Whole) -> Whole:
    """Return how many digits whole numbers have; 0 has none."""
    return np.asarray(np.searchsorted(_POWERS, value, side="right"), np.int64)


def trailing_zeros(value: Whole) -> Whole:
    """Return how many zeros end whole numbers above 0."""
    return np.asarray((value[:, None] % _POWERS[1:12] == 0).sum(axis=1), np.int64)


@lru_cache(maxsize=1)
def _chances() -> Whole:
    knots = range(-_LOGIT_END * _STEPS, _LOGIT_END * _STEPS + 1)
    shares = [1 / (1 + math.exp(-knot / _STEPS)) for knot in knots]
    shares[0], shares[-1] = 0.0, 1.0  # what a profile rules out, or makes certain
    return np.array([round(share * 2**_CHANCE_BITS) for share in shares]) << (BITS - _CHANCE_BITS)


@lru_cache(maxsize=1)
def _exponentials() -> Whole:
    knots = range(-_EXPONENT_END * _STEPS, _EXPONENT_END * _STEPS + 1)
    return np.array([round(UNIT * math.exp(knot / _STEPS)) for knot in knots], np.int64)
