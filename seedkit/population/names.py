"""Names of people, streets and companies, from Faker's pools of the locale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from seedkit.population.days import year_of
from seedkit.population.draw import Whole, coin, pick
from seedkit.population.families import Families
from seedkit.population.locale import Locale, locale_of
from seedkit.population.model import BLOCK_HOUSEHOLDS, Flags, Texts
from seedkit.population.name_classes import (
    CLASSES,
    Classed,
    classed,
    even_classes,
    first_name_classes,
    residues,
)
from seedkit.population.streams import stream
from seedkit.population.words import Marital, Place, Sex
from seedkit.profile.models import Profile

COHORTS = (1940, 1960, 1980, 1997, 2010)  # each ends before one of these years of birth
KIN_SHARE_NAME = 0.62  # part of relatives that head two households
_RARE = 1e-7  # seldom enough that no bank draws it by its weight
HOME_TRIES = 8  # rounds that part namesakes inside a household, which may fail
SECOND_TRIES = 12  # rounds that part those who share a birth date as well, which must not


@dataclass(frozen=True, slots=True)
class NamePools:
    """First names with one row of weights per sex and generation, and surnames."""

    first: Texts
    first_weights: NDArray[np.float64]  # row: sex * generations + generation
    last: Texts
    last_weights: NDArray[np.float64]
    first_classes: Classed  # one row per sex and generation
    last_classes: Classed  # one row


@dataclass(frozen=True, slots=True)
class FamilyNames:
    """Indices of surnames by household, all of one class."""

    head: Whole
    partner: Whole  # where the couple doesn't share one
    other: Whole  # of housemates and the like

    def residues(self, number: int) -> Whole:
        """Return the remainders that birth dates of each household leave."""
        return residues(number, self.head)


@dataclass(frozen=True, slots=True)
class Names:
    """Names of people."""

    first: Texts
    last: Texts


@lru_cache(maxsize=3)
def name_pools(locale: Locale) -> NamePools:
    """Return a locale's pools; the same everywhere with the same Faker version."""
    source = locale.names
    pool = import_module(f"faker.providers.person.{source.pool}").Provider
    general = (_weighted(pool.first_names_female), _weighted(pool.first_names_male))
    typical = (source.women, source.men)
    listed = {name for rows in typical for row in rows for name in row.split()}
    first = sorted(listed | general[Sex.FEMALE].keys() | general[Sex.MALE].keys())
    rows = [
        _generation(first, _of_its_time(general[sex], typical[sex], at), row, source.typical)
        for sex in Sex
        for at, row in enumerate(typical[sex])
    ]
    surnames = source.surnames(_weighted(pool.last_names))
    weights = np.array(rows)
    generations = len(COHORTS) + 1
    classes = [even_classes(weights[g], weights[g + generations]) for g in range(generations)]
    of_last = np.array(list(surnames.values()), np.float64)
    return NamePools(
        first=np.array(first, dtype=object),
        first_weights=weights,
        last=np.array(list(surnames), dtype=object),
        last_weights=of_last,
        first_classes=classed(weights, np.array([*classes, *classes])),
        last_classes=classed(of_last[None], np.arange(of_last.size)[None] % CLASSES),
    )


def _weighted(pool: Mapping[str, float] | Iterable[str]) -> dict[str, float]:
    """Return names with the weights that some pools have; in the others all weigh the same."""
    if isinstance(pool, Mapping):
        return dict(pool)
    names = dict.fromkeys(pool)
    return dict.fromkeys(names, 1 / len(names))


def make_family_names(profile: Profile, number: int, kin: Whole) -> FamilyNames:
    """Draw the surnames of a block's households; `kin` are relatives, who often share one."""
    seed, pools = profile.random_seed, name_pools(locale_of(profile.locale))
    head = pick(stream(seed, number, "surnames"), pools.last_weights, BLOCK_HOUSEHOLDS)
    alike = coin(stream(seed, number, "surnames of kin"), KIN_SHARE_NAME, BLOCK_HOUSEHOLDS)
    for home in np.flatnonzero(alike & (kin >= 0)):
        head[home] = head[kin[home]]  # in order: the earlier one may have its name from another
    return FamilyNames(
        head=head,
        partner=_another(stream(seed, number, "surnames of partners"), pools, head),
        other=_another(stream(seed, number, "surnames of others"), pools, head),
    )


def _another(rng: np.random.Generator, pools: NamePools, surname: Whole) -> Whole:
    """Draw other surnames of the same classes."""
    row = np.zeros(surname.size, np.int64)
    drawn = pools.last_classes.draw(rng, row, surname % CLASSES)
    return np.where(drawn == surname, pools.last_classes.following[0, drawn], drawn)


def make_names(profile: Profile, number: int, families: Families, own: FamilyNames) -> Names:
    """Name everyone in a block: by sex and generation; partners and children share surnames."""
    locale = locale_of(profile.locale)
    pools = name_pools(locale)
    rng = stream(profile.random_seed, number, "married names")
    takes = coin(rng, locale.names.married, BLOCK_HOUSEHOLDS)
    last = _surnames(families, own, takes)
    generation = np.searchsorted(COHORTS, year_of(families.birth), side="right")
    row = families.sex.astype(np.int64) * (len(COHORTS) + 1) + generation
    classes = first_name_classes(number, last, families.birth.astype(np.int64))
    drawn = pools.first_classes.draw(
        stream(profile.random_seed, number, "first names"), row, classes
    )
    first = _part_namesakes(families, drawn, last, pools, row)
    return Names(first=pools.first[first], last=pools.last[last])


def _surnames(families: Families, own: FamilyNames, takes: Flags) -> Whole:
    """Return surname indices: a couple often shares one, and children bear the father's."""
    household, place = families.household, families.place
    head = np.searchsorted(household, household)
    shares = (families.marital == Marital.MARRIED) & takes[household]
    last = np.where((place == Place.PARTNER) & ~shares, own.partner[household], own.head[household])
    source = np.where(families.father >= 0, families.father, families.mother)
    source = np.where(source >= 0, source, head)
    last = last[np.where(place == Place.CHILD, source, np.arange(household.size))]
    return _others_surnames(families, last, own.other[household])


def _others_surnames(families: Families, last: Whole, other: Whole) -> Whole:
    """Return surnames with those of further adults: parents' are their children's at birth."""
    wife = (families.sex == Sex.FEMALE) & (families.marital != Marital.SINGLE)
    mates = (families.place == Place.HOUSEMATE) | ((families.place == Place.SIBLING) & wife)
    last = np.where(mates, other, last)
    for parent in (families.mother, families.father):
        child = np.flatnonzero((parent >= 0) & (families.place <= Place.PARTNER))
        took = families.place[child] == Place.PARTNER
        took &= families.marital[child] == Marital.MARRIED
        last[parent[child]] = np.where(took, other[child], last[child])
    return np.asarray(last, np.int64)


def _part_namesakes(
    families: Families, first: Whole, last: Whole, pools: NamePools, row: Whole
) -> Whole:
    """Return first names with the second of two namesakes renamed.

    Nobody shares all of first name, surname and birth date inside the block, or a first name inside
    the household while there are others. The next name of the same sex and class takes over; `row`
    is that of sex and generation.
    """
    following = pools.first_classes.following
    birth = families.birth.astype(np.int64) - families.birth.astype(np.int64).min()
    for tried in range(SECOND_TRIES):
        at_home = families.household.astype(np.int64) * pools.first.size + first
        by_birth = (first * pools.last.size + last) * (int(birth.max()) + 1) + birth
        twice = _repeated(by_birth)
        if tried < HOME_TRIES:
            twice |= _repeated(at_home)
        if not twice.any():
            break
        first = np.where(twice, following[row, first], first)
    return first


def _repeated(keys: Whole) -> NDArray[np.bool_]:
    """Return which keys stood there before."""
    repeated = np.ones(keys.size, np.bool_)
    repeated[np.unique(keys, return_index=True)[1]] = False
    return repeated


def _of_its_time(pool: dict[str, float], typical: tuple[str, ...], at: int) -> dict[str, float]:
    """Make names rare, also as parts, that are typical of generations further than the next.

    They stay for the last of many namesakes.
    """
    near = {name for row in typical[max(at - 1, 0) : at + 2] for name in row.split()}
    far = {name for row in typical for name in row.split()} - near
    return {
        name: weight if far.isdisjoint(name.split("-")) else weight * _RARE
        for name, weight in pool.items()
    }


def _generation(
    names: list[str], general: dict[str, float], typical: str, share: float
) -> list[float]:
    """Return weights of a generation: its typical names, on top of the general pool."""
    listed = frozenset(typical.split())
    extra = share / len(typical.split())
    rest = 1 - share
    return [rest * general.get(name, 0.0) + extra * (name in listed) for name in names]
