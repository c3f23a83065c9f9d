"""Timelines: the calls, e-mails, appointments, tasks and letters of cases and customers."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from seedkit.population.draw import Whole, between, coin, texts
from seedkit.population.model import Activities, Flags, Ints, Moments, Texts
from seedkit.population.service.arrivals import Arrivals
from seedkit.population.service.course import NEVER, Course
from seedkit.population.service.facts import Facts, Teller, tellers
from seedkit.population.service.hours import after, unworked
from seedkit.population.service.office import Office
from seedkit.population.service.phrasing import Pool, sentence
from seedkit.population.service.steps import (
    CALLED,
    ESCALATED,
    MEET,
    REPLIED,
    TASK,
    WROTE,
    Step,
    chosen_steps,
    step_time,
)
from seedkit.population.service.topics import DESKS
from seedkit.population.service.variants import Variant
from seedkit.population.service.words import Done, Origin, Progress

SUBJECT_LENGTH = 100
_OVERDUE = 0.2  # of open tasks
_NEXT_CALL, _NEXT_TASK = 0.35, 0.45  # of open cases
_HALF_HOUR = 30
_SPEED = ("fast", "slow")


@dataclass(frozen=True, slots=True)
class Deeds:
    """Columns of activities before they are written; times are local."""

    case: Whole
    person: Whole
    kind: Whole
    outgoing: Flags
    progress: Whole
    desk: Whole
    seat: Whole
    subject: Texts
    text: Texts
    begins: Whole
    ends: Whole
    done: Whole  # NEVER while open
    missed: Flags


@dataclass(frozen=True, slots=True)
class Work:
    """The cases whose timelines are made, with their facts."""

    came: Arrivals
    course: Course
    variants: list[Variant]
    facts: list[Facts]
    description: Texts


def tell_timelines(office: Office, work: Work) -> list[Deeds]:
    """Tell what was done in each case, and what is planned in the open ones."""
    return [*_beginnings(office, work), *_on_the_way(office, work), *_ahead(office, work)]


def _beginnings(office: Office, work: Work) -> list[Deeds]:
    """Tell how cases came in, and the first answer to those that came in writing."""
    came, course = work.came, work.course
    answered = course.responded != NEVER
    written = np.isin(came.origin, (Origin.EMAIL, Origin.WEB)) & answered
    called = came.origin == Origin.PHONE
    opened = np.where(called, np.minimum(course.responded, came.opened + 3), came.opened)
    return [
        _deeds(office, work, CALLED, called, np.minimum(opened, came.opened)),
        _deeds(office, work, WROTE, came.origin == Origin.EMAIL, came.opened),
        _deeds(office, work, REPLIED, written, course.responded),
    ]


def _on_the_way(office: Office, work: Work) -> list[Deeds]:
    """Tell the steps between first response and end, as far as they have come."""
    course, now = work.course, office.now(work.came.person)
    found = []
    for step, chosen in chosen_steps(office, work.came, course):
        at = unworked(step_time(office, course, step))
        if step is MEET:
            at = at // _HALF_HOUR * _HALF_HOUR
            ahead = chosen & (at >= now)
            found.append(_deeds(office, work, step, ahead, at, Progress.OPEN))
        ends = np.minimum(course.ends, now)
        happened = chosen & (at >= course.responded) & (at + step.lasts[1] < ends)
        found.append(_deeds(office, work, step, happened, at))
    escalated = course.escalated != NEVER
    return [*found, _deeds(office, work, ESCALATED, escalated, course.escalated)]


def _ahead(office: Office, work: Work) -> list[Deeds]:
    """Tell what open cases wait for: calls that were promised, tasks that are due."""
    rng, n = office.stream("ahead"), work.came.person.size
    course, now = work.course, office.now(work.came.person)
    running = (course.closed == NEVER) & (course.responded != NEVER) & ~course.at_once
    call = after(now, between(rng, 120, 2400, n))
    step = Step("call_planned", Done.PHONE_CALL, True, 0, lasts=(10, 10))
    calls = running & coin(rng, _NEXT_CALL, n)
    tasks = running & coin(rng, _NEXT_TASK, n)
    return [
        _deeds(office, work, step, calls, call, Progress.OPEN),
        _deeds(office, work, TASK, tasks, course.responded, Progress.OPEN, "task ahead"),
    ]


def _deeds(
    office: Office,
    work: Work,
    step: Step,
    chosen: Flags,
    at: Whole,
    progress: Progress = Progress.COMPLETED,
    stage: str = "",
) -> Deeds:
    """Return one deed for each chosen case."""
    stage = f"{stage or step.use} {progress.name}"
    row = np.flatnonzero(chosen)
    begins = at[row]
    lasts = between(office.stream(f"{stage} lasts"), *step.lasts, row.size)
    if step is CALLED:
        quick = work.course.at_once[row]
        lasts = np.where(quick, work.course.minutes[row], lasts)
    ends, done = begins + lasts, begins + lasts
    if step.kind == Done.TASK:
        ends, done = _due(office, work, row, begins, progress, stage)
    elif progress == Progress.OPEN:
        done = np.full(row.size, NEVER)
    written = [
        _words(teller, step, work, case)
        for teller, case in zip(
            tellers(office, [work.facts[one] for one in row], stage), row.tolist(), strict=True
        )
    ]
    desk = DESKS[work.came.topic[row]]
    return Deeds(
        case=row,
        person=work.came.person[row],
        kind=np.full(row.size, int(step.kind)),
        outgoing=np.full(row.size, step.outgoing),
        progress=np.where(done == NEVER, Progress.OPEN, Progress.COMPLETED),
        desk=desk,
        seat=work.course.seat[row],
        subject=texts([sentence(subject)[:SUBJECT_LENGTH] for subject, _ in written]),
        text=texts([text for _, text in written]),
        begins=begins,
        ends=ends,
        done=done,
        missed=np.full(row.size, step.missed),
    )


def _due(
    office: Office, work: Work, row: Whole, begins: Whole, progress: Progress, stage: str
) -> tuple[Whole, Whole]:
    """Return when tasks are due, and when they were done; most of them in time."""
    rng, now = office.stream(f"{stage} due"), office.now(work.came.person[row])
    due = after(begins, between(rng, 240, 1800, row.size))
    if progress == Progress.OPEN:
        ahead = after(now, between(rng, 60, 1800, row.size))
        late = coin(rng, _OVERDUE, row.size) & (due < now)
        return np.where(late, due, np.maximum(due, ahead)), np.full(row.size, NEVER)
    done = after(begins, between(rng, 30, 1500, row.size))
    done = np.minimum(done, np.maximum(work.course.ends[row], begins + 1))
    return due, np.where(done < now, done, NEVER)


def _words(teller: Teller, step: Step, work: Work, case: int) -> tuple[str, str]:
    """Return subject and text of a deed."""
    topic = work.variants[case]
    pools = teller.words.common[step.use]
    facts = teller.facts
    facts["ask"], facts["note"] = teller.say(topic["ask"]), teller.say(topic["note"])
    if step is TASK:
        return teller.say(topic["task"]), teller.say(pools["text"])
    subject = teller.say(pools["subject"])
    if step is WROTE:
        return subject, str(work.description[case])
    speed = _SPEED[not work.course.at_once[case]]
    pool: Pool = pools[speed] if speed in pools else pools["text"]
    return subject, teller.say(pool)


def together(deeds: list[Deeds]) -> Deeds:
    """Return deeds by person and time."""
    both = {
        item.name: np.concatenate([getattr(one, item.name) for one in deeds])
        for item in fields(Deeds)
    }
    order = np.lexsort((both["case"], both["begins"], both["person"]))
    return Deeds(**{name: column[order] for name, column in both.items()})


def to_activities(office: Office, deeds: Deeds) -> Activities:
    """Return deeds as a part of the block."""
    person = deeds.person
    return Activities(
        household=office.block.people.household[person],
        person=person.astype(np.int32),
        case=deeds.case.astype(np.int32),
        kind=deeds.kind.astype(np.int8),
        outgoing=deeds.outgoing,
        progress=deeds.progress.astype(np.int8),
        desk=deeds.desk.astype(np.int8),
        seat=deeds.seat.astype(np.int8),
        subject=deeds.subject,
        text=deeds.text,
        begins=office.utc(deeds.begins, person),
        ends=office.utc(deeds.ends, person),
        done=moments(office, deeds.done, person),
        missed=deeds.missed,
        address=_addresses(office, person, deeds.kind),
    )


def moments(office: Office, local: Whole, person: Ints) -> Moments:
    """Return local times as moments, NaT where they have not come."""
    come = local != NEVER
    return np.where(come, office.utc(np.where(come, local, 0), person), np.datetime64("NaT", "m"))


def _addresses(office: Office, person: Ints, kind: Whole) -> Texts:
    """Return the number, e-mail or postal address that each activity uses."""
    people, homes = office.block.people, office.block.households
    home = people.household[person]
    phone = np.where(people.mobile == "", people.home_phone, people.mobile)[person]
    post = homes.street[home] + ", " + homes.city[home] + " " + homes.postcode[home]
    found = np.where(kind == Done.EMAIL, people.email[person], phone)
    found = np.where(kind == Done.LETTER, post, found)
    return np.where(np.isin(kind, (Done.TASK, Done.APPOINTMENT)), "", found)
