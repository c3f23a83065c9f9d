"""Who owns which rows: a household has one relationship manager, and the bank itself the first.

The draw has a stream of its own, so naming owners changes no other value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seedkit.population.draw import pick
from seedkit.population.model import BLOCK_HOUSEHOLDS, Ints, Texts
from seedkit.population.streams import stream

OWNER_COLUMN = "ownerid"


@dataclass(frozen=True, slots=True)
class RowOwner:
    """A row of `table` that rows can be given to; weights are relative to one another."""

    table: str
    id: str
    weight: float


@dataclass(frozen=True, slots=True)
class Ownership:
    """The owners of a run, and the tables whose rows have one.

    Without owners rows are not given to anybody, and belong to whoever makes them.
    """

    owners: Sequence[RowOwner] = ()
    tables: frozenset[str] = frozenset()
    random_seed: int = 0

    def of_households(self, block: int) -> Ints:
        """Return which owner each household of a whole block of the population has."""
        if len(self.owners) < 2:
            return np.zeros(BLOCK_HOUSEHOLDS, dtype=np.int64)
        drawn = stream(self.random_seed, block, "relationship managers")
        return pick(drawn, [owner.weight for owner in self.owners], BLOCK_HOUSEHOLDS)

    def columns(self, table: str, owner: Ints) -> dict[str, list[str | None]]:
        """Return the ids of a table's owners, by the owners' own table; none elsewhere."""
        if table not in self.tables:
            return {}
        kinds = sorted({who.table for who in self.owners})
        return {kind: self._ids(kind)[owner].tolist() for kind in kinds}

    def _ids(self, kind: str) -> Texts:
        return np.array([who.id if who.table == kind else None for who in self.owners], object)
