"""Arrivals: which matters become cases, on which day, at what hour and by which way."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from seedkit.population.days import add_days
from seedkit.population.draw import Whole, amount_by, below, between, coin, pick_by
from seedkit.population.model import Dates
from seedkit.population.service.hours import weekday_of
from seedkit.population.service.matters import ADULT_AGE, Matters, expected
from seedkit.population.service.office import Office, begin_of
from seedkit.population.service.words import Origin, Topic

# Contacts by weekday, Monday first, in parts of Monday's; hand-set.
WEEKDAYS = np.array([100, 88, 84, 82, 84, 32, 12], np.int64)
_SATURDAY = 5
_TRIES = 6  # to find a day that suits
_APART = 21  # days between two cases of a customer about the same topic
_MOST = 0.9
_BEFORE_END = (20, 300)  # minutes before the end of history for what would come after it

AGE_BANDS = (35, 55, 70)  # first ages of all bands but the first
# Way in by age, weights of Origin: all in all near what contact centres report (recalled): phone
# 62, e-mail and secure messages 14, chat 14, the rest through branches and forms.
ORIGINS = np.array([[46, 14, 14, 26], [60, 15, 11, 14], [73, 14, 8, 5], [84, 10, 4, 2]])
_TILTS = {  # factors on these weights
    Topic.CARD_LOST: (3, 1, 1, 2),
    Topic.CARD_STOLEN: (6, 1, 1, 2),
    Topic.CARD_DECLINED: (3, 1, 1, 3),
    Topic.COMPLAINT: (2, 5, 5, 1),
    Topic.BEREAVEMENT: (4, 2, 1, 0),
    Topic.LOAN_ARREARS: (4, 2, 2, 1),
    Topic.NAME_CHANGE: (2, 3, 4, 2),
    Topic.ADDRESS_CHANGE: (2, 3, 4, 2),
}
_LEVEL = (1, 1, 1, 1)

# Minutes of the day, quantiles: phones on workdays and at weekends, chats, what never closes.
_HOURS = np.array(
    [
        [480, 540, 590, 640, 700, 780, 850, 920, 980, 1050, 1190],
        [540, 560, 585, 610, 640, 670, 705, 740, 780, 830, 900],
        [420, 510, 570, 630, 700, 780, 860, 940, 1030, 1140, 1300],
        [390, 500, 580, 650, 730, 810, 890, 970, 1060, 1200, 1410],
    ],
    np.int64,
)
_PHONES, _WEEKEND, _CHATS, _NEVER_CLOSED = range(4)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Columns of cases as they come in, by person and time; `happened` as in `Matters`."""

    person: Whole
    topic: Whole
    about: Whole
    which: Whole
    happened: Dates
    origin: Whole
    opened: Whole  # local time

    def take(self, rows: Whole) -> Arrivals:
        """Return some of them."""
        return Arrivals(**{item.name: getattr(self, item.name)[rows] for item in fields(self)})


def draw_arrivals(office: Office, found: Matters) -> Arrivals:
    """Draw which matters become cases, and when."""
    chosen = _chosen(office, found)
    rng, n = office.stream("arrivals"), chosen.person.size
    origin = _origins(office, rng, chosen)
    day = _days(rng, chosen)
    opened = begin_of(day) + amount_by(rng, _HOURS, _hours(origin, day))
    end = office.now(chosen.person) - between(rng, *_BEFORE_END, n)
    opened = np.minimum(opened, end)
    came = Arrivals(
        chosen.person, chosen.topic, chosen.about, chosen.which, chosen.happened, origin, opened
    )
    came = came.take(np.lexsort((opened, chosen.topic, chosen.person)))
    came = came.take(np.flatnonzero(_apart(came)))
    return came.take(np.lexsort((came.opened, came.person)))


def _chosen(office: Office, found: Matters) -> Matters:
    """Toss which matters become cases, so that their mean number is the profile's."""
    asked, people = office.profile.engagement, office.block.people
    adults = int((people.customer & (people.age >= ADULT_AGE)).sum())
    years = asked.months / 12
    certain = found.chance >= 1.0
    chance = np.where(certain, 1.0, found.chance * min(asked.cases, 1.0))
    free = np.where(found.bound, 0.0, expected(found))
    # sums of floats may differ in their last bit between machines; those of integers don't
    million = 1_000_000
    fixed = int((np.where(found.bound, chance, 0.0) * million).astype(np.int64).sum())
    total = max(int((free * million).astype(np.int64).sum()), 1)
    left = max(int(asked.cases * years * adults * million) - fixed, 0)
    copies = 1 + int(2 * asked.cases * years)
    chance = np.where(found.bound, chance, np.minimum(free * left / total / copies, _MOST))
    rng, n = office.stream("matters"), found.person.size
    tossed = [coin(rng, chance, n) & (~found.bound | (copy == 0)) for copy in range(copies)]
    return found.take(np.concatenate([np.flatnonzero(toss) for toss in tossed]))


def _origins(office: Office, rng: np.random.Generator, chosen: Matters) -> Whole:
    age = office.block.people.age[chosen.person]
    tilts = np.array([_TILTS.get(topic, _LEVEL) for topic in Topic])
    weights = ORIGINS[:, None, :] * tilts[None, :, :]
    band = np.searchsorted(AGE_BANDS, age, side="right")
    row = band * len(Topic) + chosen.topic
    return pick_by(rng, weights.reshape(-1, len(Origin)), row)


def _hours(origin: Whole, day: Dates) -> Whole:
    """Return the row of hours in which each case can come in."""
    calls = np.where(weekday_of(day) >= _SATURDAY, _WEEKEND, _PHONES)
    return np.where(
        origin == Origin.PHONE, calls, np.where(origin == Origin.CHAT, _CHATS, _NEVER_CLOSED)
    )


def _days(rng: np.random.Generator, chosen: Matters) -> Dates:
    """Draw days between first and last, weekdays as often as customers call on them."""
    n = chosen.person.size
    span = (chosen.last - chosen.first).astype(np.int64) + 1
    day, settled = chosen.first, np.zeros(n, np.bool_)
    for _ in range(_TRIES):
        day = np.where(settled, day, add_days(chosen.first, below(rng, span, n)))
        settled |= below(rng, 100, n) < WEEKDAYS[weekday_of(day)]
    return day


def _apart(came: Arrivals) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which cases are not too close behind another one of the same person and topic."""
    same = (np.diff(came.person) == 0) & (np.diff(came.topic) == 0)
    close = np.diff(came.opened) < _APART * 24 * 60
    return np.append(True, ~(same & close))[: came.person.size]
