"""Who is who in a household: rows of people seen from their household and its family."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedkit.extract.contract import FAMILY_ROLES
from seedkit.extract.model import Extract
from seedkit.realism.frames.model import Values, equal, is_in, places, rows_of, weight_of

Rows = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Members:
    """Columns by person, but `head`, `partner`, `reference` and `weight` by household."""

    home: Rows
    in_family: Flags
    head: Rows  # person
    partner: Rows  # person, -1
    reference: Rows  # the person whose age stands for the family's
    weight: NDArray[np.float64]

    def count(self, which: Flags) -> NDArray[np.int64]:
        """Return how many members of each household are marked."""
        return np.bincount(self.home[which], minlength=self.head.size)

    @property
    def person_weight(self) -> NDArray[np.float64]:
        """Return the weight of each person's household."""
        return self.weight[self.home]


def find_members(extract: Extract) -> Members:
    """Return who is who. Households without a head take their first member for it."""
    people = extract.people
    home = rows_of(places(extract.households["id"]), people["household"])
    told, role = people["in_family"], people["role"]
    in_family = np.where(np.isnan(told), is_in(role, FAMILY_ROLES), told == 1.0)
    head = _first(home, equal(role, "head"), len(extract.households))
    partner = _first(home, equal(role, "partner") & in_family, len(extract.households))
    return Members(
        home=home,
        in_family=in_family,
        head=np.where(head >= 0, head, _first(home, home >= 0, head.size)),
        partner=partner,
        reference=_reference(head, partner, people["sex"], people["age"]),
        weight=weight_of(extract.households.columns),
    )


def _first(home: Rows, which: Flags, households: int) -> Rows:
    found = np.full(households, -1, np.int64)
    rows = np.flatnonzero(which)[::-1]
    found[home[rows]] = rows
    return found


def _reference(head: Rows, partner: Rows, sex: Values, age: Values) -> Rows:
    """Return the man of a mixed couple, the older one of two alike, the head otherwise."""
    mixed = (partner >= 0) & np.asarray(sex[head] != sex[partner])
    his = mixed & equal(sex[partner], "male")
    older = (partner >= 0) & ~mixed & (age[partner] > age[head])
    return np.where(his | older, partner, head)
