"""The randomised fault run: every story ends with all rows there exactly once, each marked."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from seedkit.emulator import create_app, dump
from seedkit.load.work import Work
from tests.load.drawing import KINDS, Shape, draw
from tests.load.stories import Rows, play, undisturbed
from tests.worlds import NOW

STORIES = 240
SAMPLE = 10


def sampled() -> list[object]:
    """Return all stories; the default suite plays some of them."""
    every = STORIES // SAMPLE
    return [
        pytest.param(number, marks=() if number % every == every - 1 else pytest.mark.soak)
        for number in range(STORIES)
    ]


@dataclass(frozen=True)
class Ground:
    """A fresh environment in a file, and what undisturbed loads make of one."""

    fresh: Path
    empty: Rows
    folders: pytest.TempPathFactory
    known: dict[Shape, Rows]

    def expected(self, shape: Shape) -> Rows:
        if shape not in self.known:
            self.known[shape] = undisturbed(shape, self.folders.mktemp("undisturbed"))
        return self.known[shape]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    fresh = tmp_path_factory.mktemp("fresh") / "local.sqlite3"
    create_app(fresh, clock=lambda: NOW).state.close()
    return Ground(fresh, dump(fresh), tmp_path_factory, {})


@pytest.mark.parametrize("number", sampled())
def test_every_row_is_there_once(number: int, tmp_path: Path, ground: Ground) -> None:
    rows, stage = play(number, tmp_path, ground.fresh)
    assert rows == ground.expected(stage.story.shape)
    asyncio.run(stage.purge())
    assert stage.rows() == ground.empty
    stage.close()


def test_the_stories_hold_everything_that_can_happen() -> None:
    stories = [draw(number) for number in range(STORIES)]
    kinds = Counter(rule["fault"] for story in stories for rule in story.faults)
    assert set(kinds) == set(KINDS)
    assert min(kinds.values()) >= STORIES // len(KINDS)
    for word in ("by_batch", "owners", "unnumbered"):
        assert {getattr(story.shape, word) for story in stories} == {True, False}
    assert {story.signed_in for story in stories} == {True, False}
    assert any(story.settings for story in stories)
    attempts = [attempt for story in stories for attempt in story.attempts]
    assert {attempt.ledger for attempt in attempts} == {"kept", "lost", "old"}
    assert any(attempt.killed_at for attempt in attempts)


def play_until_noticed(folder: Path, ground: Ground) -> None:
    for number in range(STORIES):
        (own := folder / str(number)).mkdir()
        rows, stage = play(number, own, ground.fresh)
        assert rows == ground.expected(stage.story.shape)
        stage.close()


async def nothing_is_there(work: Work, rows: object) -> set[int]:
    return set()


async def everything_is_there(work: Work, rows: list[int]) -> set[int]:
    return set(rows)


@pytest.mark.parametrize("guess", [nothing_is_there, everything_is_there])
def test_the_stories_notice_who_guesses_instead_of_asking(
    guess: object, tmp_path: Path, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Work, "existing", guess)
    with pytest.raises(AssertionError):
        play_until_noticed(tmp_path, ground)
