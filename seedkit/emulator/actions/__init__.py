"""Actions and functions that belong to tables: closing cases, merging, queues, sharing, the bin.

Like the rules, they name the tables that they are about.
"""

from seedkit.emulator.actions import cases, duplicates, merge, queues, recycle, sharing, teams
from seedkit.emulator.operations import Operation

OPERATIONS: tuple[Operation, ...] = (
    *cases.OPERATIONS,
    *duplicates.OPERATIONS,
    *merge.OPERATIONS,
    *queues.OPERATIONS,
    *recycle.OPERATIONS,
    *sharing.OPERATIONS,
    *teams.OPERATIONS,
)
