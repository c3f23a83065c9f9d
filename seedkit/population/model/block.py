"""A block: all parts of 256 households."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

import numpy as np

from seedkit.population.model.columns import BLOCK_HOUSEHOLDS
from seedkit.population.model.firms import FirmRoles, Firms
from seedkit.population.model.money import (
    Accounts,
    Cards,
    CreditLines,
    DirectDebits,
    Elsewhere,
    HoldingRoles,
    Holdings,
    Investments,
    Loans,
    Overdrafts,
    Positions,
    Savings,
    StandingOrders,
)
from seedkit.population.model.people import (
    Goals,
    GroupHoldings,
    GroupMembers,
    Groups,
    Households,
    LifeEvents,
    Notables,
    People,
    Relationships,
    Standing,
)
from seedkit.population.model.service import (
    Activities,
    CaseNotes,
    Cases,
    Conversations,
    Messages,
    Sessions,
    none_of,
)
from seedkit.population.model.ties import ArticleLinks, Connections


@dataclass(frozen=True, slots=True)
class Block:
    """256 households with all that belongs to them."""

    number: int
    households: Households
    people: People
    relationships: Relationships
    events: LifeEvents
    goals: Goals
    groups: Groups
    group_members: GroupMembers
    group_holdings: GroupHoldings
    holdings: Holdings
    holding_roles: HoldingRoles
    accounts: Accounts
    savings: Savings
    loans: Loans
    investments: Investments
    credit_lines: CreditLines
    cards: Cards
    direct_debits: DirectDebits
    standing_orders: StandingOrders
    overdrafts: Overdrafts
    positions: Positions
    elsewhere: Elsewhere
    standing: Standing
    firms: Firms = field(default_factory=lambda: none_of(Firms))
    firm_roles: FirmRoles = field(default_factory=lambda: none_of(FirmRoles))
    cases: Cases = field(default_factory=lambda: none_of(Cases))
    activities: Activities = field(default_factory=lambda: none_of(Activities))
    case_notes: CaseNotes = field(default_factory=lambda: none_of(CaseNotes))
    conversations: Conversations = field(default_factory=lambda: none_of(Conversations))
    sessions: Sessions = field(default_factory=lambda: none_of(Sessions))
    messages: Messages = field(default_factory=lambda: none_of(Messages))
    article_links: ArticleLinks = field(default_factory=lambda: none_of(ArticleLinks))
    connections: Connections = field(default_factory=lambda: none_of(Connections))
    notables: Notables = field(default_factory=lambda: none_of(Notables))

    def front(self, households: int) -> Block:
        """Return the block's first `households` households with all that belongs to them."""
        if households >= BLOCK_HOUSEHOLDS:
            return self
        parts = {
            item.name: front(getattr(self, item.name), households)
            for item in fields(self)
            if item.name != "number"
        }
        return replace(self, **parts)


Part = TypeVar("Part")


def front(part: Part, households: int) -> Part:
    """Return the rows of a part that belong to the first `households` households."""
    stop = int(np.searchsorted(part.household, households))  # type: ignore[attr-defined]
    columns = {
        item.name: getattr(part, item.name)[:stop]
        for item in fields(part)  # type: ignore[arg-type]
    }
    return replace(part, **columns)  # type: ignore[type-var]
