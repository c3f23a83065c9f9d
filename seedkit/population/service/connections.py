"""Connections: accountants, lawyers, advisers and attorneys among the customers."""

from __future__ import annotations

from datetime import date

import numpy as np

from seedkit.population.days import add_days, day
from seedkit.population.draw import Whole, below, coin
from seedkit.population.job_titles import at_work_as
from seedkit.population.locale import Locale, locale_of
from seedkit.population.model import Block, Connections, none_of
from seedkit.population.relationships import earlier_ones
from seedkit.population.service.words import Tie
from seedkit.population.streams import stream
from seedkit.population.words import Category, HolderRole, Kinship
from seedkit.profile.models import Profile

ADVISED = 0.5  # of those with a portfolio, where there is an adviser
ADVISER = "investment adviser"  # a title of the table of jobs
_TIES = {
    Kinship.ACCOUNTANT: Tie.ACCOUNTANT,
    Kinship.LAWYER: Tie.LAWYER,
    Kinship.POWER_OF_ATTORNEY: Tie.POWER_OF_ATTORNEY,
}


def make_connections(profile: Profile, as_of: date, block: Block) -> Connections:
    """Connect customers with those who advise them or act for them, each pair once."""
    if profile.engagement.connections == "off":
        return none_of(Connections)
    rng, people = stream(profile.random_seed, block.number, "connections"), block.people
    pairs = [*_related(block), (*_advised(rng, locale_of(profile.locale), block), Tie.ADVISER)]
    person = np.concatenate([one for one, _, _ in pairs])
    other = np.concatenate([one for _, one, _ in pairs])
    tie = np.concatenate([np.full(one.size, kind) for one, _, kind in pairs])
    household = np.maximum(people.household[person], people.household[other])
    order = np.lexsort((tie, other, person, household))
    person, other = person[order], other[order]
    known = np.maximum(people.customer_since[person], people.customer_since[other])
    days = np.maximum((day(as_of) - known).astype(np.int64), 1)
    return Connections(
        household=household[order],
        person=person.astype(np.int32),
        other=other.astype(np.int32),
        tie=tie[order].astype(np.int8),
        since=add_days(known, below(rng, days, person.size)),
    )


def _related(block: Block) -> list[tuple[Whole, Whole, Tie]]:
    """Return the ties that are relationships too, between customers."""
    related, customer = block.relationships, block.people.customer
    found = []
    for kind, tie in _TIES.items():
        rows = np.flatnonzero(related.kind == kind)
        one, other = related.person[rows].astype(np.int64), related.other[rows].astype(np.int64)
        both = customer[one] & customer[other]
        found.append((one[both], other[both], tie))
    return found


def _advised(rng: np.random.Generator, locale: Locale, block: Block) -> tuple[Whole, Whole]:
    """Return owners of portfolios with an adviser of an earlier household."""
    roles, people = block.holding_roles, block.people
    invested = block.holdings.category[roles.holding] == Category.INVESTMENT
    owners = np.unique(roles.person[invested & (roles.role == HolderRole.OWNER)]).astype(np.int64)
    advisers = at_work_as(locale, ADVISER, people.occupation, people.sex)
    return earlier_ones(rng, people, owners, coin(rng, ADVISED, owners.size), advisers)
