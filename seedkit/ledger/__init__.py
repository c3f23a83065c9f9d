"""The ledger: a small local journal, written before each request leaves.

One SQLite file holds the plan of every run, one line per request (table, block, first row, count,
state) and one line per row that was refused or skipped. It speaks in ranges: ids follow from the
plan, so no id is stored.
"""

from seedkit.ledger.file import MEMORY
from seedkit.ledger.journal import Ledger
from seedkit.ledger.model import (
    Holder,
    LostRow,
    Origin,
    Range,
    RequestState,
    RunEntry,
    RunState,
    Step,
)

__all__ = [
    "MEMORY",
    "Holder",
    "Ledger",
    "LostRow",
    "Origin",
    "Range",
    "RequestState",
    "RunEntry",
    "RunState",
    "Step",
]
