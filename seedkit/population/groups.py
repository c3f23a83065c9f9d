"""Groups of customers: one for each household, and some that people made for a purpose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population.draw import Whole, below, choose, coin
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
)
from seedkit.population.streams import stream
from seedkit.population.words import GroupKind, GroupRole, HolderRole, Marital, Place
from seedkit.profile.models import Profile

N = BLOCK_HOUSEHOLDS
PURPOSES = (
    "Lake house fund",
    "Family holiday fund",
    "College fund",
    "Boat share",
    "Garden project",
    "Care fund for our parents",
    "Investment club",
    "Rainy day fund",
    "Cabin renovation",
)
GUESTS = 0.4  # of custom groups with a member from an earlier household
MORE_HOLDINGS = 0.35  # of further holdings that a custom group sees
OWNING = (HolderRole.OWNER, HolderRole.JOINT_OWNER)


@dataclass(frozen=True, slots=True)
class _Custom:
    """Custom groups: whose they are, and who of an earlier household takes part (-1: nobody)."""

    household: Whole
    guest: Whole


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
    by_couple = _owned_by(holdings, roles, people.place != Place.CHILD)
    custom = _custom(profile, number, people, heads, holdings.household[by_couple])
    household = np.concatenate([households.household, custom.household])
    kind = np.repeat([GroupKind.HOUSEHOLD, GroupKind.CUSTOM], [N, custom.household.size])
    # the household's own group comes first, a custom one right behind it
    order = np.lexsort((kind, household))
    place_of = np.empty(order.size, np.int64)
    place_of[order] = np.arange(order.size)
    rng = stream(profile.random_seed, number, "names of groups")
    purposes = choose(rng, PURPOSES, N)[custom.household]
    names = np.concatenate([people.last_name[heads] + " household", purposes])
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
    profile: Profile, number: int, people: People, heads: Whole, with_holdings: Ints
) -> _Custom:
    """Draw households with a custom group, among those whose couple owns something."""
    seed, alone = profile.random_seed, people.spouse[heads] < 0
    able = np.isin(np.arange(N), with_holdings)
    wanted = coin(stream(seed, number, "custom groups"), profile.groups.custom, N)
    rng = stream(seed, number, "guests of groups")
    other = heads[below(rng, np.arange(N), N)]  # the head of an earlier household
    # a group takes two: whoever lives alone has a guest
    comes = (coin(rng, GUESTS, N) | alone) & (np.arange(N) > 0)
    able &= comes | ~alone
    household = np.flatnonzero(able & wanted)
    return _Custom(household, np.where(comes, other, -1)[household])


def _members(people: People, custom: _Custom, place_of: Whole) -> GroupMembers:
    """Return the members: all customers in their own household's group, couples in custom ones."""
    own = np.flatnonzero(people.customer)
    couple = np.flatnonzero(
        np.isin(people.household, custom.household) & (people.place != Place.CHILD)
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
    by_place = [
        np.full(partner.size, GroupRole.PRIMARY),
        partner,
        np.full(partner.size, GroupRole.CHILD),
    ]
    return np.choose(people.place, by_place).astype(np.int8)


def _owned_by(holdings: Holdings, roles: HoldingRoles, who: Flags) -> Flags:
    """Return holdings all of whose owners are among some people."""
    owning = np.isin(roles.role, OWNING)
    strange = roles.holding[owning & ~who[roles.person]]
    found = np.ones(holdings.household.size, np.bool_)
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
