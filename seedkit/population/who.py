"""Tests of people that plans and chances ask for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from seedkit.population.days import add_days, add_years
from seedkit.population.model import BLOCK_HOUSEHOLDS, Flags
from seedkit.population.story import Story
from seedkit.population.words import (
    Education,
    Employment,
    Marital,
    Place,
    Sex,
    Tenure,
)

Groups = dict[str, Flags]  # who passes each test, by its name

SETTLED_FOR = 4  # years in a home after which one renovates or sells it


def _among(story: Story, *states: Employment) -> Flags:
    return np.isin(story.people.employment, states)


def _at_home(story: Story) -> Flags:
    """Return heads and partners: the others at home plan for themselves, not for the home."""
    return np.asarray(story.people.place <= Place.PARTNER)


def _owns(story: Story) -> Flags:
    return np.asarray(story.households.tenure[story.people.household] == Tenure.OWNER)


def _settled(story: Story) -> Flags:
    since = story.households.home_since[story.people.household]
    return np.asarray(since <= add_years(story.today, -SETTLED_FOR))


def _mothers_to_be(story: Story) -> Flags:
    """Return women in mixed couples who had no child within the last year."""
    people = story.people
    spouse = people.spouse
    mixed = (spouse >= 0) & (people.sex == Sex.FEMALE) & (people.sex[spouse] == Sex.MALE)
    youngest = np.full(BLOCK_HOUSEHOLDS, np.datetime64("1800-01-01"))
    child = people.place == Place.CHILD
    np.maximum.at(youngest, people.household[child], people.birth[child])
    return np.asarray(mixed & (youngest[people.household] < add_days(story.today, -365)))


WHO: dict[str, Callable[[Story], Flags]] = {
    "anyone": lambda story: np.ones(story.people.age.size, np.bool_),
    "engaged": lambda story: (story.people.marital != Marital.MARRIED) & (story.people.spouse >= 0),
    "alone": lambda story: (
        ~np.isin(story.people.marital, (Marital.MARRIED, Marital.SEPARATED))
        & (story.people.spouse < 0)
    ),
    "mother to be": _mothers_to_be,
    "college student": lambda story: (
        _among(story, Employment.STUDENT)
        & (story.people.education >= Education.HIGH_SCHOOL)
        & (story.people.education < Education.BACHELOR)
    ),
    "graduate student": lambda story: (
        _among(story, Employment.STUDENT) & (story.people.education == Education.BACHELOR)
    ),
    "worker": lambda story: _among(story, Employment.EMPLOYEE, Employment.SELF_EMPLOYED),
    "employee": lambda story: _among(story, Employment.EMPLOYEE),
    "renter": lambda story: _at_home(story) & ~_owns(story),
    "settled owner": lambda story: _at_home(story) & _owns(story) & _settled(story),
}


def sort_people(story: Story) -> Groups:
    """Return who passes each of the tests."""
    return {name: test(story) for name, test in WHO.items()}
