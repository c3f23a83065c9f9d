"""How chance becomes values: integers in, integers out, so that every machine agrees.

Everything starts from 32-bit raw draws. Weights, limits and quantile tables are integers and the
interpolation between two quantiles is integer arithmetic: no logarithm, no exponential, no float
sum whose last bit could depend on the processor.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Whole = NDArray[np.int64]

BITS = 32
ONE = 1 << BITS
_HALF_BITS = 16
_WEIGHT_SCALE = 1 << 30
_MILLION = 1_000_000
_ROUNDS = 8  # after which next to nothing is left to pass on


def raw(rng: np.random.Generator, n: int) -> Whole:
    """Draw n whole numbers from 0 to 2**32 - 1; the ranks of all other draws."""
    # the generator's own bits: nothing between them and us that a NumPy version could change
    words: np.ndarray[tuple[int], np.dtype[np.uint64]] = rng.bit_generator.random_raw(n)
    return (words >> np.uint64(BITS)).view(np.int64)


def below(rng: np.random.Generator, limit: ArrayLike, n: int) -> Whole:
    """Draw n whole numbers from 0 to limit - 1; limit (at most 2**31) may differ by row."""
    return (raw(rng, n) * np.asarray(limit, np.int64)) >> BITS


def between(rng: np.random.Generator, low: ArrayLike, high: ArrayLike, n: int) -> Whole:
    """Draw n whole numbers from low to high, both included; both may differ by row."""
    first = np.asarray(low, np.int64)
    return first + below(rng, np.maximum(np.asarray(high, np.int64) - first + 1, 1), n)


def coin(rng: np.random.Generator, share: ArrayLike, n: int) -> NDArray[np.bool_]:
    """Toss n coins that show True in a share (0.0 to 1.0, may differ by row) of cases."""
    return raw(rng, n) < (np.asarray(share, np.float64) * ONE).astype(np.int64)


def pick(rng: np.random.Generator, weights: ArrayLike, n: int) -> Whole:
    """Draw n indices of a row of weights (numbers >= 0, relative to one another)."""
    return np.searchsorted(_ends(weights), raw(rng, n), side="right").astype(np.int64)


def pick_by(rng: np.random.Generator, table: ArrayLike, rows: ArrayLike) -> Whole:
    """Draw one column index for each entry of `rows`, by the weights in that row of a table."""
    return pick_at(table, rows, raw(rng, np.asarray(rows).size))


def pick_at(table: ArrayLike, rows: ArrayLike, ranks: Whole) -> Whole:
    """Return the column indices that stand at given ranks in rows of a table of weights.

    Rows drawn with the same ranks choose alike: that is how couples resemble each other.
    """
    # all rows lie behind one another on one long scale, so that one search serves them all
    ends, which = _ends(table), np.asarray(rows, np.int64)
    scale = ends + np.arange(ends.shape[0])[:, None] * ONE
    found = np.searchsorted(scale.ravel(), ranks + which * ONE, side="right")
    return np.asarray(found - which * ends.shape[1], np.int64)


def choose(
    rng: np.random.Generator, pool: Sequence[str] | NDArray[np.object_], n: int
) -> NDArray[np.object_]:
    """Draw n texts of a pool, all equally likely."""
    texts = np.asarray(pool, dtype=object)
    return np.asarray(texts[below(rng, len(texts), n)], dtype=object)


def amount(rng: np.random.Generator, quantiles: ArrayLike, n: int) -> Whole:
    """Draw n amounts from quantiles at even steps (0%, ..., 100%), straight lines in between."""
    return at_rank(np.asarray(quantiles, np.int64)[None, :], np.zeros(n, np.int64), raw(rng, n))


def amount_by(rng: np.random.Generator, table: ArrayLike, rows: ArrayLike) -> Whole:
    """Draw one amount for each entry of `rows`, by the quantiles in that row of a table."""
    which = np.asarray(rows)
    return at_rank(table, which, raw(rng, which.size))


def at_rank(table: ArrayLike, rows: ArrayLike, ranks: Whole) -> Whole:
    """Return the amounts that stand at given ranks (0 to 2**32 - 1) in rows of a quantile table.

    Two columns read with the same ranks go together; with other ranks they are independent.
    """
    values = np.asarray(table, np.int64)
    which = np.asarray(rows)
    scaled = ranks * (values.shape[1] - 1)
    step = scaled >> BITS
    part = (scaled & (ONE - 1)) >> (BITS - _HALF_BITS)
    low, high = values[which, step], values[which, step + 1]
    return np.asarray(low + (((high - low) * part) >> _HALF_BITS), np.int64)


def amount_within(
    rng: np.random.Generator, quantiles: ArrayLike, low: ArrayLike, high: ArrayLike, n: int
) -> Whole:
    """Draw n amounts of one quantile row, but only from low to high (both may differ by row).

    Where the limits cross, low wins.
    """
    values = np.asarray(quantiles, np.int64)
    limits = np.empty((2, n), np.int64)
    limits[0], limits[1] = low, high
    first, last = _rank_of(values, limits)
    span = np.maximum(last - first, 0)
    ranks = first + ((raw(rng, n) >> 1) * (span >> 1) >> (BITS - 2))
    found = at_rank(values[None, :], np.zeros(n, np.int64), np.minimum(ranks, ONE - 1))
    return np.asarray(np.maximum(np.minimum(found, limits[1]), limits[0]), np.int64)


def tilted(share: float, tilt: ArrayLike, rows: int, most: float = 1.0) -> NDArray[np.float64]:
    """Return chances in proportion to a tilt (whole numbers >= 0) that give a share of all rows.

    No chance exceeds `most`; what that cuts off goes to the others, as far as it can.
    """
    pull, limit = np.asarray(tilt, np.int64), int(most * _MILLION)
    chance = np.zeros(pull.size, np.int64)
    for _ in range(_ROUNDS):
        pull = np.where(chance < limit, pull, 0)
        missing = int(share * _MILLION) * rows - int(chance.sum())
        chance = np.minimum(chance + missing * pull // max(int(pull.sum()), 1), limit)
    return chance / _MILLION


def _rank_of(quantiles: Whole, values: Whole) -> Whole:
    """Return the ranks (0 to 2**32) at which values stand in a rising quantile row."""
    steps = quantiles.size - 1
    inside = np.minimum(np.maximum(values, quantiles[0]), quantiles[-1])
    step = np.minimum(np.searchsorted(quantiles, inside, side="right") - 1, steps - 1)
    width = np.maximum(quantiles[step + 1] - quantiles[step], 1)
    part = ((inside - quantiles[step]) << BITS) // width
    return np.asarray(((step << BITS) + part) // steps, np.int64)


def expand(counts: ArrayLike) -> tuple[Whole, Whole]:
    """Return (parent, number) of the rows that counts per parent ask for.

    expand([2, 0, 1]) is ([0, 0, 2], [0, 1, 0]).
    """
    sizes = np.asarray(counts, np.int64)
    parent = np.repeat(np.arange(sizes.size), sizes)
    return parent, np.arange(parent.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)


def texts(values: Sequence[str]) -> NDArray[np.object_]:
    """Return a column of texts; NumPy itself would make it one of fixed width."""
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def ends_of(weights: NDArray[np.float64]) -> Whole:
    """Return where each index of rows of weights stops on the scale of raw draws."""
    return _compute_ends(weights)


def _ends(weights: ArrayLike) -> Whole:
    """Return where each index stops on the raw scale; constant tables are computed once."""
    if isinstance(weights, tuple):
        return _ends_of_constant(weights)
    return _compute_ends(weights)


@lru_cache(maxsize=512)
def _ends_of_constant(weights: tuple[object, ...]) -> Whole:
    ends = _compute_ends(np.array(weights, np.float64))
    ends.flags.writeable = False
    return ends


def _compute_ends(weights: ArrayLike) -> Whole:
    """Return where each index stops on the raw scale; the last one is exactly 2**32.

    Running sums are added in order, so their last bit is the same everywhere; from there on all
    is whole numbers.
    """
    shares = np.asarray(weights, np.float64)
    total = np.cumsum(shares, axis=-1)[..., -1:]
    sums = np.cumsum(np.rint(shares * _WEIGHT_SCALE / total).astype(np.int64), axis=-1)
    return np.asarray(sums * ONE // sums[..., -1:], np.int64)
