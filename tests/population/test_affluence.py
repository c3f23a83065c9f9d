"""Rich households: each the one that saved most among several."""

from __future__ import annotations

from datetime import date

import numpy as np

from seedkit.population.surveyed import SAVINGS, Surveyed, make_surveyed
from seedkit.profile.models import Profile

AS_OF = date(2026, 6, 30)
# The middle of the best of twelve is the 94th percentile of all: (1/2) to the power of 1/12.
PERCENTILE = 94.4


def drawn(affluence: int, number: int) -> Surveyed:
    profile = Profile.model_validate({"people": {"affluence": affluence}})
    return make_surveyed(profile, AS_OF, number)


def savings(told: Surveyed) -> np.ndarray:
    return np.asarray(sum(told.amounts[kind] for kind in SAVINGS))


def test_the_best_of_twelve_is_as_rich_as_chance_has_it() -> None:
    everybody = np.concatenate([savings(drawn(1, number)) for number in range(20)])
    rich = np.concatenate([savings(drawn(12, number)) for number in range(4)])
    among_all = (everybody < np.median(rich)).mean() * 100
    assert abs(among_all - PERCENTILE) < 1.5


def test_a_rich_family_stays_one_family() -> None:
    told = drawn(12, 0)
    bought = told.amounts["mortgage"] > 0
    assert (told.amounts["home"][bought] > 0).all()
    assert {column.size for column in (told.age, told.income, *told.amounts.values())} == {256}
