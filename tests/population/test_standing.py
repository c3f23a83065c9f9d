"""Scores, lateness, main channels and the risk of leaving."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from seedkit.population import make_bank, make_block
from seedkit.population.model import Block
from seedkit.population.standing_tables import RESTS_AFTER
from seedkit.population.words import Way
from seedkit.profile.models import Profile

DAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def blocks() -> list[Block]:
    bank = make_bank(Profile(), DAY)
    return [make_block(Profile(), DAY, bank, number) for number in range(6)]


def column(blocks: list[Block], name: str) -> np.ndarray:
    return np.concatenate([getattr(block.standing, name) for block in blocks])


def ages(blocks: list[Block]) -> np.ndarray:
    return np.concatenate([block.people.age for block in blocks])


def test_there_is_a_row_for_everyone(blocks: list[Block]) -> None:
    for block in blocks:
        assert (block.standing.household == block.people.household).all()


def test_only_adults_have_a_score_and_a_channel(blocks: list[Block]) -> None:
    score, way, adult = column(blocks, "score"), column(blocks, "main_channel"), ages(blocks) >= 18
    assert (score[~adult] == 0).all()
    assert ((way >= 0) == adult).all()
    scored = score[score > 0]
    assert ((scored >= 300) & (scored <= 850)).all()
    assert 0.95 < scored.size / adult.sum() < 1


def test_scores_rise_with_age_and_fall_with_lateness(blocks: list[Block]) -> None:
    score, age, late = column(blocks, "score"), ages(blocks), column(blocks, "late")
    known = score > 0
    means = [
        score[known & (age >= low) & (age < high)].mean() for low, high in ((18, 35), (60, 99))
    ]
    assert means[0] + 25 < means[1]
    assert score[known & late].mean() + 40 < score[known & ~late].mean()


def test_who_is_60_days_late_today_was_so_within_the_year(blocks: list[Block]) -> None:
    for block in blocks:
        for part in (block.loans, block.credit_lines):
            days = (np.datetime64(DAY, "D") - part.overdue_since).astype(float)
            homes = part.household[days >= 60]
            assert block.standing.late[np.isin(block.people.household, homes)].all()


def test_the_young_use_the_app_and_the_old_do_not(blocks: list[Block]) -> None:
    mobile, age = column(blocks, "main_channel") == Way.MOBILE, ages(blocks)
    assert mobile[(age >= 18) & (age < 25)].mean() > 0.6
    assert mobile[age >= 65].mean() < 0.25


def test_whoever_owns_jointly_is_no_likelier_to_leave(blocks: list[Block]) -> None:
    joint, first = [], []
    for block in blocks:
        roles, n = block.holding_roles, block.people.age.size
        alone, shared = (np.bincount(roles.person[roles.role == r], minlength=n) for r in (0, 1))
        adult = block.people.customer & (block.people.age >= 18)
        joint += block.standing.churn_risk[adult & (alone == 0) & (shared == 1)].tolist()
        first += block.standing.churn_risk[adult & (alone == 1) & (shared == 0)].tolist()
    assert len(joint) > 30
    assert np.mean(joint) == pytest.approx(np.mean(first), abs=3)


def test_the_signs_of_leaving_are_those_that_were_published(blocks: list[Block]) -> None:
    """Rest raises the risk, a balance carried over lowers it, age says nothing; 8 of 100 leave."""
    risk, age = column(blocks, "churn_risk").astype(np.float64), ages(blocks)
    known = risk > 0
    assert abs(np.corrcoef(risk[known], age[known])[0, 1]) < 0.1
    assert risk[known].mean() == pytest.approx(8, abs=1)
    resting, busy, revolving, free = [], [], [], []
    for block in blocks:
        roles, lines, held = block.holding_roles, block.credit_lines, block.holdings
        latest = np.full(block.people.age.size, np.datetime64("1900-01-01"))
        mine = roles.role <= 1
        np.maximum.at(latest, roles.person[mine], held.last_used[roles.holding[mine]])
        adult = block.people.customer & (block.people.age >= 18)
        rests = (np.datetime64(DAY) - latest).astype(np.int64) > RESTS_AFTER
        resting += block.standing.churn_risk[adult & rests].tolist()
        busy += block.standing.churn_risk[adult & ~rests].tolist()
        first = roles.person[roles.role == 0][np.argsort(roles.holding[roles.role == 0])]
        holder = np.zeros(held.kind.size, np.int64)
        holder[np.sort(roles.holding[roles.role == 0])] = first
        carried = np.bincount(holder[lines.holding], lines.carried, adult.size)
        lined = np.isin(np.arange(adult.size), holder[lines.holding]) & adult & ~rests
        revolving += block.standing.churn_risk[lined & (carried > 0)].tolist()
        free += block.standing.churn_risk[lined & (carried == 0)].tolist()
    assert np.mean(resting) > np.mean(busy) + 5
    assert np.mean(revolving) < np.mean(free)


def test_whoever_has_little_with_us_leaves_more_easily(blocks: list[Block]) -> None:
    few, many = [], []
    for block in blocks:
        roles = block.holding_roles
        products = np.bincount(roles.person[roles.role == 0], minlength=block.people.age.size)
        adult = block.people.customer & (block.people.age >= 18)
        few += block.standing.churn_risk[adult & (products <= 1)].tolist()
        many += block.standing.churn_risk[adult & (products >= 4)].tolist()
    assert np.mean(few) > np.mean(many) + 3
    assert min(few + many) >= 1
    assert max(few + many) <= 95
