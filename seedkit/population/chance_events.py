"""What happens to people by chance: illness, losses, training, small steps."""

from __future__ import annotations

import numpy as np

from seedkit.population import event_tables as tables
from seedkit.population.days import add_days
from seedkit.population.draw import choose, coin
from seedkit.population.family_tables import years
from seedkit.population.story import Story, Told, day_between, past
from seedkit.population.words import Event


def tell_chances(story: Story) -> list[Told]:
    """Tell everything in the table of chances."""
    return [_tell(story, chance) for chance in tables.CHANCES]


def _tell(story: Story, chance: tables.Chance) -> Told:
    """Tell one kind of chance: to whom it happened, by age, and when in the last years."""
    people, rng, who = story.people, story.stream(chance.stage), story.adults
    band = np.searchsorted(tables.CHANCE_BANDS, people.age[who], side="right")
    share = np.array(chance.percent)[band] * story.profile.life_events.history / 100
    who = who[coin(rng, np.minimum(share, 1.0), who.size)]
    low = np.maximum(
        add_days(people.birth[who], years(chance.first_age)),
        add_days(story.today, -years(chance.within)),
    )
    able = low < story.today
    who, low = who[able], low[able]
    date = day_between(rng, low, np.full(who.size, add_days(story.today, -1)))
    return past(story, who, chance.kind, date, choose(rng, chance.titles, who.size))


def tell_first_accounts(story: Story) -> Told:
    """Tell when the children among the customers got their first account."""
    people = story.people
    who = np.flatnonzero(people.customer & (people.age < 18))
    return past(story, who, Event.OTHER, people.customer_since[who], "First bank account")
