"""The United Kingdom."""

from __future__ import annotations

import numpy as np

from seedkit.population.draw import below
from seedkit.population.locale.model import (
    Addresses,
    Locale,
    NameSource,
    Numbers,
    Places,
    Plastic,
    Prices,
    Scale,
    Wealth,
)
from seedkit.population.locale.names_gb import MEN, WOMEN, surnames
from seedkit.population.locale.places_table import read_places
from seedkit.population.locale.wording import read_wording
from seedkit.population.survey.tilts import Tilt

# What comes behind a district; whether such a unit is in use is as good as chance.
_UNITS = ("1AB", "2DE", "3EF", "4HJ", "5LN", "6PQ", "7RS", "8TU", "9WX", "1YZ", "2BD", "4FG")


def _bank_code(rng: np.random.Generator) -> str:
    """Return a sort code that begins with 00, which no bank has (from memory)."""
    return _sort_code(int(below(rng, 10_000, 1)[0]))


def _sort_code(number: int) -> str:
    return f"00-{number // 100:02d}-{number % 100:02d}"


def _account(number: int) -> str:
    """Return sort code and number of an account at a bank that doesn't exist."""
    return f"{_sort_code(number // 10_000)} {number:08d}"


def _national_insurance(serial: int) -> str:
    """Return a masked number that begins with QQ, which none does."""
    return f"QQ ** ** {serial % 100:02d} {'ABCD'[serial // 100 % 4]}"


def _places() -> Places:
    return read_places("places_gb.csv", lambda district: tuple(f"{district} {u}" for u in _UNITS))


_ADDRESSES = Addresses(
    names=(
        "High", "Station", "Church", "Victoria", "Park", "Albert", "Queens", "Kings", "Mill",
        "Manor", "Grange", "Windsor", "York", "Alexandra", "Chapel", "School", "Springfield",
        "Highfield", "Woodland", "Meadow", "Orchard", "Beech", "Chestnut", "Hawthorn", "Willow",
        "Rowan", "Cedar", "Elm", "Oak", "Acacia", "Lime", "Kingsley", "Clarence", "Stanley",
        "Balmoral", "Cromwell", "Nelson", "Wellington", "Salisbury", "Warwick", "Bridge", "West",
    ),
    kinds=("Road", "Street", "Avenue", "Close", "Lane", "Drive", "Way", "Gardens", "Crescent",
           "Court", "Terrace", "Place"),
    weights=(28, 18, 14, 13, 7, 6, 3, 3, 3, 2, 2, 1),
    numbers=(1, 190),
    flats=(1, 24),
    house="{number} {name} {kind}",
    flat="Flat {flat}, {number} {name} {kind}",
    branch_streets=(
        "High Street", "Market Street", "Market Place", "Church Street", "Bridge Street",
        "King Street", "Queen Street", "Station Road", "Castle Street", "Corn Exchange",
    ),
    branch="{number} {street}",
    branch_name="{city}",
)  # fmt: skip
_NUMBERS = Numbers(
    line="{}{:03d}",
    lines=(0, 999),
    mobile="{}{:03d}",
    mobile_lines=(0, 999),
    mobile_blocks=("07700 900",),
    government_id=_national_insurance,
    bank_code=_bank_code,
    account_elsewhere=_account,
)
_PRICES = Prices(
    # consumer prices, yearly means (CPI, 2015 = 100; Office for National Statistics); from memory
    consumer={2020: 10870, 2021: 11160, 2022: 12170, 2023: 13050, 2024: 13390, 2025: 13860},
    # Mean rate of new loans by year (building societies, from 1999 the Bank of England's effective
    # rate); from memory, good for the shape of the curve only. So are the prices.
    mortgage=np.array(
        [
            *(1110, 1110, 1100, 960, 1190),  # 1975
            *(1490, 1400, 1330, 1100, 1180, 1350, 1210, 1160, 1110, 1370),  # 1980
            *(1510, 1290, 1060, 810, 780, 750, 650, 760, 770, 640),  # 1990
            *(670, 590, 540, 470, 520, 530, 520, 580, 590, 420),  # 2000
            *(380, 360, 380, 340, 330, 280, 250, 220, 220, 220),  # 2010
            *(200, 190, 290, 480, 480, 450),  # 2020
        ],
        np.int64,
    ),
    houses=np.array(
        [
            *(47, 49, 53, 62, 80),  # 1975
            *(100, 105, 107, 119, 129, 141, 161, 187, 235, 284),  # 1980
            *(280, 276, 265, 258, 264, 265, 275, 300, 334, 374),  # 1990
            *(430, 467, 548, 634, 708, 747, 795, 870, 830, 765),  # 2000
            *(815, 805, 810, 830, 896, 950, 1017, 1063, 1096, 1108),  # 2010
            *(1140, 1245, 1370, 1370, 1380, 1410),  # 2020
        ],
        np.int64,
    ),
    regions={
        "Greater London": 190, "Surrey": 170, "Hertfordshire": 150, "Berkshire": 145,
        "Oxfordshire": 140, "Buckinghamshire": 140, "West Sussex": 135, "East Sussex": 130,
        "Cambridgeshire": 120, "Essex": 120, "Hampshire": 118, "Dorset": 115, "Bristol": 115,
        "Kent": 115, "Wiltshire": 108, "Bedfordshire": 108, "Gloucestershire": 105,
        "Somerset": 105, "Devon": 102, "City of Edinburgh": 105, "Cornwall": 100,
    },
    elsewhere=72,
    offers={
        "CHK": (0, 10), "PCK": (0, 10), "YTH": (150, 400), "SAV": (80, 420), "MMA": (250, 470),
        "CDA": (380, 480), "PRF": (250, 420), "BSP": (300, 460), "CRD": (1_890, 3_490),
        "RWD": (2_190, 3_690), "PLC": (1_290, 2_190), "HEL": (650, 890),
    },
    overdraft=3_490,
    # estimates: for living only, then with fees of 3,000 and from 2012 of 9,000 pounds a year
    studies={1975: (20_000, 15_000), 2006: (45_000, 32_000), 2012: (95_000, 66_000)},
)  # fmt: skip
# From memory: debit cards are two thirds Visa's; hardly any other brand is carried.
_PLASTIC = Plastic(
    networks=("Visa", "Mastercard", "American Express"),
    weights=((64, 36, 0), (64, 36, 0), (46, 50, 4), (30, 35, 35), (0, 0, 100)),
)
_FAMOUS = (
    "Marks Spencer Morrison Barclay Lloyd Rowntree Cadbury Boot Smith Harrod Harvey Clark Clarke "
    "Barratt Bellamy Bentley Rolls Austin Morgan Brown Burton Baker Taylor Wilson Collins "
    "Hamilton Howard Sharp Savage Kay Mason Coleman Norton Duncan Webb Marsh Stanley Nelson "
    "Wade Charlton Osborne Whitehead Parsons Davies Potter Price Banks Chapman Walker Warburton"
)
# Hand-set until the targets of realism/data/uk.toml are met: no survey of British households is
# fitted. Scales are pounds for 1,000 dollars of 2022; the knee takes the American top off.
_WEALTH = Wealth(
    scales={
        "": Scale(700),
        "income": Scale(690, 36_000, 52),
        "savings": Scale(650),
        "checking": Scale(600),
        "mortgage": Scale(620),  # less than homes, so that none exceeds its home
    },
    odds=(
        Tilt("mortgage", -10_500),
        Tilt("heloc", -12_000),
        Tilt("vehicle", -8_500),
        Tilt("savings", 17_000),
        Tilt("savings", -17_000, among="owns mortgage"),
        Tilt("credit_card", 6_000),
    ),
    ages=((0, 55), (25, 112), (35, 103), (45, 106), (55, 98), (65, 98), (75, 108)),
)
_WORDING = read_wording("en_GB")
LOCALE = Locale(
    code="en_GB",
    country="United Kingdom",
    places=_places,
    narrowing=(3, 5),  # as on 53 degrees north
    names=NameSource(
        pool="en_GB", women=WOMEN, men=MEN, typical=0.88, surnames=surnames, married=0.85
    ),
    addresses=_ADDRESSES,
    numbers=_NUMBERS,
    prices=_PRICES,
    wealth=_WEALTH,
    plastic=_PLASTIC,
    famous=frozenset(_FAMOUS.split()),
    jobs=_WORDING.jobs,
    say=_WORDING.say,
)
