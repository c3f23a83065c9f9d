"""What a table is that records fill."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordTable:
    """A table that records fill.

    `number` (1 to 4095) is part of every id: it stays as it is for ever and is never used again
    for another table. `parts` are the parts of a block, or of the bank, whose rows become rows of
    this table. A `keyed` table has the column `msfsi_integrationkey`. A table with `features` is
    filled only where the profile asks for all of them.
    """

    name: str
    number: int
    parts: tuple[str, ...] = ()
    keyed: bool = True
    features: tuple[str, ...] = ()
    activity: bool = False

    @property
    def primary_id(self) -> str:
        """Return the name of the primary id column; all activities share one."""
        return "activityid" if self.activity else f"{self.name}id"
