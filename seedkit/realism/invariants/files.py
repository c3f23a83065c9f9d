"""The view that rules about the population's files share: tables with their references followed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seedkit.extract.contract import FAMILY_ROLES
from seedkit.extract.model import About, Extract, Values
from seedkit.population.days import add_years
from seedkit.realism.frames.model import equal, is_in, places, rows_of
from seedkit.realism.invariants.model import Flags

Rows = NDArray[np.int64]
ADULT = 18


@dataclass(frozen=True, slots=True)
class FileView:
    """References as row numbers, -1 where they lead nowhere."""

    extract: Extract
    about: About
    today: np.datetime64
    home: Rows  # household of each person
    in_family: Flags
    holding_home: Rows  # household of each holding
    part: Rows  # holding of each (holding, owner) pair
    owner: Rows  # person of each pair
    event_person: Rows
    card_person: Rows
    card_holding: Rows

    def role(self, name: str) -> Flags:
        """Return who has a role in the household."""
        return equal(self.extract.people["role"], name)

    def per_home(self, which: Flags) -> NDArray[np.int64]:
        """Return how many people of each household are marked."""
        rows = self.home[which & (self.home >= 0)]
        return np.bincount(rows, minlength=len(self.extract.households))

    def birthday(self, years: int) -> Values:
        """Return the day on which each person completes so many years."""
        return add_years(self.extract.people["birth_date"], years)

    def past(self, *kinds: str) -> tuple[Rows, Values]:
        """Return (person, date) of past events of some kinds, by person and date."""
        events = self.extract.events
        rows = is_in(events["kind"], kinds) & (events["planned"] != 1.0)
        rows &= self.event_person >= 0
        person, dates = self.event_person[rows], events["date"][rows]
        order = np.lexsort((dates, person))
        return person[order], dates[order]


def view(extract: Extract, about: About) -> FileView:
    """Return the view of an extract."""
    homes, people = places(extract.households["id"]), places(extract.people["id"])
    rows = places(extract.holdings["id"])
    told = extract.people["in_family"]
    by_role = is_in(extract.people["role"], FAMILY_ROLES)
    part, owner = _owners(extract, people)
    return FileView(
        extract=extract,
        about=about,
        today=np.datetime64(about.as_of, "D"),
        home=rows_of(homes, extract.people["household"]),
        in_family=np.where(np.isnan(told), by_role, told == 1.0),
        holding_home=rows_of(homes, extract.holdings["household"]),
        part=part,
        owner=owner,
        event_person=rows_of(people, extract.events["person"]),
        card_person=rows_of(people, extract.cards["person"]),
        card_holding=rows_of(rows, extract.cards["holding"]),
    )


def _owners(extract: Extract, people: dict[str, int]) -> tuple[Rows, Rows]:
    pairs = [
        (row, people.get(owner, -1))
        for row, cell in enumerate(extract.holdings["owners"].tolist())
        if cell
        for owner in cell.split(";")
    ]
    table = np.array(pairs, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]
