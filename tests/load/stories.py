"""Playing stories of loads that go wrong, and looking at what is there afterwards.

A story is a load under some of the emulator's faults, broken off and begun again up to eight
times; in between the ledger may be lost or be an older one, and the process may die. Then the
faults end, and one more load has to bring the state in which every row is there exactly once.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx

from seedkit.dataverse.bearer import Bearer
from seedkit.dataverse.client import RetryPolicy, WebApi
from seedkit.emulator import create_app, dump
from seedkit.errors import RunNotFoundError, SeedkitError
from seedkit.ledger import Ledger, RunState, Step
from seedkit.load import Limits, LoadResult, adopt, load
from seedkit.load.header import find_headers
from seedkit.load.stock import settled_spans
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.purge import purge
from seedkit.records.batch import Lookup, RecordBatch
from seedkit.verify import verify
from tests.faults import KilledError, kill_at
from tests.load.drawing import Attempt, Shape, Story, draw
from tests.load.test_load import EXPECTED
from tests.worlds import NOW, FaultyTransport, TinySource, plan_for

MANY = 10  # more rows than any table has in a block of the tiny bank
WRITTEN_BY_THE_SERVICE = {"versionnumber", "createdon", "modifiedon", "overriddencreatedon"}
Rows = dict[str, list[dict[str, object]]]
T = TypeVar("T")


@dataclass
class Time:
    """Time that passes only where somebody waits."""

    seconds: float = 0.0

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    def count(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)


class AtOnce(ThreadPoolExecutor):
    """Does work at once: with threads a story would not be the same twice."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


class Tokens:
    """Tokens without end; each renewal brings another."""

    def __init__(self) -> None:
        self._number = 1

    async def token(self) -> str:
        return f"token-{self._number}"

    async def renew(self) -> str:
        self._number += 1
        return await self.token()


class OwnedSource(TinySource):
    """The tiny bank, whose customers have relationship managers."""

    def __init__(self, plan: Plan, owners: list[str]) -> None:
        super().__init__(plan)
        self._owners = owners

    def batches(self, block: int) -> list[RecordBatch]:
        return [self._owned(batch) for batch in super().batches(block)]

    def _owned(self, batch: RecordBatch) -> RecordBatch:
        if batch.table != "contact" or not self._owners:
            return batch
        who = [self._owners[row % len(self._owners)] for row in range(len(batch))]
        return replace(batch, lookups=[*batch.lookups, Lookup("ownerid", "systemuser", who)])


class Stage:
    """One environment and one machine on which a story is played."""

    def __init__(self, folder: Path, story: Story, fresh: Path | None = None) -> None:
        self.story = story
        self.database = folder / "local.sqlite3"
        self._folder = folder
        self._time = Time()
        self._tokens = Tokens()
        if fresh is not None:
            shutil.copy(fresh, self.database)
        self._app = create_app(
            self.database, clock=self._time.now, sleep=self._time.sleep, settings=story.settings
        )
        self._transport = FaultyTransport(httpx.ASGITransport(app=self._app))
        self._old: Path | None = None
        self._outdated = False
        self.broken_off = 0

    def rows(self) -> Rows:
        return dump(self.database)

    async def play(self) -> LoadResult:
        """Play the story to its end; AssertionError when it has another end than it should."""
        asyncio.get_running_loop().set_default_executor(AtOnce())
        plan, source = await self._plan()
        with closing(self._ledger()) as ledger:
            ledger.add_run(plan)
        await self._rule(self.story.faults)
        for attempt in self.story.attempts:
            finished = await self._attempt(plan, source, attempt)
            # An old ledger is put right by the next load that comes as far as taking stock.
            self._outdated = not finished and (
                attempt.ledger == "old" or (self._outdated and attempt.ledger == "kept")
            )
            self._check_between(plan, source)
            if finished:
                break
        await self._rule(())
        return await self._finish(plan, source)

    async def _plan(self) -> tuple[Plan, TinySource]:
        async with self._api() as api:
            plan, shape = await plan_for(api), self.story.shape
            found = await api.all("systemusers", {"$select": "systemuserid"})
        owners = sorted(row["systemuserid"] for row in found)[:2] if shape.owners else []
        tables = plan.tables
        if shape.by_batch:
            tables = tuple(replace(t, create_by="$batch", update_by="$batch") for t in tables)
        if shape.unnumbered:
            tables = tuple(replace(t, numbered=t.name != "msfsi_lifemoment") for t in tables)
        if owners:
            bound = {"ownerid:systemuser": "ownerid"}
            tables = tuple(
                replace(t, binds={**t.binds, **bound}) if t.name == "contact" else t for t in tables
            )
        sets = {**plan.foreign_sets, "systemuser": "systemusers"}
        plan = replace(plan, tables=tables, foreign_sets=sets)
        return plan, OwnedSource(plan, owners)

    async def _attempt(self, plan: Plan, source: TinySource, attempt: Attempt) -> bool:
        """Load once; tell whether the run is finished, with or without lost rows."""
        try:
            with closing(await self._ledger_for(plan, attempt)) as ledger:
                limits = Limits(attempt.rows_per_request, attempt.requests)
                async with self._api(attempt.killed_at) as api:
                    await load(plan, source, api, ledger, Unwatched(), limits)
            return True
        except (SeedkitError, KilledError):
            self.broken_off += 1
            return False

    async def _ledger_for(self, plan: Plan, attempt: Attempt) -> Ledger:
        """Return the ledger that this attempt finds, and keep a copy as a backup."""
        if attempt.ledger == "lost" or (attempt.ledger == "old" and self._old is None):
            for file in self._folder.glob("ledger*"):
                file.unlink()
        elif attempt.ledger == "old" and self._old is not None:
            with closing(Ledger.open(self._old)) as old, closing(self._ledger()) as ledger:
                old._connection.backup(ledger._connection)
        ledger = self._ledger()
        try:
            ledger.find(plan.run_id)
        except RunNotFoundError:
            await self._adopt(plan, ledger)
        if self._old is None:
            self._old = self._folder / "backup.sqlite3"
            with closing(Ledger.open(self._old)) as old:
                ledger._connection.backup(old._connection)
        return ledger

    async def _adopt(self, plan: Plan, ledger: Ledger) -> None:
        """Go on from the header note; without one nothing may be there, and the run begins."""
        await self._rule(())
        async with self._api() as api:
            plans = (await find_headers(api)).plans
        await self._rule(self.story.faults)
        if plans:
            assert plans == (plan,)
            adopt(plans[0], ledger)
        else:
            rows = self.rows()
            assert not any(rows[table.name] for table in plan.tables)
            ledger.add_run(plan)

    async def _finish(self, plan: Plan, source: TinySource) -> LoadResult:
        with closing(self._ledger()) as ledger:
            async with self._api() as api:
                if not ledger.knows(plan.run_id):
                    await self._adopt(plan, ledger)
                    await self._rule(())
                ledger.forget_lost(plan.run_id)
                result = await load(plan, source, api, ledger, Unwatched())
                assert ledger.lost_rows(plan.run_id) == []
                assert ledger.find(plan.run_id).state is RunState.SEEDED
                assert all(check.holds for check in await verify(plan, api, ledger))
                (noted,) = (await find_headers(api)).runs
                assert (noted.plan, noted.run_state) == (plan, RunState.SEEDED)
        assert result.rows == EXPECTED
        self._check_marks(plan, source)
        return result

    async def purge(self) -> None:
        """Take the run out again."""
        plan, _ = await self._plan()
        with closing(self._ledger()) as ledger:
            async with self._api() as api:
                await purge(ledger.find(plan.run_id).plan, api, ledger, Unwatched())

    def _check_between(self, plan: Plan, source: TinySource) -> None:
        """What is there is ours, marked, at its own id; what the ledger says is true."""
        self._check_marks(plan, source)
        with closing(self._ledger()) as ledger:
            lost = {row.id for row in ledger.lost_rows(plan.run_id) if row.step is Step.CREATE}
            done = settled_spans(ledger, plan.run_id)
        rows = self.rows()
        there = {row[f"{table.name}id"] for table in plan.tables for row in rows[table.name]}
        for (step, table, block), spans in done.items():
            ids = source.ids(table, block, MANY)
            claimed = {ids[n] for n in range(MANY) if n in spans} if step is Step.CREATE else set()
            assert claimed - lost <= there, f"{table}: the ledger says more than is true"
        late = any(rule["fault"] == "late-commit" for rule in self.story.faults)
        if not late and not self._outdated:
            assert not lost & there, "the ledger calls rows lost that are there"

    def _check_marks(self, plan: Plan, source: TinySource) -> None:
        rows = self.rows()
        for table in plan.tables:
            ids = {id for block in source.blocks for id in source.ids(table.name, block, MANY)}
            for row in rows[table.name]:
                assert row[f"{table.name}id"] in ids, f"a row of {table.name} is nobody's"
                mark = plan.mark if table.numbered else None
                assert row["importsequencenumber"] == mark, f"a row of {table.name} has no mark"

    def _ledger(self) -> Ledger:
        return Ledger.open(self._folder / "ledger.sqlite3")

    @contextlib.asynccontextmanager
    async def _api(self, killed_at: int | None = None) -> AsyncIterator[WebApi]:
        kill_at(killed_at)(self._transport)
        bearer = Bearer(self._tokens) if self.story.signed_in else None
        try:
            yield WebApi(
                self._transport,
                "http://localhost",
                RetryPolicy(),
                bearer=bearer,
                sleep=self._time.sleep,
                clock=self._time.count,
            )
        finally:
            self._transport.before.clear()
            self._transport.after.clear()

    async def _rule(self, faults: tuple[dict[str, Any], ...]) -> None:
        """Put fault rules in force; none ends them."""
        rules = {"seed": self.story.number, "faults": list(faults)}
        inner = self._transport.inner
        async with httpx.AsyncClient(transport=inner, base_url="http://localhost") as client:
            (await client.put("/emulator/faults", json=rules)).raise_for_status()

    def close(self) -> None:
        self._app.state.close()


def comparable(rows: Rows) -> Rows:
    """Return all rows of all tables without what depends on when and how often we asked."""
    return {table: _plain(table, found) for table, found in rows.items()}


def _plain(table: str, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    left_out = set(WRITTEN_BY_THE_SERVICE)
    if table == "annotation":
        left_out.add("notetext")
    if table not in EXPECTED:
        left_out.add(f"{table}id")  # the service's own, counted per request
    plain = [{k: v for k, v in row.items() if k not in left_out} for row in rows]
    return sorted(plain, key=lambda row: repr(sorted(row.items(), key=lambda item: item[0])))


def play(number: int, folder: Path, fresh: Path) -> tuple[Rows, Stage]:
    """Play a story in a copy of a fresh environment; return what is there afterwards."""
    stage = Stage(folder, draw(number), fresh)
    asyncio.run(stage.play())
    return comparable(stage.rows()), stage


def undisturbed(shape: Shape, folder: Path) -> Rows:
    """Return what is there after a load of the same plan to which nothing happened."""
    quiet = Attempt(250, 6, None, "kept")
    stage = Stage(folder, Story(0, shape, (), {}, False, (quiet,)))
    asyncio.run(stage.play())
    rows = comparable(stage.rows())
    stage.close()
    return rows
