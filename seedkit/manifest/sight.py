"""A block as traits look at it, and what a look finds: people, and the rows behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from seedkit.population.model import Block, Dates, Flags, Ints
from seedkit.population.words import HolderRole


@dataclass(frozen=True, slots=True)
class Hits:
    """People who have something; the i-th row of each part is behind the i-th person.

    A person may stand there several times, once for each row. `rows` maps parts of the block to
    row numbers; it is empty where nothing but the person is behind a trait.
    """

    person: Ints
    rows: Mapping[str, Ints] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sight:
    """A block on the as-of date."""

    block: Block
    today: np.datetime64

    def within(self, dates: Dates, days: int) -> Flags:
        """Tell which dates lie between today and so many days later, both included."""
        return (dates >= self.today) & (dates <= self.today + days)

    def people(self, which: Flags) -> Hits:
        """Return people, with nothing else behind them."""
        return Hits(np.flatnonzero(which))

    def with_rows(self, part: str, which: Flags) -> Hits:
        """Return the people that chosen rows of a part name."""
        rows = np.flatnonzero(which)
        return Hits(getattr(self.block, part).person[rows], {part: rows})

    def owners(self, which: Flags) -> Hits:
        """Return the owners, joint ones among them, of chosen holdings."""
        roles = self.block.holding_roles
        own = (roles.role == HolderRole.OWNER) | (roles.role == HolderRole.JOINT_OWNER)
        chosen = own & which[roles.holding]
        return Hits(roles.person[chosen], {"holdings": roles.holding[chosen]})

    def owners_of(self, part: str, which: Flags) -> Hits:
        """Return the owners of the holdings on which chosen rows of a part stand."""
        rows = np.flatnonzero(which)
        holding = getattr(self.block, part).holding[rows]
        owners = self.owners(np.isin(np.arange(len(self.block.holdings.household)), holding))
        # A holding may have several such rows, and several owners: each pair is one hit.
        pair, row = np.nonzero(owners.rows["holdings"][:, None] == holding[None, :])
        behind = {"holdings": owners.rows["holdings"][pair], part: rows[row]}
        return Hits(owners.person[pair], behind)
