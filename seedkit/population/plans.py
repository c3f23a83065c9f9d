"""Planned events, and plans whose day went by without word of them."""

from __future__ import annotations

import numpy as np

from seedkit.population import event_tables as tables
from seedkit.population.days import add_days
from seedkit.population.draw import Whole, below, between, coin, pick_by
from seedkit.population.model import BLOCK_HOUSEHOLDS, Texts
from seedkit.population.story import Rank, Story, Told
from seedkit.population.who import Groups
from seedkit.population.words import Event

SHARED = (Event.MARRIAGE, Event.CHILD_BORN)  # plans that a couple has together
LONGEST_WAIT = 240  # days until a child that is on the way


def tell_plans(story: Story, groups: Groups) -> list[Told]:
    """Tell what adults plan, and which plans went by unnoticed."""
    weights = _weights(story, groups)
    return [_tell_planned(story, weights), _tell_passed(story, weights)]


def _weights(story: Story, groups: Groups) -> Whole:
    """Return how much each plan (column) weighs with each person (row); 0 where it can't be."""
    age = story.people.age
    columns = [
        plan.weight * (groups[plan.who] & (age >= plan.ages[0]) & (age <= plan.ages[1]))
        for plan in tables.PLANS
    ]
    return np.stack(columns, axis=1)


def _tell_planned(story: Story, weights: Whole) -> Told:
    """Tell one plan each for the profile's share of adults; couples share weddings and births."""
    people, rng = story.people, story.stream("plans")
    who = story.adults[coin(rng, story.profile.life_events.planned, story.adults.size)]
    choice = pick_by(rng, weights[who], np.arange(who.size))
    kind = np.array([plan.kind for plan in tables.PLANS], np.int64)[choice]
    title = _titles(story, choice, below(rng, 1 << 16, who.size))
    who, kind, title = _with_partners(story, who, kind, title)
    # by person rather than by row: whoever joins a plan moves nobody else's day
    ahead = between(rng, *tables.AHEAD, people.age.size)[who]
    together = between(story.stream("plans of couples"), *tables.AHEAD, BLOCK_HOUSEHOLDS)
    ahead = np.where(np.isin(kind, SHARED), together[people.household[who]], ahead)
    child = kind == Event.CHILD_BORN
    ahead = np.where(child, tables.AHEAD[0] + ahead * LONGEST_WAIT // 500, ahead)
    since = between(story.stream("plans noted"), 1, tables.PLANNED_SINCE, people.age.size)[who]
    noted = np.maximum(add_days(story.today, -since), people.customer_since[who])
    return Told(
        person=who,
        kind=kind.astype(np.int8),
        date=add_days(story.today, ahead),
        title=title,
        touched=noted,
        rank=np.full(who.size, Rank.KEPT, np.int8),
    )


def _with_partners(
    story: Story, who: Whole, kind: Whole, title: Texts
) -> tuple[Whole, Whole, Texts]:
    """Return plans with the partner in each shared one, instead of the partner's own plan."""
    partner = story.people.spouse[who]
    shared = np.isin(kind, SHARED) & (partner >= 0)
    # of two partners with shared plans of their own, the first one's counts
    shared &= ~(np.isin(partner, who[shared]) & (partner < who))
    joined = partner[shared]
    stays = ~np.isin(who, joined)
    return (
        np.concatenate([who[stays], joined]),
        np.concatenate([kind[stays], kind[shared]]),
        np.concatenate([title[stays], title[shared]]),
    )


def _tell_passed(story: Story, weights: Whole) -> Told:
    """Tell plans whose day passed: the bank wrote them down before it and heard nothing since."""
    people, rng = story.people, story.stream("passed plans")
    who = story.adults[coin(rng, story.profile.life_events.overdue, story.adults.size)]
    behind = between(rng, *tables.BEHIND, who.size)
    date = add_days(story.today, -behind)
    # the note lies between the first day as a customer and the day before the planned one
    latest = add_days(date, -1)
    noted = add_days(date, -between(rng, 30, tables.PLANNED_SINCE, who.size))
    noted = np.minimum(np.maximum(noted, people.customer_since[who]), latest)
    known = people.customer_since[who] < date
    passed = np.array([plan.kind in tables.PASSED for plan in tables.PLANS])
    choice = pick_by(rng, (weights * passed)[who], np.arange(who.size))
    kind = np.array([plan.kind for plan in tables.PLANS], np.int8)[choice]
    title = _titles(story, choice, below(rng, 1 << 16, who.size))
    return Told(
        person=who[known],
        kind=kind[known],
        date=date[known],
        title=title[known],
        touched=noted[known],
        rank=np.full(int(known.sum()), Rank.KEPT, np.int8),
    )


def _titles(story: Story, choice: Whole, draw: Whole) -> Texts:
    titles = [story.locale.say.each(plan.titles) for plan in tables.PLANS]
    found = np.empty(choice.size, dtype=object)
    found[:] = [
        titles[c][d % len(titles[c])] for c, d in zip(choice.tolist(), draw.tolist(), strict=True)
    ]
    return found
