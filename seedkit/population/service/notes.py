"""Notes: what agents jot down about cases, chats and customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population.draw import Whole, below, coin, texts
from seedkit.population.model import CaseNotes, Texts
from seedkit.population.service.chats import Chats
from seedkit.population.service.course import NEVER
from seedkit.population.service.facts import of_person, tellers
from seedkit.population.service.hours import after, unworked, worked
from seedkit.population.service.matters import ADULT_AGE
from seedkit.population.service.office import Office
from seedkit.population.service.phrasing import wording
from seedkit.population.service.timeline import Work, moments
from seedkit.population.service.topics import DESKS
from seedkit.population.service.words import Desk

_TAKEN = 0.6  # of the cases that take longer
_ON_CUSTOMER = 0.06  # of adult customers
_PART = (12, 40)  # percent of the way on which a note is taken
_HISTORY = 250  # worked days that a note on a customer goes back at most


@dataclass(frozen=True, slots=True)
class _Jotted:
    """Columns of notes before they are sorted; times are local."""

    case: Whole
    person: Whole
    desk: Whole
    seat: Whole
    subject: Texts
    text: Texts
    written: Whole


def tell_notes(office: Office, work: Work, chats: Chats) -> CaseNotes:
    """Tell the notes of cases, the summaries of chats, and what is good to know of customers."""
    parts = [_on_the_way(office, work), _summaries(work, chats), _on_customers(office)]
    column = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in _Jotted.__dataclass_fields__
    }
    order = np.lexsort((column["case"], column["written"], column["person"]))
    sorted_ = _Jotted(**{name: values[order] for name, values in column.items()})
    person = sorted_.person
    return CaseNotes(
        household=office.block.people.household[person],
        person=person.astype(np.int32),
        case=sorted_.case.astype(np.int32),
        desk=sorted_.desk.astype(np.int8),
        seat=sorted_.seat.astype(np.int8),
        subject=sorted_.subject,
        text=sorted_.text,
        written=moments(office, sorted_.written, person),
    )


def _on_the_way(office: Office, work: Work) -> _Jotted:
    """Tell what agents noted between first response and end."""
    came, course, now = work.came, work.course, office.now(work.came.person)
    rng, n = office.stream("notes"), came.person.size
    slow = ~course.at_once & (course.responded != NEVER)
    begin = worked(np.where(slow, course.responded, course.ends))
    span = worked(course.ends) - begin
    low, high = _PART
    at = unworked(begin + span * (low + below(rng, high - low, n)) // 100)
    ends = np.minimum(course.ends, now)
    row = np.flatnonzero(
        slow & coin(rng, _TAKEN, n) & (at < ends) & (at > np.where(slow, course.responded, at))
    )
    jotters = tellers(office, [work.facts[one] for one in row], "notes")
    notes = [
        jotter.say(work.variants[case]["note"])
        for jotter, case in zip(jotters, row.tolist(), strict=True)
    ]
    return _Jotted(
        case=row,
        person=came.person[row],
        desk=DESKS[came.topic[row]],
        seat=course.seat[row],
        subject=texts(["Note"] * row.size),
        text=texts(notes),
        written=at[row],
    )


def _summaries(work: Work, chats: Chats) -> _Jotted:
    """Tell what chats were about, as soon as they ended."""
    row = np.flatnonzero(chats.ended != NEVER)
    case = chats.case[row]
    return _Jotted(
        case=case,
        person=work.came.person[case],
        desk=DESKS[work.came.topic[case]],
        seat=work.course.seat[case],
        subject=texts(["Summary of the chat"] * row.size),
        text=chats.summary[row],
        written=chats.ended[row],
    )


def _on_customers(office: Office) -> _Jotted:
    """Tell what is good to know of some customers."""
    people, rng = office.block.people, office.stream("customers' notes")
    n = people.household.size
    known = people.customer & (people.age >= ADULT_AGE)
    row = np.flatnonzero(known & coin(rng, _ON_CUSTOMER * _usual(office), n))
    now = office.now(row)
    at = unworked(np.maximum(worked(now) - 1 - below(rng, _HISTORY * 600, row.size), 0))
    since = (people.customer_since[row].astype(np.int64) + 1) * 24 * 60
    at = np.maximum(at, after(since, np.zeros(row.size, np.int64)))
    row, at = row[at < now], at[at < now]
    pools = wording(office.profile.locale).common["contact"]
    facts = [of_person(office, one) for one in row.tolist()]
    jotters = tellers(office, facts, "customers' notes")
    said = [(one.say(pools["note_subject"]), one.say(pools["note_text"])) for one in jotters]
    return _Jotted(
        case=np.full(row.size, -1),
        person=row,
        desk=np.full(row.size, int(Desk.FRONT)),
        seat=below(rng, 8, n)[row],
        subject=texts([subject for subject, _ in said]),
        text=texts([text for _, text in said]),
        written=at,
    )


def _usual(office: Office) -> float:
    """Return how much of what is not tied to cases there is; less where few cases are asked."""
    return min(office.profile.engagement.cases, 1.0)
