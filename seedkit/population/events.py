"""Life events of a block, put together from its stages."""

from __future__ import annotations

from datetime import date

import numpy as np

from seedkit.population.career_events import tell_careers, tell_schooling
from seedkit.population.chance_events import tell_chances, tell_first_accounts
from seedkit.population.days import day
from seedkit.population.family_events import tell_families
from seedkit.population.home_events import tell_homes, tell_vehicles
from seedkit.population.model import Households, LifeEvents, People
from seedkit.population.plans import tell_plans
from seedkit.population.story import begin_story, together
from seedkit.profile.models import Profile


def make_events(
    profile: Profile, as_of: date, number: int, households: Households, people: People
) -> LifeEvents:
    """Make past and planned life events, by household, person and date."""
    story = begin_story(profile, day(as_of), number, households, people)
    told = together(
        [
            *tell_families(story),
            *tell_schooling(story),
            *tell_careers(story),
            *tell_homes(story),
            *tell_vehicles(story),
            *tell_chances(story),
            tell_first_accounts(story),
            *tell_plans(story),
        ]
    )
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
