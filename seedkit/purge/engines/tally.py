"""What became of rows that were to be deleted, whichever engine did it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field

# What is done right before rows of a table go: the search for strangers, which may raise.
Look = Callable[[], Awaitable[None]]


async def no_look() -> None:
    """Look for nothing: nothing can hang on these rows."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A row that could not be deleted, and why."""

    table: str
    id: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A background job that deleted rows of one table: how it found them, and what came of it.

    `by` is `number` or `ids`; `outcome` is `succeeded`, `failed` or `canceled`; `reason` is the
    platform's word for a row that the job could not delete, empty when there is none.
    """

    table: str
    by: str
    outcome: str
    deleted: int
    failed: int
    reason: str


@dataclass(slots=True)
class Tally:
    """What became of the rows so far, by table; jobs, and what did not go as asked."""

    deleted: Counter[str] = field(default_factory=Counter)
    already_gone: Counter[str] = field(default_factory=Counter)
    leftovers: dict[str, Leftover] = field(default_factory=dict)
    jobs: list[JobRecord] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def settle(self, table: str, gone: Callable[[str], bool]) -> None:
        """Forget the leftovers of a table that are gone by now."""
        rows = self.leftovers.values()
        for id in [row.id for row in rows if row.table == table and gone(row.id)]:
            del self.leftovers[id]

    def verify(self, table: str, there: Collection[str]) -> None:
        """Count the leftovers of a table that are gone after all, with another or unanswered."""
        before = len(self.leftovers)
        self.settle(table, lambda id: id not in there)
        if gone := before - len(self.leftovers):
            self.already_gone[table] += gone

    def remark(self, text: str) -> None:
        """Note what did not go as asked, once."""
        if text not in self.remarks:
            self.remarks.append(text)
