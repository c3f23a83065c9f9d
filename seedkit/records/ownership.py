"""Who owns which rows: a household has one relationship manager, and the bank itself the first.

Cases, activities and whatever else is done at a desk belong to the agents who sit there, where any
are named. The draw has a stream of its own, so naming owners changes no other value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seedkit.population.draw import pick
from seedkit.population.model import BLOCK_HOUSEHOLDS, SEATS, Ints, Texts
from seedkit.population.service.words import Desk
from seedkit.population.streams import stream

OWNER_COLUMN = "ownerid"
USER = "systemuser"


@dataclass(frozen=True, slots=True)
class RowOwner:
    """A row of `table` that rows can be given to; weights are relative to one another."""

    table: str
    id: str
    weight: float


@dataclass(frozen=True, slots=True)
class Ownership:
    """The owners of a run, and the tables whose rows have one.

    Without owners rows are not given to anybody, and belong to whoever makes them: `caller`, the id
    of a user (None: nobody knows yet). `agents` sit at the desks of customer service.
    """

    owners: Sequence[RowOwner] = ()
    tables: frozenset[str] = frozenset()
    random_seed: int = 0
    agents: Sequence[RowOwner] = ()
    caller: str | None = None

    @property
    def everyone(self) -> tuple[RowOwner | None, ...]:
        """Return the owners that rows are numbered by; None stands for whoever makes the rows."""
        return (*(self.owners or (None,)), *self.agents)

    def of_households(self, block: int) -> Ints:
        """Return which owner each household of a whole block of the population has."""
        if len(self.owners) < 2:
            return np.zeros(BLOCK_HOUSEHOLDS, dtype=np.int64)
        drawn = stream(self.random_seed, block, "relationship managers")
        return pick(drawn, [owner.weight for owner in self.owners], BLOCK_HOUSEHOLDS)

    def of_desks(self, desk: Ints, seat: Ints, managers: Ints) -> Ints:
        """Return which of everyone works at these seats; without agents the `managers` do.

        With fewer agents than desks each sits at several, otherwise each at one, at as many of its
        seats as its weight asks for.
        """
        if not self.agents:
            return managers
        first = len(self.owners or (None,))
        seats = np.array([_seats(self.agents, place) for place in Desk], dtype=np.int64)
        found: Ints = first + seats[desk, seat]
        return found

    def users(self, owner: Ints) -> list[str | None]:
        """Return the ids of those who work on rows; a team can't, and whoever makes them does."""
        ids = [
            who.id if who is not None and who.table == USER else self.caller
            for who in self.everyone
        ]
        return [ids[index] for index in owner.tolist()]

    def columns(self, table: str, owner: Ints) -> dict[str, list[str | None]]:
        """Return the ids of a table's owners, by the owners' own table; none elsewhere."""
        if table not in self.tables:
            return {}
        kinds = sorted({who.table for who in self.everyone if who is not None})
        return {kind: self._ids(kind)[owner].tolist() for kind in kinds}

    def _ids(self, kind: str) -> Texts:
        return np.array(
            [who.id if who and who.table == kind else None for who in self.everyone], object
        )


def _seats(agents: Sequence[RowOwner], desk: Desk) -> list[int]:
    """Return which agent sits at each seat of a desk."""
    count, desks = len(agents), len(Desk)
    here = [index for index in range(count) if index % desks == desk] or [desk % count]
    ends = np.cumsum([agents[index].weight for index in here])
    middles = (np.arange(SEATS) + 0.5) / SEATS * ends[-1]
    return [here[index] for index in np.searchsorted(ends, middles).tolist()]
