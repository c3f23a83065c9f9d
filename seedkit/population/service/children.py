"""Children: complaints about cases that take their time, as cases below these."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

from seedkit.population.draw import Whole, between, coin
from seedkit.population.service.arrivals import Arrivals
from seedkit.population.service.course import NEVER, Course, draw_course
from seedkit.population.service.hours import WORKDAY, unworked, worked
from seedkit.population.service.office import Office
from seedkit.population.service.variants import Variant, draw_kinds, draw_variants
from seedkit.population.service.words import About, Origin, Topic

_SHARE = 0.15  # of the cases that take long: some of these complaints don't end in time
_LONG = 5 * WORKDAY
_PART = (45, 70)  # percent of the way

Columns = TypeVar("Columns", Arrivals, Course)


@dataclass(frozen=True, slots=True)
class Opened:
    """All cases with their course; `parent` is a row of these, -1 for most."""

    came: Arrivals
    course: Course
    variants: list[Variant]
    parent: Whole


def with_children(office: Office, came: Arrivals, course: Course, told: list[Variant]) -> Opened:
    """Add complaints to some of the cases that take long; a child ends before its parent."""
    rows, children = _chasing(office, came, course)
    variants = draw_variants(office, children)
    kinds = draw_kinds(office, children, variants)
    theirs = draw_course(office, children, kinds, "children")
    now = office.now(children.person)
    fits = (theirs.ends < course.ends[rows]) | (course.ends[rows] >= now)
    fits &= theirs.responded != NEVER
    kept = np.flatnonzero(fits)
    both = _joined(came, children.take(kept))
    order = np.lexsort((both.opened, both.person))
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)
    parent = np.concatenate([np.full(came.person.size, -1), place[rows[kept]]])
    every = [*told, *(variants[one] for one in kept.tolist())]
    return Opened(
        came=both.take(order),
        course=_joined(course, theirs.take(kept)).take(order),
        variants=[every[one] for one in order.tolist()],
        parent=parent[order],
    )


def _chasing(office: Office, came: Arrivals, course: Course) -> tuple[Whole, Arrivals]:
    """Return which cases customers complain about, and how they do."""
    rng, n = office.stream("children"), came.person.size
    answered = course.responded != NEVER
    begin = worked(np.where(answered, course.responded, came.opened))
    span = worked(course.ends) - begin
    at = unworked(begin + span * between(rng, *_PART, n) // 100)
    long = answered & ~course.at_once & (span >= _LONG) & (came.topic != Topic.COMPLAINT)
    row = np.flatnonzero(long & coin(rng, _SHARE, n) & (at < office.now(came.person)))
    return row, Arrivals(
        person=came.person[row],
        topic=np.full(row.size, int(Topic.COMPLAINT)),
        about=np.full(row.size, int(About.NOTHING)),
        which=np.full(row.size, -1),
        happened=came.happened[row],
        origin=np.where(came.origin[row] == Origin.CHAT, Origin.PHONE, came.origin[row]),
        opened=at[row],
    )


def _joined(one: Columns, two: Columns) -> Columns:
    columns = {
        item.name: np.concatenate([getattr(one, item.name), getattr(two, item.name)])
        for item in fields(one)
    }
    return type(one)(**columns)
