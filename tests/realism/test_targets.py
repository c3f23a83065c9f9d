"""The shipped targets: whole, with their sources, and each of them measurable."""

from __future__ import annotations

import pytest

from seedkit.extract.contract import TABLES
from seedkit.realism.frames import Frames, make_frames
from seedkit.realism.measures import MEASURES
from seedkit.realism.scoring import judge
from seedkit.realism.targets import LOCALES, MEDIANS, OWNERSHIP, Target, load_targets

from .conftest import World

EVERY = [target for locale in LOCALES for target in load_targets(locale).measured]


@pytest.fixture(scope="session")
def frames(world: World) -> Frames:
    return make_frames([world.extract], world.about)


@pytest.mark.parametrize("locale", LOCALES)
def test_ids_are_unique_and_nothing_is_both_measured_and_not(locale: str) -> None:
    targets = load_targets(locale)
    ids = [target.id for target in targets.measured] + [item.id for item in targets.unmeasured]
    assert len(set(ids)) == len(ids)
    assert all(item.says and item.why for item in targets.unmeasured)


@pytest.mark.parametrize("target", EVERY, ids=lambda target: target.id)
def test_a_target_says_where_it_comes_from_and_how_far_off_one_may_be(target: Target) -> None:
    assert target.source.title
    assert target.source.publisher
    assert target.verified == (target.source.seen != "from memory")
    assert target.year
    assert target.unit
    assert target.measure in MEASURES
    assert target.cells
    assert len({cell.label for cell in target.cells}) == len(target.cells)
    for cell in target.cells:
        assert cell.tolerance.of(cell.value) > 0, cell.label


@pytest.mark.parametrize("locale", LOCALES)
def test_every_cell_can_be_measured(frames: Frames, locale: str) -> None:
    targets = load_targets(locale).measured
    for verdict in judge(frames, targets):
        assert verdict.label


def test_the_survey_has_26_tables_of_13_cells() -> None:
    targets = load_targets("en_US").measured
    owned = [target for target in targets if target.group == OWNERSHIP]
    medians = [target for target in targets if target.group == MEDIANS]
    assert sum(len(target.cells) for target in owned) == 26 * 13 == 338
    assert sum(len(target.cells) for target in medians) == 327
    assert {target.source.title for target in owned + medians} == {
        "Survey of Consumer Finances 2022, summary extract of the public data"
    }


@pytest.mark.parametrize("target", EVERY, ids=lambda target: target.id)
def test_tables_of_shares_that_are_whole_add_up(target: Target) -> None:
    if target.distance:
        assert sum(cell.value for cell in target.cells) == pytest.approx(100, abs=0.6)


def test_the_frames_need_every_table(frames: Frames, world: World) -> None:
    assert set(world.extract.sheets()) == set(TABLES)
    assert set(frames) == {
        "families",
        "households",
        "couples",
        "persons",
        "years",
        "debts",
    }
