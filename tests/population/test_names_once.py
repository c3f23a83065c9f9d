"""No two people of a bank agree in names and birth date: each spells the number of the block."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given

from seedkit.population.days import year_of
from seedkit.population.draw import Whole
from seedkit.population.locale import LOCALES, locale_of
from seedkit.population.model import People
from seedkit.population.name_classes import (
    CLASSES,
    RESIDUES,
    even_classes,
    first_name_classes,
    residues,
)
from seedkit.population.names import COHORTS, NamePools, name_pools
from seedkit.profile.models import Profile

from .made import FEW, Lives, any_lives, make_lives

GENERATIONS = len(COHORTS) + 1


def classes_of(pools: NamePools) -> Whole:
    """Return the class of each first name, by generation."""
    weights = pools.first_weights
    return np.stack(
        [even_classes(weights[g], weights[g + GENERATIONS]) for g in range(GENERATIONS)]
    )


def block_of(people: People, pools: NamePools) -> Whole:
    """Return the block that names and birth dates spell, and nothing else."""
    place = {name: row for row, name in enumerate(pools.first)}
    first = np.array([place[name] for name in people.first_name])
    place = {name: row for row, name in enumerate(pools.last)}
    last = np.array([place[name] for name in people.last_name])
    birth = people.birth.astype(np.int64)
    generation = np.searchsorted(COHORTS, year_of(people.birth), side="right")
    lower = (birth - residues(0, last)) % RESIDUES
    upper = classes_of(pools)[generation, first] - first_name_classes(0, last, birth)
    return np.asarray(lower + upper % CLASSES * RESIDUES, np.int64)


@pytest.mark.parametrize("number", [0, 127, 128, 391, 4_095])
@pytest.mark.parametrize("locale", LOCALES)
def test_names_and_birth_dates_spell_the_block(locale: str, number: int) -> None:
    lives = make_lives(Profile(locale=locale), date(2026, 6, 30), number)
    assert (block_of(lives.people, name_pools(locale_of(locale))) == number).all()


@FEW
@given(any_lives)
def test_inside_a_block_they_occur_once(lives: Lives) -> None:
    people = lives.people
    told = list(zip(people.first_name, people.last_name, people.birth.tolist(), strict=True))
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_class_has_names_enough_for_namesakes(locale: str) -> None:
    pools = name_pools(locale_of(locale))
    classes = classes_of(pools)
    for row, weights in enumerate(pools.first_weights):
        here = classes[row % GENERATIONS]
        assert np.bincount(here[weights > 0], minlength=CLASSES).min() >= 4
        heavy = np.bincount(here, weights=weights / weights.sum(), minlength=CLASSES)
        assert heavy.max() < 2.2 / CLASSES
