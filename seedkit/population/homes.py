"""Homes: where households live, whether they own, and which branch is the nearest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isqrt

import numpy as np

from seedkit.population import home_tables as tables
from seedkit.population.amortisation import part_left
from seedkit.population.days import add_days, add_years, day
from seedkit.population.draw import (
    Whole,
    amount_within,
    below,
    between,
    coin,
    pick,
    pick_by,
    texts,
)
from seedkit.population.families import Families
from seedkit.population.locale import Locale, locale_of
from seedkit.population.model import (
    BLOCK_HOUSEHOLDS,
    Bank,
    Dates,
    Flags,
    Households,
    Ints,
    Money,
    Texts,
)
from seedkit.population.names import name_pools
from seedkit.population.places import load_places
from seedkit.population.rates import house_price_ratio, mortgage_rate
from seedkit.population.streams import stream
from seedkit.population.surveyed import Surveyed
from seedkit.population.words import Tenure
from seedkit.profile.models import Profile

N = BLOCK_HOUSEHOLDS


@dataclass(frozen=True, slots=True)
class Sites:
    """Where households live; city and postcode index the columns of `Places`."""

    city: Whole
    postcode: Whole
    branch: Ints


def make_sites(profile: Profile, bank: Bank, number: int, surveyed: Surveyed) -> Sites:
    """Choose cities and postcodes: most near a branch, some anywhere, more where more people live.

    Dear homes stand in dear states, more often than chance would have it.
    """
    locale, seed = locale_of(profile.locale), profile.random_seed
    places = load_places(locale)
    miles = distances(locale, bank)
    rng = stream(seed, number, "cities")
    nearest = _nearest(miles)
    branch = pick(rng, _pull(places.weight[nearest]), N)
    near = nearest[branch, pick_by(rng, places.weight[nearest], branch)]
    far = pick(rng, places.weight, N)
    drawn = np.where(coin(rng, tables.NEAR_BRANCH, N), near, far)
    city = _dear_to_dear(stream(seed, number, "dear cities"), drawn, locale, surveyed)
    postcode = places.first[city] + below(stream(seed, number, "postcodes"), places.count[city], N)
    return Sites(city, postcode, np.argmin(miles[:, city], axis=0).astype(np.int32))


def make_homes(
    profile: Profile,
    as_of: date,
    number: int,
    families: Families,
    sites: Sites,
    surveyed: Surveyed,
    income: Money,
) -> Households:
    """Make the households of a block; `income` is a year's, of all members together."""
    seed, locale = profile.random_seed, locale_of(profile.locale)
    places = load_places(locale)
    owner = surveyed.amounts["home"] > 0
    return Households(
        household=np.arange(N, dtype=np.int32),
        kind=families.kind,
        street=_streets(stream(seed, number, "streets"), owner, locale),
        city=places.city[sites.city],
        state=places.state[sites.city],
        postcode=places.postcode[sites.postcode],
        branch=sites.branch,
        tenure=np.where(owner, Tenure.OWNER, Tenure.RENTER).astype(np.int8),
        home_value=surveyed.amounts["home"],
        home_since=_since(
            stream(seed, number, "moving in"), as_of, families, owner, surveyed, locale
        ),
        income=income,
    )


def _nearest(miles: Whole) -> Whole:
    """Return the nearest cities of each branch, in the gazetteer's order where two are as near."""
    # distance and number in one key: picking the least few is quicker than sorting all
    cities = miles.shape[1]
    keys = np.partition(miles * cities + np.arange(cities), tables.NEAREST, axis=1)
    return np.asarray(np.sort(keys[:, : tables.NEAREST], axis=1) % cities, np.int64)


def _pull(people: Ints) -> list[int]:
    """Return weights of branches by the people of the cities near each: the root of their sum.

    Half of the people live in places too small for the gazetteer, which lie more evenly.
    """
    return [isqrt(total) for total in people.sum(axis=1).tolist()]


def distances(locale: Locale, bank: Bank) -> Whole:
    """Return squared distances of branches (rows) and cities (columns).

    A degree of longitude counts less than one of latitude, as it does in the locale's middle.
    """
    branches, places = bank.branches, load_places(locale)
    part, whole = locale.narrowing
    north = (branches.latitude[:, None].astype(np.int64) - places.latitude) * whole
    east = (branches.longitude[:, None].astype(np.int64) - places.longitude) * part
    return north * north + east * east


def _dear_to_dear(
    rng: np.random.Generator, city: Whole, locale: Locale, surveyed: Surveyed
) -> Whole:
    """Return the drawn cities in another order: the dearer ones to those of greater means."""
    state, prices = load_places(locale).state[city], locale.prices
    dear = np.array([prices.regions.get(code, prices.elsewhere) for code in state], np.int64)
    home = surveyed.amounts["home"]
    means = np.where(home > 0, home, surveyed.income * tables.HOME_OF_INCOME)
    by_price = np.argsort(dear * between(rng, *tables.PRICES_VARY, N), kind="stable")
    rank = np.argsort(np.argsort(means, kind="stable"), kind="stable")
    by_means = np.argsort(rank + below(rng, tables.MEANS_SCATTER, N), kind="stable")
    found = np.empty(N, np.int64)
    found[by_means] = city[by_price]
    return found


def _since(
    rng: np.random.Generator,
    as_of: date,
    families: Families,
    owner: Flags,
    surveyed: Surveyed,
    locale: Locale,
) -> Dates:
    """Draw when the household moved in: its adults were old enough, its mortgage not paid off."""
    at = np.searchsorted(families.household, np.arange(N))
    partner = np.where(families.spouse[at] >= 0, families.spouse[at], at)
    youngest = np.maximum(families.birth[at], families.birth[partner])
    of_age = add_years(youngest, np.where(owner, *tables.MOVE_IN_AGES))
    most = np.maximum((day(as_of) - of_age).astype(np.int64), tables.STAY[:2, 0].max())
    owed = surveyed.amounts["mortgage"]
    longest = _longest_stays(as_of, surveyed, locale)
    most = np.where(owed > 0, np.minimum(most, longest), most)
    usual, rented, long = (amount_within(rng, row, row[0], most, N) for row in tables.STAY)
    # much was lent on most homes, so that what is left tells that it was long ago
    since_loan = most * between(rng, *tables.OF_LONGEST_STAY, N) // 100
    usual = np.where(owed > 0, np.maximum(usual, since_loan), usual)
    old = (families.age[at] >= tables.OLD_HEAD) & (owed == 0)
    stay = np.where(owner, np.where(old, np.minimum(long, most), usual), rented)
    return add_days(day(as_of), -stay)


def _longest_stays(as_of: date, surveyed: Surveyed, locale: Locale) -> Whole:
    """Return how many days ago homes can have been bought, for the mortgage to be what it is.

    A loan of 30 years on nearly the whole price of that time would have been paid down to it.
    """
    years = np.arange(tables.MORTGAGE_YEARS)
    then = add_years(np.full(years.size, day(as_of)), -years)
    price, now = house_price_ratio(locale, then, day(as_of))
    left = part_left(mortgage_rate(locale, then), np.full(years.size, 360), years * 12)
    reach = np.rint(price * left * tables.LENT_AT_MOST / now).astype(np.int64)  # per mille
    value = np.maximum(surveyed.amounts["home"], 1)
    owed = surveyed.amounts["mortgage"] * 1_000 // value
    falling = np.minimum.accumulate(reach)
    return np.maximum(np.searchsorted(-falling, -owed, side="right") - 1, 0) * 365 + 60


def _streets(rng: np.random.Generator, owner: Flags, locale: Locale) -> Texts:
    """Invent street addresses: a number, a name and what kind of street, for some a flat."""
    written = locale.addresses
    pool = texts(written.names) if written.names else name_pools(locale).last
    names = pool[below(rng, pool.size, N)]
    kinds = texts(written.kinds)[pick(rng, written.weights, N)]
    number, flat = between(rng, *written.numbers, N), between(rng, *written.flats, N)
    flats = coin(rng, tables.APARTMENTS, N) & ~owner
    rows = zip(number.tolist(), names, kinds, flats.tolist(), flat.tolist(), strict=True)
    return texts(
        [
            (written.flat if has else written.house).format(number=n, name=name, kind=kind, flat=f)
            for n, name, kind, has, f in rows
        ]
    )
