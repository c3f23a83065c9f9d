"""Variants: which of the stories that a topic tells is that of each case."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from seedkit.population.draw import Whole, pick_by, raw
from seedkit.population.locale import Locale, locale_of
from seedkit.population.payments_tables import DEBIT_REFUSALS, FAULTS, NO_FUNDS
from seedkit.population.service.arrivals import Arrivals
from seedkit.population.service.hours import day_of
from seedkit.population.service.office import Office
from seedkit.population.service.phrasing import Pool, pick, wording
from seedkit.population.service.topics import WAYS
from seedkit.population.service.words import About, CaseKind, Topic
from seedkit.population.words import CardStatus, Category

Variant = Mapping[str, Pool]
APPLIED = "APPLIED"  # the state of a holding that is not open yet


def draw_variants(office: Office, came: Arrivals) -> list[Variant]:
    """Draw a variant for each case, of those that fit what it follows from."""
    ranks = raw(office.stream("variants"), came.person.size).tolist()
    states = _states(office, came)
    found, words = [], wording(office.profile.locale)
    for topic, state, rank in zip(came.topic.tolist(), states, ranks, strict=True):
        every = words.topics[Topic(topic)]
        fitting = [one for one in every if state in one.get("of", (state,))]
        found.append(pick(fitting, rank))
    return found


def draw_kinds(office: Office, came: Arrivals, variants: list[Variant]) -> Whole:
    """Return what sort of matter each case is: the variant's, or by the topic's weights."""
    weights = tuple(WAYS[topic].kinds for topic in Topic)
    drawn = pick_by(office.stream("kinds"), weights, came.topic)
    own = [CaseKind[one["kind"][0]] if "kind" in one else -1 for one in variants]
    return np.where(np.array(own, np.int64) >= 0, np.array(own, np.int64), drawn)


def _states(office: Office, came: Arrivals) -> list[str]:
    """Return the state of what each case follows from, by which variants are chosen."""
    block = office.block
    reasons = _reasons(locale_of(office.profile.locale))
    found = []
    days = day_of(came.opened)
    for about, which, day in zip(came.about.tolist(), came.which.tolist(), days, strict=True):
        if about == About.CARD:
            found.append(CardStatus(int(block.cards.status[which])).name)
        elif about == About.DIRECT_DEBIT:
            found.append(reasons[str(block.direct_debits.last_reason[which])])
        elif about == About.HOLDING:
            applied = day < block.holdings.opened[which]
            found.append(APPLIED if applied else Category(int(block.holdings.category[which])).name)
        else:
            found.append("")
    return found


def _reasons(locale: Locale) -> Mapping[str, str]:
    """Return the American wording, by which variants are chosen, of each reason of a failure."""
    return {locale.say(reason): reason for reason in (*DEBIT_REFUSALS, *FAULTS, NO_FUNDS)}
