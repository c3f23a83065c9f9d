"""What a look at an environment found of a run: plain values, and no way to change anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from seedkit.dataverse.metadata import LiveTable
from seedkit.links import link_to
from seedkit.purge.rows import Rows


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A row that may be ours and for which too little speaks: what, where to see it, and why."""

    table: str
    id: str
    why: str
    link: str


class Harm(Enum):
    """What deleting a row does to one of somebody else that hangs on it."""

    DELETED = "goes with it"
    BLOCKS = "keeps it from being deleted"
    EMPTIED = "loses a lookup that it needs"


@dataclass(frozen=True, slots=True)
class Stranger:
    """A row that is not ours and that deleting one of ours would harm.

    `through` is the table of the row between, which the platform made under the parent's.
    """

    table: str
    id: str
    name: str
    parent: str
    column: str
    link: str
    parent_id: str
    harm: Harm
    through: str = ""

    @property
    def above(self) -> str:
        """Return what the row hangs on, as people are told."""
        return f"the {self.through} of {self.parent}" if self.through else self.parent


@dataclass(frozen=True, slots=True)
class Edited:
    """A row of ours that was changed after it was made: what is seen of that."""

    table: str
    id: str
    name: str
    link: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """A row of ours that somebody shared, and the user or team with whom."""

    table: str
    id: str
    name: str
    link: str
    whom: str


@dataclass(frozen=True, slots=True)
class Shares:
    """What is shared of a run; `unknown` says why not all shares of some tables are known."""

    found: tuple[Share, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many of our rows of each table are shared."""
        return dict(Counter(table for table, _ in {(one.table, one.id) for one in self.found}))


@dataclass(frozen=True, slots=True)
class TableSurvey:
    """What a table holds of a run: ours, and rows that may be ours.

    `without_number` are those of ours that their number does not find, `edited` those of ours that
    were changed after they were made. `version` is the highest row version that was seen.
    """

    ours: Rows
    without_number: Rows
    edited: Rows
    doubtful: tuple[Doubtful, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Survey:
    """What an environment holds of a run.

    `strangers` would be deleted, or forbid the purge; `crippled` would lose a lookup that they
    need. `edited` describes rows that were changed, the first of each table. `unsearched` says why
    rows of some tables were not looked for, `partly_seen` how far this account's privilege to read
    reaches where it does not reach all rows.
    """

    tables: Mapping[str, TableSurvey]
    strangers: tuple[Stranger, ...]
    crippled: tuple[Stranger, ...] = ()
    edited: tuple[Edited, ...] = ()
    shares: Shares = field(default_factory=Shares)
    unsearched: Mapping[str, str] = field(default_factory=dict)
    partly_seen: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows of each table are ours."""
        return {name: len(found.ours) for name, found in self.tables.items() if len(found.ours)}

    @property
    def edited_counts(self) -> dict[str, int]:
        """Return how many of our rows of each table were changed after they were made."""
        return {name: len(one.edited) for name, one in self.tables.items() if len(one.edited)}

    @property
    def doubtful(self) -> dict[str, int]:
        """Return how many rows of each table are doubtful."""
        return {name: len(found.doubtful) for name, found in self.tables.items() if found.doubtful}

    @property
    def doubtful_rows(self) -> list[Doubtful]:
        """Return all doubtful rows."""
        return [row for found in self.tables.values() for row in found.doubtful]


def shown_at(url: str, table: LiveTable, id: str) -> str:
    """Return the address at which a person sees a row."""
    return link_to(url, table.name, f"{table.entity_set}({id})", id)
