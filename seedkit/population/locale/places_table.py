"""Places of a country from a table: cities, how many live there, postcodes, area codes."""

from __future__ import annotations

import csv
from collections.abc import Callable
from importlib.resources import files

import numpy as np

from seedkit.population.draw import texts
from seedkit.population.locale.model import Places

_HUNDREDTH = 100  # of a degree, in 1/10,000


def read_places(name: str, units: Callable[[str], tuple[str, ...]]) -> Places:
    """Return the gazetteer of a table in `data/`; `units` are the postcodes of one of its codes."""
    path = files("seedkit.population.locale") / "data" / name
    lines = path.read_text(encoding="utf-8").splitlines()
    told = csv.DictReader(line for line in lines if not line.startswith("#"))
    rows = sorted(told, key=lambda row: -int(row["people"]))
    codes = [[unit for code in row["postcodes"].split() for unit in units(code)] for row in rows]
    count = np.array([len(own) for own in codes], np.int32)
    north, east = (
        np.array([int(row[key]) * _HUNDREDTH for row in rows], np.int32)
        for key in ("north", "east")
    )
    dials = np.repeat(texts([row["dials"] for row in rows]), count)
    return Places(
        city=texts([row["city"] for row in rows]),
        state=texts([row["region"] for row in rows]),
        latitude=north,
        longitude=east,
        weight=np.array([int(row["people"]) for row in rows], np.int32),
        first=(np.cumsum(count) - count).astype(np.int32),
        count=count,
        postcode=texts([code for own in codes for code in own]),
        postcode_latitude=np.repeat(north, count),
        postcode_longitude=np.repeat(east, count),
        area_codes=dials,
        area_code_table=dials[:, None],
        area_code_count=np.ones(dials.size, np.int32),
    )
