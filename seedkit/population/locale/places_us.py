"""Places of the United States: cities with postcodes, area codes and coordinates.

The source is the package `zipcodes` (MIT), a copy of public postal data of the United States. It
has no populations, so a city weighs as much as it has ordinary (STANDARD, active) postcodes: a
proxy that ranks Houston above Boise and Boise above a village, and overstates none by much.
"""

from __future__ import annotations

from collections import Counter
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import zipcodes

from seedkit.population.draw import texts
from seedkit.population.locale.model import Places

LARGEST = 600  # cities, before every state has its share
PER_STATE = 5  # at least so many cities of each state, where it has them
STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO "
    "MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
)


class _Postcode(NamedTuple):
    code: str
    city: str
    state: str
    latitude: int
    longitude: int
    area_codes: tuple[str, ...]


def load_places() -> Places:
    """Return the gazetteer; the same on every machine with the same `zipcodes` version."""
    cities = _cities()
    rows = [row for city in cities for row in city]
    weight = np.array([len(city) for city in cities], np.int32)
    codes = [row.area_codes for row in rows]
    widest = max(map(len, codes))
    middles = [city[len(city) // 2] for city in cities]
    return Places(
        city=texts([city[0].city for city in cities]),
        state=texts([city[0].state for city in cities]),
        latitude=np.array([row.latitude for row in middles], np.int32),
        longitude=np.array([row.longitude for row in middles], np.int32),
        weight=weight,
        first=(np.cumsum(weight) - weight).astype(np.int32),
        count=weight,
        postcode=texts([row.code for row in rows]),
        postcode_latitude=np.array([row.latitude for row in rows], np.int32),
        postcode_longitude=np.array([row.longitude for row in rows], np.int32),
        area_codes=texts([",".join(own) for own in codes]),
        area_code_table=np.array([(*own, *[""] * (widest - len(own))) for own in codes], object),
        area_code_count=np.array([len(own) for own in codes], np.int32),
    )


def _cities() -> list[list[_Postcode]]:
    """Return the postcodes of the largest cities and of the largest of each state."""
    by_city: dict[tuple[str, str], list[_Postcode]] = {}
    for row in _ordinary_postcodes():
        by_city.setdefault((row.city, row.state), []).append(row)
    ranked = sorted(by_city.items(), key=lambda item: (-len(item[1]), item[0]))
    seen: dict[str, int] = {}
    chosen = []
    for rank, ((_, state), rows) in enumerate(ranked):
        seen[state] = seen.get(state, 0) + 1
        if rank < LARGEST or seen[state] <= PER_STATE:
            chosen.append(sorted(rows))
    return chosen


def _ordinary_postcodes() -> list[_Postcode]:
    """Return postcodes where people live, with only the area codes of their own state.

    Near a state border the source lists the neighbour's area codes too (New York's in New
    Jersey); an area code belongs to the state where most of its postcodes lie.
    """
    rows = _read()
    counts = Counter((code, row.state) for row in rows for code in row.area_codes)
    owner = {code: state for (code, state), _ in sorted(counts.items(), key=itemgetter(1))}
    own = [
        row._replace(area_codes=tuple(c for c in row.area_codes if owner[c] == row.state))
        for row in rows
    ]
    return [row for row in own if row.area_codes]


def _read() -> list[_Postcode]:
    """Return the source's postcodes, state by state so that its large rows are soon forgotten."""
    return [
        _Postcode(
            row["zip_code"],
            row["city"],
            state,
            round(float(row["lat"]) * 10_000),  # exact: the source has four decimals
            round(float(row["long"]) * 10_000),
            tuple(sorted(row["area_codes"])),
        )
        for state in STATES.split()
        for row in zipcodes.filter_by(  # type: ignore[no-untyped-call]
            state=state, zip_code_type="STANDARD", active=True
        )
    ]
