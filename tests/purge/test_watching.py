"""What whoever watches a purge is told before anything is deleted, and then."""

from __future__ import annotations

from collections import Counter
from typing import Any

from seedkit.dataverse.client import WebApi
from seedkit.ledger import Ledger
from seedkit.plan import Plan
from seedkit.progress import Unwatched
from seedkit.purge import Decision, PurgeOptions, Survey, purge
from tests.purge.test_purge import ROWS, after_seeding
from tests.worlds import FaultyTransport, World


class Watcher(Unwatched):
    """Whoever writes down what is told: stages, and rows expected and done in each."""

    def __init__(self) -> None:
        self.stages: list[str] = []
        self.expected: dict[str, Counter[str]] = {}
        self.finished: dict[str, Counter[str]] = {}

    def stage(self, verb: str) -> None:
        self.stages.append(verb)
        self.expected[verb], self.finished[verb] = Counter(), Counter()

    def expect(self, table: str, rows: int) -> None:
        self.expected[self.stages[-1]][table] += rows

    def done(self, table: str, rows: int) -> None:
        self.finished[self.stages[-1]][table] += rows


def watched(world: World, *, ledger: bool = True, **options: Any) -> Watcher:
    watcher = Watcher()

    async def step(p: Plan, api: WebApi, own: Ledger, _: FaultyTransport) -> None:
        await purge(p, api, own if ledger else None, watcher, PurgeOptions(**options))
        assert api.flow.pause.told == watcher.paused, "pauses while it reads are told as well"

    after_seeding(world, step)
    return watcher


def test_each_table_is_told_of_while_it_is_read_searched_and_deleted(world: World) -> None:
    watcher = watched(world)
    assert watcher.stages == ["Reading", "Searching", "Purging"]
    for told in (watcher.expected, watcher.finished):
        assert {verb: +rows for verb, rows in told.items()} == dict.fromkeys(watcher.stages, ROWS)


def test_without_a_ledger_the_note_says_how_much_there_is_to_read(world: World) -> None:
    watcher = watched(world, ledger=False, dry_run=True)
    assert +watcher.expected["Reading"] == Counter(ROWS)
    assert +watcher.finished["Reading"] == Counter(ROWS)


def test_nothing_is_expected_between_the_search_and_the_question(world: World) -> None:
    """What draws shows nothing before the first expectation of a stage."""
    asked: list[tuple[str, int]] = []
    watcher = Watcher()

    def agree(_found: Survey, _decision: Decision) -> None:
        asked.append((watcher.stages[-1], watcher.expected[watcher.stages[-1]].total()))

    async def step(p: Plan, api: WebApi, own: Ledger, _: FaultyTransport) -> None:
        await purge(p, api, own, watcher, PurgeOptions(agree=agree))

    after_seeding(world, step)
    assert asked == [("Purging", 0)]
