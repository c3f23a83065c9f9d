"""Names, addresses and ways to be reached: whole, in agreement, and nothing real."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given

from seedkit.population.contact import DOMAINS
from seedkit.population.days import add_years
from seedkit.population.home_tables import NEAR_BRANCH
from seedkit.population.homes import distances
from seedkit.population.locale import locale_of
from seedkit.population.names import name_pools
from seedkit.population.places import load_places
from seedkit.population.words import Marital, Place, Sex, Tenure
from seedkit.profile.models import PeopleSection, Profile
from tests.population.made import FEW, TODAY, Lives, any_lives, lives_of, make_lives, many_lives

AMERICA = locale_of("en_US")

_SELDOM = 1e-6  # of a generation: names for the last of many namesakes
PHONE = re.compile(r"\((\d{3})\) 555-01\d\d")


@FEW
@given(any_lives)
def test_every_customer_has_all_that_a_customer_needs(lives: Lives) -> None:
    people, known = lives.people, lives.people.customer
    assert known[people.age >= 18].all()
    for column in (people.occupation, people.mobile, people.email, people.government_id):
        assert all(column[known])
    for column in (people.mobile, people.email, people.government_id, people.home_phone):
        assert not any(column[~known])
    # one family in 250 of the survey has no income
    assert (people.income[known] > 0).mean() > 0.97
    homes = lives.households
    for column in (homes.street, homes.city, homes.state, homes.postcode):
        assert all(column)


@FEW
@given(any_lives)
def test_addresses_numbers_and_ids_are_reserved_for_fiction(lives: Lives) -> None:
    people, known = lives.people, lives.people.customer
    assert {address.split("@")[1] for address in people.email[known]} == set(DOMAINS)
    assert set(DOMAINS) == {"example.com", "example.org", "example.net"}
    assert all(re.fullmatch(r"000-\*\*-\d{4}", text) for text in people.government_id[known])
    numbers = [*people.mobile[known], *filter(None, people.home_phone)]
    assert all(PHONE.fullmatch(text) for text in numbers)
    assert len(set(numbers)) > 200
    assert any(people.home_phone)


@FEW
@given(any_lives)
def test_area_codes_serve_the_home_postcode(lives: Lives) -> None:
    places, people, homes = load_places(AMERICA), lives.people, lives.households
    codes = dict(zip(places.postcode, places.area_codes, strict=True))
    for phones in (people.mobile, people.home_phone):
        for phone, home in zip(phones, people.household, strict=True):
            if phone:
                assert phone[1:4] in codes[homes.postcode[home]].split(",")


@FEW
@given(any_lives)
def test_homes_stand_in_their_city_and_the_branch_is_the_nearest(lives: Lives) -> None:
    places, homes = load_places(AMERICA), lives.households
    city = np.repeat(np.arange(len(places.city)), places.weight)
    where = dict(zip(places.postcode, city, strict=True))
    at = np.array([where[code] for code in homes.postcode])
    assert (places.city[at] == homes.city).all()
    assert (places.state[at] == homes.state).all()
    distance = distances(AMERICA, lives.bank)[:, at]
    assert (distance[homes.branch, np.arange(at.size)] == distance.min(axis=0)).all()


def test_households_live_all_over_the_country_but_mostly_near_branches() -> None:
    homes = [lives.households for lives in many_lives()]
    cities = {pair for part in homes for pair in zip(part.city, part.state, strict=True)}
    assert len(cities) > 150
    assert 0.5 < NEAR_BRANCH < 1


def test_larger_areas_have_more_households() -> None:
    profile = Profile(locale="en_GB", currency="GBP")
    city = np.concatenate([make_lives(profile, TODAY, i).households.city for i in range(8)])
    assert 0.13 < (city == "London").mean() < 0.25
    assert (city == "London").sum() > 1.3 * (city == "Glasgow").sum()


@FEW
@given(any_lives)
def test_emails_come_from_the_name_and_belong_to_one_person(lives: Lives) -> None:
    people, known = lives.people, lives.people.customer
    assert len(set(people.email[known])) == known.sum()
    parent = np.where(people.mother >= 0, people.mother, people.father)
    for person in np.flatnonzero(known):
        small = people.age[person] < 13
        owner = parent[person] if small else person
        name = f"{people.first_name[owner]}.{people.last_name[owner]}".lower().replace("'", "")
        tag = rf"\+{people.first_name[person].lower()}" if small else ""
        assert re.fullmatch(name + r"\d+" + tag + r"@[a-z.]+", people.email[person])


def test_emails_are_unique_across_blocks() -> None:
    emails = [
        email for lives in many_lives() for email in lives.people.email[lives.people.customer]
    ]
    assert len(emails) == len(set(emails))


@FEW
@given(any_lives)
def test_nobody_has_a_namesake(lives: Lives) -> None:
    people = lives.people
    keys = list(zip(people.first_name, people.last_name, people.birth, strict=True))
    assert len(set(keys)) == len(keys)
    at_home = list(zip(people.household, people.first_name, strict=True))
    assert len(set(at_home)) == len(at_home)


@FEW
@given(any_lives)
def test_names_fit_the_sex_and_the_family(lives: Lives) -> None:
    pools, people = name_pools(AMERICA), lives.people
    assert len(pools.last) >= 1_000
    weights = pools.first_weights.reshape(2, -1, pools.first.size).sum(axis=1)
    row = {name: i for i, name in enumerate(pools.first)}
    assert all(
        weights[sex, row[name]] > 0 for sex, name in zip(people.sex, people.first_name, strict=True)
    )
    child = np.flatnonzero(people.place == Place.CHILD)
    parent = np.where(people.father[child] >= 0, people.father[child], people.mother[child])
    assert (people.last_name[child] == people.last_name[parent]).all()
    married = np.flatnonzero(people.marital == Marital.MARRIED)
    shares = people.last_name[married] == people.last_name[people.spouse[married]]
    assert 0.6 < shares.mean() < 0.95


def test_first_names_tell_the_generation() -> None:
    names = {"old": [], "young": []}
    for lives in many_lives():
        people = lives.people
        names["old"] += list(people.first_name[people.birth < np.datetime64("1955-01-01")])
        names["young"] += list(people.first_name[people.birth >= np.datetime64("2010-01-01")])
    old, young = (np.array(names[key], dtype=object) for key in ("old", "young"))
    assert np.isin(old, ["Linda", "Barbara", "Patricia", "Larry", "Gary", "Ronald"]).mean() > 0.045
    assert np.isin(young, ["Linda", "Barbara", "Larry", "Gary", "Ronald"]).mean() < 0.02
    assert np.isin(young, ["Olivia", "Liam", "Noah", "Emma", "Ava", "Mason"]).mean() > 0.045
    assert np.isin(old, ["Olivia", "Liam", "Noah", "Emma", "Ava", "Mason"]).mean() < 0.02


@FEW
@given(any_lives)
def test_customers_since_they_could_be(lives: Lives) -> None:
    people, known = lives.people, lives.people.customer
    assert np.isnat(people.customer_since[~known]).all()
    since, adult = people.customer_since, people.age >= 18
    assert (since[adult] >= add_years(people.birth[adult], 18)).all()
    assert (since[known] >= people.birth[known]).all()
    assert (since[known] < lives.today).all()
    for parents in (people.mother, people.father):
        own = np.flatnonzero(known & ~adult & (parents >= 0))
        assert (since[own] >= since[parents[own]]).all()


def test_most_adults_have_been_customers_for_long() -> None:
    days = np.concatenate(
        [
            (lives.today - lives.people.customer_since[lives.adults]).astype(np.int64)
            for lives in many_lives()
        ]
    )
    assert np.mean(days > 10 * 365) > 0.5
    assert 0.02 < np.mean(days < 365) < 0.12


@FEW
@given(any_lives)
def test_small_children_carry_a_parents_number(lives: Lives) -> None:
    people = lives.people
    small = np.flatnonzero((people.age < 13) & people.customer)
    parent = np.where(people.mother[small] >= 0, people.mother[small], people.father[small])
    assert (people.mobile[small] == people.mobile[parent]).all()


@FEW
@given(any_lives)
def test_homes_are_owned_with_a_value_or_rented_without(lives: Lives) -> None:
    homes, people = lives.households, lives.people
    assert ((homes.home_value > 0) == (homes.tenure == Tenure.OWNER)).all()
    adult = np.flatnonzero(people.place <= Place.PARTNER)
    since = homes.home_since[people.household[adult]]
    assert (since >= add_years(people.birth[adult], 18)).all()
    assert (since < lives.today).all()


def test_minors_are_customers_in_the_share_of_the_profile() -> None:
    for share in (0.0, 0.3, 1.0):
        profile = Profile(people=PeopleSection(minor_customers=share))
        people = make_lives(profile).people
        assert abs(people.customer[people.age < 18].mean() - share) < 0.12


def test_a_knob_of_customers_moves_no_name() -> None:
    one = lives_of(1, TODAY, 0).people
    profile = Profile(random_seed=1, people=PeopleSection(minor_customers=0.1))
    other = make_lives(profile).people
    for column in ("first_name", "last_name", "birth", "income", "occupation"):
        assert (getattr(one, column) == getattr(other, column)).all()
    both = one.customer & other.customer
    assert (one.email[both] == other.email[both]).all()


@pytest.mark.parametrize("locale", ["en_US", "en_GB", "de_DE"])
def test_no_child_is_named_like_its_great_grandparents(locale: str) -> None:
    pools, source = name_pools(locale_of(locale)), locale_of(locale).names
    for sex, typical in zip(Sex, (source.women, source.men), strict=True):
        old, young = (frozenset(" ".join(rows).split()) for rows in (typical[:3], typical[-3:]))
        last = pools.first_weights[sex * len(typical) + len(typical) - 1]
        likely = last > 1e-6 * last.sum()  # the others are kept for the last of many namesakes
        given = {part for name in pools.first[likely] for part in name.split("-")}
        assert not given & (old - young)
