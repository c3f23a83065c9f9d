"""The view that rules about a block of the bank's world share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from seedkit.extract.model import Values
from seedkit.population.model import Bank, Block, People
from seedkit.population.notable import EdgeCase
from seedkit.population.words import HolderRole
from seedkit.realism.invariants.model import Flags


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block with its bank and day."""

    block: Block
    bank: Bank
    as_of: date

    @property
    def today(self) -> np.datetime64:
        """Return the as-of date."""
        return np.datetime64(self.as_of, "D")

    @property
    def people(self) -> People:
        """Return the block's people."""
        return self.block.people

    def ordinary(self, *but: EdgeCase) -> Flags:
        """Return which people are none of these edge cases, whose very point a rule would be."""
        found = np.ones(len(self.people.household), np.bool_)
        notables = self.block.notables
        found[notables.person[np.isin(notables.what, but)]] = False
        return found

    def held(self, part: Any, column: str) -> Values:
        """Return a column of the holdings at the rows of a part."""
        return np.asarray(getattr(self.block.holdings, column)[part.holding])

    @property
    def owns(self) -> Flags:
        """Return which roles are those of owners."""
        return np.isin(self.block.holding_roles.role, (HolderRole.OWNER, HolderRole.JOINT_OWNER))
