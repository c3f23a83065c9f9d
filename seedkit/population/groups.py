"""Groups of customers: one for each household, and some that people made for a purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from seedkit.population.draw import Whole, coin, pick_by, tilted
from seedkit.population.kin import earlier_neighbour, make_kin
from seedkit.population.locale import locale_of
from seedkit.population.model import (
    BLOCK_HOUSEHOLDS,
    Flags,
    GroupHoldings,
    GroupMembers,
    Groups,
    HoldingRoles,
    Holdings,
    Households,
    Ints,
    People,
    Texts,
)
from seedkit.population.streams import stream
from seedkit.population.words import GroupKind, GroupRole, HolderRole, Marital, Place, Tenure
from seedkit.profile.models import Profile

N = BLOCK_HOUSEHOLDS
CHILD_UNTIL, VACATIONS_UNTIL = 22, 18  # ages of children that a group may be about
PARENTS_CARED_FOR = (42, 66)  # ages of heads whose parents may need care
GUESTS = 0.4  # of couples with relatives among us: these take part
MORE_HOLDINGS = 0.35  # of further holdings that a custom group sees
RARELY, USUALLY = 1, 1_000_000  # how much households without and with a natural group weigh
_ROLES = np.array(  # by Place; partners are spouses or not
    [
        GroupRole.PRIMARY,
        GroupRole.DOMESTIC_PARTNER,
        GroupRole.CHILD,
        GroupRole.PARENT,
        GroupRole.OTHER,
        GroupRole.OTHER,
    ]
)
OWNING = (HolderRole.OWNER, HolderRole.JOINT_OWNER)


@dataclass(frozen=True, slots=True)
class _Custom:
    """Custom groups: whose they are, and who of an earlier household takes part (-1: nobody)."""

    household: Whole
    guest: Whole


class _Purpose(NamedTuple):
    """What a custom group is called, and how often, where households pass a test."""

    name: str
    weight: int
    suits: Callable[[Households, Whole, Whole], Flags]  # households, ages of head, last child


PURPOSES = (
    _Purpose("Rainy day fund", 2, lambda homes, _age, _child: homes.income > 0),
    _Purpose("Investment club", 2, lambda homes, _age, _child: homes.income > 6_000_000),
    _Purpose("Boat share", 1, lambda homes, _age, _child: homes.income > 9_000_000),
    _Purpose("Family vacation fund", 4, lambda _homes, _age, child: child < VACATIONS_UNTIL),
    _Purpose("College fund", 4, lambda _homes, _age, child: child < CHILD_UNTIL),
    _Purpose("Vacation fund", 3, lambda _homes, _age, child: child >= CHILD_UNTIL),
    _Purpose("Yard project", 2, lambda homes, _age, _child: homes.tenure == Tenure.OWNER),
    _Purpose("Kitchen renovation", 2, lambda homes, _age, _child: homes.tenure == Tenure.OWNER),
    _Purpose(
        "Lake house fund",
        3,
        lambda homes, age, _child: (
            (homes.tenure == Tenure.OWNER) & (homes.income > 9_000_000) & (age >= 35)
        ),
    ),
    _Purpose(
        "Care fund for our parents",
        3,
        lambda _homes, age, _child: (age >= PARENTS_CARED_FOR[0]) & (age < PARENTS_CARED_FOR[1]),
    ),
)


def make_groups(
    profile: Profile,
    number: int,
    households: Households,
    people: People,
    holdings: Holdings,
    roles: HoldingRoles,
) -> tuple[Groups, GroupMembers, GroupHoldings]:
    """Make the groups of a block with their members and the holdings that they see."""
    heads = np.flatnonzero(people.place == Place.HEAD)
    by_couple = _owned_by(holdings, roles, people.place <= Place.PARTNER)
    custom = _custom(profile, number, households, people, holdings.household[by_couple])
    household = np.concatenate([households.household, custom.household])
    kind = np.repeat([GroupKind.HOUSEHOLD, GroupKind.CUSTOM], [N, custom.household.size])
    # the household's own group comes first, a custom one right behind it
    order = np.lexsort((kind, household))
    place_of = np.empty(order.size, np.int64)
    place_of[order] = np.arange(order.size)
    purposes = _purposes(profile, number, households, people)[custom.household]
    say = locale_of(profile.locale).say
    households_called = say.around("{} household", people.last_name[heads])
    names = np.concatenate([households_called, purposes])
    primary = heads[household]
    groups = Groups(
        household=household[order].astype(np.int32),
        kind=kind[order].astype(np.int8),
        name=names[order],
        primary=primary[order].astype(np.int32),
    )
    members = _members(people, custom, place_of)
    seen = _holdings(profile, number, people, holdings, roles, by_couple, custom, place_of)
    return groups, members, seen


def _custom(
    profile: Profile, number: int, households: Households, people: People, with_holdings: Ints
) -> _Custom:
    """Draw households with a custom group, among those whose couple owns something.

    Couples have one of their own, some with a relative. A group takes two: whoever lives alone
    has one with a relative or, where there are not enough of these, with a neighbour.
    """
    seed, share = profile.random_seed, profile.groups.custom
    heads = np.flatnonzero(people.place == Place.HEAD)
    alone = people.spouse[heads] < 0
    rng = stream(seed, number, "guests of groups")
    kin = make_kin(profile, number, households.branch)
    neighbour = np.where(alone & (np.arange(N) > 0), earlier_neighbour(rng, households.branch), -1)
    comes = np.where((kin >= 0) & (coin(rng, GUESTS, N) | alone), kin, neighbour)
    able = np.isin(np.arange(N), with_holdings) & (~alone | (comes >= 0))
    tilt = np.where(~alone | (kin >= 0), USUALLY, RARELY) * able
    wanted = coin(stream(seed, number, "custom groups"), tilted(share, tilt, N), N)
    household = np.flatnonzero(wanted)
    return _Custom(household, np.where(comes >= 0, heads[comes], -1)[household])


def _purposes(profile: Profile, number: int, households: Households, people: People) -> Texts:
    """Draw what a custom group of each household would be for."""
    head = np.searchsorted(people.household, np.arange(N))
    youngest = np.full(N, 999)
    child = people.place == Place.CHILD
    np.minimum.at(youngest, people.household[child], people.age[child])
    age = people.age[head].astype(np.int64)
    weights = [purpose.weight * purpose.suits(households, age, youngest) for purpose in PURPOSES]
    rng = stream(profile.random_seed, number, "names of groups")
    choice = pick_by(rng, np.stack(weights, axis=1), np.arange(N))
    say = locale_of(profile.locale).say
    return say.each(purpose.name for purpose in PURPOSES)[choice]


def _members(people: People, custom: _Custom, place_of: Whole) -> GroupMembers:
    """Return the members: all customers in their own household's group, couples in custom ones."""
    own = np.flatnonzero(people.customer)
    couple = np.flatnonzero(
        np.isin(people.household, custom.household) & (people.place <= Place.PARTNER)
    )
    at = np.searchsorted(custom.household, people.household[couple])
    guests = np.flatnonzero(custom.guest >= 0)
    group = place_of[np.concatenate([people.household[own], N + at, N + guests])]
    person = np.concatenate([own, couple, custom.guest[guests]])
    owner = np.concatenate(
        [people.household[own], people.household[couple], custom.household[guests]]
    )
    role = np.concatenate(
        [_roles(people)[own], _roles(people)[couple], np.full(guests.size, GroupRole.MEMBER)]
    )
    main = np.arange(person.size) < own.size
    order = np.lexsort((person, group))
    return GroupMembers(
        household=owner[order].astype(np.int32),
        group=group[order].astype(np.int32),
        person=person[order].astype(np.int32),
        role=role[order].astype(np.int8),
        main=main[order],
    )


def _roles(people: People) -> Ints:
    """Return what everyone is to the head of the household."""
    married = people.marital == Marital.MARRIED
    partner = np.where(married, GroupRole.SPOUSE, GroupRole.DOMESTIC_PARTNER)
    found = _ROLES[people.place]
    return np.where(people.place == Place.PARTNER, partner, found).astype(np.int8)


def _owned_by(holdings: Holdings, roles: HoldingRoles, who: Flags) -> Flags:
    """Return holdings all of whose owners are among some people; a firm's are nobody's."""
    owning = np.isin(roles.role, OWNING)
    strange = roles.holding[owning & ~who[roles.person]]
    found = np.zeros(holdings.household.size, np.bool_)
    found[roles.holding[owning]] = True
    found[strange] = False
    return found


def _holdings(
    profile: Profile,
    number: int,
    people: People,
    holdings: Holdings,
    roles: HoldingRoles,
    by_couple: Flags,
    custom: _Custom,
    place_of: Whole,
) -> GroupHoldings:
    """Return what groups see: households all that they own, custom groups some of the couple's."""
    own = np.flatnonzero(_owned_by(holdings, roles, people.customer))
    rng = stream(profile.random_seed, number, "holdings of groups")
    further = coin(rng, MORE_HOLDINGS, holdings.household.size)
    theirs = np.flatnonzero(by_couple & np.isin(holdings.household, custom.household))
    at = holdings.household[theirs]
    theirs = theirs[further[theirs] | (np.searchsorted(at, at) == np.arange(at.size))]
    at = np.searchsorted(custom.household, holdings.household[theirs])
    group = place_of[np.concatenate([holdings.household[own], N + at])]
    holding = np.concatenate([own, theirs])
    order = np.lexsort((holding, group))
    return GroupHoldings(
        household=holdings.household[holding[order]],
        group=group[order].astype(np.int32),
        holding=holding[order].astype(np.int32),
    )
