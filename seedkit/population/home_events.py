"""Homes bought, sold and moved into; vehicles."""

from __future__ import annotations

import numpy as np

from seedkit.population import event_tables as tables
from seedkit.population.days import add_days, add_years
from seedkit.population.draw import below, coin, pick
from seedkit.population.family_tables import years
from seedkit.population.model import Dates
from seedkit.population.story import Rank, Story, Told, day_between, past
from seedkit.population.words import Event, Place, Tenure


def tell_homes(story: Story, weddings: Dates) -> list[Told]:
    """Tell how head and partner came to their home, and the home that some sold for it.

    `weddings` are the days on which people married the present spouse, by person.
    """
    people, homes, say = story.people, story.households, story.locale.say
    adult = np.flatnonzero(people.place <= Place.PARTNER)
    owner = homes.tenure[people.household[adult]] == Tenure.OWNER
    since = homes.home_since[people.household[adult]]
    city = homes.city[people.household[adult]]
    new_home = say.around("Bought a home in {}", city[owner])
    moved = say.around("Moved to {}", city[~owner])
    return [
        past(story, adult[owner], Event.HOME_PURCHASE, since[owner], new_home),
        past(story, adult[~owner], Event.OTHER, since[~owner], moved),
        _tell_earlier_homes(story, weddings),
    ]


def _tell_earlier_homes(story: Story, weddings: Dates) -> Told:
    """Tell the former homes of heads: sold right before they moved into the present one.

    A home that a couple sold is told to both.
    """
    people, rng, heads = story.people, story.stream("earlier homes"), story.heads
    homes, n = story.households, story.heads.size
    owner = homes.tenure == Tenure.OWNER
    sold = add_days(homes.home_since, -below(rng, 30, n))
    of_age = add_years(people.birth[heads], tables.OWNED_BEFORE_FROM)
    rents = (people.age[heads] >= tables.RENTS_AFTER) & ~owner
    chance = np.where(owner, tables.EARLIER_HOME, np.where(rents, tables.SOLD_AND_RENTS, 0.0))
    had = coin(rng, np.minimum(chance * story.profile.life_events.history, 1.0), n)
    had &= (sold > of_age) & (sold > add_years(story.today, -tables.HOMES_TOLD_WITHIN))
    both = had & (weddings[heads] < sold)
    who = np.concatenate([heads[had], people.spouse[heads[both]]])
    days = np.concatenate([sold[had], sold[both]])
    title = story.locale.say("Sold the former home")
    return past(story, who, Event.HOME_SALE, days, title, Rank.NOTABLE)


def tell_vehicles(story: Story) -> list[Told]:
    """Tell vehicles bought in recent years, and for some what became of the old one."""
    people, rng, adults = story.people, story.stream("vehicle"), story.adults
    band = np.searchsorted(tables.VEHICLE_BANDS, people.age[adults], side="right")
    chance = tables.VEHICLES[band] * story.profile.life_events.history
    able = people.age[adults] > tables.VEHICLES_FROM
    who = adults[coin(rng, np.minimum(chance, 1.0), adults.size) & able]
    n = who.size
    low = np.maximum(
        add_days(people.birth[who], years(tables.VEHICLES_FROM)),
        add_days(story.today, -years(tables.VEHICLE_YEARS)),
    )
    date = day_between(rng, low, np.full(n, add_days(story.today, -1)))
    say = story.locale.say
    words = say.each(tables.VEHICLE_WORDS)[pick(rng, tables.VEHICLE_WEIGHTS, n)]
    trades = coin(rng, tables.TRADED_IN, n) & (people.age[who] >= tables.TRADES_FROM)
    sold = add_days(date, -below(rng, 21, n))
    titles, sale = say.around("Bought {}", words), say("Sold the old car")
    return [
        past(story, who, Event.VEHICLE_PURCHASE, date, titles),
        past(story, who[trades], Event.VEHICLE_SALE, sold[trades], sale, Rank.NOTABLE),
    ]
