"""Playing a story: testers do something, a purge is broken off and begun again, and we look."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.environment import read_environment
from seedkit.emulator import dump
from seedkit.errors import IncompleteError, SeedkitError, StrangersError, WrongTargetError
from seedkit.ledger import Ledger
from seedkit.load.header import find_headers
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.purge import PurgeOptions, PurgeResult, Strangers, purge
from seedkit.purge.engines import JobOrder
from seedkit.schema import Delete
from tests.faults import KilledError, kill_at
from tests.purge.stories.case import Case
from tests.purge.stories.coming import LATE, seed_late
from tests.purge.stories.disturbing import Disturb, Newcomer
from tests.purge.stories.ground import HEADER_TABLE, Ground, Row, Rows, Seeding, copy_all, indexed
from tests.purge.stories.story import Lost, Story
from tests.purge.stories.tester import Tester
from tests.purge.stories.theatre import API, Theatre, web_api
from tests.purge.stories.truth import World
from tests.worlds import NOW

SOON, LATER = NOW + timedelta(minutes=1), NOW + timedelta(days=3)
AT_LAST = LATER + timedelta(hours=1)
COPY = "0c0ffee0-0000-4000-8000-000000000001"


@dataclass(frozen=True)
class Scene:
    """What is there when the purge begins, after all that testers did."""

    story: Story
    log: tuple[str, ...]
    folder: Path
    case: Case

    @property
    def kept(self) -> set[Row]:
        """Return which of the run's rows must stay."""
        return self.case.kept(
            keep_edited=self.story.keep_edited,
            keep_strangers=self.story.strangers is Strangers.KEEP,
        )


@dataclass(frozen=True)
class Ending:
    """What the purge said, and what was there after it; `begun` tells that it died in between."""

    scene: Scene
    result: PurgeResult | None
    stopped: StrangersError | None
    begun: bool
    after: Rows


def prepare(story: Story, ground: Ground, folder: Path, theatre: Theatre) -> Scene:
    """Let testers do what they do."""
    database = ground.copy(folder)
    begin = SOON if story.soon else LATER
    theatre.show(database, begin, unknown_cascade=story.unknown)
    seedings = {one.plan.run_id: one for one in ground.seedings}
    tester = Tester(theatre.url, database, random.Random(story.number), {})
    log = []
    for number, move in enumerate((*story.moves, None)):
        if story.late == number:
            seedings[LATE] = seed_late(theatre.url, folder)
        tester.spared = _needed(story, seedings)
        tester.seeded = {
            one.plan.mark: frozenset(one.rows.keys() - tester.spared) for one in seedings.values()
        }
        log.append(None if move is None else move(tester))
    seeding = seedings[story.purged]
    _lose(story, seeding, folder, theatre.url)
    tester.close()
    theatre.clear()
    world = World(dump(database), Delete(story.unknown))
    knows = story.lost is not Lost.LEDGER and not story.copied
    case = Case(world, seeding, knows, story.include_doubtful)
    return Scene(story, tuple(filter(None, log)), folder, case)


def _needed(story: Story, seedings: Mapping[str, Seeding]) -> frozenset[Row]:
    """Return the header notes, where nothing else will tell of the runs.

    Hung on one of our rows, such a note would go before the rest, and a purge that dies then would
    leave rows for `find`.
    """
    needed = story.lost is Lost.LEDGER or story.copied
    return frozenset(one.header for one in seedings.values()) if needed else frozenset()


def _lose(story: Story, seeding: Seeding, folder: Path, url: str) -> None:
    if story.lost is Lost.NOTE:
        httpx.delete(f"{url}{API}annotations({seeding.header[1]})")  # somebody may have been faster
    if story.lost is Lost.LEDGER:
        for file in folder.glob("ledger*"):
            file.unlink()


def perform(scene: Scene, folder: Path, theatre: Theatre, *, by_jobs: bool) -> Ending:
    """Purge in a copy of the scene, until it comes to an end."""
    story, database = scene.story, copy_all(scene.folder, folder)
    if story.copied:
        _give_another_id(database)
    limits = {"throttling": story.limits is not None, **(story.limits or {})}
    theatre.show(database, AT_LAST, **limits)
    ending = asyncio.run(_Purging(scene, folder, theatre.url, by_jobs).to_the_end())
    if story.copied:
        assert dump(scene.folder / "local.sqlite3") == scene.case.world.rows
    return ending


def _give_another_id(database: Path) -> None:
    """Turn an environment's file into that of a copy: the same rows under another id."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE environment SET value = ? WHERE name = 'environment'", (COPY,))


@dataclass
class _Purging:
    """A purge that is begun again until nothing breaks it off."""

    scene: Scene
    folder: Path
    url: str
    by_jobs: bool

    async def to_the_end(self) -> Ending:
        if self.scene.story.copied:
            await self._refuse_the_copy()
        begun = await self._with_newcomer() if self.scene.story.newcomer else False
        for kill in (*self.scene.story.kills, None):
            try:
                result = await self._attempt(kill_at(kill))
                assert result is not None or begun, "neither ledger nor note knows the run"
                return self._ended(result, None, begun)
            except StrangersError as error:
                return self._ended(None, error, begun)
            except (KilledError, SeedkitError):
                assert kill is not None
                begun = True
        raise AssertionError("the last purge has no end")

    def _ended(
        self, result: PurgeResult | None, stopped: StrangersError | None, begun: bool
    ) -> Ending:
        return Ending(self.scene, result, stopped, begun, dump(self.folder / "local.sqlite3"))

    async def _refuse_the_copy(self) -> None:
        """See that nothing happens in a copy before somebody says that it is meant."""
        plan = self.scene.case.seeding.plan
        async with web_api(self.url) as (api, _):
            with pytest.raises(WrongTargetError):
                await purge(plan, api, None, Unwatched(), self._options())
        assert dump(self.folder / "local.sqlite3") == self.scene.case.world.rows

    async def _with_newcomer(self) -> bool:
        """Purge while somebody hangs a row on one that is about to go; tell whether it began."""
        going = self.scene.case.mine - self.scene.kept
        contact = min((id for table, id in going if table == "contact"), default=None)
        if contact is None:
            return False
        newcomer = Newcomer(self.url, contact)
        try:
            await self._attempt(newcomer.watch)
        except StrangersError:
            assert newcomer.note is None
            return False
        except IncompleteError:
            assert newcomer.note is not None
        rows = indexed(dump(self.folder / "local.sqlite3"))
        assert newcomer.note is None or (HEADER_TABLE, newcomer.note) in rows
        newcomer.leave()
        return True

    def _options(self) -> PurgeOptions:
        story = self.scene.story
        return PurgeOptions(
            strangers=story.strangers,
            keep_edited=story.keep_edited,
            include_doubtful=story.include_doubtful,
            jobs=JobOrder(NOW, wanted=True) if self.by_jobs else None,
        )

    async def _attempt(self, disturb: Disturb) -> PurgeResult | None:
        """Purge once; None where nobody knows the run, as its note went last of all."""
        async with web_api(self.url) as (api, transport):
            disturb(transport)
            with closing(Ledger.open(self.folder / "ledger.sqlite3")) as ledger:
                plan = await self._known(api, ledger)
                if plan is None:
                    return None
                known = None if self.scene.story.copied else ledger
                return await purge(plan, api, known, Unwatched(), self._options())

    async def _known(self, api: WebApi, ledger: Ledger) -> Plan | None:
        """Return the run as the ledger knows it, or its header note, as the command line does."""
        plan, story = self.scene.case.seeding.plan, self.scene.story
        looked_for = story.copied or not ledger.knows(plan.run_id)
        if looked_for and plan not in (await find_headers(api)).plans:
            return None
        return replace(plan, environment=await read_environment(api)) if story.copied else plan
