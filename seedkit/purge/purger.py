"""The purge of one run: survey, stop at strangers, delete children first, verify, forget.

The window that remains: a row that somebody hangs on one of ours between the last search for
strangers and the delete of its parent is deleted with it. The search is repeated before every
wave of deletes in a table that can take others along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace

from seedkit.dataverse.acting import Acting
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import Environment, read_environment
from seedkit.dataverse.metadata import LiveTable, read_with_dependants
from seedkit.dataverse.sizes import MOST_ROWS
from seedkit.errors import IncompleteError, StrangersError, WrongTargetError, one_error
from seedkit.guard import guard
from seedkit.ledger import Ledger, Origin, RunState
from seedkit.load.header import NOTE_TABLE, note_id
from seedkit.load.origin import read_origin
from seedkit.plan import Plan
from seedkit.plan.rights import check_sight
from seedkit.progress import Progress
from seedkit.purge.engines import BatchEngine, JobOrder, JobRecord, Leftover, choose_engine, no_look
from seedkit.purge.engines.platform import clear_jobs
from seedkit.purge.findings import Survey
from seedkit.purge.memory import Memory
from seedkit.purge.order import deletion_order
from seedkit.purge.rows import Rows
from seedkit.purge.strangers import find_strangers
from seedkit.purge.survey import collect, survey

SHOWN_STRANGERS = 10


@dataclass(frozen=True, slots=True)
class PurgeOptions:
    """What a purge may do: only look, or delete; at most how many rows and requests at once.

    `allow_production` names the production environment in which it may delete. `acting` says in
    whose name. `agree` sees the survey before anything is deleted, and raises to stop the purge.
    """

    dry_run: bool = False
    allow_production: str | None = None
    acting: Acting = field(default_factory=Acting)
    agree: Callable[[Survey], None] = lambda _: None
    rows_per_request: int = MOST_ROWS
    requests: int | None = None  # None: as the client's pace asks for
    jobs: JobOrder | None = None  # None: no background jobs


@dataclass(frozen=True, slots=True)
class PurgeResult:
    """What a purge found and did, by table."""

    survey: Survey
    deleted: Mapping[str, int]
    already_gone: Mapping[str, int]
    left: Mapping[str, int]
    leftovers: tuple[Leftover, ...]
    jobs: tuple[JobRecord, ...] = ()
    remarks: tuple[str, ...] = ()


async def purge(
    plan: Plan,
    api: WebApi,
    ledger: Ledger | None,
    progress: Progress,
    options: PurgeOptions | None = None,
) -> PurgeResult:
    """Delete exactly a run's rows.

    Raises WrongTargetError (another environment than the recorded one), ProductionError (it looks
    like production and was not allowed), StrangersError (rows that
    are not ours would go too; nothing is deleted), IncompleteError (a stranger came in between).
    """
    options = options or PurgeOptions()
    here = await check_target(plan, api)
    if not options.dry_run:
        await guard(api, here, options.allow_production)
    await _begin(plan, api, here, options.acting)
    live = await read_with_dependants(api, (table.name for table in plan.tables))
    memory, origin = Memory(plan, ledger), await read_origin(plan, api, ledger)
    found = await survey(api, plan, live, memory, origin)
    if options.dry_run:
        return PurgeResult(found, {}, {}, found.counts, ())
    if found.strangers:
        raise strangers_error(plan, found)
    options.agree(found)
    if ledger:
        ledger.set_state(plan.run_id, RunState.PURGING)
    for table, rows in found.counts.items():
        progress.expect(table, rows)
    with one_error():
        result = await _Purge(plan, api, live, found, memory, origin, progress, options).run()
    if ledger and not result.left:
        ledger.set_state(plan.run_id, RunState.PURGED)
    return result


async def _begin(plan: Plan, api: WebApi, here: Environment, acting: Acting) -> None:
    """Act in our own name, unless asked otherwise: a user who sees less would miss strangers."""
    await acting.begin(api, here.user, replace(plan.manner, impersonated=None))
    user = api.manner.impersonated
    await check_sight(api, user.id if user else here.user, plan)


async def check_target(plan: Plan, api: WebApi) -> Environment:
    """Return the environment; stop when it is not the one in which the run was recorded."""
    here = await read_environment(api)
    if here.id != plan.environment.id:
        raise WrongTargetError(
            f"Run {plan.run_id} was seeded into {plan.environment.name} ({plan.environment.id}), "
            f"and this is {here.name} ({here.id}).",
            "If this is a copy of that one: "
            f"seedkit purge {plan.run_id} --environment {here.url} --adopt-copy",
        )
    return here


def strangers_error(plan: Plan, found: Survey) -> StrangersError:
    """Return the error that lists the strangers of a survey."""
    count = len(found.strangers)
    lines = [
        f"  {stranger.table} {stranger.name!r} hangs on {stranger.parent}: {stranger.link}"
        for stranger in found.strangers[:SHOWN_STRANGERS]
    ]
    if count > SHOWN_STRANGERS:
        lines.append(f"  and {count - SHOWN_STRANGERS} more")
    rows = "row that is" if count == 1 else "rows that are"
    return StrangersError(
        f"Nothing was deleted: {count} {rows} not ours would be deleted with run {plan.run_id}:\n"
        + "\n".join(lines),
        [asdict(stranger) for stranger in found.strangers],
        f"Move or delete them in the app, then: seedkit purge {plan.run_id}",
    )


class _Purge:
    """One purge on its way."""

    def __init__(
        self,
        plan: Plan,
        api: WebApi,
        live: Mapping[str, LiveTable],
        found: Survey,
        memory: Memory,
        origin: Origin,
        progress: Progress,
        options: PurgeOptions,
    ) -> None:
        self._plan = plan
        self._api = api
        self._live = live
        self._found = found
        self._memory = memory
        self._origin = origin
        self._header = note_id(plan)
        batches = BatchEngine(
            api,
            progress,
            rows_per_request=options.rows_per_request,
            requests=options.requests,
        )
        rows = sum(found.counts.values())
        self._engine = choose_engine(api, plan, progress, batches, options.jobs, rows)

    async def run(self) -> PurgeResult:
        """Delete children first, retry what is left, verify, delete the header note last."""
        order = deletion_order(self._plan, self._live)
        await clear_jobs(self._api, self._plan)  # of a purge that was interrupted
        for table in order:
            await self._table(table, self._found.tables[table].ours)
        for table in order:  # what was in the way then may be gone now
            await self._table(table, self._rows(table, self._engine.tally.left_in(table)))
        left = await self._left()
        tally = self._engine.tally
        if not left:
            if self._header in self._found.tables[NOTE_TABLE].ours:
                await self._engine.delete(self._live[NOTE_TABLE], [self._header], no_look)
            left = {NOTE_TABLE: 1} if self._header in tally.leftovers else {}
        await clear_jobs(self._api, self._plan)
        return PurgeResult(
            survey=self._found,
            deleted=dict(tally.deleted),
            already_gone=dict(tally.already_gone),
            left=left,
            leftovers=tuple(tally.leftovers.values()),
            jobs=tuple(tally.jobs),
            remarks=tuple(tally.remarks),
        )

    def _rows(self, table: str, ids: Iterable[str]) -> Rows:
        return Rows.of(self._plan.stamp, self._plan.table(table).number, ids)

    async def _table(self, name: str, rows: Rows) -> None:
        """Delete rows of a table but the header note, which tells of all others, and goes last."""
        rows -= self._rows(name, [self._header])
        await self._engine.delete(self._live[name], rows, lambda: self._look_again(name))

    async def _look_again(self, name: str) -> None:
        """Search for strangers that came since the survey."""
        strangers = await find_strangers(
            self._api, self._plan, self._live[name], self._live, self._found.tables
        )
        if strangers:
            newcomer = strangers[0]
            raise IncompleteError(
                f"Stopped before {name}: meanwhile {newcomer.table} {newcomer.name!r} was hung on "
                f"one of its rows ({newcomer.link}).",
                f"Move or delete it in the app, then: seedkit purge {self._plan.run_id}",
            )

    async def _left(self) -> dict[str, int]:
        """Count what is still there, by asking the environment again."""
        tables = await collect(self._api, self._plan, self._live, self._memory, self._origin)
        left = {
            name: len(found.ours - self._rows(name, [self._header]))
            for name, found in tables.items()
        }
        return {name: count for name, count in left.items() if count}
