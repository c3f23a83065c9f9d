"""Showcases of cards, events, families and groups."""

from __future__ import annotations

import numpy as np

from seedkit.population.days import add_days, add_months
from seedkit.population.event_tables import PASSED
from seedkit.population.model import Block, Dates, Flags, Ints
from seedkit.population.model.keeping import changed
from seedkit.population.scenery import Finds, Scenery, of_people
from seedkit.population.words import (
    CardStatus,
    Employment,
    Event,
    GroupKind,
    Marital,
    Place,
)

_CARD_DAYS = 50  # until the last card day that is shown
_CARD_LIFE = 36  # months
_ACTIVATED_AFTER = 7  # days from issue
_MISSED_FOR = 6  # days since a stolen card was last used
_USED_TO = 40  # days that a card has been in use before it is stolen
_PASSED = 12  # days since the day of a plan
_PLANNED_FOR = 60  # days between the plan and today
_NOTED = 1  # days since a new event was told
_BIRTHDAY = (5, 12)  # days ahead
_STUDENT_AGES = (18, 27)


def cards(scenery: Scenery) -> Finds:
    """Find cards in use that are their carrier's only one on a holding."""
    own = scenery.block.cards
    pair = own.holding.astype(np.int64) * len(scenery.block.people.household) + own.person
    _, place, count = np.unique(pair, return_inverse=True, return_counts=True)
    used = (own.status == CardStatus.ACTIVE) & ~np.isnat(own.last_used)
    return _carried(scenery, used & (count[place] == 1))


def _carried(scenery: Scenery, which: Flags) -> Finds:
    rows = np.flatnonzero(which)
    person = scenery.block.cards.person[rows]
    return Finds(person, rows).where(scenery.shown[person])


def old_cards(scenery: Scenery) -> Finds:
    """Find cards on holdings that were there when a card that ends now was issued."""
    found, own = cards(scenery), scenery.block.cards
    issued = _issued(scenery)
    opened = scenery.block.holdings.opened[own.holding[found.row]]
    since = scenery.since[own.holding[found.row]]
    joined = scenery.block.people.customer_since[found.person]
    earliest = np.maximum(np.maximum(opened, since), joined)
    return found.where(earliest < issued)


def _issued(scenery: Scenery) -> Dates:
    """Return the first day of the month in which a card was issued that ends soon."""
    months = add_months(_expires(scenery), -_CARD_LIFE).astype("datetime64[M]")
    return np.asarray(months.astype("datetime64[D]"))


def _expires(scenery: Scenery) -> Dates:
    """Return the last end of a month that is no more than 50 days ahead."""
    following = add_days(scenery.today, _CARD_DAYS + 1).astype("datetime64[M]")
    return add_days(following, -1)


def end_card(scenery: Scenery, _person: int, row: int) -> Block:
    """Let a card end within 20 to 50 days."""
    issued = _issued(scenery)
    activated = add_days(issued, _ACTIVATED_AFTER)
    return changed(
        scenery.block, "cards", row, issued=issued, activated=activated, expires=_expires(scenery)
    )


def known_cards(scenery: Scenery) -> Finds:
    """Find cards that have been in use for a while."""
    found = cards(scenery)
    activated = scenery.block.cards.activated[found.row]
    return found.where(scenery.days_until(activated) < -_USED_TO)


def steal_card(scenery: Scenery, _person: int, row: int) -> Block:
    """Let a card be reported stolen, some days after it was last used."""
    own, latest = scenery.block.cards, add_days(scenery.today, -_MISSED_FOR)
    return changed(
        scenery.block,
        "cards",
        row,
        status=CardStatus.STOLEN,
        last_used=np.minimum(own.last_used[row], latest),
        last_withdrawal=np.minimum(own.last_withdrawal[row], latest),
    )


def _plans(scenery: Scenery) -> Flags:
    """Tell which events are plans of long-standing customers that nothing hangs on."""
    events, people = scenery.block.events, scenery.block.people
    tied = np.isin(np.arange(len(events.person)), scenery.block.goals.event)
    joined = scenery.days_until(people.customer_since[events.person])
    return np.asarray(events.planned & ~tied & (joined < -_PLANNED_FOR))


def plans(scenery: Scenery) -> Finds:
    """Find plans."""
    return _of_events(scenery, _plans(scenery))


def _of_events(scenery: Scenery, which: Flags) -> Finds:
    rows = np.flatnonzero(which)
    person = scenery.block.events.person[rows]
    return Finds(person, rows).where(scenery.shown[person])


def last_plans(scenery: Scenery) -> Finds:
    """Find plans of one person that could have passed, the other events being older."""
    events = scenery.block.events
    day = scenery.days_until(events.date)
    following = np.append(events.person[1:], -1)
    before = np.concatenate([[np.False_], events.person[1:] == events.person[:-1]])
    earlier = np.where(before, np.append(day[:1], day[:-1]), -_PASSED - 1)
    last = (events.person != following) & (earlier < -_PASSED)
    return _of_events(scenery, _plans(scenery) & last & np.isin(events.kind, PASSED))


def pass_plan(scenery: Scenery, _person: int, row: int) -> Block:
    """Let the day of a plan pass without word of it."""
    noted = np.minimum(
        scenery.block.events.touched[row], add_days(scenery.today, -_PLANNED_FOR + 1)
    )
    date = add_days(scenery.today, -_PASSED)
    return changed(scenery.block, "events", row, date=date, planned=False, touched=noted)


def tell_plan(scenery: Scenery, _person: int, row: int) -> Block:
    """Let a plan be told just now."""
    noted = add_days(scenery.today, -_NOTED)
    return changed(scenery.block, "events", row, touched=noted)


def birthdays(scenery: Scenery) -> Finds:
    """Find people whose birthday is near."""
    low, high = _BIRTHDAY
    ahead = _month_and_day(add_days(scenery.today, np.arange(low, high + 1)))
    born = _month_and_day(scenery.block.people.birth)
    return of_people(scenery, np.isin(born, ahead))


def _month_and_day(days: Dates) -> Ints:
    month = days.astype("datetime64[M]")
    return np.asarray(month.astype(np.int64) % 12 * 100 + (days - month).astype(np.int64))


def families(scenery: Scenery) -> Finds:
    """Find married parents of two or more."""
    people = scenery.block.people
    children = np.bincount(people.household[people.place == Place.CHILD], minlength=1)
    several = np.append(children, np.zeros(people.household.max(), np.int64))[people.household] > 1
    wed = (people.marital == Marital.MARRIED) & (people.spouse >= 0)
    return of_people(scenery, several & wed & (people.place == Place.HEAD))


def widowed(scenery: Scenery) -> Finds:
    """Find widows and widowers whose loss the bank knows of."""
    events = scenery.block.events
    lost = np.zeros(len(scenery.block.people.household), np.bool_)
    lost[events.person[events.kind == Event.WIDOWHOOD]] = True
    return of_people(scenery, lost & (scenery.block.people.marital == Marital.WIDOWED))


def students(scenery: Scenery) -> Finds:
    """Find young customers at college, at home or not."""
    people, (low, high) = scenery.block.people, _STUDENT_AGES
    young = (people.age >= low) & (people.age <= high) & people.customer
    rows = np.flatnonzero(young & (people.employment == Employment.STUDENT))
    return Finds(rows, rows)


def custom_groups(scenery: Scenery) -> Finds:
    """Find groups beside the household, all of whose members belong to it."""
    groups, members = scenery.block.groups, scenery.block.group_members
    away = scenery.block.people.household[members.person] != groups.household[members.group]
    custom = groups.kind == GroupKind.CUSTOM
    custom[members.group[away]] = False
    rows = np.flatnonzero(custom)
    return Finds(groups.primary[rows], rows).where(scenery.shown[groups.primary[rows]])
