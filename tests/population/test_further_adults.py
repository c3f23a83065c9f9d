"""Adults who live with a family and keep their own money."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from seedkit.population.days import whole_years
from seedkit.population.words import Event, Marital, Place
from seedkit.profile.models import FamilySection, Profile

from .held import Held, any_held
from .made import FEW, Lives, any_lives, make_lives, many_lives


def test_the_share_of_the_profile_has_one() -> None:
    for share in (0.0, 0.19, 0.6):
        people = make_lives(Profile(family=FamilySection(further_adults=share))).people
        homes = np.unique(people.household[~people.family]).size
        assert abs(homes / 256 - share) < 0.1


def test_all_kinds_of_them_occur_and_some_parents_are_a_couple() -> None:
    places = np.concatenate([lives.people.place[~lives.people.family] for lives in many_lives()])
    assert set(places.tolist()) == {Place.CHILD, Place.PARENT, Place.SIBLING, Place.HOUSEMATE}
    together = [
        (lives.people.place == Place.PARENT) & (lives.people.marital == Marital.MARRIED)
        for lives in many_lives()
    ]
    assert sum(int(pair.sum()) for pair in together) > 20


@FEW
@given(any_lives)
def test_they_are_of_age_and_customers(lives: Lives) -> None:
    people = lives.people
    others = ~people.family
    assert (people.age[others] >= 19).all()
    assert people.customer[others].all()
    assert (people.place[people.family] <= Place.CHILD).all()


@FEW
@given(any_lives)
def test_parents_are_linked_with_their_child_and_know_of_its_birth(lives: Lives) -> None:
    people, events = lives.people, lives.events
    rows = events.kind == Event.CHILD_BORN
    told = set(zip(events.person[rows].tolist(), events.date[rows].tolist(), strict=True))
    for parent in np.flatnonzero(people.place == Place.PARENT):
        child = np.flatnonzero((people.mother == parent) | (people.father == parent))
        assert child.size == 1
        assert people.place[child[0]] <= Place.PARTNER
        assert 18 <= whole_years(people.birth[parent], people.birth[child[0]]) <= 46
        assert (parent, people.birth[child[0]].item()) in told


@FEW
@given(any_held)
def test_what_they_hold_is_their_own(held: Held) -> None:
    outside = np.flatnonzero(~held.people.family)
    roles = held.holding_roles
    mine = np.isin(roles.person, outside) & np.isin(roles.role, (0, 1))
    shared = np.isin(roles.holding, roles.holding[mine]) & np.isin(roles.role, (0, 1))
    assert np.isin(roles.person[shared], outside).all()
    assert np.isin(outside, roles.person[mine]).all()
