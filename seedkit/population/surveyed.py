"""What the survey's model says about a block's households, in today's money."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache, partial

import numpy as np

from seedkit.population.amounts import CENTS
from seedkit.population.draw import Whole, below
from seedkit.population.home_tables import VALUE_STEP
from seedkit.population.locale import locale_of
from seedkit.population.model import BLOCK_HOUSEHOLDS, Flags, Money
from seedkit.population.prices import PRICE_BASE, bent, money_level
from seedkit.population.streams import stream
from seedkit.population.survey import (
    CERTAIN,
    SurveyFamilies,
    Tilt,
    Tilts,
    draw_families,
    load_figures,
)
from seedkit.population.survey.curves import UNIT, length_of, trailing_zeros
from seedkit.population.survey.figures import Figures
from seedkit.profile.models import FamilySection, PeopleSection, Profile

# A home is owned by those likely to anyway, so that moving the share takes more than moving odds.
_OWNERS_PULL = 1.35
_LARGEST_REACH = (1 << 30) - 1  # cents; draws have no more than 31 bits
# What tells who is rich, of the survey's kinds: money that a bank can look after.
SAVINGS = (
    "checking",
    "savings",
    "money_market",
    "cd",
    "stock",
    "pooled_fund",
    "bond",
    "savings_bond",
    "managed",
    "other_financial",
    "retirement",
)
Ages = tuple[tuple[int, int], ...]
ON_HOMES = ("mortgage", "heloc")
_RECENT_BLOCKS = 2  # kept, so that people and holdings of a block share one draw


@dataclass(frozen=True, slots=True)
class Surveyed:
    """Columns by household; money in cents of the as-of day's year."""

    age: Whole  # of the reference person, years
    couple: Flags
    children: Whole
    schooling: Whole  # 0 none, 1 high school, 2 some college, 3 a degree
    work: Whole  # 1 employee, 2 own business, 3 retired or disabled, 4 other
    income: Money  # whole units of currency
    amounts: Mapping[str, Money]  # by the survey's kind of holding, 0 where there is none


def make_surveyed(profile: Profile, as_of: date, number: int) -> Surveyed:
    """Return what the model says about a block; the profile's shares tilt its odds."""
    people = profile.people
    locale = locale_of(profile.locale)
    tilts = tilts_of(profile.family, people) + locale.wealth.odds
    ages = locale.wealth.ages
    told = _families(profile.random_seed, number, tilts, people.affluence, ages)
    level, bend = partial(money_level, locale, as_of), partial(bent, locale, as_of)
    amounts = {
        name: bend(
            name, _true(stream(profile.random_seed, number, f"true {name}"), amount, level(name))
        )
        for name, amount in told.amounts.items()
    }
    return Surveyed(
        age=told.age,
        couple=told.couple,
        children=told.children,
        schooling=told.schooling,
        work=told.work,
        income=bend("income", told.income * level("income") // PRICE_BASE * CENTS),
        amounts=amounts | _worth_their_home(amounts),
    )


def _worth_their_home(amounts: Mapping[str, Money]) -> dict[str, Money]:
    """Return homes in whole steps, and what is owed on them: each loan no more than the home."""
    home = amounts["home"]
    home = np.where(home > 0, np.maximum(home // VALUE_STEP * VALUE_STEP, VALUE_STEP), 0)
    return {"home": home} | {name: np.minimum(amounts[name], home) for name in ON_HOMES}


def tilts_of(family: FamilySection, people: PeopleSection) -> Tilts:
    """Return how a profile's shares differ from the survey's, which are their defaults."""
    usual, all_people = FamilySection(), PeopleSection()
    pairs = family.couple + family.couple_with_children, family.single + family.one_parent
    usual_pairs = usual.couple + usual.couple_with_children, usual.single + usual.one_parent
    alone = _odds(family.one_parent, family.single) - _odds(usual.one_parent, usual.single)
    paired = _odds(family.couple_with_children, family.couple)
    paired -= _odds(usual.couple_with_children, usual.couple)
    owners = _odds_of(people.owners) - _odds_of(all_people.owners)
    own = _odds_of(people.own_business) - _odds_of(all_people.own_business)
    jobless = _odds_of(people.unemployed) - _odds_of(all_people.unemployed)
    asked = (
        Tilt("couple", _units(_odds(*pairs) - _odds(*usual_pairs))),
        Tilt("child", _units(alone)),
        Tilt("child", _units(paired) - _units(alone), among="couple"),
        Tilt("home", _units(_OWNERS_PULL * owners)),
        Tilt("works", _units(-jobless)),
        Tilt("own business", _units(own)),
    )
    return tuple(tilt for tilt in asked if tilt.amount)


@lru_cache(maxsize=_RECENT_BLOCKS)
def _families(
    random_seed: int, number: int, tilts: Tilts, affluence: int, ages: Ages
) -> SurveyFamilies:
    chance = partial(stream, random_seed, number)
    drawn = draw_families(_figures(ages), chance, BLOCK_HOUSEHOLDS * affluence, tilts)
    return drawn if affluence == 1 else _take(drawn, _wealthiest(drawn, affluence))


@lru_cache(maxsize=3)
def _figures(ages: Ages) -> Figures:
    """Return the survey's figures with a country's ages of heads."""
    figures = load_figures()
    if not ages:
        return figures
    begins, percent = np.array(ages).T
    own = figures.first_age + np.arange(figures.ages.size)
    weights = figures.ages * percent[np.searchsorted(begins, own, side="right") - 1]
    return replace(figures, ages=weights)


def _wealthiest(drawn: SurveyFamilies, among: int) -> Whole:
    """Return for each household the family that has saved most of `among` candidates."""
    savings = sum(drawn.amounts[kind] for kind in SAVINGS)
    best = np.reshape(savings, (among, BLOCK_HOUSEHOLDS)).argmax(axis=0)
    return np.asarray(best * BLOCK_HOUSEHOLDS + np.arange(BLOCK_HOUSEHOLDS), np.int64)


def _take(drawn: SurveyFamilies, rows: Whole) -> SurveyFamilies:
    columns = {
        item.name: getattr(drawn, item.name)[rows]
        for item in fields(drawn)
        if item.name != "amounts"
    }
    amounts = {kind: amount[rows] for kind, amount in drawn.amounts.items()}
    return SurveyFamilies(**columns, amounts=amounts)


def _odds_of(share: float) -> float:
    return _odds(share, 1 - share)


def _odds(yes: float, no: float) -> float:
    """Return log-odds of two weights, infinite where one is nothing, 0 where both are."""
    if yes and no:
        return math.log(yes / no)
    return math.inf if yes else -math.inf if no else 0.0


def _units(odds: float) -> int:
    """Return log-odds in whole ten-thousandths; machines agree after rounding."""
    if math.isinf(odds):
        return CERTAIN if odds > 0 else -CERTAIN
    return round(odds * UNIT)


def _true(rng: np.random.Generator, told: Whole, level: int) -> Money:
    """Return what people have who tell a round amount: something near it, in cents of today.

    Amounts with one leading digit are taken to be right within a quarter of it, others within a
    half of their last digit.
    """
    zeros = np.where(told > 0, trailing_zeros(told), 0)
    unit = 10**zeros * CENTS
    reach = np.where(length_of(told) - zeros == 1, unit // 4, unit // 2)
    reach = np.minimum(reach, _LARGEST_REACH)
    cents = told * CENTS - reach + below(rng, 2 * reach + 1, told.size)
    return np.where(told > 0, np.maximum(cents, 1) * level // PRICE_BASE, 0)
