"""Interest rates and house prices by year, as the loans of their time knew them."""

from __future__ import annotations

import numpy as np

from seedkit.population.days import year_of
from seedkit.population.draw import Whole
from seedkit.population.model import Dates

FIRST_YEAR = 1975

# Average 30-year fixed mortgage rate of the year in basis points (Freddie Mac, Primary Mortgage
# Market Survey; FRED series MORTGAGE30US). 1985, 1990, 1995 and 1998 to 2025 were checked against
# the series; the other years are from memory. Years after the last one keep its rate.
MORTGAGE_30Y = np.array(
    [
        *(905, 887, 885, 964, 1120),  # 1975
        *(1374, 1663, 1604, 1324, 1388, 1243, 1019, 1021, 1034, 1032),  # 1980
        *(1013, 925, 839, 731, 838, 793, 781, 760, 694, 744),  # 1990
        *(805, 697, 654, 583, 584, 587, 641, 634, 603, 504),  # 2000
        *(469, 445, 366, 398, 417, 385, 365, 399, 454, 394),  # 2010
        *(311, 296, 534, 681, 672, 660),  # 2020
    ],
    np.int64,
)

# House prices of the United States, 1980 = 100 (after the FHFA index of all transactions; from
# memory, good for the shape of the curve only).
HOUSE_PRICES = np.array(
    [
        *(62, 66, 75, 85, 96),  # 1975
        *(102, 107, 109, 114, 119, 126, 136, 144, 153, 162),  # 1980
        *(164, 169, 173, 177, 180, 187, 193, 200, 210, 222),  # 1990
        *(238, 257, 275, 297, 327, 363, 383, 382, 362, 340),  # 2000
        *(327, 314, 314, 328, 346, 365, 386, 411, 437, 460),  # 2010
        *(488, 561, 658, 692, 729, 757),  # 2020
    ],
    np.int64,
)


def mortgage_rate(days: Dates) -> Whole:
    """Return the average mortgage rate of each day's year, in basis points."""
    return np.asarray(MORTGAGE_30Y[_row(days)])


def house_price_ratio(then: Dates, now: np.datetime64) -> tuple[Whole, int]:
    """Return the house prices of former days and of now, as index numbers."""
    return np.asarray(HOUSE_PRICES[_row(then)]), int(HOUSE_PRICES[_row(np.array([now]))[0]])


def _row(days: Dates) -> Whole:
    return np.clip(year_of(days) - FIRST_YEAR, 0, MORTGAGE_30Y.size - 1)
