"""The shape of the bank's world: frozen dataclasses of NumPy columns.

One `Block` is 256 households. Every part of a block begins with the column `household`, the index
of the household in the block (0 to 255), and is sorted by it; so the front of a block is a slice
of each part, and a row's number in its part never depends on how many households were asked for.

Units, unless a field says otherwise: money is int64 in minor units (cents) of the row's currency
and never negative (a debt is what is owed); rates are int32 in basis points (681 = 6.81 per cent
a year); dates are datetime64[D], NaT where there is none; moments are datetime64[m] in UTC; text
is an object array of str, "" where there is none; a closed list is int8 holding a member of
`words`; an index into another part is int32, -1 where there is none.
"""

from seedkit.population.model.bank import Bank, Branches, Products
from seedkit.population.model.block import Block, front
from seedkit.population.model.columns import (
    BLOCK_HOUSEHOLDS,
    NO_FIGURE,
    Dates,
    Flags,
    Ints,
    Moments,
    Money,
    Texts,
)
from seedkit.population.model.firms import FirmRoles, Firms
from seedkit.population.model.library import (
    Articles,
    Library,
    Queues,
    Roles,
    Scripts,
    ScriptSteps,
    Subjects,
)
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
    SEATS,
    Activities,
    CaseNotes,
    Cases,
    Conversations,
    Messages,
    Sessions,
    none_of,
)
from seedkit.population.model.ties import ArticleLinks, Connections

__all__ = [
    "BLOCK_HOUSEHOLDS",
    "NO_FIGURE",
    "SEATS",
    "Accounts",
    "Activities",
    "ArticleLinks",
    "Articles",
    "Bank",
    "Block",
    "Branches",
    "Cards",
    "CaseNotes",
    "Cases",
    "Connections",
    "Conversations",
    "CreditLines",
    "Dates",
    "DirectDebits",
    "Elsewhere",
    "FirmRoles",
    "Firms",
    "Flags",
    "Goals",
    "GroupHoldings",
    "GroupMembers",
    "Groups",
    "HoldingRoles",
    "Holdings",
    "Households",
    "Ints",
    "Investments",
    "Library",
    "LifeEvents",
    "Loans",
    "Messages",
    "Moments",
    "Money",
    "Notables",
    "Overdrafts",
    "People",
    "Positions",
    "Products",
    "Queues",
    "Relationships",
    "Roles",
    "Savings",
    "ScriptSteps",
    "Scripts",
    "Sessions",
    "Standing",
    "StandingOrders",
    "Subjects",
    "Texts",
    "front",
    "none_of",
]
