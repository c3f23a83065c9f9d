"""Households as a census sees them: everybody behind one door."""

from __future__ import annotations

import numpy as np

from seedkit.extract.model import Extract
from seedkit.realism.frames.members import Members
from seedkit.realism.frames.model import Values, equal, is_in, places, rows_of

SENIOR, OLD, ADULT = 60, 65, 18
RELATIVES = ("child", "parent", "relative")


def make_households(extract: Extract, members: Members) -> dict[str, Values]:
    """Return one row per household; the head is the householder."""
    people, head = extract.people, members.head
    age, role = people["age"], people["role"]
    size = np.bincount(members.home, minlength=head.size)
    minor_child = members.count(is_in(role, RELATIVES) & (age < ADULT)) > 0
    kind = _census_kind(extract, members)
    alone = size == 1
    woman = equal(people["sex"][head], "female")
    lone_parent = (members.partner < 0) & (members.count(equal(role, "child")) > 0)
    return {
        "weight": members.weight,
        "age": age[head],
        "size": size,
        "size_class": np.minimum(size, 7),
        "alone": alone,
        "woman_alone": alone & woman,
        "man_alone": alone & ~woman,
        "old_alone": alone & (age[head] >= OLD),
        "young_alone": alone & (age[head] < OLD),
        "kind": kind,
        "minor_child": minor_child,
        "kind_with_child": np.where(minor_child, kind + "_with_child", kind).astype(object),
        "senior": members.count(age >= SENIOR) > 0,
        "couple": members.partner >= 0,
        "lone_parent": lone_parent,
        "lone_mother": lone_parent & woman,
        "with_family": lone_parent | (members.partner >= 0),
        "family": _family(extract, members, lone_parent),
        "any_child": members.count(equal(role, "child")) > 0,
        "composition": _composition(extract, members, size),
        "owner": equal(extract.households["home_tenure"], "owner"),
        "vehicles": np.minimum(_vehicles(extract, head.size), 2),
        "vehicles_told": np.full(head.size, is_in(extract.holdings["kind"], ("vehicle",)).any()),
    }


def _census_kind(extract: Extract, members: Members) -> Values:
    """Return Census types: a married couple, relatives without one, or no relatives."""
    people, head, partner = extract.people, members.head, members.partner
    both = equal(people["marital_status"][head], "married") & (partner >= 0)
    married = both & equal(people["marital_status"][partner], "married")
    related = members.count(is_in(people["role"], RELATIVES)) > 0
    man = equal(people["sex"][head], "male")
    words = np.where(man, "male_householder", "female_householder")
    return np.where(married, "married_couple", np.where(related, words, "no_family")).astype(object)


def _family(extract: Extract, members: Members, lone_parent: Values) -> Values:
    """Return the type of the head's family, as the Office for National Statistics has them."""
    status, head, partner = extract.people["marital_status"], members.head, members.partner
    wed = equal(status[head], "married") & equal(status[partner], "married")
    couple = np.where(wed, "married", "cohabiting")
    alone = np.where(lone_parent, "lone_parent", "none")
    return np.where(partner >= 0, couple, alone).astype(object)


def _composition(extract: Extract, members: Members, size: Values) -> Values:
    """Return who lives together, whatever their age or status."""
    child = members.count(equal(extract.people["role"], "child")) > 0
    several = np.where(child, "with_children", "several_without_children")
    return np.where(size == 1, "one_person", several).astype(object)


def _vehicles(extract: Extract, households: int) -> Values:
    """Return how many vehicles each household has a row for."""
    mine = equal(extract.holdings["kind"], "vehicle")
    home = rows_of(places(extract.households["id"]), extract.holdings["household"][mine])
    return np.bincount(home, minlength=households)


def make_couples(extract: Extract, members: Members) -> dict[str, Values]:
    """Return one row per married couple of a household's head."""
    people = extract.people
    married = equal(people["marital_status"], "married")
    pairs = (members.partner >= 0) & married[members.head] & married[members.partner]
    one, two = members.head[pairs], members.partner[pairs]
    age = people["age"]
    gap = np.abs(age[one] - age[two])
    employee = equal(people["employment"], "employee")
    return {
        "weight": members.weight[pairs],
        "head_age": age[one],
        "age_one": age[one],
        "age_two": age[two],
        "gap": gap,
        "both_employed": employee[one] & employee[two],
        **{f"within_{years}": gap <= years for years in (1, 2, 3, 5)},
        "ten_apart": gap >= 10,
    }
