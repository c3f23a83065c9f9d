"""One run from its first row to its last: seeded, handed over, purged."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass

from seedkit.assembly import (
    make_request,
    propose,
    record,
    seeded_customers,
    send_rows,
    source_of,
    take_out,
)
from seedkit.dataverse.client import WebApi
from seedkit.errors import IncompleteError, SeedkitError
from seedkit.ledger import Ledger, LostRow
from seedkit.load import LoadResult
from seedkit.manifest import Manifest
from seedkit.plan import Plan, check_run_id
from seedkit.progress import Unwatched
from seedkit.purge import PurgeOptions, PurgeResult
from seedkit.reports import write_lost_rows, write_receipt
from seedkit.seeding.order import Order
from seedkit.workplace.connect import find_target, open_api
from seedkit.workplace.holder import hold
from seedkit.workplace.wishes import draw_run_id, resolve

TOKEN_BYTES = 3


@dataclass(frozen=True, slots=True)
class Made:
    """What a job has made: the plan, rows by table, and the customers."""

    plan: Plan
    environment: str
    rows: Mapping[str, int]
    lost: Mapping[str, int]
    manifest: Manifest


class Job:
    """A run that is on its way; its Web API stays open until the end of the block."""

    api: WebApi
    plan: Plan
    _ledger: Ledger

    def __init__(self, order: Order) -> None:
        self._order = order
        self._place = order.workplace()
        self._stack = AsyncExitStack()
        self._recorded = False
        self._resolved = resolve(order.wish)
        self._target = find_target(self._place, order.environment)
        name = draw_run_id(self._resolved.name, secrets.token_hex(TOKEN_BYTES))
        self._run_id = check_run_id(name if order.run_id is None else order.run_id)

    async def open(self) -> None:
        """Open the environment and make the plan; nothing is written there."""
        try:
            self.api = await self._stack.enter_async_context(open_api(self._place, self._target))
            request = make_request(self._resolved, self._run_id, self._target, self._order.acting)
            self.plan = await propose(request, self.api, self._order.allow_production)
            ledger = Ledger.open(self._place.settings.ledger)
            self._ledger = self._stack.enter_context(closing(ledger))
            self._stack.enter_context(hold(self._ledger, self.plan.run_id, "seedkit.seeded"))
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close what was opened."""
        await self._stack.aclose()

    async def fill(self) -> Made:
        """Write the rows; IncompleteError when some were refused and that is not accepted.

        UsageError when the run's id is taken: then there is nothing of ours to purge.
        """
        await record(self.plan, self.api, self._ledger)
        self._recorded = True
        source = source_of(self.plan)
        result = await send_rows(
            self.plan, source, self._target, self.api, self._ledger, Unwatched()
        )
        lost = self._ledger.lost_rows(self.plan.run_id)
        if lost:
            self._report(lost)
        return Made(
            plan=self.plan,
            environment=self._target.name,
            rows=result.rows,
            lost=_together(result),
            manifest=Manifest(seeded_customers(self.plan, source, self._ledger)),
        )

    def _report(self, lost: list[LostRow]) -> None:
        path = self._place.settings.report(self.plan.run_id, "seed")
        write_lost_rows(path, lost)
        if not self._order.accept_refused:
            first = lost[0]
            raise IncompleteError(
                f"{len(lost):,} rows of run {self.plan.run_id} were refused or skipped, such as "
                f"{first.table} {first.id} ({first.code} {first.reason}).",
                f"All of them stand in {path}; accept_refused=True goes on without them.",
            )

    async def purge(self) -> None:
        """Take all rows out; IncompleteError when some could not be deleted."""
        if not self._recorded:
            return
        options = PurgeOptions(allow_production=self._order.allow_production)
        try:
            result = await take_out(
                self.plan, self._target, self.api, self._ledger, Unwatched(), options
            )
        except SeedkitError as error:
            error.hint = self._way_on(error.hint)
            raise
        path = self._place.settings.new_report(self.plan.run_id, "purge")
        when = self._place.now().isoformat(timespec="seconds")
        write_receipt(path, self.plan, result, when)
        if result.left:
            raise self._incomplete(result)

    async def purge_after(self, error: BaseException) -> None:
        """Take all rows out after an error, which stays the one that is told of."""
        try:
            await self.purge()
        except Exception as failure:
            hint = failure.hint if isinstance(failure, SeedkitError) else self._way_on(None)
            error.add_note(f"Run {self.plan.run_id} was not purged: {failure}\n{hint}")
        except BaseException:
            error.add_note(self._way_on(f"The purge of run {self.plan.run_id} was interrupted."))
            raise

    def _incomplete(self, result: PurgeResult) -> IncompleteError:
        first = result.leftovers[0] if result.leftovers else None
        why = f", such as {first.table} {first.id} ({first.reason})" if first else ""
        return IncompleteError(
            f"{sum(result.left.values()):,} rows of run {self.plan.run_id} could not be "
            f"deleted{why}.",
            self._way_on(None),
        )

    def _way_on(self, hint: str | None) -> str:
        """Return a hint that ends with the command that purges the rest."""
        command = self._order.command(f"purge {self.plan.run_id}")
        if hint and command in hint:
            return hint
        return (f"{hint}\n" if hint else "") + f"Purge it with: {command}"


def _together(result: LoadResult) -> dict[str, int]:
    names = result.refused | result.skipped
    return {name: result.refused.get(name, 0) + result.skipped.get(name, 0) for name in names}
