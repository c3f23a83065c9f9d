"""Hand-set tables of homes: where they stand, how long people stay."""

from __future__ import annotations

import numpy as np

NEAR_BRANCH = 0.93  # part of households that live in or near a branch's city
NEAREST = 8  # cities counted as near a branch

VALUE_STEP = 100_000  # cents
HOME_OF_INCOME = 4  # years' income that stand for the home of those who rent
PRICES_VARY = (60, 140)  # percent, within a state
# By how many places chance puts back a household in a block's order of means: set until medians in
# the east and west of Germany are those of realism/data/de.toml.
MEANS_SCATTER = 800

MORTGAGE_YEARS, LENT_AT_MOST = 29, 950  # per mille of the price
OF_LONGEST_STAY = (35, 100)  # percent, of those with a mortgage
OLD_HEAD = 70  # from this age on, owners have stayed for years
STAY = np.array(  # days in the home, quantiles: owners, renters, owners with an OLD_HEAD
    [
        (60, 900, 1500, 2150, 2900, 3800, 5000, 6500, 8800, 12000, 18500),
        (50, 250, 460, 670, 890, 1130, 1400, 1800, 2450, 3800, 11000),
        (1830, 3300, 4800, 6300, 7800, 9300, 10700, 12000, 13300, 14800, 16400),
    ],
    np.int64,
)
MOVE_IN_AGES = (21, 18)  # of the younger adult, owners and renters

APARTMENTS = 0.5  # part of renters
