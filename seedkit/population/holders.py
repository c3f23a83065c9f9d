"""People as holders: since when they may hold something, what they qualify for, who stands by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population.amounts import CENTS
from seedkit.population.causes import Causes, find_causes
from seedkit.population.days import add_years, known
from seedkit.population.draw import Whole
from seedkit.population.firms import firm_of
from seedkit.population.model import Dates, Flags, Ints
from seedkit.population.offers import AGE_BANDS, INCOME_BANDS, Need, Other
from seedkit.population.prices import PRICE_BASE
from seedkit.population.scene import Scene
from seedkit.population.words import Employment, Place, Tenure

ADULT_AGE = 18
TEEN_AGE = 13
HELPED_AGE = 65  # from here on a grown child at home may sign
_EARNERS = (Employment.EMPLOYEE, Employment.SELF_EMPLOYED, Employment.RETIRED)


@dataclass(frozen=True, slots=True)
class Holders:
    """Columns by person. Indices are people, -1 where there is none."""

    earliest: Dates  # of age and a customer; minors: a customer
    meets: Flags  # [Need, person]
    others: Whole  # [Other, person], customers only
    minor: Whole  # a minor at home of head and partner, customer or not
    causes: Causes


@dataclass(frozen=True, slots=True)
class Units:
    """Who decides about money: a head with the partner, each other adult, each minor customer."""

    head: Whole  # person
    partner: Whole
    income: Whole  # a year, cents
    age_band: Whole
    income_band: Whole


def make_holders(scene: Scene) -> Holders:
    """Return what the people of a block are as holders."""
    people = scene.people
    others = _others(scene)
    minors = people.age < ADULT_AGE
    minor = _first_child(scene, minors)
    child = others[Other.CHILD]
    of_age = np.where(minors, people.birth, add_years(people.birth, ADULT_AGE))
    since = np.where(people.customer, people.customer_since, scene.today)
    earliest = np.maximum(of_age, since)
    causes = find_causes(scene, earliest)
    return Holders(
        earliest=earliest,
        meets=_meets(scene, others[Other.PARTNER], minor, causes),
        others=others,
        minor=np.where(child >= 0, child, minor),
        causes=causes,
    )


def make_units(scene: Scene, holders: Holders) -> Units:
    """Return the units of a block, in the order of their heads."""
    people = scene.people
    head = np.flatnonzero(people.customer & (people.place != Place.PARTNER))
    partner = holders.others[Other.PARTNER, head]
    income = people.income[head] + np.where(partner >= 0, people.income[partner], 0)
    of_tables = income * PRICE_BASE // scene.price_level // CENTS
    return Units(
        head=head,
        partner=partner,
        income=np.asarray(income, np.int64),
        age_band=np.searchsorted(AGE_BANDS, people.age[head], side="right"),
        income_band=np.searchsorted(INCOME_BANDS, of_tables, side="right"),
    )


def _meets(scene: Scene, partner: Whole, minor: Whole, causes: Causes) -> Flags:
    """Return who meets which need."""
    people, households = scene.people, scene.households
    adult = people.customer & (people.age >= ADULT_AGE)
    pair = people.place <= Place.PARTNER
    owns_home = households.tenure[people.household] == Tenure.OWNER
    tests = {
        Need.ADULT: adult,
        Need.MINOR: people.customer & (people.age < ADULT_AGE),
        Need.HEAD: adult & pair,
        Need.COUPLE: adult & (partner >= 0),
        Need.HOME_OWNER: adult & pair & owns_home,
        Need.PARENT: adult & (minor >= 0),
        Need.EARNER: adult & np.isin(people.employment, _EARNERS),
        Need.EMPLOYEE: adult & (people.employment == Employment.EMPLOYEE),
        Need.STUDENT: adult & known(causes.study_from),
        Need.BUYER: adult & (causes.vehicle >= 0),
        Need.FIRM: adult & (firm_of(scene.firms, people.age.size) >= 0),
    }
    return np.stack([tests[need] for need in Need])


def _others(scene: Scene) -> Whole:
    """Return each person's partner, parent, and the children at home of heads and partners."""
    people = scene.people
    minor = people.age < ADULT_AGE
    head = _first_of_home(scene, people.place == Place.HEAD)
    partner = _first_of_home(scene, people.place == Place.PARTNER)
    spouse = np.select(
        [people.place == Place.HEAD, people.place == Place.PARTNER], [partner, head], -1
    )
    grown = _first_child(scene, people.customer & ~minor)
    found = {
        Other.PARTNER: spouse,
        Other.PARENT: np.where(people.place == Place.CHILD, head, -1),
        Other.CHILD: _first_child(scene, people.customer & minor),
        Other.TEENAGER: _first_child(scene, people.customer & minor & (people.age >= TEEN_AGE)),
        Other.GROWN_CHILD: np.where(people.age >= HELPED_AGE, grown, -1),
    }
    return np.stack([found[other] for other in Other])


def _first_child(scene: Scene, mask: Flags) -> Whole:
    """Return for heads and partners the first child at home that a mask allows."""
    place = scene.people.place
    child = _first_of_home(scene, mask & (place == Place.CHILD))
    return np.where(place <= Place.PARTNER, child, -1)


def _first_of_home(scene: Scene, mask: Flags) -> Whole:
    """Return for each person the first one of the household that a mask allows."""
    household: Ints = scene.people.household
    found = np.full(scene.households.household.size, -1, np.int64)
    rows = np.flatnonzero(mask)[::-1]
    found[household[rows]] = rows
    return found[household]
