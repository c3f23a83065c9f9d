"""Matters: what a customer's holdings and life could be a reason to ask about, and when.

Every case begins as a matter, so no case is about something that is not there.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from seedkit.population.days import NEVER, add_days, add_years
from seedkit.population.draw import Whole
from seedkit.population.model import Dates, Flags, Ints
from seedkit.population.service.office import Office
from seedkit.population.service.words import About, Topic

ADULT_AGE = 18
_YEAR = 365


@dataclass(frozen=True, slots=True)
class Matters:
    """Columns of matters. `chance` is one part of all where `bound`, else a rate a year.

    A case about it opens from `first` to `last`; what it is about happened on `happened`, NaT
    where it is nothing that has a day.
    """

    person: Whole
    topic: Whole
    about: Whole
    which: Whole
    first: Dates
    last: Dates
    happened: Dates
    chance: np.ndarray[tuple[int], np.dtype[np.float64]]
    bound: Flags

    def take(self, rows: Whole | Flags) -> Matters:
        """Return some of them."""
        return Matters(**{item.name: getattr(self, item.name)[rows] for item in fields(self)})


def matters(
    topic: Topic,
    person: Ints,
    chance: ArrayLike,
    *,
    of: tuple[About, Ints] | None = None,
    first: ArrayLike = NEVER,
    last: ArrayLike = NEVER,
    happened: ArrayLike = NEVER,
    bound: bool = False,
) -> Matters:
    """Return matters of a topic; first and last may be NaT, which is: whenever it can be."""
    n = person.size
    about, which = of or (About.NOTHING, np.full(n, -1))
    return Matters(
        person=person.astype(np.int64),
        topic=np.full(n, int(topic)),
        about=np.full(n, int(about)),
        which=np.asarray(which, np.int64),
        first=_days(first, n),
        last=_days(last, n),
        happened=_days(happened, n),
        chance=np.broadcast_to(np.asarray(chance, np.float64), n),
        bound=np.full(n, bound),
    )


def _days(day: ArrayLike, n: int) -> Dates:
    return np.broadcast_to(np.asarray(day, "datetime64[D]"), n)


def together(parts: list[Matters]) -> Matters:
    """Return matters one behind the other."""
    return Matters(
        **{
            item.name: np.concatenate([getattr(part, item.name) for part in parts])
            for item in fields(Matters)
        }
    )


def within_reach(office: Office, found: Matters) -> Matters:
    """Return the matters of adult customers that can open within the history, cut to it."""
    people = office.block.people
    since = people.customer_since[found.person]
    of_age = add_years(people.birth[found.person], ADULT_AGE)
    first = np.fmax(np.fmax(np.maximum(since, of_age), office.start), found.first)
    last = np.fmin(found.last, add_days(office.today, -1))
    cut = Matters(
        **{item.name: getattr(found, item.name) for item in fields(found)}
        | {"first": first, "last": last}
    )
    return cut.take(people.customer[found.person] & (first <= last))


def expected(found: Matters) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return how many cases each unbound matter gives rise to in its days, before scaling."""
    days = (found.last - found.first).astype(np.int64) + 1
    return np.asarray(found.chance * days / _YEAR)


def owners_of(office: Office, holding: Ints) -> Ints:
    """Return the owner of each holding."""
    roles = office.block.holding_roles
    owner = np.full(office.block.holdings.household.size, -1, np.int64)
    # The first role is the owner's; of what a firm owns, that of whoever runs it.
    held, first = np.unique(roles.holding, return_index=True)
    owner[held] = roles.person[first]
    return owner[holding]
