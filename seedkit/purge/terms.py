"""What a purge may do, and what it found, decided and did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from seedkit.dataverse.acting import Acting
from seedkit.dataverse.sizes import MOST_ROWS
from seedkit.purge.decision import Decision, Strangers
from seedkit.purge.engines import JobOrder, JobRecord, Leftover
from seedkit.purge.findings import Survey
from seedkit.purge.fingerprint import Proof


@dataclass(frozen=True, slots=True)
class PurgeOptions:
    """What a purge may do: only look, or delete; at most how many rows and requests at once.

    `allow_production` names the production environment in which it may delete. `acting` says in
    whose name. `agree` sees what was found and decided before anything is deleted, and raises to
    stop the purge. `include_doubtful` takes doubtful rows for ours. `again` is the command that
    starts this purge anew, as hints name it. `looked` hears what was found and decided before
    anything stops or asks, `stopped` what was done when an error ends the purge after its first
    delete may have left.
    """

    dry_run: bool = False
    allow_production: str | None = None
    acting: Acting = field(default_factory=Acting)
    agree: Callable[[Survey, Decision], None] = lambda _found, _decision: None
    rows_per_request: int = MOST_ROWS
    requests: int | None = None  # None: as the client's pace asks for
    jobs: JobOrder | None = None  # None: no background jobs
    strangers: Strangers = Strangers.STOP
    keep_edited: bool = False
    include_doubtful: bool = False
    fingerprint: bool = False  # compare all other rows, before and after
    again: str = "seedkit purge"
    looked: Callable[[PurgeResult], None] = lambda _seen: None
    stopped: Callable[[PurgeResult], None] = lambda _done: None


@dataclass(frozen=True, slots=True)
class PurgeResult:
    """What a purge found, decided and did, by table; `strangers_deleted` were not ours.

    `gone_before` were made by the run and not there when the purge began. `stopped` says why a
    purge ended in the middle: then `left` is what it did not come to, and nothing was verified.
    """

    survey: Survey
    decision: Decision
    deleted: Mapping[str, int]
    already_gone: Mapping[str, int]
    left: Mapping[str, int]
    leftovers: tuple[Leftover, ...]
    strangers_deleted: Mapping[str, int] = field(default_factory=dict)
    doubtful_too: bool = False
    jobs: tuple[JobRecord, ...] = ()
    remarks: tuple[str, ...] = ()
    proof: Proof | None = None
    gone_before: Mapping[str, int] = field(default_factory=dict)
    stopped: str = ""

    @property
    def kept(self) -> dict[str, int]:
        """Return how many of our rows of each table were kept."""
        return self.decision.kept_counts
