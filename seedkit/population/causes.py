"""What in a life begins a loan: studies, and the purchase of a vehicle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population.days import NEVER, add_months, add_years, known
from seedkit.population.draw import Whole
from seedkit.population.model import Dates
from seedkit.population.offers import catalogue
from seedkit.population.scene import Scene
from seedkit.population.words import Education, Employment, Event

_DEGREES = (
    Event.ASSOCIATE_DEGREE,
    Event.BACHELOR_DEGREE,
    Event.MASTER_DEGREE,
    Event.DOCTORATE,
)
_YEARS_BEFORE, _YEARS_AFTER = 4, 1  # around a degree
_PRESENT_STUDIES = 3  # years


@dataclass(frozen=True, slots=True)
class Causes:
    """Columns by person: why a loan of theirs could have begun with us and still run."""

    vehicle: Whole  # the event of its purchase, -1
    study_from: Dates  # NaT for those who did not study in time
    study_to: Dates


def find_causes(scene: Scene, earliest: Dates) -> Causes:
    """Return the causes of loans; `earliest` is when people could first hold something."""
    vehicle = last_event(scene, Event.VEHICLE_PURCHASE)
    bought = day_of(scene, vehicle)
    in_time = (bought >= earliest) & (add_months(bought, _longest("VHL")) > scene.today)
    study_from, study_to = _studies(scene, earliest)
    return Causes(np.where(in_time, vehicle, -1), study_from, study_to)


def _studies(scene: Scene, earliest: Dates) -> tuple[Dates, Dates]:
    """Return when people could take a loan for their last degree, or for their present studies."""
    people, today = scene.people, scene.today
    degree = day_of(scene, last_event(scene, *_DEGREES))
    studies = (people.employment == Employment.STUDENT) & ~known(degree)
    studies &= people.education >= Education.HIGH_SCHOOL
    end = np.where(studies, today, np.minimum(add_years(degree, _YEARS_AFTER), today))
    begin = np.where(
        studies, add_years(today, -_PRESENT_STUDIES), add_years(degree, -_YEARS_BEFORE)
    )
    # a loan of the longest term that began a day earlier would have ended
    still = add_months(today, -_longest("EDL")) + 2
    begin = np.maximum(np.maximum(begin, earliest), still)
    fits = begin <= end
    return np.where(fits, begin, NEVER), np.where(fits, end, NEVER)


def last_event(scene: Scene, *kinds: Event) -> Whole:
    """Return each person's last event of some kinds that came true, -1.

    A plan whose day has passed untouched is not known to have come true.
    """
    events = scene.events
    true = ~events.planned & (events.date <= scene.today) & (events.touched >= events.date)
    wanted = np.zeros(len(Event), np.bool_)
    wanted[list(kinds)] = True
    rows = np.flatnonzero(wanted[events.kind] & true)
    rows = rows[np.argsort(events.date[rows], kind="stable")]
    last = np.full(scene.people.household.size, -1, np.int64)
    last[events.person[rows]] = rows
    return last


def day_of(scene: Scene, event: Whole) -> Dates:
    """Return the days of events, NaT for -1."""
    return np.asarray(np.append(scene.events.date, NEVER)[event])


def _longest(prefix: str) -> int:
    """Return the longest term of an offer, in months."""
    return int(catalogue().months[catalogue().row(prefix)].max())
