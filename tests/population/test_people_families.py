"""Families: ages, kinships and marital status that fit together."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given

from seedkit.population.days import whole_years
from seedkit.population.model import BLOCK_HOUSEHOLDS
from seedkit.population.words import HouseholdKind, Marital, Place, Sex
from seedkit.profile.models import FamilySection, PeopleSection, Profile
from tests.population.made import FEW, TODAY, Lives, any_lives, make_lives, many_lives

YEAR = 365.2425


def days(values: np.ndarray) -> np.ndarray:
    return values.astype("timedelta64[D]").astype(np.int64)


@FEW
@given(any_lives)
def test_ages_are_those_of_the_birth_dates(lives: Lives) -> None:
    people = lives.people
    assert (people.age == whole_years(people.birth, lives.today)).all()
    assert (people.birth < lives.today).all()
    assert people.age.max() < 100


@FEW
@given(any_lives)
def test_every_household_has_one_adult_head_that_comes_first(lives: Lives) -> None:
    people = lives.people
    assert (np.diff(people.household) >= 0).all()
    heads = np.flatnonzero(people.place == Place.HEAD)
    assert people.household[heads].tolist() == list(range(BLOCK_HOUSEHOLDS))
    assert (np.searchsorted(people.household, np.arange(BLOCK_HOUSEHOLDS)) == heads).all()
    assert (people.age[people.place != Place.CHILD] >= 18).all()


@FEW
@given(any_lives)
def test_the_kind_of_household_follows_its_members(lives: Lives) -> None:
    people, kind = lives.people, lives.households.kind
    partner = np.bincount(people.household[people.place == Place.PARTNER], minlength=256)
    child = np.bincount(
        people.household[(people.place == Place.CHILD) & people.family], minlength=256
    )
    coupled = np.isin(kind, (HouseholdKind.COUPLE, HouseholdKind.COUPLE_WITH_CHILDREN))
    with_children = np.isin(kind, (HouseholdKind.COUPLE_WITH_CHILDREN, HouseholdKind.ONE_PARENT))
    assert (partner == coupled).all()
    assert ((child > 0) == with_children).all()


@FEW
@given(any_lives)
def test_partners_point_at_each_other(lives: Lives) -> None:
    people = lives.people
    one = np.flatnonzero(people.spouse >= 0)
    other = people.spouse[one]
    assert (people.spouse[other] == one).all()
    assert (people.household[other] == people.household[one]).all()
    both = people.marital == Marital.MARRIED
    assert (both[one] == both[other]).all()
    assert (people.spouse[both] >= 0).all()
    assert (people.marital[people.place == Place.CHILD] == Marital.SINGLE).all()


@FEW
@given(any_lives)
def test_parents_were_of_an_age_to_have_their_children(lives: Lives) -> None:
    people = lives.people
    child = np.flatnonzero(people.place == Place.CHILD)
    assert ((people.mother[child] >= 0) | (people.father[child] >= 0)).all()
    for parents, sex, oldest in (
        (people.mother, Sex.FEMALE, 50),
        (people.father, Sex.MALE, 75),
    ):
        own = child[parents[child] >= 0]
        parent = parents[own]
        assert (people.sex[parent] == sex).all()
        assert (people.household[parent] == people.household[own]).all()
        age = whole_years(people.birth[parent], people.birth[own])
        assert age.min() >= 18
        assert age.max() <= oldest
    adults = people.place > Place.CHILD
    assert (people.mother[adults] == -1).all()
    assert (people.father[adults] == -1).all()


@FEW
@given(any_lives)
def test_siblings_are_twins_or_nine_months_apart_and_the_oldest_comes_first(lives: Lives) -> None:
    people = lives.people
    child = np.flatnonzero(people.place == Place.CHILD)
    same = people.household[child[1:]] == people.household[child[:-1]]
    gap = days(people.birth[child[1:]] - people.birth[child[:-1]])[same]
    assert ((gap == 0) | (gap >= 274)).all()


def test_spouses_ages_go_together_and_husbands_are_a_little_older() -> None:
    ages = []
    for lives in many_lives():
        people = lives.people
        head = np.flatnonzero((people.place == Place.HEAD) & (people.spouse >= 0))
        spouse = people.spouse[head]
        mixed = people.sex[head] != people.sex[spouse]
        head, spouse = head[mixed], spouse[mixed]
        man = np.where(people.sex[head] == Sex.MALE, head, spouse)
        woman = np.where(people.sex[head] == Sex.FEMALE, head, spouse)
        ages.append(days(lives.today - people.birth[np.stack([man, woman])]) / YEAR)
    men, women = np.concatenate(ages, axis=1)
    assert 0.9 < np.corrcoef(men, women)[0, 1] < 0.97
    assert 2.2 < np.median(np.abs(men - women)) < 3.6
    assert 1.0 < np.median(men - women) < 3.0


def test_the_widowed_are_mostly_women_and_old() -> None:
    sex, age = [], []
    for lives in many_lives():
        widowed = lives.people.marital == Marital.WIDOWED
        sex.append(lives.people.sex[widowed])
        age.append(lives.people.age[widowed])
    assert np.mean(np.concatenate(sex) == Sex.FEMALE) > 0.65
    assert np.median(np.concatenate(age)) > 68


def test_adults_spread_over_the_ages_as_in_the_country() -> None:
    age = np.concatenate([lives.people.age[lives.adults] for lives in many_lives()])
    shares = np.histogram(age, [18, 25, 35, 45, 55, 65, 75, 120])[0] / age.size
    country = np.array([11.7, 17.3, 17.2, 15.3, 15.6, 13.3, 9.6]) / 100
    assert 0.5 * np.abs(shares - country).sum() < 0.08


@pytest.mark.parametrize("kind", list(HouseholdKind))
def test_weights_of_families_can_leave_only_one_kind(kind: HouseholdKind) -> None:
    weights = dict.fromkeys(("single", "couple", "couple_with_children", "one_parent"), 0.0)
    weights[kind.name.lower()] = 2.5
    lives = make_lives(Profile(family=FamilySection(**weights)))
    assert (lives.households.kind == kind).all()


def test_the_shares_of_unmarried_and_same_sex_couples_are_kept() -> None:
    family = FamilySection(single=0.0, one_parent=0.0, unmarried_couples=0.5, same_sex_couples=0.25)
    unmarried, same_sex = [], []
    for number in range(4):
        people = make_lives(Profile(family=family), TODAY, number).people
        head = people.place == Place.HEAD
        unmarried += list(people.marital[head] != Marital.MARRIED)
        same_sex += list(people.sex[head] == people.sex[people.spouse[head]])
    assert abs(np.mean(unmarried) - 0.5) < 0.06
    assert abs(np.mean(same_sex) - 0.25) < 0.05


def test_nobody_is_unmarried_or_of_the_same_sex_where_the_profile_says_so() -> None:
    family = FamilySection(unmarried_couples=0.0, same_sex_couples=0.0)
    people = make_lives(Profile(family=family)).people
    coupled = people.spouse >= 0
    assert (people.marital[coupled] == Marital.MARRIED).all()
    assert (people.sex[coupled] != people.sex[people.spouse[coupled]]).all()


@pytest.mark.parametrize("owners", [0.0, 0.35, 0.66, 1.0])
def test_the_share_of_owners_is_kept(owners: float) -> None:
    profile = Profile(people=PeopleSection(owners=owners))
    own = np.concatenate(
        [make_lives(profile, TODAY, number).households.home_value > 0 for number in range(2)]
    )
    assert abs(own.mean() - owners) < 0.06


def test_the_day_can_be_a_leap_day() -> None:
    lives = make_lives(Profile(), date(2024, 2, 29), 5)
    assert (lives.people.age == whole_years(lives.people.birth, lives.today)).all()
