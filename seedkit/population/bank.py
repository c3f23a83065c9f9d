"""The bank: its address, branches, currencies and the products it deals in."""

from __future__ import annotations

from datetime import date

import numpy as np

from seedkit.population.bank_tables import DOLLARS
from seedkit.population.contact import landlines
from seedkit.population.days import day
from seedkit.population.draw import Whole, below, between, choose, texts
from seedkit.population.locale import locale_of
from seedkit.population.locale.model import Places
from seedkit.population.model import Bank, Branches
from seedkit.population.places import load_places
from seedkit.population.products import make_products
from seedkit.population.service.library import make_library
from seedkit.population.streams import BANK_BLOCK, stream
from seedkit.profile.models import Profile

EXCHANGE_BASE = 10_000
_FAR = 100_000  # ten degrees: two branches so far apart serve different regions


def make_bank(profile: Profile, as_of: date) -> Bank:
    """Make the bank of a profile; it does not depend on the number of households."""
    rng, locale = stream(profile.random_seed, BANK_BLOCK, "bank"), locale_of(profile.locale)
    branches = _make_branches(profile)
    foreign = profile.banking.foreign_currencies.split()
    currencies = tuple(dict.fromkeys((profile.currency, *foreign)))
    return Bank(
        name=profile.bank.name,
        code=locale.numbers.bank_code(rng),
        street=branches.street[0],
        city=branches.city[0],
        state=branches.state[0],
        postcode=branches.postcode[0],
        phone=branches.phone[0],
        country=locale.country,
        locale=locale.code,
        currency=profile.currency,
        currencies=currencies,
        exchange_rates=exchange_rates(currencies),
        branches=branches,
        products=make_products(profile, day(as_of)),
        library=make_library(
            profile, {"bank": profile.bank.name, "phone": branches.phone[0]}, as_of
        ),
    )


def exchange_rates(currencies: tuple[str, ...]) -> tuple[int, ...]:
    """Return minor units of the first currency for 10,000 of each; unknown codes: dollars."""
    own = DOLLARS.get(currencies[0], EXCHANGE_BASE)
    return tuple(EXCHANGE_BASE * DOLLARS.get(code, EXCHANGE_BASE) // own for code in currencies)


def _make_branches(profile: Profile) -> Branches:
    """Place branches in large cities far from one another, each in its own city."""
    rng = stream(profile.random_seed, BANK_BLOCK, "branches")
    locale = locale_of(profile.locale)
    places, written = load_places(locale), locale.addresses
    cities = _cities(places, profile.bank.branches)
    n = cities.size
    postcode = places.first[cities] + below(rng, places.count[cities], n)
    numbers, streets = between(rng, 1, 240, n).tolist(), choose(rng, written.branch_streets, n)
    street = [
        written.branch.format(number=house, street=name)
        for house, name in zip(numbers, streets, strict=True)
    ]
    local = landlines(rng, postcode, locale)
    named = zip(places.city[cities], places.state[cities], strict=True)
    return Branches(
        code=texts([f"BR-{number:03d}" for number in range(1, n + 1)]),
        name=texts([written.branch_name.format(city=city, state=state) for city, state in named]),
        street=texts(street),
        city=places.city[cities],
        state=places.state[cities],
        postcode=places.postcode[postcode],
        phone=np.where(local == "", local[0], local),  # a call goes to the head office then
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
