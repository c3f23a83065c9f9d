"""Names of people, streets and companies, from Faker's pools for the United States."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from faker.providers.person.en_US import Provider as Pool
from numpy.typing import NDArray

from seedkit.population import name_tables as tables
from seedkit.population.days import year_of
from seedkit.population.draw import Whole, coin, pick, pick_by
from seedkit.population.families import Families
from seedkit.population.model import BLOCK_HOUSEHOLDS, Texts
from seedkit.population.streams import stream
from seedkit.population.words import Marital, Place, Sex

TAKES_NAME = 0.8  # part of wives that bear the husband's surname
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


@lru_cache(maxsize=1)
def name_pools() -> NamePools:
    """Return the pools; the same everywhere with the same Faker version."""
    general = (dict(Pool.first_names_female), dict(Pool.first_names_male))
    typical = (tables.WOMEN, tables.MEN)
    listed = {name for rows in typical for row in rows for name in row.split()}
    first = sorted(listed | general[Sex.FEMALE].keys() | general[Sex.MALE].keys())
    rows = [_generation(first, general[sex], row.split()) for sex in Sex for row in typical[sex]]
    surnames = dict(Pool.last_names)
    return NamePools(
        first=np.array(first, dtype=object),
        first_weights=np.array(rows),
        last=np.array([_spelled(name) for name in surnames], dtype=object),
        last_weights=np.array(list(surnames.values())),
    )


def make_names(random_seed: int, number: int, families: Families, kin: Whole) -> Names:
    """Name everyone in a block: by sex and generation; partners and children share surnames.

    `kin` are the households of relatives, who often share one as well.
    """
    pools = name_pools()
    last = _surnames(random_seed, number, families, kin)
    rng = stream(random_seed, number, "first names")
    generation = np.searchsorted(tables.COHORTS, year_of(families.birth), side="right")
    row = families.sex.astype(np.int64) * (len(tables.COHORTS) + 1) + generation
    first = _part_namesakes(families, pick_by(rng, pools.first_weights, row), last)
    return Names(first=pools.first[first], last=pools.last[last])


def _surnames(random_seed: int, number: int, families: Families, kin: Whole) -> Whole:
    """Return surname indices: a couple often shares one, and children bear the father's."""
    pools = name_pools()
    n = families.household.size
    own = pick(stream(random_seed, number, "surnames"), pools.last_weights, BLOCK_HOUSEHOLDS * 2)
    alike = coin(stream(random_seed, number, "surnames of kin"), KIN_SHARE_NAME, BLOCK_HOUSEHOLDS)
    for home in np.flatnonzero(alike & (kin >= 0)):
        own[home] = own[kin[home]]  # in order: the earlier one may have its name from another
    head = np.searchsorted(families.household, families.household)
    takes = coin(stream(random_seed, number, "married names"), TAKES_NAME, BLOCK_HOUSEHOLDS)
    partner = families.place == Place.PARTNER
    shares = (families.marital == Marital.MARRIED) & takes[families.household]
    last = np.where(
        partner & ~shares, own[families.household + BLOCK_HOUSEHOLDS], own[families.household]
    )
    source = np.where(families.father >= 0, families.father, families.mother)
    source = np.where(
        families.place == Place.CHILD, np.where(source >= 0, source, head), np.arange(n)
    )
    return np.asarray(last[source], np.int64)


def _part_namesakes(families: Families, first: Whole, last: Whole) -> Whole:
    """Return first names with the second of two namesakes renamed.

    Nobody shares a first name inside the household, or all of first name, surname and birth date
    inside the block. The next name of the same sex in the pool takes over.
    """
    pools = name_pools()
    following = _next_of_sex()
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


def _generation(names: list[str], general: dict[str, float], typical: list[str]) -> list[float]:
    """Return weights of a generation: its typical names, on top of the general pool."""
    extra = tables.TYPICAL / len(typical)
    rest = 1 - tables.TYPICAL
    listed = frozenset(typical)
    return [rest * general.get(name, 0.0) + extra * (name in listed) for name in names]


@lru_cache(maxsize=1)
def _next_of_sex() -> NDArray[np.int64]:
    """Return, by sex and name, the index of the next name that the sex bears."""
    weights = name_pools().first_weights
    count = weights.shape[1]
    rows = weights.reshape(2, -1, count).sum(axis=1) > 0
    nexts = np.empty((2, count), np.int64)
    for sex, borne in enumerate(rows):
        own = np.flatnonzero(borne)
        nexts[sex] = own[np.searchsorted(own, np.arange(count), side="right") % own.size]
    return nexts


def _spelled(surname: str) -> str:
    """Return a surname with the inner capitals and apostrophe that the pool leaves out."""
    if surname.startswith("Mc"):
        return "Mc" + surname[2:].capitalize()
    if surname in ("Obrien", "Oconnor", "Oneill", "Oneal", "Odonnell", "Oconnell"):
        return "O'" + surname[1:].capitalize()
    return surname
