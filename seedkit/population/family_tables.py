"""Hand-set tables of families: ages in days, quantiles at steps of ten per cent.

They follow the shapes of United States census and survey tables (spouses' age gap with a median of
three years, marital status by age and sex). They are no fit: they are whole numbers near the
published ones. Heads' ages, partners and children come from the fitted model instead.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def years(value: float) -> int:
    """Return years as whole days."""
    return int(value * 1461) // 4


def _ages(*rows: Sequence[float]) -> NDArray[np.int64]:
    return np.array([[years(value) for value in row] for row in rows], np.int64)


YOUNGEST_HEAD = (21, 19)  # years: with children at home, without
WITHIN_A_YEAR = 363  # days after a birthday
WOMEN_BANDS = (years(35), years(55), years(70))
WOMEN_AMONG_HEADS = np.array(  # by HouseholdKind and band
    [[0.42, 0.38, 0.52, 0.68], [0.5] * 4, [0.5] * 4, [0.78, 0.70, 0.66, 0.66]]
)

HUSBAND_OLDER = _ages(  # couples without and with children at home
    (-14, -2.6, -0.9, 0.2, 1.0, 1.9, 2.9, 4.1, 5.9, 8.9, 21),
    (-10, -2.4, -0.8, 0.2, 1.0, 1.8, 2.8, 3.9, 5.4, 7.8, 12),
)
OLDEST_PARTNER = years(98)
YOUNGEST_PARTNER = years(19.2)
YOUNG_PARTNERS = (years(19.2), years(22.5))

NEWBORN = 12  # days: nobody is born in the last days before the as-of date
FIRST_BIRTH, LAST_BIRTH = years(18.2), years(45)  # of the younger parent, of the mother
YOUNGEST_AT_HOME = years(22)  # of the youngest child, where the mother isn't too old for that
USUAL_SPACING, LEEWAY = years(2), years(3)
AGE_AT_LAST_BIRTH = _ages((17, 23.5, 26.7, 29, 30.9, 32.6, 34.2, 35.8, 37.7, 40.2, 46))[0]
SPACING = np.array([312, 480, 620, 730, 840, 960, 1100, 1300, 1600, 2100, 3400], np.int64)
TWINS = 0.03

MARITAL_BANDS = (25, 30, 35, 45, 55, 65, 75, 85)
NOT_MARRIED = (  # single, divorced, widowed: women by band, then men by band
    (100, 0, 0),
    (95, 5, 0),
    (85, 14, 1),
    (66, 31, 3),
    (38, 54, 8),
    (25, 54, 21),
    (15, 41, 44),
    (8, 26, 66),
    (5, 14, 81),
    (100, 0, 0),
    (97, 3, 0),
    (88, 12, 0),
    (73, 26, 1),
    (47, 50, 3),
    (35, 56, 9),
    (27, 52, 21),
    (14, 36, 50),
    (9, 20, 71),
)
UNMARRIED_BANDS = (years(25), years(30), years(40), years(55))  # age of the younger partner
UNMARRIED_TILT = np.array([72, 30, 17, 13, 8])
