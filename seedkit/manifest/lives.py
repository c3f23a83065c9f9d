"""How traits of people are seen: age, family, ties, groups, life events, goals."""

from __future__ import annotations

from typing import Any

import numpy as np

from seedkit.manifest.sight import Hits, Sight
from seedkit.population.model import Ints
from seedkit.population.words import (
    Employment,
    GroupKind,
    HouseholdKind,
    Kinship,
    Marital,
    Place,
)

ADULT_YEARS = 18
BIRTHDAY_DAYS = 14
NEW_DAYS = 365


def minors(sight: Sight) -> Hits:
    """Return customers under age."""
    return sight.people(sight.block.people.age < ADULT_YEARS)


def near_birthdays(sight: Sight) -> Hits:
    """Return people whose next birthday is near."""
    days = sight.today + np.arange(BIRTHDAY_DAYS + 1)
    return sight.people(np.isin(_day_of_year(sight.block.people.birth), _day_of_year(days)))


def _day_of_year(dates: Any) -> Ints:
    """Return month and day as one number, such as 229 for 29 February."""
    months = dates.astype("datetime64[M]")
    numbers: Ints = months.astype(np.int64) % 12 * 100 + 101 + (dates - months).astype(np.int64)
    return numbers


def widowed(sight: Sight) -> Hits:
    """Return widows and widowers."""
    return sight.people(sight.block.people.marital == Marital.WIDOWED)


def single_parents(sight: Sight) -> Hits:
    """Return heads of households of one parent with children."""
    people, homes = sight.block.people, sight.block.households
    alone = homes.kind[people.household] == HouseholdKind.ONE_PARENT
    return sight.people(alone & (people.place == Place.HEAD))


def retired(sight: Sight) -> Hits:
    """Return pensioners."""
    return sight.people(sight.block.people.employment == Employment.RETIRED)


def self_employed(sight: Sight) -> Hits:
    """Return people who work for themselves."""
    return sight.people(sight.block.people.employment == Employment.SELF_EMPLOYED)


def unemployed(sight: Sight) -> Hits:
    """Return people who look for work."""
    return sight.people(sight.block.people.employment == Employment.UNEMPLOYED)


def newcomers(sight: Sight) -> Hits:
    """Return people who became customers lately."""
    return sight.people(sight.block.people.customer_since > sight.today - NEW_DAYS)


def clients(sight: Sight) -> Hits:
    """Return people whose accountant or lawyer is a customer too."""
    return _related(sight, Kinship.ACCOUNTANT, Kinship.LAWYER)


def principals(sight: Sight) -> Hits:
    """Return people for whom somebody else may act."""
    return _related(sight, Kinship.POWER_OF_ATTORNEY)


def relatives(sight: Sight) -> Hits:
    """Return people with relatives in other households."""
    return _related(sight, Kinship.EXTENDED_FAMILY)


def _related(sight: Sight, *kinds: Kinship) -> Hits:
    return sight.with_rows("relationships", np.isin(sight.block.relationships.kind, kinds))


def club_members(sight: Sight) -> Hits:
    """Return members of groups that people made for a purpose."""
    block = sight.block
    custom = block.groups.kind[block.group_members.group] == GroupKind.CUSTOM
    members = sight.with_rows("group_members", custom)
    groups = block.group_members.group[members.rows["group_members"]]
    return Hits(members.person, {"groups": groups, **members.rows})


def planners(sight: Sight) -> Hits:
    """Return people who plan something."""
    return sight.with_rows("events", sight.block.events.planned)


def late_planners(sight: Sight) -> Hits:
    """Return people whose plan has passed without a word."""
    events = sight.block.events
    return sight.with_rows("events", (events.touched < events.date) & (events.date < sight.today))


def savers_for_something(sight: Sight) -> Hits:
    """Return people with a goal that is not reached."""
    return sight.with_rows("goals", ~sight.block.goals.completed)


def achievers(sight: Sight) -> Hits:
    """Return people with a goal that is reached."""
    return sight.with_rows("goals", sight.block.goals.completed)
