"""Financial goals: what people save for, tied to what they plan or once bought."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from seedkit.population.days import add_years, day
from seedkit.population.draw import Whole, amount_by, between, coin, texts
from seedkit.population.locale import locale_of
from seedkit.population.locale.phrases import Phrases
from seedkit.population.model import (
    Dates,
    Flags,
    Goals,
    Households,
    Ints,
    LifeEvents,
    People,
    Texts,
)
from seedkit.population.prices import money_level
from seedkit.population.streams import stream
from seedkit.population.words import Event
from seedkit.profile.models import Profile


class Saving(NamedTuple):
    """What a goal is called and how much it takes (dollars of 2022); no name: the event's title."""

    name: str
    least: int
    middle: int
    most: int


SAVINGS: dict[Event | str, Saving] = {  # by the title of the event, or else by its kind
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
    Event.OTHER: Saving("", 1_500, 5_000, 15_000),
    "Buying an electric car": Saving("Electric car", 8_000, 18_000, 45_000),
    "Trip around the world": Saving("", 12_000, 22_000, 55_000),
    "Trip to Italy": Saving("", 3_000, 6_500, 14_000),
    "Kitchen renovation": Saving("", 9_000, 26_000, 75_000),
    "New roof": Saving("", 8_000, 14_000, 32_000),
    "Big birthday party": Saving("", 800, 2_500, 9_000),
    "Moving closer to family": Saving("", 2_500, 6_000, 15_000),
}
ROWS = {key: row for row, key in enumerate(SAVINGS)}
PURCHASES = (Event.HOME_PURCHASE, Event.VEHICLE_PURCHASE)
RECENT = 5  # years within which a purchase can have had a goal
FOR_YEARS = (Event.HOME_PURCHASE, Event.JOB_ENDED)  # what people save for over many years
MOST, MOST_FOR_YEARS = 40, 150  # of the household's yearly income, in per cent
LEAST = 20_000  # cents
MISSING_A_MONTH = (2, 6)  # per cent of the target that is not there yet, by months until its day
NEVER_QUITE = (2, 14)  # per cent that is missing on the day itself


def make_goals(
    profile: Profile,
    as_of: date,
    number: int,
    households: Households,
    people: People,
    events: LifeEvents,
) -> Goals:
    """Make goals for planned and passed plans and for some purchases, one per event at most."""
    seed, n = profile.random_seed, events.kind.size
    # a plan was written down before its day; what happened was written down on its day or later
    plan = events.touched < events.date
    share = np.where(
        plan & np.isin(events.kind, [key for key in SAVINGS if isinstance(key, Event)]),
        profile.goals.planned,
        np.where(_saved_for(day(as_of), people, events), profile.goals.past, 0.0),
    )
    chosen = np.flatnonzero(coin(stream(seed, number, "goals"), share, n))
    kind, title, due = events.kind[chosen], events.title[chosen], events.date[chosen]
    say = locale_of(profile.locale).say
    row = _rows(kind, title, say)
    dollars = amount_by(stream(seed, number, "goal targets"), _quantiles(), row)
    income = households.income[events.household[chosen]]
    most = income * np.where(np.isin(kind, FOR_YEARS), MOST_FOR_YEARS, MOST) // 100
    target = np.minimum(dollars * money_level(locale_of(profile.locale), as_of) // 100, most)
    target = np.maximum(target // 10_000 * 10_000, LEAST)
    reached = ~plan[chosen]
    saved = target * _progress(stream(seed, number, "goal progress"), day(as_of), due) // 100
    return Goals(
        household=events.household[chosen],
        person=events.person[chosen],
        event=chosen.astype(np.int32),
        name=_names(row, title, say),
        target=target,
        progress=np.where(reached, target, saved),
        due=due,
        completed=reached,
    )


def _saved_for(today: np.datetime64, people: People, events: LifeEvents) -> Flags:
    """Return purchases of the last years by people who were customers then."""
    recent = (events.date >= add_years(today, -RECENT)) & (events.touched >= events.date)
    joined = people.customer_since[events.person] < events.date
    return np.asarray(np.isin(events.kind, PURCHASES) & recent & joined)


def _progress(rng: np.random.Generator, today: np.datetime64, due: Dates) -> Whole:
    """Return per cent of the targets that are saved: the more, the nearer the day."""
    months = np.maximum((due - today).astype(np.int64), 0) // 30
    missing = months * between(rng, *MISSING_A_MONTH, due.size)
    missing += between(rng, *NEVER_QUITE, due.size)
    return np.asarray(np.maximum(100 - missing, 3), np.int64)


def _rows(kind: Ints, title: Texts, say: Phrases) -> Whole:
    """Return the rows of SAVINGS for events."""
    titled = {say(key): row for key, row in ROWS.items() if isinstance(key, str)}
    pairs = zip(kind.tolist(), title, strict=True)
    return np.array([titled.get(words, ROWS[Event(k)]) for k, words in pairs], np.int64)


def _quantiles() -> Whole:
    """Return quantiles of targets by row of SAVINGS: the least, the middle, the most."""
    return np.array([saving[1:] for saving in SAVINGS.values()], np.int64)


def _names(row: Whole, title: Texts, say: Phrases) -> Texts:
    """Return names of goals; savings for something special say for what."""
    named = [say(saving.name) for saving in SAVINGS.values()]
    return texts([named[i] or words for i, words in zip(row.tolist(), title, strict=True)])
