"""Homes bought, sold and moved into; vehicles."""

from __future__ import annotations

import numpy as np

from seedkit.population import event_tables as tables
from seedkit.population.days import add_days, add_years
from seedkit.population.draw import amount_within, below, coin, pick
from seedkit.population.family_tables import years
from seedkit.population.model import Texts
from seedkit.population.story import Story, Told, day_between, past
from seedkit.population.words import Event, Place, Tenure


def tell_homes(story: Story) -> list[Told]:
    """Tell how head and partner came to their home, and the home that some sold for it."""
    people, homes = story.people, story.households
    adult = np.flatnonzero(people.place != Place.CHILD)
    owner = homes.tenure[people.household[adult]] == Tenure.OWNER
    since = homes.home_since[people.household[adult]]
    city = homes.city[people.household[adult]]
    new_home: Texts = np.asarray("Bought a home in " + city[owner], dtype=object)
    moved: Texts = np.asarray("Moved to " + city[~owner], dtype=object)
    return [
        past(story, adult[owner], Event.HOME_PURCHASE, since[owner], new_home),
        past(story, adult[~owner], Event.OTHER, since[~owner], moved),
        *_tell_earlier_homes(story),
    ]


def _tell_earlier_homes(story: Story) -> list[Told]:
    """Tell the former homes of heads: sold right before they moved into the present one."""
    people, rng, heads = story.people, story.stream("earlier homes"), story.heads
    homes, n = story.households, story.heads.size
    owner = homes.tenure == Tenure.OWNER
    sold = add_days(homes.home_since, -below(rng, 30, n))
    of_age = add_years(people.birth[heads], 23)
    room = (sold - of_age).astype(np.int64)
    length = amount_within(rng, tables.OWNED_FOR, tables.OWNED_FOR[0], room, n)
    rents = (people.age[heads] >= tables.RENTS_AFTER) & ~owner
    chance = np.where(owner, tables.EARLIER_HOME, np.where(rents, tables.SOLD_AND_RENTS, 0.0))
    had = coin(rng, np.minimum(chance * story.profile.life_events.history, 1.0), n)
    had &= room > tables.OWNED_FOR[0]
    who, sold, bought = heads[had], sold[had], add_days(sold, -length)[had]
    return [
        past(story, who, Event.HOME_PURCHASE, bought, "Bought a former home"),
        past(story, who, Event.HOME_SALE, sold, "Sold the former home"),
    ]


def tell_vehicles(story: Story) -> list[Told]:
    """Tell vehicles bought in recent years, some of them against the old one."""
    told: list[Told] = []
    for stage, chance in zip(("vehicle", "earlier vehicle"), tables.VEHICLES, strict=True):
        told += _tell_vehicle(story, stage, chance)
    return told


def _tell_vehicle(story: Story, stage: str, chance: float) -> list[Told]:
    people, rng, adults = story.people, story.stream(stage), story.adults
    buys = coin(rng, min(chance * story.profile.life_events.history, 1.0), adults.size)
    who = adults[buys]
    n = who.size
    low = np.maximum(
        add_days(people.birth[who], years(18)),
        add_days(story.today, -years(tables.VEHICLE_YEARS)),
    )
    date = day_between(rng, low, np.full(n, add_days(story.today, -1)))
    words = np.array(tables.VEHICLE_WORDS, dtype=object)[pick(rng, tables.VEHICLE_WEIGHTS, n)]
    trades = coin(rng, tables.TRADED_IN, n) & (people.age[who] >= tables.TRADES_FROM)
    sold = add_days(date, -below(rng, 21, n))
    titles: Texts = np.asarray("Bought a " + words, dtype=object)
    return [
        past(story, who, Event.VEHICLE_PURCHASE, date, titles),
        past(story, who[trades], Event.VEHICLE_SALE, sold[trades], "Sold the old car"),
    ]
