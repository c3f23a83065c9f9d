"""Random stories need every safety check: with any of them switched off, some end badly."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seedkit.errors import SeedkitError
from tests.purge.stories.conftest import Grounds
from tests.purge.stories.playing import Scene, perform, prepare
from tests.purge.stories.report import check as compare
from tests.purge.stories.story import draw
from tests.purge.stories.theatre import Theatre
from tests.purge.test_safety import CHECKS, PAGE, PURGE

# A story for each check that fails without it; the table in docs/purge.md tells the same numbers.
FAILS_WITHOUT = {
    "purger.check_target": 6,
    "acceptance.marks_agree": 107,
    "acceptance.made_by_us": 108,
    "acceptance.made_in_time": 25,
    "memory.Memory.lost": 10,
    "ways.harm_by": 0,
    "strangers.Search.deeper": 0,
    "ways.holds_rows": 3,
    "ways.through_the_table_of_all": 68,
    "deleting.look_again": 8,
    "companions.not_by_us": 0,
    "edits.changed_by_another": 25,
    "edits.changed_later": 4,
    "keeping.Keeper.needed_by": 4,
    "decision.harmed_by": 4,
}
SAMPLE = ("memory.Memory.lost", "edits.changed_later", "decision.harmed_by")
FAILURES = (AssertionError, SeedkitError, pytest.fail.Exception)


def sampled() -> list[object]:
    """Return all checks with their stories; the default suite plays some."""
    return [
        pytest.param(check, number, marks=() if check in SAMPLE else pytest.mark.soak, id=check)
        for check, number in FAILS_WITHOUT.items()
    ]


@pytest.mark.parametrize(("check", "number"), sampled())
def test_a_random_story_fails_without_a_check(
    check: str,
    number: int,
    grounds: Grounds,
    theatre: Theatre,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    story = draw(number)
    (tmp_path / "before").mkdir()
    scene = prepare(story, grounds.named(story.ground), tmp_path / "before", theatre)
    purge_in(scene, tmp_path / "with", theatre)
    monkeypatch.setattr(f"{PURGE}.{check}", CHECKS[check][0])
    with pytest.raises(FAILURES):
        purge_in(scene, tmp_path / "without", theatre)


def purge_in(scene: Scene, folder: Path, theatre: Theatre) -> None:
    """Purge in a copy of a scene, and compare what came of it with the truth."""
    folder.mkdir()
    compare(perform(scene, folder, theatre, by_jobs=False))


def test_the_page_names_the_stories() -> None:
    text = PAGE.read_text(encoding="utf-8")
    told = re.findall(r"^\| `(\S+)` \|.*\| (\d+) \|$", text, re.MULTILINE)
    assert dict(told) == {check: str(number) for check, number in FAILS_WITHOUT.items()}
    assert FAILS_WITHOUT.keys() <= CHECKS.keys()
