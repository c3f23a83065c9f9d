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
from seedkit.population.further_adults import FurtherAdults, Hosts, draw_further_adults
from seedkit.population.model import BLOCK_HOUSEHOLDS, Dates, Flags, Ints
from seedkit.population.name_classes import RESIDUES
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


_PAST = np.array([Marital.SINGLE, Marital.DIVORCED, Marital.WIDOWED, Marital.SEPARATED])


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
    """Members of households: head, partner, children, further adults; the oldest of each first.

    All but `kind` are columns of people, as `model.People` explains them.
    """

    kind: Ints
    household: Ints
    place: Ints
    family: Flags
    sex: Ints
    birth: Dates
    age: Ints
    marital: Ints
    spouse: Ints
    mother: Ints
    father: Ints


@dataclass(frozen=True, slots=True)
class _Members:
    """One entry per person, sorted as in `Families`."""

    household: Whole
    place: Whole
    family: Flags
    sex: Whole
    days: Whole
    child: Whole  # of a parent: the Place of the child


def make_families(
    profile: Profile, as_of: date, number: int, surveyed: Surveyed, residue: Whole
) -> Families:
    """Make the families of a block: 256 heads with all who live with them.

    Birth dates leave a remainder of days that their household asks for (`name_classes`).
    """
    seed = profile.random_seed
    # ages in days that fit are those that leave this remainder
    fitting = (int(day(as_of).astype(np.int64)) - residue) % RESIDUES
    adults = _adults(stream(seed, number, "adults"), profile.family, surveyed, fitting)
    members = _members(profile, number, adults, surveyed, fitting)
    birth = _not_just_of_age(add_days(day(as_of), -members.days), members.place, as_of)
    age = whole_years(birth, day(as_of))
    spouse, mother, father = _links(members)
    rng = stream(seed, number, "marital status")
    return Families(
        kind=adults.kind.astype(np.int8),
        household=members.household.astype(np.int32),
        place=members.place.astype(np.int8),
        family=members.family,
        sex=members.sex.astype(np.int8),
        birth=birth,
        age=age.astype(np.int16),
        marital=_marital(rng, profile.family, adults, members, age, spouse),
        spouse=spouse,
        mother=mother,
        father=father,
    )


def _members(
    profile: Profile, number: int, adults: Adults, surveyed: Surveyed, fitting: Whole
) -> _Members:
    """Put together heads, partners, children and further adults, sorted."""
    seed = profile.random_seed
    home, days = _children(stream(seed, number, "children"), adults, surveyed.children)
    child_sex = coin(stream(seed, number, "sex of children"), 0.512, home.size).astype(np.int64)
    days = days + (fitting[home] - days) % RESIDUES
    others = _others(profile, number, adults, home, days)
    other_days = _fitted(others.days, fitting[others.household])
    coupled = np.flatnonzero(adults.coupled)
    sizes = [N, coupled.size, home.size]
    family = np.repeat([True, False], [sum(sizes), others.days.size])
    place = np.repeat([Place.HEAD, Place.PARTNER, Place.CHILD], sizes)
    place = np.concatenate([place, others.place])
    household = np.concatenate([np.arange(N), coupled, home, others.household])
    days = np.concatenate([adults.head_days, adults.partner_days[coupled], days, other_days])
    order = np.lexsort((-days, place, household))
    sex = [adults.head_sex, adults.partner_sex[coupled], child_sex, others.sex]
    child = np.concatenate([np.full(sum(sizes), -1), others.child])
    return _Members(
        household=household[order],
        place=place[order],
        family=family[order],
        sex=np.concatenate(sex)[order],
        days=days[order],
        child=child[order],
    )


def _others(
    profile: Profile, number: int, adults: Adults, home: Whole, days: Whole
) -> FurtherAdults:
    """Draw further adults; `home` and `days` are the households and ages of the children."""
    oldest = np.zeros(N, np.int64)
    np.maximum.at(oldest, home, days)
    hosts = Hosts(
        kind=adults.kind,
        head_days=adults.head_days,
        partner_days=adults.partner_days,
        younger_days=adults.younger_days,
        mother_days=adults.mother_days,
        oldest_child_days=oldest,
    )
    rng = stream(profile.random_seed, number, "further adults")
    return draw_further_adults(rng, profile.family.further_adults, hosts)


def _fitted(days: Whole, fitting: Whole) -> Whole:
    """Return the nearest ages in days that leave a remainder."""
    return days - RESIDUES // 2 + (fitting - days + RESIDUES // 2) % RESIDUES


def _adults(
    rng: np.random.Generator, family: FamilySection, surveyed: Surveyed, fitting: Whole
) -> Adults:
    """Draw heads and partners around the survey's reference person.

    That is the man of a mixed couple, the older one of two of the same sex, otherwise the head.
    """
    couple, parents = surveyed.couple, (surveyed.children > 0).astype(np.int64)
    kind = _KINDS[couple.astype(np.int64), parents]
    age = np.maximum(surveyed.age, np.where(parents, *tables.YOUNGEST_HEAD))
    birthday = age * 1461 // 4
    days = birthday + between(rng, 1, tables.WITHIN_A_YEAR, N)
    days = days + (fitting - days) % RESIDUES
    days = np.where(days > birthday + tables.WITHIN_A_YEAR, days - RESIDUES, days)
    same = coin(rng, family.same_sex_couples, N)
    old = np.searchsorted(tables.WOMEN_BANDS, days, side="right")
    head_sex = (~coin(rng, tables.WOMEN_AMONG_HEADS[kind, old], N)).astype(np.int64)
    gap = amount_by(rng, tables.HUSBAND_OLDER, parents)
    other = days - np.where(same, np.abs(gap), gap)
    # nobody lives with a minor: a partner that would be one is drawn a little above instead
    young = other < tables.YOUNGEST_PARTNER
    other = np.where(young, between(rng, *tables.YOUNG_PARTNERS, N), other)
    other = _fitted(np.minimum(other, tables.OLDEST_PARTNER), fitting)
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
    youngest = np.maximum(mother - at_birth - RESIDUES // 2, tables.NEWBORN)
    home, days, rank = siblings(rng, youngest, counts)
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
    spacing = amount(rng, tables.SPACING, family.size) // RESIDUES * RESIDUES
    spacing = np.where((rank == 0) | coin(rng, tables.TWINS, family.size), 0, spacing)
    return family, youngest[family] + running_total(spacing, family), rank


def running_total(values: Whole, group: Whole) -> Whole:
    """Return running sums that begin anew with each group of adjacent rows."""
    sums = np.cumsum(values)
    first = np.searchsorted(group, group)
    return np.asarray(sums - (sums - values)[first], np.int64) if sums.size else sums


def _not_just_of_age(birth: Dates, place: NDArray[np.int64], as_of: date) -> Dates:
    """Return births with children who turned 18 within the last month made younger.

    An adult is a customer since a day after the 18th birthday, so there must be such days.
    """
    eighteen = add_years(birth, 18)
    today = day(as_of)
    fresh = (place == Place.CHILD) & (eighteen <= today) & (eighteen > add_days(today, -31))
    return np.where(fresh, add_days(birth, RESIDUES), birth)


def _links(members: _Members) -> tuple[Ints, Ints, Ints]:
    """Return (spouse, mother, father) as row numbers, -1 where there is none."""
    household, place, sex = members.household, members.place, members.sex
    head = np.searchsorted(household, household)
    partner = np.where(np.append(place, Place.HEAD)[head + 1] == Place.PARTNER, head + 1, -1)
    spouse = np.where(place == Place.HEAD, partner, np.where(place == Place.PARTNER, head, -1))
    two = np.flatnonzero(
        (place[1:] == Place.PARENT)
        & (place[:-1] == Place.PARENT)
        & (household[1:] == household[:-1])
    )
    spouse[two], spouse[two + 1] = two + 1, two
    child = place == Place.CHILD
    found = []
    for kind in (Sex.FEMALE, Sex.MALE):
        parent = np.where(sex[head] == kind, head, partner)
        there = (parent >= 0) & (sex[parent] == kind) & child
        link = np.where(there, parent, -1)
        old = np.flatnonzero((place == Place.PARENT) & (sex == kind))
        link[np.where(members.child[old] == Place.PARTNER, partner[old], head[old])] = old
        found.append(link.astype(np.int32))
    return spouse.astype(np.int32), found[0], found[1]


def _marital(
    rng: np.random.Generator,
    family: FamilySection,
    adults: Adults,
    members: _Members,
    age: Whole,
    spouse: Ints,
) -> Ints:
    """Draw marital status: couples are married or not, the others have the past of their age."""
    household, place = members.household, members.place
    band = np.searchsorted(tables.MARITAL_BANDS, age, side="right")
    kind = adults.kind[household]
    lone_parent = (kind == HouseholdKind.ONE_PARENT) & (age >= 25) & (place == Place.HEAD)
    past = np.minimum(band + lone_parent, len(tables.MARITAL_BANDS))
    rows = members.sex * (len(tables.MARITAL_BANDS) + 1) + past
    status = _PAST[pick_by(rng, tables.NOT_MARRIED, rows)]
    married = _married(rng, family, adults)[household]
    couple = place <= Place.PARTNER
    # an unmarried couple with children has no earlier marriage: it would run into their births
    status = np.where(
        couple & (status == Marital.SEPARATED) & adults.coupled[household], Marital.DIVORCED, status
    )
    first_love = couple & (kind == HouseholdKind.COUPLE_WITH_CHILDREN)
    status = np.where(first_love | (place == Place.CHILD), Marital.SINGLE, status)
    together = (couple & married) | ((place == Place.PARENT) & (spouse >= 0))
    return np.where(together, Marital.MARRIED, status).astype(np.int8)


def _married(rng: np.random.Generator, family: FamilySection, adults: Adults) -> Flags:
    """Draw which couples are married; the young less often, the profile's share on the whole."""
    band = np.searchsorted(tables.UNMARRIED_BANDS, adults.younger_days)
    childless = (adults.kind == HouseholdKind.COUPLE).astype(np.int64)
    tilt = tables.UNMARRIED_TILT[childless, band]
    share = tilted(family.unmarried_couples, tilt * adults.coupled, int(adults.coupled.sum()))
    return np.asarray(adults.coupled & ~coin(rng, share, N))
