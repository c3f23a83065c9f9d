"""Blocks for tests of people, made once per (random seed, day, block)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from seedkit.population import make_bank
from seedkit.population.events import make_events
from seedkit.population.model import Bank, Households, LifeEvents, People
from seedkit.population.people import make_households_and_people
from seedkit.profile.models import Profile

FEW = settings(max_examples=4, deadline=None, derandomize=True)
TODAY = date(2025, 6, 30)


@dataclass(frozen=True)
class Lives:
    profile: Profile
    as_of: date
    bank: Bank
    households: Households
    people: People
    events: LifeEvents

    @property
    def today(self) -> np.datetime64:
        return np.datetime64(self.as_of, "D")

    @property
    def adults(self) -> np.ndarray:
        return np.flatnonzero(self.people.age >= 18)


def make_lives(profile: Profile, as_of: date = TODAY, number: int = 0) -> Lives:
    bank = make_bank(profile, as_of)
    households, people = make_households_and_people(profile, as_of, bank, number)
    events = make_events(profile, as_of, number, households, people)
    return Lives(profile, as_of, bank, households, people, events)


@lru_cache(maxsize=32)
def lives_of(random_seed: int, as_of: date, number: int) -> Lives:
    return make_lives(Profile(random_seed=random_seed), as_of, number)


random_seeds = st.integers(0, 2**63 - 1)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
numbers = st.integers(0, 100_000)
any_lives = st.builds(lives_of, random_seeds, days, numbers)


@lru_cache(maxsize=1)
def many_lives() -> tuple[Lives, ...]:
    """Return sixteen blocks of one bank: 4,096 households for shares."""
    return tuple(lives_of(1, TODAY, number) for number in range(16))


def assert_same(one: object, two: object) -> None:
    """Check that two parts hold the same columns, bit by bit."""
    for item in fields(one):  # type: ignore[arg-type]
        a, b = getattr(one, item.name), getattr(two, item.name)
        assert a.dtype == b.dtype, item.name
        # NaT differs from itself, so dates are compared as whole numbers
        if a.dtype.kind == "M":
            a, b = a.astype(np.int64), b.astype(np.int64)
        assert np.array_equal(a, b), item.name
