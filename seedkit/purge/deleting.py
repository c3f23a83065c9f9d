"""Deleting what a purge has decided on: strangers, children before parents, then verified."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from seedkit.errors import IncompleteError, SeedkitError, one_error
from seedkit.load.header import NOTE_TABLE, note_id
from seedkit.progress import Progress, Unwatched
from seedkit.purge.decision import Decision, in_the_way, newcomers
from seedkit.purge.engines import BatchEngine, Leftover, choose_engine, no_look
from seedkit.purge.engines.platform import clear_jobs
from seedkit.purge.findings import Harm, Stranger, Survey
from seedkit.purge.obstacles import clear_away
from seedkit.purge.order import deletion_order
from seedkit.purge.rows import Rows
from seedkit.purge.stopping import described, strangers_error, told_of_sight
from seedkit.purge.strangers import Search
from seedkit.purge.survey import Look
from seedkit.purge.terms import PurgeOptions, PurgeResult


class Deletion:
    """One purge on its way."""

    def __init__(
        self,
        look: Look,
        found: Survey,
        decision: Decision,
        progress: Progress,
        options: PurgeOptions,
        gone_before: Mapping[str, int],
    ) -> None:
        self._look = look
        self._api = look.api
        self._plan = look.plan
        self._found = found
        self._decision = decision
        self._search = look.search(dict(found.tables))
        self._header = note_id(look.plan)
        self._gone_before = gone_before
        self._again, self._stopped = options.again, options.stopped
        batches, self._others = (
            BatchEngine(
                look.api,
                watcher,
                rows_per_request=options.rows_per_request,
                requests=options.requests,
            )
            for watcher in (progress, Unwatched())
        )
        rows = sum(decision.counts.values())
        self._engine = choose_engine(look.api, look.plan, progress, batches, options.jobs, rows)
        for table, why in found.unsearched.items():
            self._engine.tally.remark(f"Rows of {table} were not looked for: {why}.")
        for table, depth in found.partly_seen.items():
            self._engine.tally.remark(told_of_sight(table, depth))

    async def run(self) -> PurgeResult:
        """Delete all that is to go; whoever wants to know hears how far an interrupted one came."""
        try:
            with one_error():
                return await self._delete()
        except SeedkitError as error:
            self._tell_stop(error.message)
            raise
        except asyncio.CancelledError:
            self._tell_stop("It was interrupted.")
            raise

    def _tell_stop(self, why: str) -> None:
        """Tell of the deletes before a stop, unless there were none."""
        tally = self._engine.tally
        done = tally.deleted + tally.already_gone
        if done or self._others.tally.deleted:
            left = Counter(self._decision.counts) - done
            self._stopped(self._result(left, stopped=why))

    async def _delete(self) -> PurgeResult:
        """Delete children first, retry what is left, verify, delete the header note last."""
        order = deletion_order(self._plan, self._look.live)
        await self._strangers()
        for table in order:
            await self._table(table, self._decision.going[table])
        await self._retry(order)
        left = await self._left()
        tally = self._engine.tally
        for reason in await clear_jobs(self._api, self._plan):
            tally.remark(f"The rows of background jobs stay: {reason}")
        if not left and self._header in self._decision.going[NOTE_TABLE]:
            await self._engine.delete(self._look.live[NOTE_TABLE], [self._header], no_look)
            left = {NOTE_TABLE: 1} if self._header in tally.leftovers else {}
        return self._result(left)

    def _result(self, left: Mapping[str, int], stopped: str = "") -> PurgeResult:
        tally = self._engine.tally
        return PurgeResult(
            survey=self._found,
            decision=self._decision,
            deleted=dict(tally.deleted),
            already_gone=dict(tally.already_gone),
            left=dict(left),
            leftovers=tuple(tally.leftovers.values()),
            strangers_deleted=dict(self._others.tally.deleted),
            doubtful_too=self._look.doubtful_too,
            jobs=tuple(tally.jobs),
            remarks=tuple(tally.remarks),
            gone_before=self._gone_before,
            stopped=stopped,
        )

    def _rows(self, table: str, ids: Iterable[str]) -> Rows:
        return Rows.of(self._plan.stamp, self._plan.table(table).number, ids)

    async def _strangers(self) -> None:
        """Delete the strangers that a person allowed to delete, the deepest first.

        While that person read the question, more may have come, and some may have been moved.
        """
        if not self._decision.deleting:
            return
        found = await self._search.everywhere()
        if came := newcomers(self._decision, found):
            raise strangers_error(self._plan, came, self._again)
        for one in reversed(in_the_way(self._decision, found)):
            await self._others.delete(self._look.live[one.table], [one.id], no_look)
            if stuck := self._others.tally.leftovers.get(one.id):
                self._refused(one, stuck)

    def _refused(self, stranger: Stranger, stuck: Leftover) -> None:
        """Stop when a stranger can't be deleted and keeps our row; else it goes with that row."""
        what = f"{stuck.table} {stuck.id}, which is not ours, could not be deleted"
        why = f"{stuck.code} {stuck.reason}"
        if stranger.harm is Harm.BLOCKS:
            raise IncompleteError(
                f"{what} ({why}); none of the run's rows was.",
                f"Move or delete it in the app, then: {self._again}",
            )
        self._engine.tally.remark(f"{what} by itself ({why}); it was left to go with its parent.")

    async def _table(self, name: str, rows: Rows) -> None:
        """Delete rows of a table but the header note, which tells of all others, and goes last."""
        rows -= self._rows(name, [self._header])

        async def look() -> None:
            await look_again(self._search, self._decision, name, self._again)

        await self._engine.delete(self._look.live[name], rows, look)

    async def _retry(self, order: Sequence[str]) -> None:
        """Delete again what was in the way before, as long as that leaves less of it."""
        tally, before = self._engine.tally, 0
        while tally.leftovers and len(tally.leftovers) != before:
            before = len(tally.leftovers)
            for table in order:
                left = [row for row in tally.leftovers.values() if row.table == table]
                await clear_away(self._api, self._look.live[table], left)
                await self._table(table, self._rows(table, [row.id for row in left]))

    async def _left(self) -> dict[str, int]:
        """Count what is still there and was to go, by asking the environment again."""
        tables = await self._look.collect()
        for name, found in tables.items():
            self._engine.tally.verify(name, found.ours)
        left = {
            name: len(found.ours - self._decision.kept[name] - self._rows(name, [self._header]))
            for name, found in tables.items()
        }
        return {name: count for name, count in left.items() if count}


async def look_again(search: Search, decision: Decision, table: str, again: str) -> None:
    """Stop when strangers came since the survey, or were hung on rows that are about to go."""
    came = newcomers(decision, await search.below(table))
    if came:
        newcomer = came[0]
        raise IncompleteError(
            f"Stopped before {table}: meanwhile {newcomer.table} {newcomer.name!r} was hung on "
            f"one of its rows ({newcomer.link}).",
            f"Move or delete it in the app, then: {again}",
            [described(one) for one in came],
        )
