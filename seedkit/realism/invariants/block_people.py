"""Rules of a block about kinship, names, events, groups and ties."""

from __future__ import annotations

import numpy as np

from seedkit.population.days import whole_years
from seedkit.population.locale import locale_of
from seedkit.population.model import Ints
from seedkit.population.names import name_pools
from seedkit.population.notable import EdgeCase
from seedkit.population.words import Kinship, Sex
from seedkit.realism.invariants.blocks import BlockView
from seedkit.realism.invariants.model import Flags, Rule

PARENT_FROM, MOTHER_UNTIL = 15, 55
PREGNANCY = 270
TITLE_LENGTH = 50
_MIRRORED = {
    Kinship.SPOUSE: Kinship.SPOUSE,
    Kinship.CHILD: Kinship.PARENT,
    Kinship.PARENT: Kinship.CHILD,
    Kinship.SIBLING: Kinship.SIBLING,
    Kinship.GRANDCHILD: Kinship.GRANDPARENT,
    Kinship.GRANDPARENT: Kinship.GRANDCHILD,
    Kinship.EX_SPOUSE: Kinship.EX_SPOUSE,
    Kinship.EXTENDED_FAMILY: Kinship.EXTENDED_FAMILY,
    Kinship.ACCOUNTANT: Kinship.ACCOUNTING_CLIENT,
    Kinship.ACCOUNTING_CLIENT: Kinship.ACCOUNTANT,
    Kinship.LAWYER: Kinship.LEGAL_CLIENT,
    Kinship.LEGAL_CLIENT: Kinship.LAWYER,
    Kinship.PRINCIPAL: Kinship.POWER_OF_ATTORNEY,
    Kinship.POWER_OF_ATTORNEY: Kinship.PRINCIPAL,
}


def spouses(v: BlockView) -> Flags:
    """Spouses point at each other and live in one household."""
    spouse, row = v.people.spouse, np.arange(v.people.spouse.size)
    one = np.flatnonzero(spouse >= 0)
    other = spouse[one]
    together = v.people.household[one] == v.people.household[other]
    return np.asarray((spouse[other] != row[one]) | ~together | (other == one))


def _parent_links(v: BlockView, parent: Ints, sex: Sex) -> Flags:
    child = np.flatnonzero(parent >= 0)
    who = parent[child]
    years = whole_years(v.people.birth[who], v.people.birth[child])
    off = (years < PARENT_FROM) | (v.people.sex[who] != sex)
    off |= v.people.household[who] != v.people.household[child]
    if sex is Sex.FEMALE:
        off |= years > MOTHER_UNTIL
    return np.asarray(off)


def mothers(v: BlockView) -> Flags:
    """Mothers are women of 15 to 55 at the birth, at home with the child."""
    return _parent_links(v, v.people.mother, Sex.FEMALE)


def fathers(v: BlockView) -> Flags:
    """Fathers are men of 15 or more at the birth, at home with the child."""
    return _parent_links(v, v.people.father, Sex.MALE)


def siblings(v: BlockView) -> Flags:
    """Children of one mother are twins, or nine months apart."""
    child = np.flatnonzero(v.people.mother >= 0)
    order = child[np.lexsort((v.people.birth[child], v.people.mother[child]))]
    days = np.diff(v.people.birth[order]).astype(np.int64)
    same = np.diff(v.people.mother[order]) == 0
    return np.asarray(same & (days > 1) & (days < PREGNANCY))


def first_names(v: BlockView) -> Flags:
    """First names are borne by people of that sex; those of edge cases may be nobody's."""
    pools = name_pools(locale_of(v.bank.locale))
    borne = pools.first_weights.reshape(2, -1, pools.first.size).sum(axis=1) > 0
    row = {name: place for place, name in enumerate(pools.first)}
    odd = (EdgeCase.LONGEST_NAME, EdgeCase.ONE_NAME, EdgeCase.RIGHT_TO_LEFT, EdgeCase.CJK)
    told = v.ordinary(*odd)
    pairs = zip(v.people.sex[told].tolist(), v.people.first_name[told], strict=True)
    return np.array([name not in row or not borne[sex, row[name]] for sex, name in pairs])


def event_titles(v: BlockView) -> Flags:
    """Events have a title of at most 50 characters, and the bank heard of them by now."""
    events = v.block.events
    length = np.array([len(title) for title in events.title], np.int64)
    return np.asarray((length == 0) | (length > TITLE_LENGTH) | (events.touched > v.today))


def goals(v: BlockView) -> Flags:
    """Goals belong to an event of the same person, one each, and are never more than reached."""
    own = v.block.goals
    same = v.block.events.person[own.event] == own.person
    _, first, place = np.unique(own.event, return_index=True, return_inverse=True)
    twice = first[place] != np.arange(own.event.size)
    return np.asarray(~same | twice | (own.progress > own.target) | (own.progress < 0))


def main_groups(v: BlockView) -> Flags:
    """Every customer belongs to exactly one main household."""
    members, people = v.block.group_members, v.people
    counts = np.bincount(members.person[members.main], minlength=people.age.size)
    return np.asarray(counts != people.customer)


def group_primary(v: BlockView) -> Flags:
    """Every group has one primary member, an adult of it."""
    groups, members = v.block.groups, v.block.group_members
    first = members.person == groups.primary[members.group]
    there = np.bincount(members.group[first], minlength=groups.primary.size)
    return np.asarray((there != 1) | (v.people.age[groups.primary] < 18))


def ties(v: BlockView) -> Flags:
    """Relationships run both ways, between two people who are customers."""
    own, people = v.block.relationships, v.people
    rows = set(zip(own.person.tolist(), own.other.tolist(), own.kind.tolist(), strict=True))
    lonely = np.array(
        [(other, one, _MIRRORED[Kinship(kind)]) not in rows for one, other, kind in _told(v)],
        np.bool_,
    )
    known = people.customer[own.person] & people.customer[own.other]
    return np.asarray(lonely | ~known | (own.person == own.other))


def _told(v: BlockView) -> list[tuple[int, int, int]]:
    own = v.block.relationships
    return list(zip(own.person.tolist(), own.other.tolist(), own.kind.tolist(), strict=True))


PEOPLE_RULES = tuple(
    Rule(f"bank.{check.__name__}", " ".join((check.__doc__ or "").split()), check)
    for check in (
        spouses,
        mothers,
        fathers,
        siblings,
        first_names,
        event_titles,
        goals,
        main_groups,
        group_primary,
        ties,
    )
)
