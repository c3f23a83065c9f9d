"""Random testers: after every purge what may go is gone, and everything else is as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.purge.stories.ground import Ground, Rows, Theatre, make_ground
from tests.purge.stories.playing import Ending, draw, play

STORIES = 500
SAMPLE = 12


def sampled() -> list[object]:
    """Return all stories; the default suite plays some of them."""
    every = STORIES // SAMPLE
    return [
        pytest.param(number, marks=() if number % every == every - 1 else pytest.mark.soak)
        for number in range(STORIES)
    ]


@pytest.fixture(scope="module")
def theatre() -> Iterator[Theatre]:
    opened = Theatre()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Ground]:
    return {runs: make_ground(tmp_path_factory.mktemp(f"ground-{runs}"), runs) for runs in (1, 2)}


@pytest.mark.parametrize("number", sampled())
def test_purge_is_exact(
    number: int, grounds: dict[int, Ground], theatre: Theatre, tmp_path: Path
) -> None:
    story = draw(number)
    check(play(story, grounds[story.runs], tmp_path, theatre))


def check(end: Ending) -> None:
    """Compare what is there and what was said with the truth."""
    if end.stopped is not None:
        assert end.case.strangers, (end.log, end.stopped)
        assert not differences(end.case.world.rows, end.after), told(end)
        return
    assert not end.case.strangers, (end.log, end.case.strangers)
    assert end.result is not None
    assert not differences(end.case.after(set()), end.after), told(end)


def told(end: Ending) -> str:
    """Return what happened and what is wrong."""
    expected = end.case.world.rows if end.stopped else end.case.after(set())
    return "\n".join((*end.log, *differences(expected, end.after)))


def differences(expected: Rows, found: Rows) -> list[str]:
    """Return how rows differ from what is expected of them; columns left out there are free."""
    told = []
    for table in sorted(expected):
        ours = {_key(row): row for row in expected[table]}
        theirs = {_key(row): row for row in found[table]}
        told += [f"{table} {key} is gone" for key in ours.keys() - theirs.keys()]
        told += [f"{table} {key} is still there" for key in theirs.keys() - ours.keys()]
        told += [
            f"{table} {key}: {name} is {theirs[key][name]!r}, not {value!r}"
            for key in ours.keys() & theirs.keys()
            for name, value in ours[key].items()
            if theirs[key][name] != value
        ]
    return told


def _key(row: dict[str, object]) -> str:
    return str(next(iter(row.values())))
