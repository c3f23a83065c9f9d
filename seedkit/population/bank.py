"""The bank: its address, branches, currencies and the products it deals in."""

from __future__ import annotations

from datetime import date

import numpy as np

from seedkit.population.bank_tables import DOLLARS, STREETS
from seedkit.population.contact import phones
from seedkit.population.days import day
from seedkit.population.draw import Whole, below, between, choose, texts
from seedkit.population.model import Bank, Branches
from seedkit.population.places import Places, load_places
from seedkit.population.products import make_products
from seedkit.population.service.library import make_library
from seedkit.population.streams import BANK_BLOCK, stream
from seedkit.profile.models import Profile

COUNTRY = "United States"
# First two digits of routing numbers that are assigned to nobody.
FREE_PREFIXES = tuple(
    str(prefix) for prefix in (*range(13, 21), *range(33, 61), *range(73, 80), *range(81, 100))
)
_CHECK_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)
_SERIALS = 1_000_000
EXCHANGE_BASE = 10_000
_FAR = 100_000  # ten degrees: two branches so far apart serve different regions


def make_bank(profile: Profile, as_of: date) -> Bank:
    """Make the bank of a profile; it does not depend on the number of households."""
    rng = stream(profile.random_seed, BANK_BLOCK, "bank")
    branches = _make_branches(profile)
    foreign = profile.banking.foreign_currencies.split()
    currencies = tuple(dict.fromkeys((profile.currency, *foreign)))
    prefix = FREE_PREFIXES[int(below(rng, len(FREE_PREFIXES), 1)[0])]
    return Bank(
        name=profile.bank.name,
        code=routing_code(f"{prefix}{int(below(rng, _SERIALS, 1)[0]):06d}"),
        street=branches.street[0],
        city=branches.city[0],
        state=branches.state[0],
        postcode=branches.postcode[0],
        phone=branches.phone[0],
        country=COUNTRY,
        currency=profile.currency,
        currencies=currencies,
        exchange_rates=exchange_rates(currencies),
        branches=branches,
        products=make_products(profile, day(as_of)),
        library=make_library(
            profile, {"bank": profile.bank.name, "phone": branches.phone[0]}, as_of
        ),
    )


def routing_code(digits: str) -> str:
    """Return eight digits with the check digit that makes the weighted sum a multiple of ten."""
    total = sum(int(d) * weight for d, weight in zip(digits, _CHECK_WEIGHTS, strict=True))
    return f"{digits}{-total % 10}"


def exchange_rates(currencies: tuple[str, ...]) -> tuple[int, ...]:
    """Return minor units of the first currency for 10,000 of each; unknown codes: dollars."""
    own = DOLLARS.get(currencies[0], EXCHANGE_BASE)
    return tuple(EXCHANGE_BASE * DOLLARS.get(code, EXCHANGE_BASE) // own for code in currencies)


def _make_branches(profile: Profile) -> Branches:
    """Place branches in large cities far from one another, each in its own city."""
    rng = stream(profile.random_seed, BANK_BLOCK, "branches")
    places = load_places()
    cities = _cities(places, profile.bank.branches)
    n = cities.size
    postcode = places.first[cities] + below(rng, places.weight[cities], n)
    return Branches(
        code=texts([f"BR-{number:03d}" for number in range(1, n + 1)]),
        name=texts([f"{places.city[c]}, {places.state[c]}" for c in cities]),
        street=between(rng, 1, 240, n).astype(str).astype(object) + " " + choose(rng, STREETS, n),
        city=places.city[cities],
        state=places.state[cities],
        postcode=places.postcode[postcode],
        phone=phones(rng, postcode),
        latitude=places.postcode_latitude[postcode],
        longitude=places.postcode_longitude[postcode],
    )


def _cities(places: Places, wanted: int) -> Whole:
    """Return cities in which branches stand: each next one is large and far from those before."""
    latitude, longitude = places.latitude.astype(np.int64), places.longitude.astype(np.int64)
    nearest = np.full(latitude.size, _FAR)
    chosen: list[int] = []
    for _ in range(min(wanted, latitude.size)):
        best = int(np.argmax(places.weight * nearest))
        chosen.append(best)
        apart = np.abs(latitude - latitude[best]) + np.abs(longitude - longitude[best])
        nearest = np.minimum(nearest, apart)
    return np.array(chosen, np.int64)
