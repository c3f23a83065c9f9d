"""What happens to people by chance: illness, losses, training, small steps."""

from __future__ import annotations

import numpy as np

from seedkit.population import event_tables as tables
from seedkit.population.days import add_days, add_years
from seedkit.population.draw import choose, coin
from seedkit.population.family_tables import years
from seedkit.population.model import Flags
from seedkit.population.story import Rank, Story, Told, day_between, past
from seedkit.population.who import Groups
from seedkit.population.words import Event


def tell_chances(story: Story, groups: Groups) -> list[Told]:
    """Tell everything in the table of chances."""
    return [_tell(story, chance, groups[chance.who]) for chance in tables.CHANCES]


def _tell(story: Story, chance: tables.Chance, group: Flags) -> Told:
    """Tell one kind of chance: to whom it happened, by age, and when in the last years."""
    people, rng, who = story.people, story.stream(chance.stage), story.adults
    band = np.searchsorted(tables.CHANCE_BANDS, people.age[who], side="right")
    share = np.array(chance.percent)[band] * story.profile.life_events.history / 100
    who = who[coin(rng, np.minimum(share, 1.0), who.size) & group[who]]
    first, last = (add_days(people.birth[who], years(age)) for age in chance.ages)
    low = np.maximum(first, add_days(story.today, -years(tables.TOLD_WITHIN)))
    high = np.minimum(last, add_days(story.today, -1))
    if chance.who == "settled owner":
        low = np.maximum(low, add_years(story.households.home_since[people.household[who]], 3))
    able = low < high
    who, date = who[able], day_between(rng, low, high)[able]
    titles = choose(rng, story.locale.say.each(chance.titles), who.size)
    return past(story, who, chance.kind, date, titles, Rank.NOTABLE)


def tell_first_accounts(story: Story) -> Told:
    """Tell when the children among the customers got their first account."""
    people = story.people
    who = np.flatnonzero(people.customer & (people.age < 18))
    title = story.locale.say("First bank account")
    return past(story, who, Event.OTHER, people.customer_since[who], title)
