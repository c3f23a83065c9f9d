"""Playing a story: testers do something, a purge is broken off and begun again, and we look."""

from __future__ import annotations

import asyncio
import random
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx

from seedkit.dataverse.client import WebApi
from seedkit.errors import SeedkitError, StrangersError
from seedkit.ledger import Ledger
from seedkit.load.header import find_headers
from seedkit.marks import read_id
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.purge import PurgeOptions, PurgeResult, purge
from seedkit.purge.decision import Strangers
from seedkit.purge.engines import JobOrder
from seedkit.schema import Delete, load_catalogue
from tests.purge.stories.ground import Ground, Rows, Theatre, web_api
from tests.purge.stories.testers import HANGING, HARMLESS, Move, Row, Tester
from tests.purge.stories.truth import Case, World
from tests.worlds import NOW, FaultyTransport

UNKNOWN = ("remove_link", "cascade")
ATTEMPTS = 4
HEADER_TABLE = "annotation"


class KilledError(BaseException):
    """The process is gone; nothing of it may catch this."""


@dataclass(frozen=True)
class Story:
    """Everything that happens, drawn from a number."""

    number: int
    runs: int
    purged: int
    unknown: str
    moves: tuple[Move, ...]
    ledger_lost: bool
    note_lost: bool
    kills: tuple[int, ...]
    strangers: Strangers
    keep_edited: bool
    include_doubtful: bool
    by_jobs: bool


def draw(number: int) -> Story:
    """Return the story of a number."""
    chance = random.Random(number)
    runs = chance.choice((1, 1, 2))
    kinds = HARMLESS if chance.random() < 0.5 else HARMLESS + HANGING
    lost = chance.choice(("", "", "ledger", "note"))
    kills = [chance.randrange(1, 60) for _ in range(chance.choice((0, 0, 1, ATTEMPTS)))]
    return Story(
        number=number,
        runs=runs,
        purged=chance.randrange(runs),
        unknown=chance.choice(UNKNOWN),
        moves=tuple(chance.choice(kinds) for _ in range(chance.randrange(1, 7))),
        ledger_lost=lost == "ledger",
        note_lost=lost == "note",
        kills=tuple(kills),
        strangers=chance.choice((Strangers.STOP, *Strangers)),
        keep_edited=chance.random() < 0.3,
        include_doubtful=chance.random() < 0.2,
        by_jobs=chance.random() < 0.3,
    )


@dataclass(frozen=True)
class Ending:
    """What the purge said and what was there before and after it."""

    log: tuple[str, ...]
    story: Story
    case: Case
    edited: frozenset[Row]
    result: PurgeResult | None
    stopped: StrangersError | None
    after: Rows


def play(story: Story, ground: Ground, folder: Path, theatre: Theatre) -> Ending:
    """Play a story to its end."""
    database = ground.copy(folder)
    theatre.show(database, unknown_cascade=story.unknown)
    plan = ground.plans[story.purged]
    seeded = {one.mark: rows_of(ground.seeded, one) for one in ground.plans}
    # Whoever loses the ledger needs the header note; others may do to it what they like.
    spared = {(HEADER_TABLE, note) for note in (one.stamp.ids(1, 0, 1)[0] for one in ground.plans)}
    everybodys = frozenset(row for rows in seeded.values() for row in rows)
    everybodys -= spared if story.ledger_lost else set()
    tester = Tester(theatre.url, database, random.Random(story.number), everybodys, tuple(seeded))
    log = [done for move in story.moves if (done := move(tester)) is not None]
    if story.note_lost:
        note = plan.stamp.ids(1, 0, 1)[0]
        assert httpx.delete(f"{theatre.url}/api/data/v9.2/annotations({note})").is_success
    if story.ledger_lost:
        for file in folder.glob("ledger*"):
            file.unlink()
    world = World(tester.rows(), Delete(story.unknown))
    mine = {row for row in seeded[plan.mark] if is_still_ours(world, row, plan)}
    if story.include_doubtful:
        mine |= doubtful(world, set() if story.ledger_lost else seeded[plan.mark], plan)
    before = World(ground.seeded, Delete(story.unknown)).index
    edited = {row for row in mine if _version(world, row) != _version_in(before, row)}
    tester.close()
    result, stopped = asyncio.run(_purge(plan, story, folder, theatre.url))
    header = (HEADER_TABLE, plan.stamp.ids(1, 0, 1)[0])
    case = Case(world, frozenset(mine), header)
    rows = tester.rows()
    return Ending(tuple(log), story, case, frozenset(edited - {header}), result, stopped, rows)


def rows_of(rows: Rows, plan: Plan) -> set[Row]:
    """Return a run's rows right after it was seeded."""
    catalogue = load_catalogue()
    return {
        (table, str(row[catalogue[table].primary_id]))
        for table, found in rows.items()
        for row in found
        if row.get("importsequencenumber") == plan.mark
    }


def is_still_ours(world: World, row: Row, plan: Plan) -> bool:
    """Tell whether a seeded row is there, and no other that took its id."""
    values = world.index.get(row)
    return values is not None and values["importsequencenumber"] == plan.mark


def doubtful(world: World, seeded: set[Row], plan: Plan) -> set[Row]:
    """Return the rows for which one mark alone speaks: the number, or an id of the `seeded`.

    Without a ledger nobody knows of an id that no number leads to.
    """
    return {
        row
        for row, values in world.index.items()
        if "importsequencenumber" in values
        and (values["importsequencenumber"] == plan.mark) != (row in seeded)
        and (row in seeded or read_id(row[1]) is None)
    }


def _version(world: World, row: Row) -> object:
    return world.index[row]["versionnumber"]


def _version_in(index: dict[Row, dict[str, object]], row: Row) -> object:
    return index[row]["versionnumber"] if row in index else None


async def _purge(
    plan: Plan, story: Story, folder: Path, url: str
) -> tuple[PurgeResult | None, StrangersError | None]:
    """Purge; killed some times, and at the end left to do its work."""
    options = PurgeOptions(
        strangers=story.strangers,
        keep_edited=story.keep_edited,
        include_doubtful=story.include_doubtful,
        jobs=JobOrder(NOW, wanted=True) if story.by_jobs else None,
    )
    for kill in (*story.kills, None):
        transport = FaultyTransport(httpx.AsyncHTTPTransport())
        if kill is not None:
            _kill_at(transport, kill)
        async with transport, web_api(url, transport) as api:
            with closing(Ledger.open(folder / "ledger.sqlite3")) as ledger:
                try:
                    await _check_known(plan, api, ledger)
                    return await purge(plan, api, ledger, Unwatched(), options), None
                except StrangersError as error:
                    return None, error
                except (KilledError, SeedkitError):
                    assert kill is not None
    raise AssertionError("the last purge has no end")


async def _check_known(plan: Plan, api: WebApi, ledger: Ledger) -> None:
    """Look for the run in its header note where the ledger is lost, as the command line does."""
    if not ledger.knows(plan.run_id):
        assert plan in (await find_headers(api)).plans, "neither ledger nor note knows the run"


def _kill_at(transport: FaultyTransport, number: int) -> None:
    """Let the process die at one of its requests: before or after it was carried out, by turns."""
    sent = 0

    async def kill(_: httpx.Request) -> None:
        nonlocal sent
        sent += 1
        if sent >= number:
            raise KilledError

    (transport.after if number % 2 else transport.before).append(kill)
