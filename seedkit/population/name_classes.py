"""Names in classes: what a block may use, so that no other block makes the same person.

A person's surname, birth date and first name together spell the number of the block. The birth
date leaves `RESIDUES` days a remainder that tells the lower bits, given the class of the surname;
the first name is of a class that tells the upper bits, given surname and birth date. So two
people of different blocks differ in one of the three, and nobody has to look anywhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedkit.population.draw import BITS, ONE, Whole, ends_of, raw

RESIDUES = 128  # days
CLASSES = 32  # of first names in each generation, and of surnames
_LOW_BITS = 7
_STEP = RESIDUES // CLASSES
_EACH = 3.0  # what all names count beside their weights; keeps four names in each class


@dataclass(frozen=True, slots=True)
class Classed:
    """Rows of weighted names, sorted by class, so that a class is an interval of ranks."""

    order: Whole  # [row, place]: name
    ends: Whole  # [row, place]: where the name's ranks end
    edges: Whole  # [row, class]: where the class's ranks begin
    following: Whole  # [row, name]: the next one of the class that the row knows

    def draw(self, rng: np.random.Generator, rows: Whole, classes: Whole) -> Whole:
        """Draw a name for each row and class."""
        low, high = self.edges[rows, classes], self.edges[rows, classes + 1]
        ranks = low + ((raw(rng, rows.size) >> 1) * ((high - low) >> 1) >> (BITS - 2))
        scale = self.ends + np.arange(self.ends.shape[0])[:, None] * ONE
        found = np.searchsorted(scale.ravel(), ranks + rows * ONE, side="right")
        place = np.minimum(found - rows * self.ends.shape[1], self.ends.shape[1] - 1)
        return np.asarray(self.order[rows, place], np.int64)


def classed(weights: NDArray[np.float64], classes: Whole) -> Classed:
    """Return rows of weights as intervals; `classes` are those of the names, by row."""
    order = np.argsort(classes, axis=1, kind="stable")
    ends = ends_of(np.take_along_axis(weights, order, axis=1))
    begins = np.concatenate([np.zeros((ends.shape[0], 1), np.int64), ends], axis=1)
    counts = [np.searchsorted(np.sort(row), np.arange(CLASSES + 1)) for row in classes]
    return Classed(
        order=order,
        ends=ends,
        edges=np.take_along_axis(begins, np.array(counts), axis=1),
        following=np.stack([_following(*pair) for pair in zip(weights, classes, strict=True)]),
    )


def _following(weights: NDArray[np.float64], classes: Whole) -> Whole:
    """Return for each name the next lighter one of its class; the heaviest after the lightest.

    A name without any weight leads to the heaviest.
    """
    found = np.arange(weights.size)
    for number in range(CLASSES):
        mine = np.flatnonzero(classes == number)
        known = mine[weights[mine] > 0]
        known = known[np.argsort(-weights[known], kind="stable")]
        if known.size:
            found[mine] = known[0]
            found[known] = np.roll(known, -1)
    return found


def even_classes(women: NDArray[np.float64], men: NDArray[np.float64]) -> Whole:
    """Return classes of names that weigh nearly the same among women as well as among men.

    Every name counts a little beside its weight, so that no class is left with one of them.
    """
    both = np.stack([women / women.sum(), men / men.sum()])
    both += (both > 0) * _EACH / np.count_nonzero(both, axis=1)[:, None]
    load = np.zeros((2, CLASSES))
    found = np.zeros(women.size, np.int64)
    for name in np.argsort(-both.max(axis=0), kind="stable"):
        weight = both[:, name]
        fullest = (load * (weight > 0)[:, None]).max(axis=0)
        found[name] = fullest.argmin()
        load[:, found[name]] += weight
    return found


def residues(number: int, surname: Whole) -> Whole:
    """Return the remainders that birth dates of a block's bearers of surnames leave."""
    return (number + surname % CLASSES * _STEP) % RESIDUES


def first_name_classes(number: int, surname: Whole, birth: Whole) -> Whole:
    """Return the classes of first names of a block's people; births are days since 1970."""
    return ((number >> _LOW_BITS) + 5 * surname + 11 * (birth // RESIDUES)) % CLASSES
