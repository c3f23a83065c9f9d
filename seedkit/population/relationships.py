"""Who is what to whom: inside the household, and to people of earlier households."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population.draw import Whole, below, coin
from seedkit.population.job_titles import at_work_as
from seedkit.population.kin import make_kin
from seedkit.population.locale import locale_of
from seedkit.population.model import Flags, Households, People, Relationships
from seedkit.population.streams import stream
from seedkit.population.words import Kinship, Marital, Place
from seedkit.profile.models import Profile

LARGEST_FAMILY = 5  # children at home
ACCOUNTANTS = 0.6  # of those with an accountant or a lawyer
ENTRUSTING_FROM = 75  # age from which some give a power of attorney
ENTRUSTING = 0.45
TO_SPOUSE = 0.8  # of the married among them
TRUSTED_AGES = (25, 74)  # of relatives that hold a power of attorney
MOST_CLIENTS = 6  # of one accountant or lawyer


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of people: `other` is `kind` to `person` and `person` is `back` to `other`."""

    person: Whole
    other: Whole
    kind: Kinship
    back: Kinship


def make_relationships(
    profile: Profile, number: int, households: Households, people: People
) -> Relationships:
    """Make the relationships of a block's customers, both directions of each."""
    kin = make_kin(profile, number, households.branch)
    pairs = [
        _spouses(people),
        *_children(people),
        *_parents(people),
        *_siblings(people),
        _extended_family(people, kin),
        *_professionals(profile, number, people),
        *_attorneys(profile, number, people, kin),
    ]
    person = np.concatenate([end for pair in pairs for end in (pair.person, pair.other)])
    other = np.concatenate([end for pair in pairs for end in (pair.other, pair.person)])
    kind = np.repeat(
        [kind for pair in pairs for kind in (pair.kind, pair.back)],
        [pair.person.size for pair in pairs for _ in range(2)],
    )
    household = np.maximum(people.household[person], people.household[other])
    order = np.lexsort((kind, other, person, household))
    return Relationships(
        household=household[order],
        person=person[order].astype(np.int32),
        other=other[order].astype(np.int32),
        kind=kind[order].astype(np.int8),
    )


def _spouses(people: People) -> _Pairs:
    married = people.marital == Marital.MARRIED
    one = np.flatnonzero(married & (people.spouse > np.arange(people.spouse.size)))
    return _Pairs(one, people.spouse[one].astype(np.int64), Kinship.SPOUSE, Kinship.SPOUSE)


def _children(people: People) -> list[_Pairs]:
    """Return children among the customers with the head and the partner of their household."""
    child = np.flatnonzero((people.place == Place.CHILD) & people.customer)
    head = np.searchsorted(people.household, people.household[child])
    partner = people.spouse[head].astype(np.int64)
    both = partner >= 0
    return [
        _Pairs(child, head, Kinship.PARENT, Kinship.CHILD),
        _Pairs(child[both], partner[both], Kinship.PARENT, Kinship.CHILD),
    ]


def _parents(people: People) -> list[_Pairs]:
    """Return heads and partners with the parents who live with them."""
    found = []
    for parent in (people.mother, people.father):
        child = np.flatnonzero((parent >= 0) & (people.place <= Place.PARTNER))
        old = parent[child].astype(np.int64)
        found.append(_Pairs(child, old, Kinship.PARENT, Kinship.CHILD))
    return found


def _siblings(people: People) -> list[_Pairs]:
    """Return children among the customers with one another, heads with brothers and sisters."""
    child = np.flatnonzero((people.place == Place.CHILD) & people.customer)
    pairs = []
    for step in range(1, LARGEST_FAMILY):
        one, two = child[:-step], child[step:]
        same = people.household[one] == people.household[two]
        pairs.append(_Pairs(one[same], two[same], Kinship.SIBLING, Kinship.SIBLING))
    own = np.flatnonzero(people.place == Place.SIBLING)
    head = np.searchsorted(people.household, people.household[own])
    return [*pairs, _Pairs(own, head, Kinship.SIBLING, Kinship.SIBLING)]


def _extended_family(people: People, kin: Whole) -> _Pairs:
    """Return heads of households with a relative who heads an earlier one."""
    heads = np.flatnonzero(people.place == Place.HEAD)
    home, family = np.flatnonzero(kin >= 0), Kinship.EXTENDED_FAMILY
    return _Pairs(heads[home], heads[kin[home]], family, family)


def _professionals(profile: Profile, number: int, people: People) -> list[_Pairs]:
    """Return adults with an accountant or lawyer of an earlier household, where there is one."""
    rng = stream(profile.random_seed, number, "professionals")
    adults = np.flatnonzero(people.age >= 18)
    client = coin(rng, profile.relationships.professional, adults.size)
    accountant = coin(rng, ACCOUNTANTS, adults.size)
    pairs = []
    for title, wanted, kind, back in (
        ("accountant", accountant, Kinship.ACCOUNTANT, Kinship.ACCOUNTING_CLIENT),
        ("lawyer", ~accountant, Kinship.LAWYER, Kinship.LEGAL_CLIENT),
    ):
        pool = at_work_as(locale_of(profile.locale), title, people.occupation, people.sex)
        found = earlier_ones(rng, people, adults, client & wanted, pool)
        pairs.append(_Pairs(*found, kind, back))
    return pairs


def _attorneys(profile: Profile, number: int, people: People, kin: Whole) -> list[_Pairs]:
    """Return some of the elderly with the spouse or relative who may act for them."""
    rng = stream(profile.random_seed, number, "powers of attorney")
    elder = np.flatnonzero(people.age >= ENTRUSTING_FROM)
    entrusts = coin(rng, ENTRUSTING, elder.size)
    spouse = people.spouse[elder].astype(np.int64)
    to_spouse = entrusts & (people.marital[elder] == Marital.MARRIED) & (spouse >= 0)
    to_spouse &= coin(rng, TO_SPOUSE, elder.size)
    # of two elderly spouses only the head entrusts the other
    to_spouse &= people.place[elder] == Place.HEAD
    relative = _relatives(people, kin)[people.household[elder]]
    low, high = TRUSTED_AGES
    age = people.age[relative]
    to_kin = entrusts & ~to_spouse & (relative >= 0) & (age >= low) & (age < high)
    attorney, principal = Kinship.POWER_OF_ATTORNEY, Kinship.PRINCIPAL
    return [
        _Pairs(elder[to_spouse], spouse[to_spouse], attorney, principal),
        _Pairs(elder[to_kin], relative[to_kin], attorney, principal),
    ]


def _relatives(people: People, kin: Whole) -> Whole:
    """Return, by household, a relative who heads another one, -1."""
    heads = np.flatnonzero(people.place == Place.HEAD)
    found = np.full(kin.size, -1)
    later = np.flatnonzero(kin >= 0)
    found[kin[later]] = heads[later]
    found[later] = heads[kin[later]]
    return found


def earlier_ones(
    rng: np.random.Generator, people: People, persons: Whole, wanted: Flags, pool: Whole
) -> tuple[Whole, Whole]:
    """Return wanted persons, each with someone of a pool from a strictly earlier household.

    Nobody of the pool has more than MOST_CLIENTS; who comes later has none.
    """
    earlier = np.searchsorted(people.household[pool], people.household[persons])
    row = below(rng, np.maximum(earlier, 1), persons.size)
    found = wanted & (earlier > 0)
    one, other = persons[found], pool[row[found]]
    order = np.argsort(other, kind="stable")
    chosen = other[order]
    taken = order[np.arange(order.size) - np.searchsorted(chosen, chosen) < MOST_CLIENTS]
    return one[taken], other[taken]
