"""What happens without a case: talks about plans, welcomes, cards that are sent."""

from __future__ import annotations

import numpy as np

from seedkit.population.days import add_days, known
from seedkit.population.draw import Whole, below, between, coin, texts
from seedkit.population.model import SEATS, Dates
from seedkit.population.service.course import NEVER
from seedkit.population.service.facts import Facts, of_card, of_person, tellers
from seedkit.population.service.hours import OPENS, after, weekday_of
from seedkit.population.service.matters import ADULT_AGE
from seedkit.population.service.office import Office, begin_of
from seedkit.population.service.phrasing import sentence, wording
from seedkit.population.service.timeline import SUBJECT_LENGTH, Deeds
from seedkit.population.service.words import Desk, Done, Progress

_TALKS, _PLANNED = 0.07, 0.02  # of adult customers, a year and ahead
_SENT = 0.6  # of the cards of the time: a letter on file
_AHEAD = (1, 30)  # days
_FRIDAY = 4
_HALF_HOUR = 30


def tell_plain(office: Office) -> list[Deeds]:
    """Tell what customers had to do with us beside their cases."""
    share = min(office.profile.engagement.cases, 1.0)
    return [
        _talks(office, _TALKS * share * office.profile.engagement.months / 12),
        _plans(office, _PLANNED * share),
        _welcomes(office),
        _letters(office, _SENT * share),
    ]


def _adults(office: Office) -> Whole:
    people = office.block.people
    return np.flatnonzero(people.customer & (people.age >= ADULT_AGE))


def _talks(office: Office, share: float) -> Deeds:
    rng, who = office.stream("talks"), _adults(office)
    first = np.maximum(office.block.people.customer_since[who] + 1, office.start)
    span = (office.today - first).astype(np.int64) - 1
    day = add_days(first, below(rng, np.maximum(span, 1), who.size))
    row = np.flatnonzero(coin(rng, share, who.size) & (span > 1))
    at = _slots(rng, day[row])
    done = at + between(rng, 30, 60, row.size)
    past = done < office.now(who[row])
    return _deeds(
        office, who[row][past], Done.APPOINTMENT, "review", at[past], done[past], done[past]
    )


def _plans(office: Office, share: float) -> Deeds:
    rng, who = office.stream("plans"), _adults(office)
    row = who[coin(rng, share, who.size)]
    day = np.full(row.size, office.today) + between(rng, *_AHEAD, row.size)
    at = _slots(rng, day)
    never = np.full(row.size, NEVER)
    return _deeds(office, row, Done.APPOINTMENT, "plan", at, at + 60, never)


def _welcomes(office: Office) -> Deeds:
    since, who = office.block.people.customer_since, _adults(office)
    row = who[(since[who] >= office.start) & (since[who] < office.today)]
    rng = office.stream("welcomes")
    at = after(begin_of(since[row]), between(rng, 60, 500, row.size))
    past = at < office.now(row)
    return _deeds(office, row[past], Done.EMAIL, "welcome", at[past], at[past], at[past])


def _letters(office: Office, share: float) -> Deeds:
    """Tell the letters with which cards were sent."""
    cards, people = office.block.cards, office.block.people
    rng, n = office.stream("letters"), cards.household.size
    recent = (cards.issued >= office.start) & (people.age[cards.person] >= ADULT_AGE)
    card = np.flatnonzero(recent & coin(rng, share, n) & known(cards.issued))
    at = after(begin_of(cards.issued[card]), between(rng, 30, 400, card.size))
    past = at < office.now(cards.person[card])
    card, at = card[past], at[past]
    who = cards.person[card].astype(np.int64)
    things = [of_card(office.block, one) for one in card.tolist()]
    return _deeds(office, who, Done.LETTER, "card", at, at, at, things)


def _slots(rng: np.random.Generator, day: Dates) -> Whole:
    """Return half hours of days, moved to the next Monday from weekends."""
    weekday = weekday_of(day)
    day = add_days(day, np.where(weekday > _FRIDAY, 7 - weekday, 0))
    return begin_of(day) + OPENS + 60 + _HALF_HOUR * below(rng, 16, day.size)


def _deeds(
    office: Office,
    person: Whole,
    kind: Done,
    use: str,
    begins: Whole,
    ends: Whole,
    done: Whole,
    things: list[Facts] | None = None,
) -> Deeds:
    n, pools = person.size, wording(office.profile.locale).common["contact"]
    facts = [of_person(office, one) for one in person.tolist()]
    for one, thing in zip(facts, things or [], strict=False):
        one |= thing
    who = tellers(office, facts, f"plain {use}")
    said = [(one.say(pools[f"{use}_subject"]), one.say(pools[f"{use}_text"])) for one in who]
    seat = below(office.stream(f"seats {use}"), SEATS, n)
    return Deeds(
        case=np.full(n, -1),
        person=person,
        kind=np.full(n, int(kind)),
        outgoing=np.ones(n, np.bool_),
        progress=np.where(done == NEVER, Progress.OPEN, Progress.COMPLETED),
        desk=np.full(n, int(Desk.FRONT)),
        seat=seat,
        subject=texts([sentence(subject)[:SUBJECT_LENGTH] for subject, _ in said]),
        text=texts([text for _, text in said]),
        begins=begins,
        ends=ends,
        done=done,
        missed=np.zeros(n, np.bool_),
    )
