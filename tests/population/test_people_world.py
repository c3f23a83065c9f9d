"""Goals, groups, relationships and whole blocks."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from functools import lru_cache

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seedkit.population import make_bank, make_block
from seedkit.population.model import BLOCK_HOUSEHOLDS, Block
from seedkit.population.relationships import MOST_CLIENTS
from seedkit.population.words import (
    Event,
    GroupKind,
    GroupRole,
    HolderRole,
    Kinship,
    Marital,
    Place,
)
from seedkit.profile.models import (
    CardsSection,
    GoalsSection,
    GroupsSection,
    Profile,
    RelationshipsSection,
)
from tests.population.made import FEW, TODAY, assert_same, days, numbers, random_seeds

BACK = {
    Kinship.SPOUSE: Kinship.SPOUSE,
    Kinship.CHILD: Kinship.PARENT,
    Kinship.SIBLING: Kinship.SIBLING,
    Kinship.EXTENDED_FAMILY: Kinship.EXTENDED_FAMILY,
    Kinship.ACCOUNTANT: Kinship.ACCOUNTING_CLIENT,
    Kinship.LAWYER: Kinship.LEGAL_CLIENT,
    Kinship.PRINCIPAL: Kinship.POWER_OF_ATTORNEY,
}
BACK |= {back: kind for kind, back in BACK.items()}


@lru_cache(maxsize=8)
def block_of(random_seed: int, as_of: date, number: int) -> Block:
    profile = Profile(random_seed=random_seed)
    return make_block(profile, as_of, make_bank(profile, as_of), number)


any_block = st.builds(block_of, random_seeds, days, numbers)


def with_profile(profile: Profile) -> Block:
    return make_block(profile, TODAY, make_bank(profile, TODAY), 0)


# references of each part: column, and the part whose rows it counts
REFERENCES = {
    "people": {"spouse": "people", "mother": "people", "father": "people"},
    "relationships": {"person": "people", "other": "people"},
    "events": {"person": "people"},
    "goals": {"person": "people", "event": "events"},
    "groups": {"primary": "people"},
    "group_members": {"group": "groups", "person": "people"},
    "group_holdings": {"group": "groups", "holding": "holdings"},
    "holding_roles": {"holding": "holdings", "person": "people"},
    "cards": {"holding": "holdings", "person": "people"},
    "loans": {"holding": "holdings", "event": "events"},
    "accounts": {"holding": "holdings"},
}


def rows(block: Block, part: str) -> int:
    return len(getattr(block, part).household)


@FEW
@given(any_block, st.sampled_from([0, 1, 2, 37, 128, 250, 255, 256]))
def test_the_front_of_a_block_points_at_nothing_behind_it(block: Block, households: int) -> None:
    front = block.front(households)
    assert rows(front, "households") == households
    for part, columns in REFERENCES.items():
        for column, target in columns.items():
            values = getattr(getattr(front, part), column)
            assert (values < rows(front, target)).all(), (part, column)
            assert (values >= -1).all()


@FEW
@given(any_block)
def test_parts_are_sorted_by_household(block: Block) -> None:
    for item in fields(block):
        if item.name != "number":
            household = getattr(block, item.name).household
            assert (np.diff(household) >= 0).all(), item.name
            assert household.min(initial=0) >= 0
            assert household.max(initial=0) < BLOCK_HOUSEHOLDS


def test_the_same_arguments_give_the_same_block() -> None:
    one, two = block_of(1, TODAY, 3), block_of.__wrapped__(1, TODAY, 3)
    assert one is not two
    for item in fields(one):
        if item.name != "number":
            assert_same(getattr(one, item.name), getattr(two, item.name))


def test_blocks_and_random_seeds_differ() -> None:
    one = block_of(1, TODAY, 3)
    for other in (block_of(1, TODAY, 4), block_of(2, TODAY, 3)):
        assert list(one.people.first_name[:20]) != list(other.people.first_name[:20])


def test_a_knob_of_cards_moves_nothing_of_the_people() -> None:
    usual = with_profile(Profile())
    other = with_profile(Profile(cards=CardsSection(debit=0.2)))
    for part in ("households", "people", "relationships", "events", "goals", "groups"):
        assert_same(getattr(usual, part), getattr(other, part))


# --- goals ------------------------------------------------------------------------------------


@FEW
@given(any_block)
def test_goals_are_tied_to_one_event_each(block: Block) -> None:
    goals, events = block.goals, block.events
    assert np.unique(goals.event).size == goals.event.size
    assert (events.person[goals.event] == goals.person).all()
    assert (events.date[goals.event] == goals.due).all()
    assert (goals.household == events.household[goals.event]).all()
    assert all(0 < len(name) <= 50 for name in goals.name)


@FEW
@given(any_block)
def test_goals_reach_their_target_when_completed(block: Block) -> None:
    goals = block.goals
    assert (goals.target >= 10_000).all()
    assert (goals.progress >= 0).all()
    assert (goals.progress <= goals.target).all()
    assert (goals.progress[goals.completed] == goals.target[goals.completed]).all()
    assert not block.events.planned[goals.event[goals.completed]].any()
    past = ~block.events.planned[goals.event]
    assert goals.completed.any()
    assert (past & ~goals.completed).any()


def test_the_shares_of_goals_are_kept() -> None:
    none = with_profile(Profile(goals=GoalsSection(planned=0.0, past=0.0)))
    assert none.goals.event.size == 0
    every = with_profile(Profile(goals=GoalsSection(planned=1.0, past=1.0)))
    events = every.events
    purchases = np.isin(events.kind, (Event.HOME_PURCHASE, Event.VEHICLE_PURCHASE))
    plans = events.touched < events.date
    recent = events.date >= np.datetime64(TODAY) - np.timedelta64(5 * 366, "D")
    known = every.people.customer_since[events.person] < events.date
    has = np.isin(np.arange(events.kind.size), every.goals.event)
    assert has[plans].all()
    assert not has[~plans & ~(purchases & recent & known)].any()
    assert has[purchases & known & (events.date >= np.datetime64(TODAY) - 4 * 366)].all()


@FEW
@given(any_block)
def test_goals_are_within_means_and_near_ones_nearly_reached(block: Block) -> None:
    goals, events = block.goals, block.events
    income = block.households.income[goals.household]
    long = np.isin(events.kind[goals.event], (Event.HOME_PURCHASE, Event.JOB_ENDED))
    assert (goals.target <= np.maximum(income * np.where(long, 150, 40) // 100, 20_000)).all()
    today = events.date[events.planned].min() - np.timedelta64(400, "D")
    happened = events.touched[goals.event] >= goals.due
    assert (goals.completed == happened).all()
    assert (goals.due[happened] > block.people.customer_since[goals.person[happened]]).all()
    soon = ~goals.completed & (goals.due < today + np.timedelta64(500, "D"))
    assert (goals.progress[soon] >= goals.target[soon] // 5).all()


# --- groups -----------------------------------------------------------------------------------


@FEW
@given(any_block)
def test_every_customer_has_one_main_household(block: Block) -> None:
    people, groups, members = block.people, block.groups, block.group_members
    main = np.bincount(members.person[members.main], minlength=people.age.size)
    assert (main == people.customer).all()
    group = members.group[members.main]
    assert (groups.kind[group] == GroupKind.HOUSEHOLD).all()
    assert (groups.household[group] == people.household[members.person[members.main]]).all()
    pairs = set(zip(members.group.tolist(), members.person.tolist(), strict=True))
    assert len(pairs) == members.group.size
    assert people.customer[members.person].all()


@FEW
@given(any_block)
def test_the_first_group_of_a_household_is_its_main_one(block: Block) -> None:
    groups = block.groups
    first = np.searchsorted(groups.household, np.arange(BLOCK_HOUSEHOLDS))
    assert (groups.kind[first] == GroupKind.HOUSEHOLD).all()
    assert np.sum(groups.kind == GroupKind.HOUSEHOLD) == BLOCK_HOUSEHOLDS
    assert (block.people.place[groups.primary] == Place.HEAD).all()
    assert (block.people.household[groups.primary] == groups.household).all()
    assert all(groups.name)


@FEW
@given(any_block)
def test_roles_of_members_follow_the_family(block: Block) -> None:
    people, members = block.people, block.group_members
    main, person = members.main, members.person
    assert ((people.place[person] == Place.HEAD) == (members.role == GroupRole.PRIMARY))[main].all()
    assert ((people.place[person] == Place.CHILD) == (members.role == GroupRole.CHILD))[main].all()
    spouse = members.role == GroupRole.SPOUSE
    assert (people.marital[person[spouse]] == Marital.MARRIED).all()
    groups = block.groups
    primary = members.role == GroupRole.PRIMARY
    assert (groups.primary[members.group[primary]] == person[primary]).all()
    assert np.bincount(members.group[primary]).tolist() == [1] * groups.kind.size


@FEW
@given(any_block)
def test_groups_see_holdings_of_their_members_and_at_least_one(block: Block) -> None:
    seen, roles, members = block.group_holdings, block.holding_roles, block.group_members
    assert np.unique(seen.group).size == block.groups.kind.size
    pairs = set(zip(seen.group.tolist(), seen.holding.tolist(), strict=True))
    assert len(pairs) == seen.group.size
    belongs = set(zip(members.group.tolist(), members.person.tolist(), strict=True))
    owning = np.isin(roles.role, (HolderRole.OWNER, HolderRole.JOINT_OWNER))
    owners: dict[int, list[int]] = {}
    for holding, person in zip(roles.holding[owning], roles.person[owning], strict=True):
        owners.setdefault(int(holding), []).append(int(person))
    for group, holding in pairs:
        assert all((group, person) in belongs for person in owners[holding])


def test_the_share_of_custom_groups_is_kept() -> None:
    for share in (0.0, 0.5, 1.0):
        block = with_profile(Profile(groups=GroupsSection(custom=share)))
        custom = block.groups.kind == GroupKind.CUSTOM
        assert abs(custom.sum() / BLOCK_HOUSEHOLDS - share) < 0.1
        size = np.bincount(block.group_members.group)
        assert (size[custom] >= 2).all()


# --- relationships ----------------------------------------------------------------------------


@FEW
@given(any_block)
def test_relationships_run_both_ways_between_customers(block: Block) -> None:
    people, links = block.people, block.relationships
    assert people.customer[links.person].all()
    assert people.customer[links.other].all()
    assert (links.person != links.other).all()
    found = set(zip(links.person.tolist(), links.other.tolist(), links.kind.tolist(), strict=True))
    assert len(found) == links.person.size
    assert all((other, person, BACK[Kinship(kind)]) in found for person, other, kind in found)
    later = np.maximum(people.household[links.person], people.household[links.other])
    assert (links.household == later).all()


@FEW
@given(any_block)
def test_kinships_follow_the_family(block: Block) -> None:
    people, links = block.people, block.relationships
    kind, one, two = links.kind, links.person, links.other
    spouse = kind == Kinship.SPOUSE
    assert (people.spouse[one[spouse]] == two[spouse]).all()
    assert np.sum(spouse) == np.sum(people.marital == Marital.MARRIED)
    parent = kind == Kinship.PARENT
    child, elder = people.place[one[parent]], people.place[two[parent]]
    assert ((child == Place.CHILD) | (elder == Place.PARENT)).all()
    assert ((elder <= Place.PARTNER) | (elder == Place.PARENT)).all()
    sibling = kind == Kinship.SIBLING
    both = np.stack([people.place[one[sibling]], people.place[two[sibling]]])
    assert ((both == Place.CHILD).all(axis=0) | (both == Place.SIBLING).any(axis=0)).all()
    inside = spouse | parent | sibling | (kind == Kinship.CHILD)
    assert (people.household[one[inside]] == people.household[two[inside]]).all()
    for work, title in ((Kinship.ACCOUNTANT, "Accountant"), (Kinship.LAWYER, "Lawyer")):
        assert (people.occupation[two[kind == work]] == title).all()
        clients = np.bincount(two[kind == work], minlength=1)
        assert clients.max() <= MOST_CLIENTS
    entrusted = kind == Kinship.POWER_OF_ATTORNEY
    assert (people.age[one[entrusted]] >= 75).all()
    family = {
        (int(a), int(b))
        for a, b, how in zip(one, two, kind, strict=True)
        if how in (Kinship.SPOUSE, Kinship.EXTENDED_FAMILY)
    }
    for a, b in zip(one[entrusted], two[entrusted], strict=True):
        head = int(np.searchsorted(people.household, people.household[a]))
        assert (int(a), int(b)) in family or (head, int(b)) in family


def test_relatives_live_near_one_branch_and_often_share_a_surname() -> None:
    near, same = [], []
    for number in range(4):
        block = block_of(1, TODAY, number)
        people, links = block.people, block.relationships
        kin = links.kind == Kinship.EXTENDED_FAMILY
        one, two = links.person[kin], links.other[kin]
        branch = block.households.branch[people.household]
        near += list(branch[one] == branch[two])
        same += list(people.last_name[one] == people.last_name[two])
    assert np.mean(near) > 0.85
    assert 0.45 < np.mean(same) < 0.8


@FEW
@given(any_block)
def test_custom_groups_have_a_purpose_that_fits(block: Block) -> None:
    people, groups, members = block.people, block.groups, block.group_members
    for group in np.flatnonzero(groups.kind == GroupKind.CUSTOM):
        home = groups.household[group]
        ages = people.age[(people.household == home) & (people.place == Place.CHILD)]
        if groups.name[group] == "College fund":
            assert ages.min() < 22
        guests = members.person[(members.group == group) & (members.role == GroupRole.MEMBER)]
        couple = people.spouse[groups.primary[group]] >= 0
        links = block.relationships
        for guest in guests if couple else ():
            assert np.any(
                (links.kind == Kinship.EXTENDED_FAMILY)
                & (links.other == guest)
                & (links.person == groups.primary[group])
            )


@FEW
@given(any_block)
def test_most_customers_are_related_to_someone(block: Block) -> None:
    customers = np.flatnonzero(block.people.customer)
    assert np.isin(customers, block.relationships.person).mean() > 0.65


def test_relationships_beyond_the_household_can_be_turned_off() -> None:
    section = RelationshipsSection(professional=0.0, extended_family=0.0)
    links = with_profile(Profile(relationships=section)).relationships
    beyond = (Kinship.EXTENDED_FAMILY, Kinship.ACCOUNTANT, Kinship.LAWYER)
    assert not np.isin(links.kind, beyond).any()
    many = RelationshipsSection(professional=1.0, extended_family=1.0)
    links = with_profile(Profile(relationships=many)).relationships
    assert np.sum(links.kind == Kinship.EXTENDED_FAMILY) == 2 * (BLOCK_HOUSEHOLDS - 1)
    assert {Kinship.ACCOUNTANT, Kinship.LAWYER} <= set(links.kind)
