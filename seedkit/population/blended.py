"""Families with a child who is not the partner's."""

from __future__ import annotations

import numpy as np

from seedkit.population.model import Block
from seedkit.population.model.keeping import changed, leave_out
from seedkit.population.scenery import Finds, Scenery
from seedkit.population.words import Event, Kinship, Marital, Place

_OLDEST_CHILD = 6  # years at least: born before the parents met


def unmarried_parents(scenery: Scenery) -> Finds:
    """Find unmarried fathers whose oldest child could be from an earlier relationship.

    The row is the child's.
    """
    people = scenery.block.people
    both = (people.mother >= 0) & (people.father >= 0)
    child = np.flatnonzero(both & (people.age >= _OLDEST_CHILD))
    father = people.father[child]
    before = people.father[child - 1]
    oldest = (before != father) & (np.append(people.father, -1)[child + 1] == father)
    apart = people.marital[father] != Marital.MARRIED
    alike = people.last_name[child] == people.last_name[father]
    pairs = zip(people.last_name[child], people.email[child], strict=True)
    written = [_name_in_address(name, address) for name, address in pairs]
    found = Finds(father, child)
    leads = people.place[father] == Place.HEAD
    return found.where(oldest & apart & leads & alike & np.array(written, np.bool_))


def _name_in_address(name: str, address: str) -> bool:
    """Tell whether an address, if there is one, goes with a name and not with the partner's."""
    return not address or name.lower() in address


def part_family(scenery: Scenery, _person: int, row: int) -> Block:
    """Let a child be the father's alone: for his partner a relative, no child."""
    block = scenery.block
    partner = block.people.mother[row]
    ties, events = block.relationships, block.events
    between = np.isin(ties.person, (partner, row)) & np.isin(ties.other, (partner, row))
    block = changed(block, "people", row, mother=-1)
    block = changed(block, "relationships", between, kind=Kinship.EXTENDED_FAMILY)
    born = (events.person == partner) & (events.kind == Event.CHILD_BORN)
    return leave_out(
        block, "events", np.flatnonzero(born & (events.date == block.people.birth[row]))
    )
