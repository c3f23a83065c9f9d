"""Homes: where households live, whether they own, and which branch is the nearest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from seedkit.population import home_tables as tables
from seedkit.population.amortisation import part_left
from seedkit.population.amounts import CENTS
from seedkit.population.days import add_days, add_years, day
from seedkit.population.draw import (
    Whole,
    amount_within,
    below,
    between,
    coin,
    pick,
    pick_by,
)
from seedkit.population.families import Families
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
from seedkit.population.places import Places, load_places
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
    """Choose cities and postcodes: most near a branch, some anywhere in the country.

    Dear homes stand in dear states, more often than chance would have it.
    """
    places, seed = load_places(), profile.random_seed
    miles = distances(places, bank)
    rng = stream(seed, number, "cities")
    branch = below(rng, miles.shape[0], N)
    nearest = _nearest(miles)
    near = nearest[branch, pick_by(rng, places.weight[nearest], branch)]
    far = pick(rng, places.weight, N)
    drawn = np.where(coin(rng, tables.NEAR_BRANCH, N), near, far)
    city = _dear_to_dear(stream(seed, number, "dear cities"), drawn, places, surveyed)
    postcode = places.first[city] + below(stream(seed, number, "postcodes"), places.weight[city], N)
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
    seed, places = profile.random_seed, load_places()
    value = surveyed.amounts["home"] // tables.VALUE_STEP * tables.VALUE_STEP
    owner = surveyed.amounts["home"] > 0
    return Households(
        household=np.arange(N, dtype=np.int32),
        kind=families.kind,
        street=_streets(stream(seed, number, "streets"), owner),
        city=places.city[sites.city],
        state=places.state[sites.city],
        postcode=places.postcode[sites.postcode],
        branch=sites.branch,
        tenure=np.where(owner, Tenure.OWNER, Tenure.RENTER).astype(np.int8),
        home_value=np.where(owner, np.maximum(value, tables.VALUE_STEP), 0),
        home_since=_since(stream(seed, number, "moving in"), as_of, families, owner, surveyed),
        income=income,
    )


def _nearest(miles: Whole) -> Whole:
    """Return the nearest cities of each branch, in the gazetteer's order where two are as near."""
    # distance and number in one key: picking the least few is quicker than sorting all
    cities = miles.shape[1]
    keys = np.partition(miles * cities + np.arange(cities), tables.NEAREST, axis=1)
    return np.asarray(np.sort(keys[:, : tables.NEAREST], axis=1) % cities, np.int64)


def distances(places: Places, bank: Bank) -> Whole:
    """Return squared distances of branches (rows) and cities (columns).

    A degree of longitude counts three quarters of one of latitude, as it does on 41 degrees north.
    """
    branches = bank.branches
    north = (branches.latitude[:, None].astype(np.int64) - places.latitude) * 4
    east = (branches.longitude[:, None].astype(np.int64) - places.longitude) * 3
    return north * north + east * east


def _dear_to_dear(
    rng: np.random.Generator, city: Whole, places: Places, surveyed: Surveyed
) -> Whole:
    """Return the drawn cities in another order: the dearer ones to those of greater means."""
    state = places.state[city]
    dear = np.array([tables.DEAR_STATES.get(code, tables.CHEAP) for code in state], np.int64)
    home = surveyed.amounts["home"]
    means = np.where(home > 0, home, surveyed.income * tables.HOME_OF_INCOME)
    by_price = np.argsort(dear * between(rng, *tables.PRICES_VARY, N), kind="stable")
    by_means = np.argsort(means // CENTS * between(rng, *tables.MEANS_VARY, N), kind="stable")
    found = np.empty(N, np.int64)
    found[by_means] = city[by_price]
    return found


def _since(
    rng: np.random.Generator, as_of: date, families: Families, owner: Flags, surveyed: Surveyed
) -> Dates:
    """Draw when the household moved in: its adults were old enough, its mortgage not paid off."""
    at = np.searchsorted(families.household, np.arange(N))
    partner = np.where(families.spouse[at] >= 0, families.spouse[at], at)
    youngest = np.maximum(families.birth[at], families.birth[partner])
    of_age = add_years(youngest, np.where(owner, *tables.MOVE_IN_AGES))
    most = np.maximum((day(as_of) - of_age).astype(np.int64), tables.STAY[:2, 0].max())
    owed = surveyed.amounts["mortgage"]
    longest = _longest_stays(as_of, surveyed)
    most = np.where(owed > 0, np.minimum(most, longest), most)
    usual, rented, long = (amount_within(rng, row, row[0], most, N) for row in tables.STAY)
    # much was lent on most homes, so that what is left tells that it was long ago
    since_loan = most * between(rng, *tables.OF_LONGEST_STAY, N) // 100
    usual = np.where(owed > 0, np.maximum(usual, since_loan), usual)
    old = (families.age[at] >= tables.OLD_HEAD) & (owed == 0)
    stay = np.where(owner, np.where(old, np.minimum(long, most), usual), rented)
    return add_days(day(as_of), -stay)


def _longest_stays(as_of: date, surveyed: Surveyed) -> Whole:
    """Return how many days ago homes can have been bought, for the mortgage to be what it is.

    A loan of 30 years on nearly the whole price of that time would have been paid down to it.
    """
    years = np.arange(tables.MORTGAGE_YEARS)
    then = add_years(np.full(years.size, day(as_of)), -years)
    price, now = house_price_ratio(then, day(as_of))
    left = part_left(mortgage_rate(then), np.full(years.size, 360), years * 12)
    reach = np.rint(price * left * tables.LENT_AT_MOST / now).astype(np.int64)  # per mille
    value = np.maximum(surveyed.amounts["home"], 1)
    owed = surveyed.amounts["mortgage"] * 1_000 // value
    falling = np.minimum.accumulate(reach)
    return np.maximum(np.searchsorted(-falling, -owed, side="right") - 1, 0) * 365 + 60


def _streets(rng: np.random.Generator, owner: Flags) -> Texts:
    """Invent street addresses: a number, a surname and a suffix, for some a flat."""
    names = name_pools().last[below(rng, name_pools().last.size, N)]
    suffix = np.array(tables.STREETS, dtype=object)[pick(rng, tables.STREET_WEIGHTS, N)]
    number = between(rng, 10, 9_899, N)
    flat = between(rng, 1, 420, N)
    flats = coin(rng, tables.APARTMENTS, N) & ~owner
    rows = zip(number.tolist(), names, suffix, flats.tolist(), flat.tolist(), strict=True)
    found = np.empty(N, dtype=object)
    found[:] = [f"{n} {name} {kind}" + f", Apt {f}" * has for n, name, kind, has, f in rows]
    return found
