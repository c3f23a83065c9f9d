"""Steps: what is done in a case, in their order, and for which cases."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from seedkit.population.draw import Whole, below, coin
from seedkit.population.model import Flags
from seedkit.population.service.arrivals import Arrivals
from seedkit.population.service.course import NEVER, Course
from seedkit.population.service.hours import worked
from seedkit.population.service.office import Office
from seedkit.population.service.topics import WAYS
from seedkit.population.service.words import CaseState, Done, Origin, Topic

_HOUR, _DAY = 60, 600  # in worked minutes


class Step(NamedTuple):
    """Something that is done at a part of the way (percent) between first response and end.

    Only cases that take at least so many worked minutes have it. `use` names its phrases.
    """

    use: str
    kind: Done
    outgoing: bool
    at: int
    least: int = 0
    share: float = 1.0
    missed: bool = False
    lasts: tuple[int, int] = (3, 12)  # minutes


TASK = Step("task", Done.TASK, True, 6, _HOUR, 0.45)
ASK = Step("mail_ask", Done.EMAIL, True, 20, 4 * _HOUR, 0.4, lasts=(0, 0))
ANSWER = Step("mail_answer", Done.EMAIL, False, 42, 4 * _HOUR, lasts=(0, 0))
AGAIN = Step("call_again", Done.PHONE_CALL, False, 52, 5 * _DAY, 0.4, lasts=(2, 7))
MISSED = Step("call_missed", Done.PHONE_CALL, True, 60, _DAY, 0.3, True, (1, 1))
BACK = Step("call_out", Done.PHONE_CALL, True, 66, 4 * _HOUR, 0.45)
MEET = Step("meeting", Done.APPOINTMENT, True, 72, 2 * _DAY, lasts=(30, 60))
LETTER = Step("letter_out", Done.LETTER, True, 82, _DAY, lasts=(0, 0))
TOLD_BY_CALL = Step("call_done", Done.PHONE_CALL, True, 97, _HOUR, lasts=(2, 9))
TOLD_BY_MAIL = Step("mail_done", Done.EMAIL, True, 97, 0, lasts=(0, 0))
ESCALATED = Step("task_escalated", Done.TASK, True, 0)

CALLED = Step("call_in", Done.PHONE_CALL, False, 0, lasts=(5, 14))
WROTE = Step("mail_in", Done.EMAIL, False, 0, lasts=(0, 0))
REPLIED = Step("mail_reply", Done.EMAIL, True, 0, lasts=(0, 0))

ON_THE_WAY = (TASK, ASK, ANSWER, AGAIN, MISSED, BACK, MEET, LETTER, TOLD_BY_CALL, TOLD_BY_MAIL)
_JITTER = 6  # percent, at most what lies between two steps


def chosen_steps(office: Office, came: Arrivals, course: Course) -> list[tuple[Step, Flags]]:
    """Toss which cases have which of the steps on the way."""
    rng, n = office.stream("steps"), came.person.size
    slow = ~course.at_once & (course.responded != NEVER)
    takes = worked(course.ends) - worked(np.where(slow, course.responded, came.opened))
    tossed = {step: coin(rng, step.share, n) & slow & (takes >= step.least) for step in ON_THE_WAY}
    waits = slow & (course.state == CaseState.WAITING)
    tossed[ASK] |= waits
    tossed[ANSWER] &= tossed[ASK] & ~waits
    tossed[MEET] &= coin(rng, _share(came.topic, "meets"), n)
    tossed[LETTER] &= coin(rng, _share(came.topic, "writes"), n)
    tossed[AGAIN] &= came.origin != Origin.WEB
    told = slow & (course.state != CaseState.CANCELLED)
    spoken = told & (coin(rng, 0.5, n) | (came.origin == Origin.PHONE)) & coin(rng, 0.7, n)
    tossed[TOLD_BY_CALL] &= spoken
    tossed[TOLD_BY_MAIL] &= told & ~tossed[TOLD_BY_CALL]
    return list(tossed.items())


def step_time(office: Office, course: Course, step: Step) -> Whole:
    """Return when a step is done in each case, as worked minutes between response and end."""
    rng, n = office.stream(f"time of {step.use}"), course.ends.size
    begin = worked(np.where(course.responded == NEVER, course.ends, course.responded))
    span = np.maximum(worked(course.ends) - begin, 0)
    part = np.minimum(step.at + below(rng, _JITTER, n), 99)
    return np.asarray(begin + span * part // 100)


def _share(topic: Whole, name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([getattr(WAYS[one], name) for one in Topic])[topic]
