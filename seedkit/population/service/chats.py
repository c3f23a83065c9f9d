"""Chats: conversations of customers with the assistant and with agents."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population.draw import Whole, below, between, coin, expand, pick_by, texts
from seedkit.population.model import SEATS, Conversations, Messages, Sessions, Texts
from seedkit.population.service.course import NEVER
from seedkit.population.service.facts import Teller, tellers
from seedkit.population.service.office import Office
from seedkit.population.service.phrasing import sentence
from seedkit.population.service.timeline import Work, moments
from seedkit.population.service.topics import DESKS
from seedkit.population.service.words import Origin, Sender, Topic

_TALK = (4, 19)  # minutes with an agent, where the case goes on
_HANDED_ON = 0.12  # to another agent
_UNHAPPY = (Topic.COMPLAINT, Topic.CARD_STOLEN, Topic.CARD_DISPUTE, Topic.FEES)
_SENTIMENTS = np.array(  # weights of Sentiment: settled, not settled, settled and unhappy, both
    [
        [0, 1, 4, 30, 30, 25, 10],
        [2, 6, 18, 44, 20, 8, 2],
        [1, 6, 18, 35, 25, 12, 3],
        [8, 22, 34, 26, 8, 2, 0],
    ]
)
_BEFORE_AGENT = 3  # lines


@dataclass(frozen=True, slots=True)
class Chats:
    """Columns of chats, sorted as their cases; times are local."""

    case: Whole
    began: Whole
    accepted: Whole
    ended: Whole
    sentiment: Whole
    summary: Texts


def draw_chats(office: Office, work: Work) -> Chats:
    """Draw the chats that cases began with."""
    came, course = work.came, work.course
    case = np.flatnonzero(came.origin == Origin.CHAT)
    rng, n, now = office.stream("chats"), case.size, office.now(came.person[case])
    accepted, settled = course.responded[case], course.at_once[case]
    talk = np.where(settled, course.minutes[case], between(rng, *_TALK, n))
    ended = np.minimum(accepted, now) + talk
    ended = np.where((accepted < now) & (ended < now), ended, NEVER)
    row = ~settled + 2 * np.isin(came.topic[case], _UNHAPPY)
    sentiment = pick_by(rng, _SENTIMENTS, row)
    who = tellers(office, [work.facts[one] for one in case], "chats")
    summaries = [
        _summary(teller, work, one, minutes)
        for teller, one, minutes in zip(who, case.tolist(), talk.tolist(), strict=True)
    ]
    return Chats(case, came.opened[case], accepted, ended, sentiment, texts(summaries))


def _summary(teller: Teller, work: Work, case: int, minutes: int) -> str:
    pools = teller.words.common["summary"]
    teller.facts["say"] = teller.say(work.variants[case]["say"])
    teller.facts["minutes"] = str(minutes)
    outcome = "done" if work.course.at_once[case] else "open"
    teller.facts["outcome"] = teller.say(pools[outcome])
    return teller.say(pools["text"])


def to_conversations(office: Office, work: Work, chats: Chats) -> Conversations:
    """Return chats as a part of the block."""
    case = chats.case
    person = work.came.person[case]
    ends = np.where(chats.ended == NEVER, office.now(person), chats.ended)
    accepted = np.where(chats.accepted == NEVER, ends, chats.accepted)
    return Conversations(
        household=office.block.people.household[person],
        person=person.astype(np.int32),
        case=case.astype(np.int32),
        desk=DESKS[work.came.topic[case]].astype(np.int8),
        seat=work.course.seat[case].astype(np.int8),
        began=moments(office, chats.began, person),
        accepted=moments(office, chats.accepted, person),
        ended=moments(office, chats.ended, person),
        handled=(ends - accepted).astype(np.int32),
        sentiment=chats.sentiment.astype(np.int8),
        summary=chats.summary,
    )


def to_sessions(office: Office, work: Work, chats: Chats) -> Sessions:
    """Return the agents' parts of chats; some were handed on in the middle."""
    rng, n = office.stream("sessions"), chats.case.size
    taken = chats.accepted != NEVER
    long = np.where(taken & (chats.ended != NEVER), chats.ended - chats.accepted, 0) >= 4
    twice = coin(rng, _HANDED_ON, n) & long
    row, part = expand(taken.astype(np.int64) + twice)
    person = work.came.person[chats.case[row]]
    seat = work.course.seat[chats.case[row]]
    other = (seat + 1 + below(rng, SEATS - 1, n)[row]) % SEATS
    middle = (chats.accepted[row] + np.where(twice[row], chats.ended[row], 0)) // 2
    first = twice[row] & (part == 0)
    return Sessions(
        household=office.block.people.household[person],
        conversation=row.astype(np.int32),
        desk=DESKS[work.came.topic[chats.case[row]]].astype(np.int8),
        seat=np.where(first, other, seat).astype(np.int8),
        began=moments(office, np.where(part == 1, middle, chats.accepted[row]), person),
        ended=moments(office, np.where(first, middle, chats.ended[row]), person),
    )


def tell_messages(office: Office, work: Work, chats: Chats) -> Messages:
    """Tell what was said in chats: the assistant first, then an agent, once there is one."""
    who = tellers(office, [work.facts[one] for one in chats.case], "messages")
    lines = [
        _lines(teller, bool(taken), bool(over), bool(settled))
        for teller, taken, over, settled in zip(
            who,
            chats.accepted != NEVER,
            chats.ended != NEVER,
            work.course.at_once[chats.case],
            strict=True,
        )
    ]
    sizes = np.array([len(one) for one in lines], np.int64)
    row, place = expand(sizes)
    said = [line for one in lines for line in one]
    sender = np.array([sender for sender, _ in said], np.int8)
    person = work.came.person[chats.case[row]]
    return Messages(
        household=office.block.people.household[person],
        conversation=row.astype(np.int32),
        sender=sender,
        sent=moments(office, _times(chats, row, place, sizes[row]), person),
        text=texts([text for _, text in said]),
    )


def _lines(teller: Teller, taken: bool, over: bool, settled: bool) -> list[tuple[Sender, str]]:
    """Return who says what, as far as the chat has come."""
    pools = teller.words.common["chat"]
    bot, agent, customer = Sender.BOT, Sender.AGENT, Sender.CUSTOMER
    found = [
        (bot, teller.say(pools["bot"])),
        (customer, sentence(teller.facts["say"])),
        (bot, sentence(teller.say(pools["bot_passes"]))),
    ]
    if taken:
        found += [
            (agent, teller.say(pools["agent_joins"])),
            (agent, teller.say(pools["agent_asks"])),
            (customer, teller.say(pools["customer_confirms"])),
            (agent, teller.say(pools["agent_works"])),
            (customer, teller.say(pools["customer_waits"])),
        ]
    if taken and over:
        end = "agent_ends" if settled else "agent_passes_on"
        found += [
            (agent, sentence(teller.say(pools[end]))),
            (customer, teller.say(pools["customer_ends"])),
        ]
    return found


def _times(chats: Chats, row: Whole, place: Whole, size: Whole) -> Whole:
    """Return when each line was said: the agent's part evenly until the end, what is before first.

    In a chat that still goes on all that was said so far stands at its beginning.
    """
    begin = np.where(chats.accepted == NEVER, chats.began, chats.accepted)
    end = np.where(chats.ended == NEVER, begin, chats.ended)
    part = (end - begin)[row] * (place - _BEFORE_AGENT) // np.maximum(size - _BEFORE_AGENT - 1, 1)
    return np.where(place < _BEFORE_AGENT, chats.began[row], begin[row] + part)
