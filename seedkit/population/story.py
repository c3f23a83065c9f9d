"""What every stage of the life events looks at, and how it tells what it found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from seedkit.population.days import add_days
from seedkit.population.draw import Whole, below
from seedkit.population.locale import Locale, locale_of
from seedkit.population.model import Dates, Flags, Households, Ints, People, Texts
from seedkit.population.streams import stream
from seedkit.population.words import Event, Place
from seedkit.profile.models import Profile

NOTED_WITHIN = 45  # days after an event in which the bank hears of it


class Rank(IntEnum):
    """What stays of a life with more events than a bank would have written down."""

    KEPT = 0  # what made the present state, and plans
    NOTABLE = 1
    SPARE = 2  # only of those about whom hardly anything else is known


@dataclass(frozen=True, slots=True)
class Story:
    """A block's people on a day, before anything is told about their lives."""

    profile: Profile
    today: np.datetime64
    number: int
    households: Households
    people: People
    lag: Whole  # by Event and person: days until the bank hears of it

    def stream(self, stage: str) -> np.random.Generator:
        """Return the stream of chance of a stage in this block."""
        return stream(self.profile.random_seed, self.number, stage)

    @property
    def locale(self) -> Locale:
        """The locale of the profile."""
        return locale_of(self.profile.locale)

    @property
    def heads(self) -> Whole:
        """The head of each household."""
        return np.flatnonzero(self.people.place == Place.HEAD)

    @property
    def adults(self) -> Whole:
        """Everyone from 18."""
        return np.flatnonzero(self.people.age >= 18)


@dataclass(frozen=True, slots=True)
class Told:
    """Rows of life events that one stage tells, in any order."""

    person: Whole
    kind: Ints
    date: Dates
    title: Texts
    touched: Dates
    rank: Ints  # Rank

    def take(self, rows: Flags) -> Told:
        """Return only some of the rows."""
        return Told(
            person=self.person[rows],
            kind=self.kind[rows],
            date=self.date[rows],
            title=self.title[rows],
            touched=self.touched[rows],
            rank=self.rank[rows],
        )


def begin_story(
    profile: Profile, today: np.datetime64, number: int, households: Households, people: People
) -> Story:
    """Return the story of a block with nothing told yet."""
    n = people.age.size
    rng = stream(profile.random_seed, number, "events noted")
    lag = below(rng, NOTED_WITHIN, len(Event) * n).reshape(-1, n)
    return Story(profile, today, number, households, people, lag)


def past(
    story: Story,
    person: Whole,
    kind: Event | NDArray[np.int8],
    date: Dates,
    title: str | Texts,
    rank: Rank | Ints = Rank.KEPT,
) -> Told:
    """Tell what happened; the bank noted it soon, or when the person became a customer."""
    heard = np.maximum(date, story.people.customer_since[person])
    return Told(
        person=person,
        kind=np.full(person.size, kind, np.int8),
        date=date,
        title=np.full(person.size, title, dtype=object),
        touched=np.minimum(add_days(heard, story.lag[kind, person]), story.today),
        rank=np.full(person.size, rank, np.int8),
    )


def together(parts: Sequence[Told]) -> Told:
    """Return the rows of all parts, one part after the other."""
    return Told(
        person=np.concatenate([part.person for part in parts]),
        kind=np.concatenate([part.kind for part in parts]),
        date=np.concatenate([part.date for part in parts]),
        title=np.concatenate([part.title for part in parts]),
        touched=np.concatenate([part.touched for part in parts]),
        rank=np.concatenate([part.rank for part in parts]),
    )


def day_between(rng: np.random.Generator, low: Dates, high: Dates) -> Dates:
    """Draw a day from low to high, both included; low where they cross."""
    span = np.maximum((high - low).astype(np.int64), 0)
    return add_days(low, below(rng, span + 1, span.size))
