"""What a run would send, and what that would take: the load itself, to a service that only counts.

So documents, messages, sizes and the pace are those of a live run, not a copy of its rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.pace import MAX_IN_FLIGHT
from seedkit.estimate.service import CountingService, Sent
from seedkit.estimate.simulation import run_simulated
from seedkit.ledger import MEMORY, Ledger
from seedkit.load import Limits, RecordSource, load
from seedkit.plan import Plan
from seedkit.progress import Progress

# An address that is not this machine: the documented limits are kept.
SERVICE = "https://environment.example"
ENTITLEMENT = 40_000  # requests in 24 hours of a licensed user, by Microsoft's documentation


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a load is held to: the environment's ceilings, and its advice if it has given one."""

    rows_per_request: int
    requests_in_flight: int = MAX_IN_FLIGHT
    hint: int | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a load would send.

    `rows` counts rows by table. `sent` is what goes to each table by each message; `requests` are
    all requests of the load, `counted` what they count for in the daily entitlement, and `seconds`
    what it would take.
    """

    rows: Mapping[str, int]
    sent: tuple[Sent, ...]
    requests: int
    counted: int
    seconds: float
    in_flight: int

    @property
    def bytes(self) -> int:
        """Return how much all rows would take in the database."""
        return sum(sent.bytes for sent in self.sent if is_creation(sent.message))


def is_creation(message: str) -> bool:
    """Tell whether a message makes rows, and does not change some that are there."""
    return message in ("POST", "$batch", "CreateMultiple")


def estimate(
    plan: Plan, source: RecordSource, conditions: Conditions, progress: Progress
) -> Estimate:
    """Load a plan into a service that only counts; nothing leaves this process."""
    names = {table.entity_set: table.name for table in plan.tables}
    service = CountingService(names, conditions.hint)

    async def work() -> tuple[Mapping[str, int], int]:
        api = WebApi(service, SERVICE, in_flight=conditions.requests_in_flight)
        limits = Limits(rows_per_request=conditions.rows_per_request)
        with closing(Ledger.open(MEMORY)) as ledger:
            ledger.add_run(plan)
            result = await load(plan, source, api, ledger, progress, limits)
        return result.rows, api.traffic.requests

    (rows, requests), seconds = run_simulated(work())
    order = [table.name for table in plan.tables]
    sent = sorted(service.sent.values(), key=lambda one: order.index(one.table))
    return Estimate(
        rows=rows,
        sent=tuple(sent),
        requests=requests,
        counted=service.others.total() + sum(one.rows for one in sent if one.message != "POST"),
        seconds=seconds,
        in_flight=service.in_flight,
    )
