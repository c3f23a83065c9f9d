"""What every stage of the money half looks at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population.locale import Locale
from seedkit.population.model import Bank, Firms, Households, LifeEvents, People
from seedkit.population.streams import stream
from seedkit.population.surveyed import Surveyed
from seedkit.profile.models import Profile


@dataclass(frozen=True, slots=True)
class Scene:
    """A block's people on a day, before they hold anything."""

    profile: Profile
    today: np.datetime64
    number: int
    bank: Bank
    households: Households
    people: People
    events: LifeEvents
    firms: Firms
    surveyed: Surveyed
    price_level: int  # today's money in parts per PRICE_BASE of that of the tables
    locale: Locale

    def stream(self, stage: str) -> np.random.Generator:
        """Return the stream of chance of a stage in this block."""
        return stream(self.profile.random_seed, self.number, stage)
