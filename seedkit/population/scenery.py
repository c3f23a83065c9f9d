"""A block as showcases and edge cases look at it, and what they find there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from seedkit.population.days import add_days
from seedkit.population.locale import Locale
from seedkit.population.model import Block, Dates, Flags, Ints
from seedkit.population.words import HolderRole, Place

ADULT, ELDERLY = 18, 80  # the ages of those who are shown
LAST_COMMON_DAY = 28  # of a month: it has one in every month


@dataclass(frozen=True, slots=True)
class Scenery:
    """A block on a day, in a country."""

    block: Block
    today: np.datetime64
    locale: Locale

    def ahead(self, days: int) -> np.datetime64:
        """Return the day so many days ahead, or a little sooner where some months lack it."""
        day = self.today + np.timedelta64(days, "D")
        month = day.astype("datetime64[M]").astype("datetime64[D]")
        return np.datetime64(min(day, month + np.timedelta64(LAST_COMMON_DAY - 1, "D")), "D")

    def days_until(self, days: Dates) -> Ints:
        """Return how far days lie ahead; long ago where there is none."""
        there = np.where(np.isnat(days), np.datetime64("0001-01-01"), days)
        return np.asarray((there - self.today).astype(np.int64))

    @property
    def shown(self) -> Flags:
        """People who can be shown: adult customers who lead a household."""
        people = self.block.people
        leads = people.customer & (people.place <= Place.PARTNER)
        return np.asarray(leads & (people.age >= ADULT) & (people.age <= ELDERLY))

    @property
    def owner(self) -> Ints:
        """The first owner of each holding."""
        roles = self.block.holding_roles
        first = roles.role == HolderRole.OWNER
        found = np.full(len(self.block.holdings.household), -1, np.int64)
        found[roles.holding[first]] = roles.person[first]
        return found

    @property
    def since(self) -> Dates:
        """Since when the owners of each holding could have had it: adults, and customers."""
        roles, people = self.block.holding_roles, self.block.people
        own = np.isin(roles.role, (HolderRole.OWNER, HolderRole.JOINT_OWNER))
        grown = add_days(people.birth, ADULT * 366)
        able = np.maximum(grown, people.customer_since)
        found = np.full(len(self.block.holdings.household), np.datetime64("0001-01-01"))
        np.maximum.at(found, roles.holding[own], able[roles.person[own]])
        return found

    def on(self, part: Any, column: str) -> Any:
        """Return a column of the holdings at the rows of a part."""
        return getattr(self.block.holdings, column)[part.holding]


@dataclass(frozen=True, slots=True)
class Finds:
    """People who could become something, each with the row of a part that is about it."""

    person: Ints
    row: Ints

    def where(self, which: Flags) -> Finds:
        """Return some of them."""
        return Finds(self.person[which], self.row[which])


Find = Callable[[Scenery], Finds]
Edit = Callable[[Scenery, int, int], Block]


def of_people(scenery: Scenery, which: Flags) -> Finds:
    """Return people that are themselves what is shown."""
    rows = np.flatnonzero(which & scenery.shown)
    return Finds(rows, rows)


def of_holdings(scenery: Scenery, part: str, which: Flags) -> Finds:
    """Return the first owners of the holdings on which chosen rows of a part stand."""
    rows = np.flatnonzero(which)
    owner = scenery.owner[getattr(scenery.block, part).holding[rows]]
    return Finds(owner, rows).where(scenery.shown[owner] & (owner >= 0))


def as_it_is(scenery: Scenery, _person: int, _row: int) -> Block:
    """Change nothing: it is shown as the ordinary stages made it."""
    return scenery.block
