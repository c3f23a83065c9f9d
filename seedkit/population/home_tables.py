"""Hand-set tables of homes: who owns, what homes are worth and how long people stay."""

from __future__ import annotations

import numpy as np

NEAR_BRANCH = 0.93  # part of households that live in or near a branch's city
NEAREST = 8  # cities counted as near a branch

OWNING_BANDS = (35, 45, 55, 65)  # a row ends before each of these ages of the head
OWNING = np.array([40, 64, 70, 77, 82], np.int64)  # relative to one another
OWNING_INCOME = (3_000_000, 6_000_000, 10_000_000, 20_000_000)  # cents of 2022
OWNING_BY_INCOME = np.array([58, 85, 106, 124, 140], np.int64)
OWNING_COUPLE = np.array([78, 115], np.int64)  # alone, as a couple
OWNERS_FROM = 23  # youngest head that owns
SURE = 0.97  # no household owns with more certainty

HOME_VALUE = (
    np.array(  # dollars of 2022, quantiles at steps of ten per cent, by income band
        [
            (35, 80, 115, 145, 175, 205, 245, 295, 365, 490, 900),
            (45, 100, 135, 170, 205, 240, 280, 335, 405, 530, 1000),
            (60, 130, 175, 215, 250, 290, 335, 390, 465, 600, 1200),
            (90, 185, 240, 290, 335, 385, 440, 510, 610, 790, 1700),
            (150, 320, 410, 490, 580, 680, 800, 960, 1200, 1700, 6000),
        ],
        np.int64,
    )
    * 1_000
)
DEAR_STATES = {  # per cent of the country's prices; the other states: CHEAP
    "HI": 190, "CA": 180, "DC": 175, "MA": 150, "WA": 145, "CO": 140, "NJ": 130, "NY": 130,
    "OR": 125, "UT": 125, "MD": 120, "NH": 118, "RI": 118, "CT": 112, "VA": 110, "AZ": 110,
    "NV": 110, "FL": 105, "ID": 105, "VT": 105, "MT": 105, "DE": 102, "ME": 100, "AK": 100,
    "MN": 98, "IL": 95, "NC": 95, "GA": 95, "TX": 92, "TN": 92, "PA": 90, "WY": 90, "SC": 90,
}  # fmt: skip
CHEAP = 78
LARGEST_VALUE = 25_000_000  # dollars

OLD_HEAD = 70  # from this age on, owners have stayed for years
STAY = np.array(  # days in the home, quantiles: owners, renters, owners with an OLD_HEAD
    [
        (35, 450, 1000, 1700, 2500, 3500, 4800, 6400, 8800, 12000, 18500),
        (20, 130, 260, 400, 560, 760, 1020, 1400, 2000, 3400, 11000),
        (1830, 3300, 4800, 6300, 7800, 9300, 10700, 12000, 13300, 14800, 16400),
    ],
    np.int64,
)
MOVE_IN_AGES = (21, 18)  # of the younger adult, owners and renters

# Faker offers 200 street suffixes, most of them rare ("Burgs"); these are the usual ones
STREETS = ("Street", "Avenue", "Drive", "Lane", "Road", "Court", "Circle", "Way", "Place", "Trail")
STREET_WEIGHTS = (26, 20, 18, 10, 10, 6, 4, 3, 2, 1)
APARTMENTS = 0.5  # part of renters
