"""What all tables are made with: ids, words and money from the population's columns."""

from __future__ import annotations

import numpy as np

from seedkit.extract.model import Values
from seedkit.population.amounts import CENTS
from seedkit.population.draw import texts
from seedkit.population.model import Ints


def numbered(homes: Values, household: Ints, letter: str) -> Values:
    """Return ids of rows that are sorted by household: the household's id, a letter, a number."""
    places = np.arange(household.size) - np.searchsorted(household, household) + 1
    rows = zip(homes[household], places.tolist(), strict=True)
    return texts([f"{home}-{letter}{place}" for home, place in rows])


def chosen(words: tuple[str, ...], values: Ints) -> Values:
    """Return the words that stand for the members of a closed list."""
    return np.asarray(np.array(words, dtype=object)[values], dtype=object)


def money(cents: Values) -> Values:
    """Return whole cents as units of currency."""
    return np.asarray(cents / CENTS, np.float64)
