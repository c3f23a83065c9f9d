"""Schooling, jobs, businesses and retirement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedkit.population import event_tables as tables
from seedkit.population import family_tables
from seedkit.population.days import add_days, add_years
from seedkit.population.draw import Whole, amount_within, below, between, choose, coin, pick
from seedkit.population.model import Dates, Flags, Texts
from seedkit.population.story import Story, Told, day_between, past
from seedkit.population.words import Education, Employment, Event
from seedkit.population.work import (
    YEARS_AFTER_SCHOOL,
    career_start,
    company_names,
    graduation,
    job_of,
    years_since_school,
)
from seedkit.population.work_tables import OWN_BUSINESS_FROM

DOCTORATE_YEARS = 8  # after high school
STARTS_AND_ENDS = np.array(
    [[Event.JOB_STARTED, Event.JOB_ENDED], [Event.BUSINESS_STARTED, Event.BUSINESS_CLOSED]],
    np.int8,
)


@dataclass(frozen=True, slots=True)
class _Spell:
    """Time in a job: who, from when, until when (the as-of date for the present job)."""

    person: Whole
    start: Dates
    end: Dates


def tell_schooling(story: Story) -> list[Told]:
    """Tell the degrees that make up everyone's education, at the ages at which they are earned."""
    people, rng = story.people, story.stream("degrees")
    who = story.adults
    birth, education = people.birth[who], people.education[who]
    early = between(rng, 1, 20, who.size)
    delay = pick(rng, tables.STUDY_DELAYS, who.size)
    field_draw = below(rng, 1 << 16, who.size)
    other_doctor = coin(rng, tables.OTHER_DOCTORS, who.size)
    fields, doctor = _fields(people.occupation[who], field_draw)
    since = years_since_school(birth, story.today)
    delay = np.minimum(delay, np.maximum(since - YEARS_AFTER_SCHOOL[education], 0))
    is_doctor = (doctor | other_doctor) & (DOCTORATE_YEARS + delay <= since)
    advanced = education == Education.ADVANCED
    steps: tuple[tuple[Event, str, Flags, int], ...] = (
        (Event.HIGH_SCHOOL, "High school diploma", education >= Education.HIGH_SCHOOL, 0),
        (Event.ASSOCIATE_DEGREE, "Associate degree in ", education == Education.ASSOCIATE, 2),
        (Event.BACHELOR_DEGREE, "Bachelor's degree in ", education >= Education.BACHELOR, 4),
        (Event.MASTER_DEGREE, "Master's degree in ", advanced & ~is_doctor, 6),
        (Event.DOCTORATE, "Doctorate in ", advanced & is_doctor, DOCTORATE_YEARS),
    )
    told = []
    for kind, words, has, years in steps:
        late = delay[has] if years else np.zeros(int(has.sum()), np.int64)
        dates = add_days(graduation(birth[has], years + late), -early[has])
        told.append(past(story, who[has], kind, dates, words + fields[has] if years else words))
    return told


def _fields(occupation: Texts, draw: Whole) -> tuple[Texts, Flags]:
    """Return fields of study that fit the (former) job, and who needs a doctorate for it."""
    fields = np.empty(draw.size, dtype=object)
    doctor = np.zeros(draw.size, np.bool_)
    for i, (text, number) in enumerate(zip(occupation, draw.tolist(), strict=True)):
        job = job_of(text)
        pool = tables.FIELDS.get(job.sector if job else "", tables.FIELDS[""])
        fields[i] = pool[number % len(pool)]
        doctor[i] = job is not None and job.title in tables.DOCTORS
    return fields, doctor


def tell_careers(story: Story) -> list[Told]:
    """Tell present, last and earlier jobs: one after the other, never two at once."""
    parts = [_tell_present(story), _tell_last(story)]
    latest = [spell for spell, _ in parts]
    spell = _Spell(
        person=np.concatenate([part.person for part in latest]),
        start=np.concatenate([part.start for part in latest]),
        end=np.concatenate([part.end for part in latest]),
    )
    told = [row for _, rows in parts for row in rows]
    for stage, chance in zip(("job before", "job before that"), tables.EARLIER_JOBS, strict=True):
        spell, rows = _tell_earlier(story, stage, chance, spell)
        told += rows
    return told


def _tell_present(story: Story) -> tuple[_Spell, list[Told]]:
    """Tell the start of the present job or business."""
    people = story.people
    who = np.flatnonzero(~np.isnat(people.job_since))
    own = people.employment[who] == Employment.SELF_EMPLOYED
    since, employer = people.job_since[who], people.employer[who]
    titles = np.where(own, "Opened ", "Started at ").astype(object) + employer
    kind = np.where(own, Event.BUSINESS_STARTED, Event.JOB_STARTED).astype(np.int8)
    today = np.full(who.size, story.today)
    return _Spell(who, since, today), [past(story, who, kind, since, titles)]


def _tell_last(story: Story) -> tuple[_Spell, list[Told]]:
    """Tell the last job of those who work no more: its end, and its start where there was time."""
    people, rng = story.people, story.stream("last jobs")
    state, age = people.employment, people.age
    retired = state == Employment.RETIRED
    left = np.isin(state, (Employment.DISABLED, Employment.HOMEMAKER)) & (age >= 25)
    left &= coin(rng, tables.LEFT_WORK, age.size)
    who = np.flatnonzero(retired | left | ((state == Employment.UNEMPLOYED) & (age >= 20)))
    birth, n = people.birth[who], who.size
    first = add_days(career_start(birth, people.education[who]), 60)
    retiring = add_days(
        birth,
        amount_within(
            rng, tables.RETIREMENT_AGE, family_tables.years(50.1),
            (story.today - birth).astype(np.int64) - 15, n,
        ),
    )  # fmt: skip
    recent = add_days(story.today, -between(rng, 15, 500, n))
    earlier = day_between(rng, add_days(first, 200), np.full(n, add_days(story.today, -30)))
    end = np.where(retired[who], retiring, np.where(left[who], earlier, recent))
    # a career that could only begin this year has no end yet
    fits = (end > add_days(first, 100)) & (end < story.today)
    who, end, first = who[fits], end[fits], first[fits]
    tenure = amount_within(
        rng, tables.TENURE, np.full(who.size, 60), (end - first).astype(np.int64), who.size
    )
    start = add_days(end, -tenure)
    company = _companies(rng, who.size)
    leaving = np.where(retired[who], "Retirement", "Left " + company)
    return _Spell(who, start, end), [
        past(story, who, Event.JOB_ENDED, end, leaving),
        past(story, who, Event.JOB_STARTED, start, "Started at " + company),
    ]


def _tell_earlier(
    story: Story, stage: str, chance: float, later: _Spell
) -> tuple[_Spell, list[Told]]:
    """Tell the job before another one, for those who had the years for it."""
    people, rng = story.people, story.stream(stage)
    n = later.person.size
    end = add_days(later.start, -between(rng, 2, 140, n))
    birth = people.birth[later.person]
    first = career_start(birth, people.education[later.person])
    room = (end - first).astype(np.int64)
    tenure = amount_within(rng, tables.TENURE, tables.TENURE[0], room, n)
    start = add_days(end, -tenure)
    had = coin(rng, min(chance * story.profile.life_events.history, 1.0), n)
    had &= room > tables.TENURE[0]
    who, start, end, birth = later.person[had], start[had], end[had], birth[had]
    own = coin(rng, tables.EARLIER_BUSINESS, who.size)
    own &= start > add_years(birth, OWN_BUSINESS_FROM)
    company = _companies(rng, who.size)
    shop = choose(rng, tables.BUSINESS, who.size)
    kinds = STARTS_AND_ENDS[own.astype(np.int64)]
    starts = np.where(own, "Opened a " + shop, "Started at " + company)
    ends = np.where(own, "Closed the " + shop, "Left " + company)
    return _Spell(who, start, end), [
        past(story, who, kinds[:, 0], start, starts),
        past(story, who, kinds[:, 1], end, ends),
    ]


def _companies(rng: np.random.Generator, n: int) -> Texts:
    """Invent names of employers."""
    pool: NDArray[np.object_] = company_names()
    return np.asarray(choose(rng, pool, n) + " " + choose(rng, tables.COMPANY, n), dtype=object)
