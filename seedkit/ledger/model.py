"""What the ledger speaks of: runs, ranges of rows, lost rows, and how far each has come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from seedkit.plan import Plan


class RunState(Enum):
    """How far a run has come."""

    SEEDING = "seeding"
    SEEDED = "seeded"
    PURGING = "purging"
    KEPT = "partly kept"  # purged but for rows that were to be kept
    PURGED = "purged"


class Step(Enum):
    """What a request does: make rows, set the lookups that close a cycle, or change states.

    Rows that others of their own table point at change their states after those.
    """

    CREATE = "create"
    LINK = "link"
    STATE = "state"
    PARENT_STATE = "parent state"

    @property
    def changes_states(self) -> bool:
        """Tell whether rows get their final states by it."""
        return self in (Step.STATE, Step.PARENT_STATE)


class RequestState(Enum):
    """What is known of a range: about to leave, every row done or lost, or to be found out."""

    INTENDED = "intended"
    SETTLED = "settled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Range:
    """Rows `first` to `first + count - 1` of a table in a block."""

    step: Step
    table: str
    block: int
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class LostRow:
    """A row that was refused by the environment, or skipped because an ancestor was."""

    step: Step
    table: str
    block: int
    row: int
    id: str
    state: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that works on a run, since when (ISO 8601), and by which command."""

    process: int
    machine: str
    since: str
    command: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Who made a run's rows, and when by the service's own clock (ISO 8601).

    `makers` are systemuserids. `watermark` is the highest row version that the run knows of: what
    is above it was changed afterwards. None: not known, or the run has not ended.
    """

    makers: frozenset[str] = frozenset()
    began: str | None = None
    ended: str | None = None
    watermark: int | None = None


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A run as the ledger knows it."""

    plan: Plan
    state: RunState
    watermark: int | None
