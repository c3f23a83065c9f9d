"""What every stage of customer service looks at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from seedkit.population.days import add_months
from seedkit.population.draw import Whole
from seedkit.population.model import Bank, Block, Dates, Ints, Moments, Texts
from seedkit.population.service.hours import DAY, to_local, to_utc
from seedkit.population.streams import stream
from seedkit.profile.models import Profile


@dataclass(frozen=True, slots=True)
class Office:
    """A block of customers on a day, before anybody has asked for anything."""

    profile: Profile
    today: np.datetime64
    bank: Bank
    block: Block

    @property
    def start(self) -> np.datetime64:
        """The first day of the history."""
        months = -self.profile.engagement.months
        return np.datetime64(add_months(self.today, months).item(), "D")

    def stream(self, stage: str) -> np.random.Generator:
        """Return the stream of chance of a stage in this block."""
        return stream(self.profile.random_seed, self.block.number, f"service: {stage}")

    def utc(self, local: Whole, person: Ints) -> Moments:
        """Return times on these people's clocks as moments."""
        return to_utc(local, self._states(person), self.profile.locale)

    def local(self, moments: Moments, person: Ints) -> Whole:
        """Return moments as times on these people's clocks."""
        return to_local(moments, self._states(person), self.profile.locale)

    def now(self, person: Ints) -> Whole:
        """Return, on these people's clocks, when history ends: as the day of the run begins."""
        begin = np.full(person.size, self.today, "datetime64[D]").astype("datetime64[m]")
        return self.local(begin, person)

    def _states(self, person: Ints) -> Texts:
        return np.asarray(self.block.households.state[self.block.people.household[person]])


def begin_of(days: Dates) -> Whole:
    """Return the local times at which days begin."""
    return days.astype("datetime64[D]").astype(np.int64) * DAY
