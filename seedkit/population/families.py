"""Families: who lives together, how old they are and how they belong to one another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from seedkit.population import family_tables as tables
from seedkit.population.days import add_days, add_years, day, whole_years
from seedkit.population.draw import (
    Whole,
    amount,
    amount_by,
    amount_within,
    between,
    coin,
    expand,
    pick_by,
    tilted,
)
from seedkit.population.model import BLOCK_HOUSEHOLDS, Dates, Flags, Ints
from seedkit.population.streams import stream
from seedkit.population.surveyed import Surveyed
from seedkit.population.words import HouseholdKind, Marital, Place, Sex
from seedkit.profile.models import FamilySection, Profile

N = BLOCK_HOUSEHOLDS
_KINDS = np.array(  # by whether there are a partner and children
    [
        [HouseholdKind.SINGLE, HouseholdKind.ONE_PARENT],
        [HouseholdKind.COUPLE, HouseholdKind.COUPLE_WITH_CHILDREN],
    ],
    np.int64,
)


@dataclass(frozen=True, slots=True)
class Adults:
    """Heads and partners, one entry per household; ages in days, 0 for no partner."""

    kind: Whole
    head_sex: Whole
    partner_sex: Whole
    head_days: Whole
    partner_days: Whole

    @property
    def coupled(self) -> Flags:
        """Households with a partner."""
        return self.partner_days > 0

    @property
    def younger_days(self) -> Whole:
        """Age of the younger adult."""
        both = np.minimum(self.head_days, self.partner_days)
        return np.where(self.coupled, both, self.head_days)

    @property
    def mother_days(self) -> Whole:
        """Age of the woman, of the older one of two; a man stands for one two years younger."""
        head = np.where(self.head_sex == Sex.FEMALE, self.head_days, 0)
        partner = np.where(self.partner_sex == Sex.FEMALE, self.partner_days, 0)
        oldest = np.maximum(head, partner)
        return np.where(oldest > 0, oldest, self.younger_days - tables.years(2))


@dataclass(frozen=True, slots=True)
class Families:
    """Members of the families, head first, then partner, then children, the oldest first.

    All but `kind` are columns of people, as `model.People` explains them.
    """

    kind: Ints
    household: Ints
    place: Ints
    sex: Ints
    birth: Dates
    age: Ints
    marital: Ints
    spouse: Ints
    mother: Ints
    father: Ints


def make_families(profile: Profile, as_of: date, number: int, surveyed: Surveyed) -> Families:
    """Make the families of a block: 256 heads with their partners and children at home."""
    seed = profile.random_seed
    adults = _adults(stream(seed, number, "adults"), profile.family, surveyed)
    home, days = _children(stream(seed, number, "children"), adults, surveyed.children)
    household = np.concatenate([np.arange(N), np.flatnonzero(adults.coupled), home])
    age_days = np.concatenate([adults.head_days, adults.partner_days[adults.coupled], days])
    place = np.repeat(
        [Place.HEAD, Place.PARTNER, Place.CHILD], [N, adults.coupled.sum(), home.size]
    )
    child_sex = coin(stream(seed, number, "sex of children"), 0.512, home.size).astype(np.int64)
    sex = np.concatenate([adults.head_sex, adults.partner_sex[adults.coupled], child_sex])
    order = np.lexsort((-age_days, place, household))
    household, place, sex, age_days = household[order], place[order], sex[order], age_days[order]
    birth = _not_just_of_age(add_days(day(as_of), -age_days), place, as_of)
    age = whole_years(birth, day(as_of))
    spouse, mother, father = _links(household, place, sex)
    rng = stream(seed, number, "marital status")
    return Families(
        kind=adults.kind.astype(np.int8),
        household=household.astype(np.int32),
        place=place.astype(np.int8),
        sex=sex.astype(np.int8),
        birth=birth,
        age=age.astype(np.int16),
        marital=_marital(rng, profile.family, adults, household, place, sex, age),
        spouse=spouse,
        mother=mother,
        father=father,
    )


def _adults(rng: np.random.Generator, family: FamilySection, surveyed: Surveyed) -> Adults:
    """Draw heads and partners around the survey's reference person.

    That is the man of a mixed couple, the older one of two of the same sex, otherwise the head.
    """
    couple, parents = surveyed.couple, (surveyed.children > 0).astype(np.int64)
    kind = _KINDS[couple.astype(np.int64), parents]
    age = np.maximum(surveyed.age, np.where(parents, *tables.YOUNGEST_HEAD))
    days = age * 1461 // 4 + between(rng, 1, tables.WITHIN_A_YEAR, N)
    same = coin(rng, family.same_sex_couples, N)
    old = np.searchsorted(tables.WOMEN_BANDS, days, side="right")
    head_sex = (~coin(rng, tables.WOMEN_AMONG_HEADS[kind, old], N)).astype(np.int64)
    gap = amount_by(rng, tables.HUSBAND_OLDER, parents)
    other = days - np.where(same, np.abs(gap), gap)
    # nobody lives with a minor: a partner that would be one is drawn a little above instead
    young = other < tables.YOUNGEST_PARTNER
    other = np.where(young, between(rng, *tables.YOUNG_PARTNERS, N), other)
    other = np.minimum(other, tables.OLDEST_PARTNER)
    led = couple & ~same & (head_sex == Sex.FEMALE)  # the reference person is the partner
    partner_days = np.where(led, days, other)
    return Adults(
        kind=kind,
        head_sex=head_sex,
        partner_sex=np.where(same, head_sex, 1 - head_sex),
        head_days=np.where(led, other, days),
        partner_days=np.where(couple, partner_days, 0),
    )


def _children(rng: np.random.Generator, adults: Adults, counts: Whole) -> tuple[Whole, Whole]:
    """Draw children at home as (household, age in days): the youngest first, then backwards.

    They are of any age. Siblings who would have been born to a parent too young are left out.
    """
    mother, younger = adults.mother_days, adults.younger_days
    oldest = younger - tables.FIRST_BIRTH
    least = np.maximum(tables.NEWBORN, mother - tables.LAST_BIRTH)
    room = oldest - np.maximum(counts - 1, 0) * tables.USUAL_SPACING
    most = np.maximum(np.minimum(tables.YOUNGEST_AT_HOME, room), least + tables.LEEWAY)
    most = np.minimum(most, oldest)
    at_birth = amount_within(rng, tables.AGE_AT_LAST_BIRTH, mother - most, mother - least, N)
    home, days, rank = siblings(rng, mother - at_birth, counts)
    stays = (rank == 0) | (days <= oldest[home])
    return home[stays], days[stays]


def reference_rows(families: Families) -> Whole:
    """Return by household the row of the person whom the survey asks about."""
    head = np.searchsorted(families.household, np.arange(N))
    partner = np.where(families.spouse[head] >= 0, families.spouse[head], head)
    woman = families.sex[head] == Sex.FEMALE
    return np.where(woman & (families.sex[partner] == Sex.MALE), partner, head).astype(np.int64)


def siblings(
    rng: np.random.Generator, youngest: Whole, counts: Whole
) -> tuple[Whole, Whole, Whole]:
    """Draw siblings from the youngest (age in days) backwards as (family, age in days, rank)."""
    family, rank = expand(counts)
    spacing = amount(rng, tables.SPACING, family.size)
    spacing = np.where((rank == 0) | coin(rng, tables.TWINS, family.size), 0, spacing)
    return family, youngest[family] + running_total(spacing, family), rank


def running_total(values: Whole, group: Whole) -> Whole:
    """Return running sums that begin anew with each group of adjacent rows."""
    sums = np.cumsum(values)
    first = np.searchsorted(group, group)
    return np.asarray(sums - (sums - values)[first], np.int64) if sums.size else sums


def _not_just_of_age(birth: Dates, place: NDArray[np.int64], as_of: date) -> Dates:
    """Return births with children who turned 18 within the last month made a month younger.

    An adult is a customer since a day after the 18th birthday, so there must be such days.
    """
    eighteen = add_years(birth, 18)
    today = day(as_of)
    fresh = (place == Place.CHILD) & (eighteen <= today) & (eighteen > add_days(today, -31))
    return np.where(fresh, add_days(birth, 32), birth)


def _links(household: Whole, place: Whole, sex: Whole) -> tuple[Ints, Ints, Ints]:
    """Return (spouse, mother, father) as row numbers, -1 where there is none."""
    head = np.searchsorted(household, household)
    partner = np.where(np.append(place, Place.HEAD)[head + 1] == Place.PARTNER, head + 1, -1)
    spouse = np.where(place == Place.HEAD, partner, np.where(place == Place.PARTNER, head, -1))
    child = place == Place.CHILD
    mother = np.where(sex[head] == Sex.FEMALE, head, partner)
    father = np.where(sex[head] == Sex.MALE, head, partner)
    is_mother = (mother >= 0) & (sex[mother] == Sex.FEMALE) & child
    is_father = (father >= 0) & (sex[father] == Sex.MALE) & child
    return (
        spouse.astype(np.int32),
        np.where(is_mother, mother, -1).astype(np.int32),
        np.where(is_father, father, -1).astype(np.int32),
    )


def _marital(
    rng: np.random.Generator,
    family: FamilySection,
    adults: Adults,
    household: Whole,
    place: Whole,
    sex: Whole,
    age: Whole,
) -> Ints:
    """Draw marital status: couples are married or not, the others have the past of their age."""
    band = np.searchsorted(tables.MARITAL_BANDS, age, side="right")
    kind = adults.kind[household]
    lone_parent = (kind == HouseholdKind.ONE_PARENT) & (age >= 25)
    past = np.minimum(band + lone_parent, len(tables.MARITAL_BANDS))
    drawn = pick_by(rng, tables.NOT_MARRIED, sex * (len(tables.MARITAL_BANDS) + 1) + past)
    status = np.array([Marital.SINGLE, Marital.DIVORCED, Marital.WIDOWED])[drawn]
    married = _married(rng, family, adults)[household]
    # an unmarried couple with children has no earlier marriage: it would run into their births
    first_love = (kind == HouseholdKind.COUPLE_WITH_CHILDREN) | (place == Place.CHILD)
    status = np.where(first_love, Marital.SINGLE, status)
    adult = place != Place.CHILD
    return np.where(adult & married, Marital.MARRIED, status).astype(np.int8)


def _married(rng: np.random.Generator, family: FamilySection, adults: Adults) -> Flags:
    """Draw which couples are married; the young less often, the profile's share on the whole."""
    tilt = tables.UNMARRIED_TILT[np.searchsorted(tables.UNMARRIED_BANDS, adults.younger_days)]
    share = tilted(family.unmarried_couples, tilt * adults.coupled, int(adults.coupled.sum()))
    return np.asarray(adults.coupled & ~coin(rng, share, N))
