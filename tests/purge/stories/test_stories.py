"""Random testers: after every purge what may go is gone, and everything else is as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from seedkit.purge.decision import Strangers
from tests.purge.stories.ground import Ground, Rows, Theatre, make_ground
from tests.purge.stories.playing import Ending, draw, play
from tests.purge.stories.testers import Row
from tests.purge.stories.truth import EMPTIED

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
    story, case = end.story, end.case
    edited = end.edited if story.keep_edited else frozenset()
    kept = case.kept(edited, keep_strangers=story.strangers is Strangers.KEEP)
    harmed = case.strangers_of(case.mine - kept)
    must_stop = bool(harmed) and story.strangers is not Strangers.DELETE
    assert (end.stopped is not None) == must_stop, (end.log, harmed)
    assert not differences(_expected(end, kept), end.after), told(end, kept)
    if end.result is not None and not story.kills:  # else a part was gone already
        counts = Counter(row[0] for row in case.mine - kept)
        assert dict(end.result.deleted) == counts, end.log
        stayed = {table: count for table, count in end.result.kept.items() if count}
        assert stayed == Counter(row[0] for row in kept), (end.log, kept)


def _expected(end: Ending, kept: set[Row]) -> Rows:
    """Return what must be there; the header note of a run that is partly kept says so."""
    if end.stopped:
        return end.case.world.rows
    rows, header = end.case.after(kept), end.case.header
    noted = [_told_less(row) if _key(row) == header[1] else row for row in rows[header[0]]]
    return {**rows, header[0]: noted}


def _told_less(note: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in note.items() if name not in (*EMPTIED, "notetext")}


def told(end: Ending, kept: set[Row]) -> str:
    """Return what happened and what is wrong."""
    return "\n".join((*end.log, *differences(_expected(end, kept), end.after)))


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
