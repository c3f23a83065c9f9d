"""Places: cities with postcodes, area codes and coordinates that belong together."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from seedkit.population.locale import Locale
from seedkit.population.locale.model import Places
from seedkit.population.model import Texts


@lru_cache(maxsize=3)
def load_places(locale: Locale) -> Places:
    """Return a locale's gazetteer; the same on every machine with the same versions."""
    return locale.places()


def area_code(places: Places, postcode: NDArray[np.int64], draw: NDArray[np.int64]) -> Texts:
    """Return an area code that serves each postcode (by index); `draw` >= 0 says which."""
    found: Texts = places.area_code_table[postcode, draw % places.area_code_count[postcode]]
    return found
