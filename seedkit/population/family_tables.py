"""Hand-set tables of families: ages in days, quantiles at steps of ten per cent.

They follow the shapes of United States census and survey tables (spouses' age gap with a median of
three years, marital status by age and sex). They are no fit: they are whole numbers near the
published ones. Heads' ages, partners and children come from the fitted model instead.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seedkit.population.words import Place


def years(value: float) -> int:
    """Return years as whole days."""
    return int(value * 1461) // 4


def _ages(*rows: Sequence[float]) -> NDArray[np.int64]:
    return np.array([[years(value) for value in row] for row in rows], np.int64)


YOUNGEST_HEAD = (21, 19)  # years: with children at home, without
WITHIN_A_YEAR = 363  # days after a birthday
WOMEN_BANDS = (years(35), years(55), years(70))
WOMEN_AMONG_HEADS = np.array(  # by HouseholdKind and band
    [[0.42, 0.38, 0.52, 0.68], [0.5] * 4, [0.5] * 4, [0.84, 0.80, 0.74, 0.70]]
)

HUSBAND_OLDER = _ages(  # couples without and with children at home
    (-13, -2.6, -0.8, 0.2, 0.9, 1.7, 2.7, 3.9, 5.7, 8.9, 22),
    (-11, -2.5, -0.8, 0.2, 0.9, 1.7, 2.6, 3.7, 5.4, 8.0, 18),
)
OLDEST_PARTNER = years(98)
YOUNGEST_PARTNER = years(19.2)
YOUNG_PARTNERS = (years(19.2), years(22.5))

NEWBORN = 12  # days: nobody is born in the last days before the as-of date
FIRST_BIRTH, LAST_BIRTH = years(18.8), years(45)  # of the younger parent, of the mother
YOUNGEST_AT_HOME = years(20.5)  # of the youngest child, where the mother isn't too old for that
USUAL_SPACING, LEEWAY = years(2), years(3)
AGE_AT_LAST_BIRTH = _ages((17, 23.5, 26.7, 29, 30.9, 32.6, 34.2, 35.8, 37.7, 40.2, 46))[0]
SPACING = np.array([512, 540, 640, 730, 840, 960, 1100, 1300, 1600, 2100, 3400], np.int64)
TWINS = 0.03

# Adults who live with a family and keep their own money. Shares after the Census Bureau's sizes of
# households and ages of adults; who they are is an estimate.
FURTHER = np.array([Place.CHILD, Place.PARENT, Place.SIBLING, Place.HOUSEMATE], np.int64)
FURTHER_TILT = np.array([8, 9, 26, 32])  # by HouseholdKind
FURTHER_PLACES = np.array(  # weights of FURTHER by HouseholdKind
    [(35, 15, 20, 30), (62, 15, 8, 15), (45, 30, 12, 13), (40, 25, 15, 20)]
)
SECOND_FURTHER = 0.12  # of households with one
SECOND_PLACES = np.array([(0, 0, 1, 3)] * 4)
WOMEN_AMONG_FURTHER = np.array([0.44, 0.72, 0.46, 0.46])
PARENT_OF_PARTNER = 0.45
PARENTS_TOGETHER = np.array([0.7, 0.5, 0.25])  # both parents, by age of the first one
PARENTS_BANDS = (years(74), years(84))
YOUNGEST_FURTHER, OLDEST_FURTHER, OLDEST_PARENT = years(20), years(72), years(90)
GROWN_CHILD_AGES = (years(22.5), years(44))
SIBLINGS_APART, HOUSEMATES_APART = years(9), years(12)

MARITAL_BANDS = (25, 30, 35, 45, 55, 65, 75, 85)
NOT_MARRIED = (  # single, divorced, widowed, separated: women by band, then men by band
    (100, 0, 0, 0),
    (91, 5, 0, 4),
    (78, 13, 1, 8),
    (58, 28, 3, 11),
    (33, 48, 7, 12),
    (23, 49, 19, 9),
    (14, 38, 41, 7),
    (8, 25, 63, 4),
    (5, 14, 79, 2),
    (100, 0, 0, 0),
    (93, 3, 0, 4),
    (81, 11, 0, 8),
    (65, 23, 1, 11),
    (41, 44, 3, 12),
    (32, 51, 8, 9),
    (25, 48, 20, 7),
    (13, 35, 48, 4),
    (8, 20, 70, 2),
)
UNMARRIED_BANDS = tuple(years(age) for age in (20.5, 25, 30, 40, 55))  # of the younger partner
UNMARRIED_TILT = np.array(  # with children, without; of births 40% are to the unmarried
    [[200, 60, 26, 17, 12, 8], [450, 129, 51, 25, 18, 12]]
)
