"""Birthdays, families and groups that are hard to handle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from seedkit.population.days import add_years, whole_years
from seedkit.population.edges.names import renamed
from seedkit.population.model import Block, Dates, Flags
from seedkit.population.model.keeping import added, changed
from seedkit.population.scenery import Finds, Scenery, of_people
from seedkit.population.words import (
    Category,
    Event,
    GroupKind,
    GroupRole,
    HolderRole,
    Place,
)

MEMBERS = 50  # of a large group: as many as the application shows
_SETTLED = 25  # years: from here on a birthday of another day changes nothing else
_OLDEST_TWIN = 12  # years: no card, no job, no school leaving
_NEARLY_ADULT = 17


def _leap_days(scenery: Scenery) -> Dates:
    """Return the 29 February on which people of their ages were born; NaT where there is none."""
    people, today = scenery.block.people, scenery.today
    found = np.full(len(people.age), np.datetime64("NaT", "D"))
    for earlier in (0, 1):
        year = today.astype("datetime64[Y]") - people.age - earlier
        day = year.astype("datetime64[M]").astype("datetime64[D]") + 59  # 1 March, if not leap
        leap = (day.astype("datetime64[M]") - year.astype("datetime64[M]")).astype(np.int64) == 1
        fits = leap & (whole_years(day, np.full(day.size, today)) == people.age)
        found = np.where(fits, day, found)
    return found


def _without_kin(scenery: Scenery) -> Flags:
    """Tell who has neither parents nor children at home."""
    people = scenery.block.people
    row = np.arange(len(people.age))
    parent = np.isin(row, people.mother) | np.isin(row, people.father)
    return np.asarray(~parent & (people.mother < 0) & (people.father < 0))


def could_be_leap_day_children(scenery: Scenery) -> Finds:
    """Find grown-ups without children at home who could have been born on 29 February."""
    people = scenery.block.people
    born = _leap_days(scenery)
    grown = add_years(np.where(np.isnat(born), scenery.today, born), 18)
    fits = _without_kin(scenery) & ~np.isnat(born) & (people.age >= _SETTLED)
    fits &= (grown <= people.customer_since) & ~_wed_before(scenery, grown)
    return of_people(scenery, fits)


def _wed_before(scenery: Scenery, days: Dates) -> Flags:
    """Tell who married before a day of their own."""
    events, found = scenery.block.events, np.zeros(days.size, np.bool_)
    weddings = events.kind == Event.MARRIAGE
    person = events.person[weddings]
    np.logical_or.at(found, person, events.date[weddings] < days[person])
    return found


def move_birthday(scenery: Scenery, person: int, _row: int) -> Block:
    """Let somebody be born on 29 February."""
    return changed(scenery.block, "people", person, birth=_leap_days(scenery)[person])


def siblings(scenery: Scenery) -> Finds:
    """Find young customers with a sibling just before them; the row is the sibling's."""
    people = scenery.block.people
    rows = np.arange(1, len(people.age))
    same = (people.mother[rows] == people.mother[rows - 1]) & (people.mother[rows] >= 0)
    same &= people.father[rows] == people.father[rows - 1]
    young = (people.age[rows - 1] <= _OLDEST_TWIN) & people.customer[rows]
    rows = rows[same & young]
    return Finds(rows, rows - 1)


def make_twins(scenery: Scenery, person: int, row: int) -> Block:
    """Let somebody be born on the sibling's day."""
    block, people = scenery.block, scenery.block.people
    home, before, birth = people.household[person], people.birth[person], people.birth[row]
    told = (block.events.household == home) & (block.events.kind == Event.CHILD_BORN)
    name = str(people.first_name[person])
    named = np.array([title.endswith(f" {name}") for title in block.events.title], np.bool_)
    birthdays = told & named & (block.events.date == before)
    block = changed(block, "people", person, birth=birth, age=people.age[row])
    return changed(block, "events", birthdays, date=birth)


def nearly_adults(scenery: Scenery) -> Finds:
    """Find customers of 17; the row is an account that an adult at home owns alone."""
    block, people = scenery.block, scenery.block.people
    counts = np.bincount(block.holding_roles.holding, minlength=len(block.holdings.household))
    owner = scenery.owner
    lone = (block.holdings.category == Category.ACCOUNT) & (counts == 1)
    account = np.flatnonzero(lone & np.isin(people.place[owner], (Place.HEAD, Place.PARTNER)))
    first = np.full(len(block.households.household), -1, np.int64)
    first[block.holdings.household[account][::-1]] = account[::-1]
    who = np.flatnonzero(people.customer & (people.age == _NEARLY_ADULT))
    found = Finds(who, first[people.household[who]])
    return found.where(found.row >= 0)


def share_account(scenery: Scenery, person: int, row: int) -> Block:
    """Let somebody own an account together with a parent."""
    return added(
        scenery.block,
        "holding_roles",
        household=[scenery.block.people.household[person]],
        holding=[row],
        person=[person],
        role=[HolderRole.JOINT_OWNER],
    )


def _namesakes(scenery: Scenery, person: int) -> str:
    """Return a first name of the head of an earlier household, of the sex that is wanted."""
    people = scenery.block.people
    head = people.spouse[person]
    # heads keep their sex and names, whatever becomes of their partners
    heads = people.place == Place.HEAD
    earlier = np.flatnonzero(heads & (people.household < people.household[person]))
    alike = earlier[people.sex[earlier] == people.sex[head]]
    at_home = people.first_name[people.household == people.household[person]]
    names = [name for name in people.first_name[alike] if name not in at_home]
    return str(names[-1]) if names else ""


def couples(scenery: Scenery) -> Finds:
    """Find partners in childless couples of two sexes who could be of the other's."""
    people = scenery.block.people
    mixed = people.sex != people.sex[people.spouse]
    pair = (people.place == Place.PARTNER) & (people.spouse >= 0) & mixed
    found = of_people(scenery, pair & _without_kin(scenery))
    named = np.array([bool(_namesakes(scenery, who)) for who in found.person.tolist()], np.bool_)
    return found.where(named)


def pair_alike(scenery: Scenery, person: int, _row: int) -> Block:
    """Let somebody be of the partner's sex, with a name that goes with it."""
    people = scenery.block.people
    sex = people.sex[people.spouse[person]]
    block = changed(scenery.block, "people", person, sex=sex)
    name = _namesakes(scenery, person)
    return renamed(replace(scenery, block=block), person, name, str(people.last_name[person]))


def group_leaders(scenery: Scenery) -> Finds:
    """Find primary members of custom groups whom enough customers stand before."""
    groups, people = scenery.block.groups, scenery.block.people
    rows = np.flatnonzero(groups.kind == GroupKind.CUSTOM)
    before = np.searchsorted(people.household[people.customer], groups.household[rows])
    return Finds(groups.primary[rows], rows).where(before >= MEMBERS)


def enlarge_group(scenery: Scenery, _person: int, row: int) -> Block:
    """Let a group have 50 members."""
    block, people = scenery.block, scenery.block.people
    home = block.groups.household[row]
    there = block.group_members.person[block.group_members.group == row]
    earlier = np.flatnonzero(people.customer & (people.household < home))
    guests = earlier[~np.isin(earlier, there)][: MEMBERS - there.size]
    return added(
        block,
        "group_members",
        household=np.full(guests.size, home),
        group=np.full(guests.size, row),
        person=guests,
        role=np.full(guests.size, GroupRole.MEMBER),
        main=np.zeros(guests.size, np.bool_),
    )
