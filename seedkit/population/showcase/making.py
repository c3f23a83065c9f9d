"""The showcase block: candidates from the ordinary stages, a household for each showcase."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from seedkit.population.days import day
from seedkit.population.draw import Whole
from seedkit.population.locale import locale_of
from seedkit.population.model import Bank, Block, Flags
from seedkit.population.model.keeping import changed, choose_households
from seedkit.population.notable import SHOWCASE_BLOCK, Showcase, notables
from seedkit.population.scenery import Scenery
from seedkit.population.showcase.alerts import alerts_by_household, uneven
from seedkit.population.showcase.cast import CAST
from seedkit.population.words import Channel, GroupKind
from seedkit.population.world import make_block, served
from seedkit.profile.models import (
    BankingSection,
    CardsSection,
    EngagementSection,
    FamilySection,
    GoalsSection,
    GroupsSection,
    InstrumentsSection,
    LifeEventsSection,
    PeopleSection,
    Profile,
)

# The candidates don't follow the profile's shares: whoever turns everything off, or everything up,
# gets the same showcases. What raises alerts by chance is off, what is rare is frequent.
_CANDIDATES = {
    "family": FamilySection(
        single=0.25, couple=0.2, couple_with_children=0.45, one_parent=0.1, unmarried_couples=0.5
    ),
    "people": PeopleSection(),
    "banking": BankingSection(
        share_of_wallet=0.9, foreign_currency=0.15, loans=2.0, savings=2.0, delinquent=0.0
    ),
    "cards": CardsSection(debit=1.0, credit=1.0, lost_or_stolen=0.0),
    "instruments": InstrumentsSection(failed=0.0),
    "life_events": LifeEventsSection(planned=0.6, overdue=0.0),
    "goals": GoalsSection(),
    "groups": GroupsSection(custom=0.3),
    "engagement": EngagementSection(cases=0.0),
    "edge_cases": 0.0,
}


def make_showcase_block(profile: Profile, as_of: date, bank: Bank) -> Block:
    """Make the households of the showcases, in the order of `Showcase`.

    A showcase that the bank has nothing for is left out: a foreign account where there is one
    currency only.
    """
    asked = profile.model_copy(update=_CANDIDATES)
    block = make_block(asked, as_of, bank, SHOWCASE_BLOCK)
    scenery = _evened(Scenery(block, day(as_of), locale_of(profile.locale)))
    chosen = _choose(scenery)
    for part in CAST:
        if part.showcase in chosen:
            scenery = replace(scenery, block=part.edit(scenery, *chosen[part.showcase]))
    found = {each: chosen[each][0] for each in Showcase if each in chosen}
    return served(profile, as_of, bank, _shown(scenery.block, found))


def _evened(scenery: Scenery) -> Scenery:
    """Bring accounts to their average: no share turns off what is uneven by chance."""
    off = uneven(scenery)
    average = scenery.block.accounts.available[off]
    return replace(scenery, block=changed(scenery.block, "accounts", off, average=average))


def _choose(scenery: Scenery) -> dict[Showcase, tuple[int, int]]:
    """Choose a person, and the row that it is about, for each showcase.

    Whoever has the fewest quiet households to choose from chooses first.
    """
    home = scenery.block.people.household
    noise, free = alerts_by_household(scenery), _undivided(scenery.block)
    left = {part.showcase: part.find(scenery) for part in CAST}
    chosen = {}
    while left:
        left = {each: finds.where(free[home[finds.person]]) for each, finds in left.items()}
        quiet = {each: np.sum(noise[home[finds.person]] == 0) for each, finds in left.items()}
        showcase = min(left, key=quiet.__getitem__)
        finds = left.pop(showcase)
        if finds.person.size:
            best = int(np.argmin(noise[home[finds.person]]))
            chosen[showcase] = int(finds.person[best]), int(finds.row[best])
            free[home[finds.person[best]]] = False
    return chosen


def _undivided(block: Block) -> Flags:
    """Tell which households have no group that somebody of another one belongs to."""
    members = block.group_members
    group = block.groups.household[members.group]
    found = np.ones(len(block.households.household), np.bool_)
    custom = block.groups.kind[members.group] == GroupKind.CUSTOM
    away = block.people.household[members.person] != group
    found[group[custom & away]] = False
    return found


def _shown(block: Block, found: dict[Showcase, int]) -> Block:
    """Return the households of the found people, who prefer e-mail: the app marks it rightly."""
    persons: Whole = np.array(list(found.values()), np.int64)
    homes = block.people.household[persons].tolist()
    block = changed(block, "people", persons, channel=Channel.EMAIL)
    marked = notables(homes, persons.tolist(), list(found))
    return choose_households(replace(block, notables=marked), homes)
