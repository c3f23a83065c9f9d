"""Who is what to whom: inside the household, and to people of earlier households."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population.draw import Whole, below, coin
from seedkit.population.model import BLOCK_HOUSEHOLDS, Flags, People, Relationships
from seedkit.population.streams import stream
from seedkit.population.words import Kinship, Marital, Place
from seedkit.profile.models import Profile

LARGEST_FAMILY = 5  # children at home
ACCOUNTANTS = 0.6  # of those with an accountant or a lawyer
ENTRUSTING_FROM = 75  # age from which some give a power of attorney
ENTRUSTING = 0.3
TO_SPOUSE = 0.5  # of the married among them
TRUSTED_AGES = (30, 68)  # of others that hold a power of attorney


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of people: `other` is `kind` to `person` and `person` is `back` to `other`."""

    person: Whole
    other: Whole
    kind: Kinship
    back: Kinship


def make_relationships(profile: Profile, number: int, people: People) -> Relationships:
    """Make the relationships of a block's customers, both directions of each."""
    pairs = [
        _spouses(people),
        *_children(people),
        *_siblings(people),
        _extended_family(profile, number, people),
        *_professionals(profile, number, people),
        *_attorneys(profile, number, people),
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
    married = (people.marital == Marital.MARRIED) & (people.place == Place.HEAD)
    head = np.flatnonzero(married & (people.spouse >= 0))
    return _Pairs(head, people.spouse[head].astype(np.int64), Kinship.SPOUSE, Kinship.SPOUSE)


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


def _siblings(people: People) -> list[_Pairs]:
    child = np.flatnonzero((people.place == Place.CHILD) & people.customer)
    pairs = []
    for step in range(1, LARGEST_FAMILY):
        one, two = child[:-step], child[step:]
        same = people.household[one] == people.household[two]
        pairs.append(_Pairs(one[same], two[same], Kinship.SIBLING, Kinship.SIBLING))
    return pairs


def _extended_family(profile: Profile, number: int, people: People) -> _Pairs:
    """Return heads of households with a relative who heads an earlier one."""
    rng = stream(profile.random_seed, number, "extended family")
    heads = np.flatnonzero(people.place == Place.HEAD)
    has = coin(rng, profile.relationships.extended_family, BLOCK_HOUSEHOLDS)
    other = heads[below(rng, np.arange(BLOCK_HOUSEHOLDS), BLOCK_HOUSEHOLDS)]
    has &= heads > 0
    family = Kinship.EXTENDED_FAMILY
    return _Pairs(heads[has], other[has], family, family)


def _professionals(profile: Profile, number: int, people: People) -> list[_Pairs]:
    """Return adults with an accountant or lawyer of an earlier household, where there is one."""
    rng = stream(profile.random_seed, number, "professionals")
    adults = np.flatnonzero(people.age >= 18)
    client = coin(rng, profile.relationships.professional, adults.size)
    accountant = coin(rng, ACCOUNTANTS, adults.size)
    pairs = []
    for title, wanted, kind, back in (
        ("Accountant", accountant, Kinship.ACCOUNTANT, Kinship.ACCOUNTING_CLIENT),
        ("Lawyer", ~accountant, Kinship.LAWYER, Kinship.LEGAL_CLIENT),
    ):
        pool = np.flatnonzero(people.occupation == title)
        pairs.append(_with_earlier(rng, people, adults, client & wanted, pool, kind, back))
    return pairs


def _attorneys(profile: Profile, number: int, people: People) -> list[_Pairs]:
    """Return some of the elderly with the person who may act for them."""
    rng = stream(profile.random_seed, number, "powers of attorney")
    elder = np.flatnonzero(people.age >= ENTRUSTING_FROM)
    entrusts = coin(rng, ENTRUSTING, elder.size)
    spouse = people.spouse[elder].astype(np.int64)
    to_spouse = entrusts & (people.marital[elder] == Marital.MARRIED) & (spouse >= 0)
    to_spouse &= coin(rng, TO_SPOUSE, elder.size)
    # of two elderly spouses only the head entrusts the other
    to_spouse &= people.place[elder] == Place.HEAD
    low, high = TRUSTED_AGES
    pool = np.flatnonzero((people.age >= low) & (people.age < high))
    attorney, principal = Kinship.POWER_OF_ATTORNEY, Kinship.PRINCIPAL
    return [
        _Pairs(elder[to_spouse], spouse[to_spouse], attorney, principal),
        _with_earlier(rng, people, elder, entrusts & ~to_spouse, pool, attorney, principal),
    ]


def _with_earlier(
    rng: np.random.Generator,
    people: People,
    persons: Whole,
    wanted: Flags,
    pool: Whole,
    kind: Kinship,
    back: Kinship,
) -> _Pairs:
    """Return wanted persons, each with someone of a pool from a strictly earlier household."""
    earlier = np.searchsorted(people.household[pool], people.household[persons])
    row = below(rng, np.maximum(earlier, 1), persons.size)
    found = wanted & (earlier > 0)
    return _Pairs(persons[found], pool[row[found]], kind, back)
