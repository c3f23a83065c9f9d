"""Two ways to delete rows, behind one interface: requests of ours, or jobs of the platform."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import LiveTable
from seedkit.plan import Plan
from seedkit.progress import Progress
from seedkit.purge.engines.batches import BatchEngine
from seedkit.purge.engines.jobs import JobEngine, JobOrder
from seedkit.purge.engines.tally import JobRecord, Leftover, Look, Tally, no_look

__all__ = [
    "THRESHOLD",
    "BatchEngine",
    "Engine",
    "JobEngine",
    "JobOrder",
    "JobRecord",
    "Leftover",
    "Look",
    "Tally",
    "choose_engine",
    "no_look",
]

THRESHOLD = 20_000  # rows from which the platform's own jobs spare our requests


class Engine(Protocol):
    """Deletes rows of one table after another and keeps count of what became of them."""

    @property
    def tally(self) -> Tally:
        """Return what became of the rows so far."""

    async def delete(self, table: LiveTable, ids: Collection[str], look: Look) -> None:
        """Delete rows of one table; `look` is called before each wave of them."""


def choose_engine(
    api: WebApi,
    plan: Plan,
    progress: Progress,
    batches: BatchEngine,
    order: JobOrder | None,
    rows: int,
) -> Engine:
    """Return the engine for a number of rows, or the one that was asked for."""
    if order is None or not (rows >= THRESHOLD if order.insists is None else order.insists):
        return batches
    return JobEngine(api, plan, progress, order, batches)
