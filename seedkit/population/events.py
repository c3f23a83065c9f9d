"""Life events of a block, put together from its stages."""

from __future__ import annotations

from datetime import date

import numpy as np

from seedkit.population.career_events import make_study, tell_careers, tell_schooling
from seedkit.population.chance_events import tell_chances, tell_first_accounts
from seedkit.population.days import day
from seedkit.population.family_events import tell_families
from seedkit.population.home_events import tell_homes, tell_vehicles
from seedkit.population.model import Dates, Households, LifeEvents, People
from seedkit.population.plans import tell_plans
from seedkit.population.story import Rank, Story, Told, begin_story, together
from seedkit.population.who import sort_people
from seedkit.population.words import Event, Marital
from seedkit.profile.models import Profile

# by Rank: room for an event beside all those of lower ranks and the later ones of its own
ROOM = np.array([0, 8, 4], np.int64)


def make_events(
    profile: Profile, as_of: date, number: int, households: Households, people: People
) -> LifeEvents:
    """Make past and planned life events, by household, person and date."""
    story = begin_story(profile, day(as_of), number, households, people)
    study, groups, families = make_study(story), sort_people(story), tell_families(story)
    told = together(
        [
            *families,
            *tell_schooling(story, study),
            *tell_careers(story, study),
            *tell_homes(story, _weddings(story, families)),
            *tell_vehicles(story),
            *tell_chances(story, groups),
            tell_first_accounts(story),
            *tell_plans(story, groups),
        ]
    )
    told = _essence(told)
    # people are sorted by household, and equal keys keep the order in which they were told
    order = np.lexsort((told.date, told.person))
    person, dates = told.person[order], told.date[order]
    return LifeEvents(
        household=people.household[person],
        person=person.astype(np.int32),
        kind=told.kind[order],
        date=dates,
        title=told.title[order],
        planned=dates >= story.today,
        touched=told.touched[order],
    )


def _essence(told: Told) -> Told:
    """Return what a bank would have written down of each life: the lowest ranks, the latest."""
    order = np.lexsort((-told.date.astype(np.int64), told.rank, told.person))
    person = told.person[order]
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size) - np.searchsorted(person, person)
    return told.take((told.rank == Rank.KEPT) | (place < ROOM[told.rank]))


def _weddings(story: Story, families: list[Told]) -> Dates:
    """Return, by person, when the married wed their present spouse."""
    never = np.datetime64("9999-01-01")
    last = np.full(story.people.age.size, np.datetime64("0001-01-01"))
    for told in families:
        wed = told.kind == Event.MARRIAGE
        np.maximum.at(last, told.person[wed], told.date[wed])
    return np.where(story.people.marital == Marital.MARRIED, last, never)
