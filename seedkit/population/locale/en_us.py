"""The United States."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from seedkit.population.draw import below
from seedkit.population.locale.model import (
    Addresses,
    Locale,
    NameSource,
    Numbers,
    Plastic,
    Prices,
    Scale,
    Wealth,
)
from seedkit.population.locale.names_us import MEN, WOMEN
from seedkit.population.locale.phrases import Phrases
from seedkit.population.locale.places_us import load_places

# First two digits of routing numbers that are assigned to nobody.
FREE_PREFIXES = tuple(
    str(prefix) for prefix in (*range(13, 21), *range(33, 61), *range(73, 80), *range(81, 100))
)
_CHECK_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)
_SERIALS = 1_000_000
_SHORTENED = ("Obrien", "Oconnor", "Oneill", "Oneal", "Odonnell", "Oconnell")


def routing_code(digits: str) -> str:
    """Return eight digits with the check digit that makes the weighted sum a multiple of ten."""
    total = sum(int(d) * weight for d, weight in zip(digits, _CHECK_WEIGHTS, strict=True))
    return f"{digits}{-total % 10}"


def _bank_code(rng: np.random.Generator) -> str:
    prefix = FREE_PREFIXES[int(below(rng, len(FREE_PREFIXES), 1)[0])]
    return routing_code(f"{prefix}{int(below(rng, _SERIALS, 1)[0]):06d}")


def _surnames(pool: Mapping[str, float]) -> Mapping[str, float]:
    """Return surnames with the inner capitals and apostrophe that the pool leaves out."""
    return {_spelled(name): weight for name, weight in pool.items()}


def _spelled(surname: str) -> str:
    if surname.startswith("Mc"):
        return "Mc" + surname[2:].capitalize()
    if surname in _SHORTENED:
        return "O'" + surname[1:].capitalize()
    return surname


_NUMBERS = Numbers(
    line="({}) 555-0{}",
    lines=(100, 199),
    mobile="({}) 555-0{}",
    mobile_lines=(100, 199),
    mobile_blocks=(),
    government_id="000-**-{:04}".format,
    bank_code=_bank_code,
    account_elsewhere="EXT-{:08d}".format,
)
_ADDRESSES = Addresses(
    names=(),
    # Faker offers 200 street suffixes, most of them rare ("Burgs"); these are the usual ones
    kinds=(
        "Street", "Avenue", "Drive", "Lane", "Road", "Court", "Circle", "Way", "Place", "Trail",
    ),
    weights=(26, 20, 18, 10, 10, 6, 4, 3, 2, 1),
    numbers=(10, 9_899),
    flats=(1, 420),
    house="{number} {name} {kind}",
    flat="{number} {name} {kind}, Apt {flat}",
    branch_streets=(
        "Market Street", "Main Street", "Commerce Street", "Union Avenue", "Harbor Street",
        "Court Square", "State Street", "Exchange Place", "Liberty Avenue", "Central Avenue",
    ),
    branch="{number} {street}",
    branch_name="{city}, {state}",
)  # fmt: skip
_PRICES = Prices(
    # consumer prices, yearly means (CPI-U, FRED series CPIAUCSL)
    consumer={2020: 25886, 2021: 27097, 2022: 29263, 2023: 30470, 2024: 31370, 2025: 32158},
    # Average 30-year fixed mortgage rate of the year in basis points (Freddie Mac, Primary
    # Mortgage Market Survey; FRED series MORTGAGE30US). 1985, 1990, 1995 and 1998 to 2025 were
    # checked against the series; the other years are from memory.
    mortgage=np.array(
        [
            *(905, 887, 885, 964, 1120),  # 1975
            *(1374, 1663, 1604, 1324, 1388, 1243, 1019, 1021, 1034, 1032),  # 1980
            *(1013, 925, 839, 731, 838, 793, 781, 760, 694, 744),  # 1990
            *(805, 697, 654, 583, 584, 587, 641, 634, 603, 504),  # 2000
            *(469, 445, 366, 398, 417, 385, 365, 399, 454, 394),  # 2010
            *(311, 296, 534, 681, 672, 660),  # 2020
        ],
        np.int64,
    ),
    # House prices, 1980 = 100 (after the FHFA index of all transactions; from memory, good for the
    # shape of the curve only).
    houses=np.array(
        [
            *(62, 66, 75, 85, 96),  # 1975
            *(102, 107, 109, 114, 119, 126, 136, 144, 153, 162),  # 1980
            *(164, 169, 173, 177, 180, 187, 193, 200, 210, 222),  # 1990
            *(238, 257, 275, 297, 327, 363, 383, 382, 362, 340),  # 2000
            *(327, 314, 314, 328, 346, 365, 386, 411, 437, 460),  # 2010
            *(488, 561, 658, 692, 729, 757),  # 2020
        ],
        np.int64,
    ),
    regions={
        "HI": 190, "CA": 180, "DC": 175, "MA": 150, "WA": 145, "CO": 140, "NJ": 130, "NY": 130,
        "OR": 125, "UT": 125, "MD": 120, "NH": 118, "RI": 118, "CT": 112, "VA": 110, "AZ": 110,
        "NV": 110, "FL": 105, "ID": 105, "VT": 105, "MT": 105, "DE": 102, "ME": 100, "AK": 100,
        "MN": 98, "IL": 95, "NC": 95, "GA": 95, "TX": 92, "TN": 92, "PA": 90, "WY": 90, "SC": 90,
    },
    elsewhere=78,
    offers={},
    overdraft=1_190,
    # estimates; the government lends graduates what their studies cost since 2006
    studies={1975: (130_000, 45_000), 2006: (200_000, 66_000)},
)  # fmt: skip
# Debit from memory; credit after purchase volume by network in 2022.
_PLASTIC = Plastic(
    networks=("Visa", "Mastercard", "American Express", "Discover"),
    weights=((72, 28, 0, 0), (72, 28, 0, 0), (58, 28, 8, 6), (46, 20, 33, 1), (0, 0, 100, 0)),
)
_FAMOUS = (
    "Ford Morgan Stanley Wells Chase Gates Marsh Deere Johnson Mayo Hilton Kaiser Duke Banks "
    "Walton Koch Ball Carter Vincent Walls Dickson Kraft Sears Wilson Rice Ross Gallo Singer "
    "Abbott Baxter Bush Cummings Tyson Perry Schwab Goodwill Goodwin Hershey Kellogg Nelson "
    "Parsons Bowers Kent Boston Houston Austin Washington Jefferson Lincoln Clinton Nixon "
    "Kennedy Roosevelt Monroe Madison Franklin Hamilton Grant Harvard Yale Cornell Emory Tufts "
    "Vanderbilt Stanford Rockefeller Cleveland Bradley Price Brown Clark Rhodes"
)
LOCALE = Locale(
    code="en_US",
    country="United States",
    places=load_places,
    narrowing=(3, 4),  # as on 41 degrees north
    names=NameSource(
        pool="en_US", women=WOMEN, men=MEN, typical=0.78, surnames=_surnames, married=0.8
    ),
    addresses=_ADDRESSES,
    numbers=_NUMBERS,
    prices=_PRICES,
    wealth=Wealth(scales={"": Scale(1_000)}, odds=()),
    plastic=_PLASTIC,
    famous=frozenset(_FAMOUS.split()),
    jobs={},
    say=Phrases({}, own_language=False),
)
