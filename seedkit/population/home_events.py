"""Homes bought, sold and moved into; vehicles."""

from __future__ import annotations

import numpy as np

from seedkit.population import event_tables as tables
from seedkit.population.days import add_days, add_years
from seedkit.population.draw import amount_within, below, coin, pick
from seedkit.population.model import Dates, Texts
from seedkit.population.story import Story, Told, day_between, past, where
from seedkit.population.words import Event, Place, Tenure


def tell_homes(story: Story) -> list[Told]:
    """Tell how head and partner came to their home, and the home that some sold for it."""
    people, homes = story.people, story.households
    adult = np.flatnonzero(people.place != Place.CHILD)
    owner = homes.tenure[people.household[adult]] == Tenure.OWNER
    since = homes.home_since[people.household[adult]]
    city = homes.city[people.household[adult]]
    bought, moved = adult[owner], adult[~owner]
    return [
        past(story, bought, Event.HOME_PURCHASE, since[owner],
             "Bought a home in " + city[owner]),
        past(story, moved, Event.OTHER, since[~owner], "Moved to " + city[~owner]),
        *_tell_earlier_homes(story),
    ]  # fmt: skip


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
    bought = add_days(sold, -length)
    return [
        where(past(story, heads, Event.HOME_PURCHASE, bought,
                   "Bought a former home"), had),
        where(past(story, heads, Event.HOME_SALE, sold, "Sold the former home"), had),
    ]  # fmt: skip


def tell_vehicles(story: Story) -> list[Told]:
    """Tell vehicles bought in recent years, some of them against the old one."""
    told: list[Told] = []
    for stage, chance in zip(("vehicle", "earlier vehicle"), tables.VEHICLES, strict=True):
        told += _tell_vehicle(story, stage, chance)
    return told


def _tell_vehicle(story: Story, stage: str, chance: float) -> list[Told]:
    people, rng, who = story.people, story.stream(stage), story.adults
    n = who.size
    date = _recent(rng, story, people.birth[who])
    words = np.array(tables.VEHICLE_WORDS, dtype=object)[pick(rng, tables.VEHICLE_WEIGHTS, n)]
    titles: Texts = np.asarray("Bought a " + words, dtype=object)
    buys = coin(rng, min(chance * story.profile.life_events.history, 1.0), n)
    trades = buys & coin(rng, tables.TRADED_IN, n) & (people.age[who] >= 25)
    sold = add_days(date, -below(rng, 21, n))
    return [
        where(past(story, who, Event.VEHICLE_PURCHASE, date,
                   titles), buys),
        where(past(story, who, Event.VEHICLE_SALE, sold, "Sold the old car"),
              trades),
    ]  # fmt: skip


def _recent(rng: np.random.Generator, story: Story, birth: Dates) -> Dates:
    """Draw days of the last years on which people were at least 18."""
    of_age = add_years(birth, 18)
    low = np.maximum(of_age, add_years(story.today, -tables.VEHICLE_YEARS))
    return day_between(rng, low, np.full(low.size, add_days(story.today, -1)))
