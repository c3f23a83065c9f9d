"""The purge of one run: survey, decide, stop at strangers, delete children first, verify, forget.

The window that remains: a row that somebody hangs on one of ours between the last search for
strangers and the delete of its parent is deleted with it. The search is repeated before every
wave of deletes in a table that can take others along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from seedkit.dataverse.acting import Acting
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import Environment, read_environment
from seedkit.dataverse.metadata import LiveTable, read_with_dependants
from seedkit.dataverse.sizes import MOST_ROWS
from seedkit.errors import IncompleteError, StrangersError, WrongTargetError, one_error
from seedkit.guard import guard
from seedkit.ledger import Ledger, RunState
from seedkit.load.header import KEPT, NOTE_TABLE, note_id, noted_plan, restate_header
from seedkit.load.origin import read_origin
from seedkit.plan import Plan
from seedkit.plan.rights import check_sight
from seedkit.progress import Progress, Unwatched
from seedkit.purge.decision import Decision, Strangers, decide, in_the_way
from seedkit.purge.edits import Editors
from seedkit.purge.engines import BatchEngine, JobOrder, JobRecord, Leftover, choose_engine, no_look
from seedkit.purge.engines.platform import clear_jobs
from seedkit.purge.findings import Stranger, Survey
from seedkit.purge.fingerprint import Own, Proof, hanging_tables, take_print
from seedkit.purge.memory import Memory
from seedkit.purge.obstacles import clear_away
from seedkit.purge.order import deletion_order
from seedkit.purge.rows import Rows
from seedkit.purge.strangers import Search
from seedkit.purge.survey import Look

SHOWN_STRANGERS = 10


@dataclass(frozen=True, slots=True)
class PurgeOptions:
    """What a purge may do: only look, or delete; at most how many rows and requests at once.

    `allow_production` names the production environment in which it may delete. `acting` says in
    whose name. `agree` sees what was found and decided before anything is deleted, and raises to
    stop the purge. `include_doubtful` takes doubtful rows for ours. `again` is the command that
    starts this purge anew, as hints name it.
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


@dataclass(frozen=True, slots=True)
class PurgeResult:
    """What a purge found, decided and did, by table; `strangers_deleted` were not ours."""

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

    @property
    def kept(self) -> dict[str, int]:
        """Return how many of our rows of each table were kept."""
        return self.decision.kept_counts


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
    if not options.dry_run:
        await clear_jobs(api, plan)  # of a purge that was interrupted: they go on deleting
    look = await _look(plan, api, ledger, here.user, options)
    found = await look.survey()
    decision = await decide(look, found, options.strangers, keep_edited=options.keep_edited)
    if options.dry_run:
        return PurgeResult(found, decision, {}, {}, decision.counts, ())
    if decision.harmed and options.strangers is not Strangers.DELETE:
        raise strangers_error(plan, decision.harmed, options.again)
    options.agree(found, decision)
    if ledger:
        versions = (table.version for table in found.tables.values())
        ledger.begin_purge(plan.run_id, max(versions, default=0))
    for table, rows in decision.counts.items():
        progress.expect(table, rows)
    others = await hanging_tables(api, look.live) if options.fingerprint else {}
    own = _own(look, found, decision)
    before = await take_print(api, others, own)
    with one_error():
        result = await _Purge(look, found, decision, progress, options).run()
    if options.fingerprint:
        result = replace(result, proof=before.compare(await take_print(api, others, own)))
    if not result.left:
        await _close(plan, look, ledger, result)
    return result


async def _look(
    plan: Plan, api: WebApi, ledger: Ledger | None, purger: str, options: PurgeOptions
) -> Look:
    live = await read_with_dependants(api, (table.name for table in plan.tables))
    since = ledger.purged_since(plan.run_id) if ledger else None
    editors = Editors(await read_origin(plan, api, ledger), purger, since)
    memory, unsearched = Memory(plan, ledger), _unsearched(plan, live, ledger)
    there = replace(plan, tables=tuple(table for table in plan.tables if table.name in live))
    return Look(api, there, live, memory, editors, options.include_doubtful, unsearched)


def _unsearched(
    plan: Plan, live: Mapping[str, LiveTable], ledger: Ledger | None
) -> Mapping[str, str]:
    """Return why rows of some tables can't be looked for."""
    remembered = ledger is not None and ledger.has(plan.run_id)
    why = {
        table.name: "without the ledger nobody knows the ids, and they have no number"
        for table in plan.tables
        if not table.numbered and not remembered
    }
    gone = (table.name for table in plan.tables if table.name not in live)
    return why | dict.fromkeys(gone, "the environment has that table no more")


def _own(look: Look, found: Survey, decision: Decision) -> Own:
    """Return what a fingerprint of all other rows leaves out."""
    return Own(
        rows={name: one.ours | decision.going[name] for name, one in found.tables.items()},
        makers=look.editors.origin.makers,
        allowed=frozenset(one.id for one in decision.deleting),
    )


async def _close(plan: Plan, look: Look, ledger: Ledger | None, result: PurgeResult) -> None:
    """Record that a run is gone, or which part of it was kept.

    A note that can't be read is written anew only where the ledger knows the run for sure.
    """
    told = await noted_plan(look.api, plan) or (plan if ledger else None)
    if result.kept and told:
        await restate_header(look.api, told, KEPT, look.editors.origin, result.kept)
    if ledger:
        ledger.set_state(plan.run_id, RunState.KEPT if result.kept else RunState.PURGED)


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


def strangers_error(plan: Plan, strangers: Sequence[Stranger], again: str) -> StrangersError:
    """Return the error that lists strangers; `again` as in `PurgeOptions`."""
    count = len(strangers)
    lines = [f"  {told(stranger)}" for stranger in strangers[:SHOWN_STRANGERS]]
    if count > SHOWN_STRANGERS:
        lines.append(f"  and {count - SHOWN_STRANGERS} more")
    rows = "row that is not ours hangs" if count == 1 else "rows that are not ours hang"
    return StrangersError(
        f"Nothing was deleted: {count} {rows} on rows of run {plan.run_id}:\n" + "\n".join(lines),
        [{**asdict(stranger), "harm": stranger.harm.value} for stranger in strangers],
        f"Move or delete them in the app, then: {again}\n"
        f"or keep what they need, and purge the rest: {again} --strangers keep",
    )


def told(stranger: Stranger) -> str:
    """Return what a person is told of a stranger."""
    return (
        f"{stranger.table} {stranger.name!r} hangs on {stranger.above} by {stranger.column} and "
        f"{stranger.harm.value}: {stranger.link}"
    )


class _Purge:
    """One purge on its way."""

    def __init__(
        self,
        look: Look,
        found: Survey,
        decision: Decision,
        progress: Progress,
        options: PurgeOptions,
    ) -> None:
        self._look = look
        self._api = look.api
        self._plan = look.plan
        self._found = found
        self._decision = decision
        self._search = look.search(dict(found.tables))
        self._header = note_id(look.plan)
        self._again = options.again
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

    async def run(self) -> PurgeResult:
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
        return PurgeResult(
            survey=self._found,
            decision=self._decision,
            deleted=dict(tally.deleted),
            already_gone=dict(tally.already_gone),
            left=left,
            leftovers=tuple(tally.leftovers.values()),
            strangers_deleted=dict(self._others.tally.deleted),
            doubtful_too=self._look.doubtful_too,
            jobs=tuple(tally.jobs),
            remarks=tuple(tally.remarks),
        )

    def _rows(self, table: str, ids: Iterable[str]) -> Rows:
        return Rows.of(self._plan.stamp, self._plan.table(table).number, ids)

    async def _strangers(self) -> None:
        """Delete the strangers that a person allowed to delete, the deepest first.

        While that person read the question, more may have come, and some may have been moved.
        """
        allowed = {(one.table, one.id) for one in self._decision.deleting}
        if not allowed:
            return
        there = in_the_way(self._decision, await self._search.everywhere())
        newcomers = [one for one in there if (one.table, one.id) not in allowed]
        if newcomers:
            raise strangers_error(self._plan, newcomers, self._again)
        for one in reversed(there):
            await self._others.delete(self._look.live[one.table], [one.id], no_look)
        if self._others.tally.leftovers:
            stuck = next(iter(self._others.tally.leftovers.values()))
            raise IncompleteError(
                f"{stuck.table} {stuck.id}, which is not ours, could not be deleted "
                f"({stuck.code} {stuck.reason}); none of the run's rows was.",
                f"Move or delete it in the app, then: {self._again}",
            )

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
    newcomers = in_the_way(decision, await search.below(table))
    if newcomers:
        newcomer = newcomers[0]
        raise IncompleteError(
            f"Stopped before {table}: meanwhile {newcomer.table} {newcomer.name!r} was hung on "
            f"one of its rows ({newcomer.link}).",
            f"Move or delete it in the app, then: {again}",
        )
