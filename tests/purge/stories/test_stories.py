"""Random testers: after every purge what may go is gone, and everything else is as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.purge.stories.conftest import Grounds
from tests.purge.stories.playing import Ending, perform, prepare
from tests.purge.stories.report import check, differences, settled
from tests.purge.stories.story import Story, draw
from tests.purge.stories.theatre import Theatre

STORIES = 500
SAMPLE = 12


def sampled() -> list[object]:
    """Return all stories; the default suite plays some of them."""
    every = STORIES // SAMPLE
    return [
        pytest.param(number, marks=() if number % every == every - 1 else pytest.mark.soak)
        for number in range(STORIES)
    ]


def play(story: Story, grounds: Grounds, folder: Path, theatre: Theatre) -> list[Ending]:
    """Play a story, and let both engines purge what it leaves."""
    before = folder / "before"
    before.mkdir()
    scene = prepare(story, grounds.named(story.ground), before, theatre)
    endings = []
    for engine, by_jobs in (("requests", False), ("jobs", True)):
        (folder / engine).mkdir()
        endings.append(perform(scene, folder / engine, theatre, by_jobs=by_jobs))
    return endings


@pytest.mark.parametrize("number", sampled())
def test_purge_is_exact(number: int, grounds: Grounds, theatre: Theatre, tmp_path: Path) -> None:
    by_requests, by_jobs = play(draw(number), grounds, tmp_path, theatre)
    check(by_requests)
    check(by_jobs)
    assert not differences(settled(by_requests.after), settled(by_jobs.after))
