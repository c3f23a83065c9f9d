"""Names of people, streets and companies, from Faker's pools of the locale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from seedkit.population.days import year_of
from seedkit.population.draw import Whole, coin, pick, pick_by
from seedkit.population.families import Families
from seedkit.population.locale import Locale, locale_of
from seedkit.population.model import BLOCK_HOUSEHOLDS, Texts
from seedkit.population.streams import stream
from seedkit.population.words import Marital, Place, Sex
from seedkit.profile.models import Profile

COHORTS = (1940, 1960, 1980, 1997, 2010)  # each ends before one of these years of birth
KIN_SHARE_NAME = 0.62  # part of relatives that head two households
SECOND_TRIES = 12  # rounds that part namesakes; a family has fewer children than that


@dataclass(frozen=True, slots=True)
class NamePools:
    """First names with one row of weights per sex and generation, and surnames."""

    first: Texts
    first_weights: NDArray[np.float64]  # row: sex * generations + generation
    last: Texts
    last_weights: NDArray[np.float64]


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
        _generation(first, general[sex], row.split(), source.typical)
        for sex in Sex
        for row in typical[sex]
    ]
    surnames = source.surnames(_weighted(pool.last_names))
    return NamePools(
        first=np.array(first, dtype=object),
        first_weights=np.array(rows),
        last=np.array(list(surnames), dtype=object),
        last_weights=np.array(list(surnames.values())),
    )


def _weighted(pool: Mapping[str, float] | Iterable[str]) -> dict[str, float]:
    """Return names with the weights that some pools have; in the others all weigh the same."""
    if isinstance(pool, Mapping):
        return dict(pool)
    names = dict.fromkeys(pool)
    return dict.fromkeys(names, 1 / len(names))


def make_names(profile: Profile, number: int, families: Families, kin: Whole) -> Names:
    """Name everyone in a block: by sex and generation; partners and children share surnames.

    `kin` are the households of relatives, who often share one as well.
    """
    locale = locale_of(profile.locale)
    pools = name_pools(locale)
    last = _surnames(profile.random_seed, number, families, kin, locale)
    rng = stream(profile.random_seed, number, "first names")
    generation = np.searchsorted(COHORTS, year_of(families.birth), side="right")
    row = families.sex.astype(np.int64) * (len(COHORTS) + 1) + generation
    drawn = pick_by(rng, pools.first_weights, row)
    first = _part_namesakes(families, drawn, last, locale)
    return Names(first=pools.first[first], last=pools.last[last])


def _surnames(
    random_seed: int, number: int, families: Families, kin: Whole, locale: Locale
) -> Whole:
    """Return surname indices: a couple often shares one, and children bear the father's."""
    pools = name_pools(locale)
    n = families.household.size
    own = pick(stream(random_seed, number, "surnames"), pools.last_weights, BLOCK_HOUSEHOLDS * 2)
    alike = coin(stream(random_seed, number, "surnames of kin"), KIN_SHARE_NAME, BLOCK_HOUSEHOLDS)
    for home in np.flatnonzero(alike & (kin >= 0)):
        own[home] = own[kin[home]]  # in order: the earlier one may have its name from another
    head = np.searchsorted(families.household, families.household)
    rng = stream(random_seed, number, "married names")
    takes = coin(rng, locale.names.married, BLOCK_HOUSEHOLDS)
    partner = families.place == Place.PARTNER
    shares = (families.marital == Marital.MARRIED) & takes[families.household]
    last = np.where(
        partner & ~shares, own[families.household + BLOCK_HOUSEHOLDS], own[families.household]
    )
    source = np.where(families.father >= 0, families.father, families.mother)
    source = np.where(
        families.place == Place.CHILD, np.where(source >= 0, source, head), np.arange(n)
    )
    rng = stream(random_seed, number, "surnames of others")
    drawn = pick(rng, pools.last_weights, BLOCK_HOUSEHOLDS)[families.household]
    return _others_surnames(families, last[source], drawn)


def _others_surnames(families: Families, last: Whole, drawn: Whole) -> Whole:
    """Return surnames with those of further adults: parents' are their children's at birth."""
    mates = (families.place == Place.HOUSEMATE) | (
        (families.place == Place.SIBLING)
        & (families.sex == Sex.FEMALE)
        & (families.marital != Marital.SINGLE)
    )
    last = np.where(mates, drawn, last)
    for parent in (families.mother, families.father):
        couple = np.flatnonzero((parent >= 0) & (families.place <= Place.PARTNER))
        wife = (families.place[couple] == Place.PARTNER) & (
            families.marital[couple] == Marital.MARRIED
        )
        last[parent[couple]] = np.where(wife, drawn[couple], last[couple])
    return np.asarray(last, np.int64)


def _part_namesakes(families: Families, first: Whole, last: Whole, locale: Locale) -> Whole:
    """Return first names with the second of two namesakes renamed.

    Nobody shares a first name inside the household, or all of first name, surname and birth date
    inside the block. The next name of the same sex in the pool takes over.
    """
    pools = name_pools(locale)
    following = _next_of_sex(locale)
    birth = families.birth.astype(np.int64) - families.birth.astype(np.int64).min()
    for _ in range(SECOND_TRIES):
        at_home = families.household.astype(np.int64) * pools.first.size + first
        by_birth = (first * pools.last.size + last) * (int(birth.max()) + 1) + birth
        twice = _repeated(at_home) | _repeated(by_birth)
        if not twice.any():
            break
        first = np.where(twice, following[families.sex, first], first)
    return first


def _repeated(keys: Whole) -> NDArray[np.bool_]:
    """Return which keys stood there before."""
    repeated = np.ones(keys.size, np.bool_)
    repeated[np.unique(keys, return_index=True)[1]] = False
    return repeated


def _generation(
    names: list[str], general: dict[str, float], typical: list[str], share: float
) -> list[float]:
    """Return weights of a generation: its typical names, on top of the general pool."""
    extra = share / len(typical)
    rest = 1 - share
    listed = frozenset(typical)
    return [rest * general.get(name, 0.0) + extra * (name in listed) for name in names]


@lru_cache(maxsize=3)
def _next_of_sex(locale: Locale) -> NDArray[np.int64]:
    """Return, by sex and name, the index of the next name that the sex bears."""
    weights = name_pools(locale).first_weights
    count = weights.shape[1]
    rows = weights.reshape(2, -1, count).sum(axis=1) > 0
    nexts = np.empty((2, count), np.int64)
    for sex, borne in enumerate(rows):
        own = np.flatnonzero(borne)
        nexts[sex] = own[np.searchsorted(own, np.arange(count), side="right") % own.size]
    return nexts
