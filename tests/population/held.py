"""Blocks for tests of money, made once per (random seed, day, block)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache

import numpy as np
from hypothesis import strategies as st

from seedkit.population.banking import HoldingParts, make_holdings
from seedkit.population.model import Bank, Households, LifeEvents, People
from seedkit.population.words import Category, HolderRole
from seedkit.profile.models import Profile

from .made import TODAY, make_lives

DAY = np.timedelta64(1, "D")


@dataclass(frozen=True, repr=False)
class Held:
    """A block's people and what they hold."""

    profile: Profile
    today: np.datetime64
    number: int
    bank: Bank
    households: Households
    people: People
    events: LifeEvents
    parts: HoldingParts

    def __getattr__(self, name: str):
        return getattr(self.parts, name)

    def of(self, part, column: str) -> np.ndarray:
        """A column of Holdings at the rows of a part."""
        return getattr(self.holdings, column)[part.holding]

    @property
    def owner(self) -> np.ndarray:
        """The owner of each holding."""
        roles = self.holding_roles
        return roles.person[roles.role == HolderRole.OWNER]

    def owners_of(self, category: Category) -> np.ndarray:
        """People who own holdings of a category, alone or jointly."""
        roles = self.holding_roles
        own = roles.role <= HolderRole.JOINT_OWNER
        return np.unique(roles.person[own & (self.holdings.category[roles.holding] == category)])


def hold(profile: Profile, as_of: date = TODAY, number: int = 0) -> Held:
    lives = make_lives(profile, as_of, number)
    parts = make_holdings(
        profile, as_of, lives.bank, number, lives.households, lives.people, lives.events
    )
    return Held(
        profile=profile,
        today=lives.today,
        number=number,
        bank=lives.bank,
        households=lives.households,
        people=lives.people,
        events=lives.events,
        parts=parts,
    )


@lru_cache(maxsize=32)
def held_by(random_seed: int, as_of: date, number: int) -> Held:
    return hold(Profile(random_seed=random_seed), as_of, number)


any_held = st.builds(
    held_by,
    # few values each, so that tests share what they make
    st.sampled_from([0, 1, 2**63 - 1]),
    st.sampled_from([date(2020, 2, 29), date(2025, 6, 30), date(2029, 12, 31), date(2035, 1, 1)]),
    st.sampled_from([0, 8_190]),
)


def same(one, other) -> bool:
    """Whether two parts hold the same values."""
    return all(
        np.array_equal(getattr(one, f.name), getattr(other, f.name), equal_nan=False)
        if getattr(one, f.name).dtype.kind != "M"
        else np.array_equal(
            getattr(one, f.name).view(np.int64), getattr(other, f.name).view(np.int64)
        )
        for f in fields(one)
    )
