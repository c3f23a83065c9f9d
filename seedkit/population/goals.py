"""Financial goals: what people save for, tied to what they plan or once bought."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from seedkit.population.draw import Whole, amount_by, between, coin
from seedkit.population.model import Goals, Ints, LifeEvents, Texts
from seedkit.population.prices import price_level
from seedkit.population.streams import stream
from seedkit.population.words import Event
from seedkit.profile.models import Profile


class Saving(NamedTuple):
    """What a goal for a kind of event is called and how much it takes (dollars of 2022)."""

    name: str
    least: int
    middle: int
    most: int


SAVINGS = {
    Event.MARRIAGE: Saving("Wedding fund", 4_000, 17_000, 60_000),
    Event.CHILD_BORN: Saving("Baby fund", 2_000, 7_000, 20_000),
    Event.ASSOCIATE_DEGREE: Saving("Tuition", 3_000, 9_000, 25_000),
    Event.BACHELOR_DEGREE: Saving("Tuition", 6_000, 22_000, 80_000),
    Event.MASTER_DEGREE: Saving("Graduate school", 10_000, 30_000, 90_000),
    Event.SKILLS_TRAINING: Saving("Course fees", 500, 2_000, 8_000),
    Event.JOB_ENDED: Saving("Retirement cushion", 15_000, 80_000, 400_000),
    Event.BUSINESS_STARTED: Saving("Start-up money", 8_000, 30_000, 150_000),
    Event.HOME_PURCHASE: Saving("Down payment", 12_000, 45_000, 180_000),
    Event.HOME_SALE: Saving("Moving and repairs", 4_000, 14_000, 45_000),
    Event.VEHICLE_PURCHASE: Saving("Next vehicle", 3_000, 12_000, 45_000),
    Event.PROCEDURE: Saving("Medical costs", 1_000, 4_000, 15_000),
    Event.OTHER: Saving("Special savings", 1_500, 7_000, 40_000),
}
PURCHASES = (Event.HOME_PURCHASE, Event.VEHICLE_PURCHASE)
REACHED = 0.85  # of goals for past purchases


def make_goals(profile: Profile, as_of: date, number: int, events: LifeEvents) -> Goals:
    """Make goals for planned and passed plans and for some purchases, one per event at most."""
    seed, n = profile.random_seed, events.kind.size
    # a plan was written down before its day; what happened was written down on its day or later
    plan = events.touched < events.date
    share = np.where(
        plan,
        profile.goals.planned,
        np.where(np.isin(events.kind, PURCHASES), profile.goals.past, 0.0),
    )
    share = np.where(np.isin(events.kind, list(SAVINGS)), share, 0.0)
    chosen = np.flatnonzero(coin(stream(seed, number, "goals"), share, n))
    event_kind, m = events.kind[chosen], chosen.size
    dollars = amount_by(stream(seed, number, "goal targets"), _quantiles(), event_kind)
    target = dollars * price_level(as_of) // 10_000 // 100 * 10_000
    rng = stream(seed, number, "goal progress")
    reached = ~plan[chosen] & coin(rng, REACHED, m)
    saved = target * between(rng, 0, 96, m) // 100
    return Goals(
        household=events.household[chosen],
        person=events.person[chosen],
        event=chosen.astype(np.int32),
        name=_names(event_kind, events.title[chosen]),
        target=target,
        progress=np.where(reached, target, saved),
        due=events.date[chosen],
        completed=reached,
    )


def _quantiles() -> Whole:
    """Return quantiles of targets by Event: the least, the middle, the most."""
    rows = np.zeros((len(Event), 3), np.int64)
    for kind, saving in SAVINGS.items():
        rows[kind] = saving.least, saving.middle, saving.most
    return rows


def _names(kind: Ints, title: Texts) -> Texts:
    """Return names of goals; savings for something special say for what."""
    names = np.full(kind.size, "", dtype=object)
    names[:] = [
        words if event == Event.OTHER else SAVINGS[Event(event)].name
        for event, words in zip(kind.tolist(), title, strict=True)
    ]
    return names
