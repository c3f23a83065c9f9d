"""The course of cases: priority, first response, escalation, end, and where they stand now."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from seedkit.population.draw import (
    Whole,
    amount,
    amount_by,
    below,
    between,
    coin,
    pick,
    pick_by,
    tilted,
)
from seedkit.population.model import SEATS, Flags
from seedkit.population.service.arrivals import Arrivals
from seedkit.population.service.hours import DAY, after, unworked, worked
from seedkit.population.service.office import Office
from seedkit.population.service.topics import WAYS
from seedkit.population.service.words import CaseKind, CaseState, Origin, Topic

NEVER = np.iinfo(np.int64).max  # a local time that does not come
RESPONSE = np.array([60, 480, 960], np.int64)  # promised, in worked minutes by Priority
_RESOLUTION = np.array([70, 100, 160], np.int64)  # percent of the topic's, by Priority

_ANSWERED = np.array([1, 1, 2, 2, 4, 7])  # minutes a caller or chatter waits
_WRITTEN = np.array([8, 40, 110, 260, 480, 1100])  # worked minutes until an e-mail is answered
_HURRY = np.array([40, 100, 130])  # percent, by Priority
_AT_ONCE = np.array([2, 4, 5, 6, 8, 11, 24])  # handling minutes; median 6 to 7 (recalled)
_LONG = np.array([12, 22, 35, 50, 80, 140, 260])
_MOST_AT_ONCE = 0.96
_WITHDRAWN = 0.04  # of the cases that take longer
_LATER_SHIFT = 13 * 60
_TELLS = 0.35  # of customers with a resolved case
_CONTENT, _NOT_CONTENT = (2, 4, 13, 38, 43), (14, 21, 27, 25, 13)
_OPEN_STATES = (45, 14, 26, 15)  # weights of the open CaseStates
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Course:
    """Columns of cases; times are local, NEVER where something has not come."""

    kind: Whole
    priority: Whole
    seat: Whole
    at_once: Flags
    respond_by: Whole
    responded: Whole
    escalated: Whole
    resolve_by: Whole
    ends: Whole  # closed, or to be closed some day
    closed: Whole
    state: Whole
    minutes: Whole
    satisfaction: Whole

    def take(self, rows: Whole) -> Course:
        """Return some of them."""
        return Course(**{item.name: getattr(self, item.name)[rows] for item in fields(self)})


def draw_course(office: Office, came: Arrivals, kind: Whole, stage: str = "course") -> Course:
    """Draw what becomes of cases until now."""
    rng, n, now = office.stream(stage), came.person.size, office.now(came.person)
    priority = pick_by(rng, tuple(WAYS[topic].priorities for topic in Topic), came.topic)
    at_once = coin(rng, _settled_at_once(office, came.topic), n)
    responded = _responses(rng, came, priority)
    handled = np.where(at_once, amount(rng, _AT_ONCE, n), amount(rng, _LONG, n))
    takes = amount_by(rng, np.array([WAYS[topic].takes for topic in Topic]), came.topic)
    takes = takes * int(office.profile.engagement.backlog * _PERCENT) // _PERCENT
    ends = np.where(at_once, responded + handled, after(responded, np.maximum(takes, 15)))
    escalated = _escalations(office, rng, at_once, responded, ends)
    promised = np.array([WAYS[topic].promised for topic in Topic])[came.topic]
    withdrawn = ~at_once & coin(rng, _WITHDRAWN, n)
    over = ends < now
    return Course(
        kind=kind,
        priority=priority,
        seat=below(rng, SEATS // 2, n) + SEATS // 2 * (came.opened % DAY >= _LATER_SHIFT),
        at_once=at_once,
        respond_by=after(came.opened, RESPONSE[priority]),
        responded=_until(responded, now),
        escalated=_until(escalated, np.minimum(now, ends)),
        resolve_by=after(came.opened, promised * _RESOLUTION[priority] // _PERCENT),
        ends=ends,
        closed=_until(ends, now),
        state=_states(rng, kind, over, withdrawn, responded < now),
        minutes=np.where(over, handled, handled // 2),
        satisfaction=_told(rng, over & ~withdrawn, at_once & (came.topic != Topic.COMPLAINT)),
    )


def _settled_at_once(office: Office, topic: Whole) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the chance of each case, so that the mean share is the profile's."""
    factor = np.array([round(WAYS[topic].at_once * _PERCENT) for topic in Topic])[topic]
    return tilted(office.profile.engagement.first_contact, factor, topic.size, _MOST_AT_ONCE)


def _responses(rng: np.random.Generator, came: Arrivals, priority: Whole) -> Whole:
    """Return when somebody answered: at once on the phone and in chats, later in writing."""
    n = came.person.size
    spoken = came.opened + amount(rng, _ANSWERED, n)
    wait = np.maximum(amount(rng, _WRITTEN, n) * _HURRY[priority] // _PERCENT, 3)
    written = after(came.opened, wait)
    return np.where(np.isin(came.origin, (Origin.PHONE, Origin.CHAT)), spoken, written)


def _escalations(
    office: Office, rng: np.random.Generator, at_once: Flags, responded: Whole, ends: Whole
) -> Whole:
    """Return when cases went to a supervisor: somewhere on their way."""
    asked, n = office.profile.engagement, at_once.size
    share = min(asked.escalated / max(1.0 - asked.first_contact, 0.05), 0.8)
    chosen = coin(rng, share, n) & ~at_once
    begin, span = worked(responded), worked(ends) - worked(responded)
    moment = unworked(begin + span * between(rng, 25, 75, n) // _PERCENT)
    inside = (moment > responded) & (moment < ends)
    return np.where(chosen & inside, moment, NEVER)


def _states(
    rng: np.random.Generator, kind: Whole, over: Flags, withdrawn: Flags, answered: Flags
) -> Whole:
    waiting = np.where(answered, pick(rng, _OPEN_STATES, kind.size), CaseState.IN_PROGRESS)
    solved = np.where(kind == CaseKind.QUESTION, CaseState.INFORMED, CaseState.SOLVED)
    return np.where(over, np.where(withdrawn, CaseState.CANCELLED, solved), waiting)


def _told(rng: np.random.Generator, resolved: Flags, quickly: Flags) -> Whole:
    n = resolved.size
    points = np.where(quickly, pick(rng, _CONTENT, n), pick(rng, _NOT_CONTENT, n)) + 1
    return np.where(resolved & coin(rng, _TELLS, n), points, 0)


def _until(times: Whole, now: Whole) -> Whole:
    return np.where(times < now, times, NEVER)
