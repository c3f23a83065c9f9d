"""Schooling, jobs, businesses and retirement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedkit.population import event_tables as tables
from seedkit.population.days import add_days, add_years
from seedkit.population.draw import Whole, amount_within, below, between, choose, coin, pick
from seedkit.population.job_titles import job_of
from seedkit.population.locale import Locale
from seedkit.population.locale.phrases import SLOT, Phrases
from seedkit.population.model import Dates, Flags, Ints, Texts
from seedkit.population.schooling import graduation
from seedkit.population.story import Rank, Story, Told, day_between, past
from seedkit.population.words import Education, Employment, Event
from seedkit.population.work import (
    YEARS_AFTER_SCHOOL,
    career_start,
    company_names,
)
from seedkit.population.work_tables import (
    DOCTORATE_YEARS,
    DOCTORS,
    OWN_BUSINESS_FROM,
    Job,
)

RETIREMENT = "Retirement"  # the title of a job's end that is one
DIPLOMA_UNTIL = 25  # age at which the end of school is no news any more
_DEGREES = np.zeros((len(Education), 2), np.int8)  # by Education and whether it is a doctorate
_DEGREES[Education.ASSOCIATE] = Event.ASSOCIATE_DEGREE
_DEGREES[Education.BACHELOR] = Event.BACHELOR_DEGREE
_DEGREES[Education.ADVANCED] = Event.MASTER_DEGREE, Event.DOCTORATE
_DEGREE_WORDS = {
    Event.ASSOCIATE_DEGREE: "Associate degree",
    Event.BACHELOR_DEGREE: "Bachelor's degree",
    Event.MASTER_DEGREE: "Master's degree",
    Event.DOCTORATE: "Doctorate",
}


@dataclass(frozen=True, slots=True)
class _Spell:
    """Time in the present or last job: who, and from when."""

    person: Whole
    start: Dates


@dataclass(frozen=True, slots=True)
class Study:
    """Columns by person: when the highest degree was earned (or school ended), and of what rank."""

    finished: Dates
    doctor: Flags


def tell_schooling(story: Story, study: Study) -> list[Told]:
    """Tell everyone's highest degree, and the end of school where there is no other."""
    people, who, say = story.people, story.adults, story.locale.say
    education, draw = people.education, below(story.stream("fields"), 1 << 16, who.size)
    graduates = education[who] >= Education.ASSOCIATE
    holders = who[graduates]
    kind = _DEGREES[education[holders], study.doctor[holders].astype(np.int64)]
    titles = _degree_titles(story.locale, people.occupation[holders], kind, draw[graduates])
    early = between(story.stream("school ends"), 1, 20, who.size)
    done = add_days(graduation(people.birth[who], np.zeros(who.size, np.int64)), -early)
    school = education[who] >= Education.HIGH_SCHOOL
    recent = ~graduates & (people.age[who] < DIPLOMA_UNTIL)
    rank = np.where(recent, Rank.NOTABLE, Rank.SPARE)[school]
    return [
        past(story, holders, kind, study.finished[holders], titles),
        past(story, who[school], Event.HIGH_SCHOOL, done[school], say("High school diploma"), rank),
    ]


def make_study(story: Story) -> Study:
    """Draw when everyone finished studying: not before the years it takes, nor after the job."""
    people, rng = story.people, story.stream("degrees")
    n, birth, education = people.birth.size, people.birth, people.education
    early = between(rng, 1, 20, n)
    delay = pick(rng, tables.STUDY_DELAYS, n)
    others = coin(rng, tables.OTHER_DOCTORS, n)
    latest = np.where(np.isnat(people.job_since), story.today, people.job_since)
    needed = np.array(
        [_takes_doctorate(story.locale, text) for text in people.occupation], np.bool_
    )
    able = graduation(birth, np.full(n, DOCTORATE_YEARS)) <= latest
    doctor = (needed | others) & able & (education == Education.ADVANCED)
    years = np.where(doctor, DOCTORATE_YEARS, YEARS_AFTER_SCHOOL[education])
    spare = (latest - graduation(birth, years)).astype(np.int64) // 366
    delay = np.minimum(delay, np.maximum(spare, 0))
    return Study(add_days(graduation(birth, years + delay), -early), doctor)


def _takes_doctorate(locale: Locale, occupation: str) -> bool:
    job = job_of(locale, occupation)
    return job is not None and job.title in DOCTORS


def _degree_titles(locale: Locale, occupation: Texts, kind: Ints, draw: Whole) -> Texts:
    """Return degrees in words, in fields that fit the (former) job."""
    found = np.empty(draw.size, dtype=object)
    rows = zip(occupation, kind.tolist(), draw.tolist(), strict=True)
    found[:] = [
        _degree(locale.say, job_of(locale, text), Event(event), number)
        for text, event, number in rows
    ]
    return found


def _degree(say: Phrases, job: Job | None, event: Event, number: int) -> str:
    title, sector = (job.title, job.sector) if job else ("", "")
    if event == Event.DOCTORATE and title in tables.PROFESSIONAL_DEGREES:
        return say(tables.PROFESSIONAL_DEGREES[title])
    by_sector = tables.ASSOCIATE_FIELDS if event == Event.ASSOCIATE_DEGREE else tables.FIELDS
    pool = tables.JOB_FIELDS.get(title) or by_sector.get(sector, by_sector[""])
    return say(_DEGREE_WORDS[event] + " in {}").replace(SLOT, say(pool[number % len(pool)]))


def tell_careers(story: Story, study: Study) -> list[Told]:
    """Tell present, last and earlier jobs: one after the other, never two at once."""
    people = story.people
    first = career_start(people.birth, people.education)
    first = np.where(
        people.education >= Education.ASSOCIATE, np.maximum(first, study.finished), first
    )
    parts = [_tell_present(story), _tell_last(story, first)]
    latest = [spell for spell, _ in parts]
    person = np.concatenate([part.person for part in latest])
    start = np.concatenate([part.start for part in latest])
    told = [row for _, rows in parts for row in rows]
    return told + _tell_earlier(story, first, _Spell(person, start))


def _tell_present(story: Story) -> tuple[_Spell, list[Told]]:
    """Tell the start of the present job or business."""
    people, say = story.people, story.locale.say
    who = np.flatnonzero(~np.isnat(people.job_since))
    own = people.employment[who] == Employment.SELF_EMPLOYED
    since, employer = people.job_since[who], people.employer[who]
    titles = np.where(own, say.around("Opened {}", employer), say.around("Started at {}", employer))
    kind = np.where(own, Event.BUSINESS_STARTED, Event.JOB_STARTED).astype(np.int8)
    return _Spell(who, since), [past(story, who, kind, since, titles)]


def _tell_last(story: Story, career: Dates) -> tuple[_Spell, list[Told]]:
    """Tell the last job of those who work no more: its end, and its start where there was time."""
    people, rng, say = story.people, story.stream("last jobs"), story.locale.say
    state, age = people.employment, people.age
    retired = state == Employment.RETIRED
    left = np.isin(state, (Employment.DISABLED, Employment.HOMEMAKER)) & (age >= 25)
    left &= coin(rng, tables.LEFT_WORK, age.size)
    who = np.flatnonzero(retired | left | ((state == Employment.UNEMPLOYED) & (age >= 20)))
    birth, n = people.birth[who], who.size
    first = add_days(career[who], 60)
    retiring = add_days(
        birth,
        amount_within(
            rng, tables.RETIREMENT_AGE, tables.RETIREMENT_FROM,
            (story.today - birth).astype(np.int64) - 15, n,
        ),
    )  # fmt: skip
    recent = add_days(story.today, -between(rng, 15, 500, n))
    earlier = day_between(rng, add_days(first, 200), np.full(n, add_days(story.today, -30)))
    end = np.where(retired[who], retiring, np.where(left[who], earlier, recent))
    # a career that could only begin this year has no end yet
    fits = (end > add_days(first, 100)) & (end < story.today)
    who, end, first = who[fits], end[fits], first[fits]
    room, least = (end - first).astype(np.int64), np.full(who.size, 60)
    usual, long = (
        amount_within(rng, row, least, room, who.size)
        for row in (tables.TENURE, tables.LAST_TENURE)
    )
    start = add_days(end, -np.where(retired[who], long, usual))
    company = _companies(story, rng, who.size)
    leaving = np.where(retired[who], say(RETIREMENT), say.around("Left {}", company))
    return _Spell(who, start), [
        past(story, who, Event.JOB_ENDED, end, leaving),
        past(
            story, who, Event.JOB_STARTED, start, say.around("Started at {}", company), Rank.NOTABLE
        ),
    ]


def _tell_earlier(story: Story, career: Dates, later: _Spell) -> list[Told]:
    """Tell the job before another one, which begins the career where that has been long."""
    people, rng, say = story.people, story.stream("job before"), story.locale.say
    n, first = later.person.size, career[later.person]
    end = add_days(later.start, -between(rng, 2, 140, n))
    room = (end - first).astype(np.int64)
    tenure = amount_within(rng, tables.TENURE, tables.TENURE[0], room, n)
    long = room > tables.LONG_CAREER
    start = np.where(
        long, add_days(first, below(rng, tables.EARLIEST_JOB, n)), add_days(end, -tenure)
    )
    chance = np.where(long, 1.0, tables.EARLIER_JOB) * story.profile.life_events.history
    had = coin(rng, np.minimum(chance, 1.0), n) & (room > tables.TENURE[0])
    who, start, end, began = later.person[had], start[had], end[had], long[had]
    own = coin(rng, tables.EARLIER_BUSINESS, who.size)
    own &= start > add_years(people.birth[who], OWN_BUSINESS_FROM)
    shop = choose(rng, say.each(tables.BUSINESS), who.size)
    company = _companies(story, rng, who.size)
    starts = np.where(own, say.around("Opened a {}", shop), say.around("Started at {}", company))
    kind = np.where(own, Event.BUSINESS_STARTED, Event.JOB_STARTED).astype(np.int8)
    # that one job ended goes without saying where the next one began
    return [
        past(story, who, kind, start, starts, np.where(began, Rank.KEPT, Rank.NOTABLE)),
        past(
            story, who[own], Event.BUSINESS_CLOSED, end[own], say.around("Closed the {}", shop[own])
        ),
    ]


def _companies(story: Story, rng: np.random.Generator, n: int) -> Texts:
    """Invent names of employers."""
    pool: NDArray[np.object_] = company_names(story.locale)
    kinds = story.locale.say.each(tables.COMPANY)
    return np.asarray(choose(rng, pool, n) + " " + choose(rng, kinds, n), dtype=object)
