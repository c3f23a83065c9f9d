"""A locale: all in which the people, places and banks of one country differ from another's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seedkit.population.locale.phrases import Phrases
from seedkit.population.model import Ints, Texts
from seedkit.population.survey.tilts import Tilts


@dataclass(frozen=True, slots=True)
class Places:
    """Cities, heaviest first, and their postcodes.

    City i owns the rows `first[i]` to `first[i] + count[i] - 1` of the postcode columns.
    """

    city: Texts
    state: Texts  # two letters in the United States, otherwise a county or a Land
    latitude: Ints  # int32, 1/10,000 degree, of the city's middle postcode
    longitude: Ints
    weight: Ints  # how many live there, relative to one another
    first: Ints  # index of the city's first postcode
    count: Ints  # number of its postcodes
    postcode: Texts
    postcode_latitude: Ints
    postcode_longitude: Ints
    area_codes: Texts  # of each postcode, separated by commas: what telephone numbers begin with
    area_code_table: Texts  # [postcode, n]: the same, the missing ones empty
    area_code_count: Ints


@dataclass(frozen=True, slots=True)
class NameSource:
    """Where names come from, and how a family shares them."""

    pool: str  # Faker's locale
    women: tuple[str, ...]  # names typical of each cohort
    men: tuple[str, ...]
    typical: float  # part of a generation that bears one of them
    surnames: Callable[[Mapping[str, float]], Mapping[str, float]]  # what of the pool is used
    married: float  # part of wives that bear the husband's surname


@dataclass(frozen=True, slots=True)
class Addresses:
    """How addresses are written and what streets are called."""

    names: tuple[str, ...]  # none: surnames
    kinds: tuple[str, ...]  # what follows the name
    weights: tuple[int, ...]
    numbers: tuple[int, int]
    flats: tuple[int, int]
    house: str  # of number, name and kind
    flat: str  # of these and flat
    branch_streets: tuple[str, ...]
    branch: str  # of number and street
    branch_name: str  # of city and state


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers that reach and name nobody: telephones, ids, bank codes, accounts elsewhere."""

    line: str  # a landline: of its area and a number within `lines`
    lines: tuple[int, int]
    mobile: str  # likewise; of a block and a number within `mobile_lines`
    mobile_lines: tuple[int, int]
    mobile_blocks: tuple[str, ...]  # none: a mobile number has the area of a landline
    government_id: Callable[[int], str]  # of a number from 1 to 9,999
    bank_code: Callable[[np.random.Generator], str]
    account_elsewhere: Callable[[int], str]  # of a number below 10**8


class Scale(NamedTuple):
    """What dollars of the survey become in a country's money of 2022."""

    units: int  # for 1,000 dollars
    knee: int = 0  # units; of what lies above only a part counts; 0 for no such bend
    above: int = 100  # percent


@dataclass(frozen=True, slots=True, eq=False)
class Wealth:
    """How the families of the American survey are made into the country's."""

    scales: Mapping[str, Scale]  # by kind of possession, and "income"; "" for all others
    odds: Tilts  # of single decisions
    ages: tuple[tuple[int, int], ...] = ()  # heads from an age on, in percent of the survey's


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """What money is worth, lent at and paid for."""

    consumer: Mapping[int, int]  # yearly means of consumer prices, in hundredths of any base
    mortgage: NDArray[np.int64]  # basis points, mean of new loans by year from FIRST_YEAR
    houses: NDArray[np.int64]  # price index by year from FIRST_YEAR
    regions: Mapping[str, int]  # percent of the country's prices of homes, by `Places.state`
    elsewhere: int  # percent in all other regions
    offers: Mapping[str, tuple[int, int]]  # rates by prefix, where they aren't the catalogue's
    overdraft: int  # lowest rate of overdrafts, basis points
    # most that is lent for studies, with an advanced degree and without, by first year from 1975
    studies: Mapping[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Plastic:
    """Brands of cards, and how often each stands on a style of card."""

    networks: tuple[str, ...]
    weights: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Locale:
    """A country and its language."""

    code: str
    country: str
    places: Callable[[], Places]
    narrowing: tuple[int, int]  # a degree of longitude against one of latitude
    names: NameSource
    addresses: Addresses
    numbers: Numbers
    prices: Prices
    wealth: Wealth
    plastic: Plastic
    famous: frozenset[str]  # surnames that would make an employer sound like a real one
    jobs: Mapping[str, tuple[str, str]]  # what women and men are called, by the American word
    say: Phrases

    def titles(self, american: str) -> tuple[str, str]:
        """Return what women and men of an American job title are called."""
        if self.say.own_language:
            return self.jobs[american]
        return self.jobs.get(american, (american, american))
