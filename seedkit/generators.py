"""What a generator plug-in is written against: tables of your own, filled for our customers.

A plug-in is an object with the parts of `Generator`, named by an entry point of the group
`seedkit.generators`. It sees the bank household by household, in plain words, and gives rows of
its own tables. Ids, marks, order, journal, verification and purge are ours. All that this module
holds is stable: what is added later has a default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar

import numpy as np
from pydantic import BaseModel

from seedkit.population import draw
from seedkit.population.streams import stream

GROUP = "seedkit.generators"

Value = str | int | float | bool | Decimal | date | datetime | None
Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Link:
    """A lookup column of a table of yours, and a table at which it points.

    A column that points at several tables has a link for each. `bind` is the exact name before
    `@odata.bind`, which files need; an environment is asked for it.
    """

    column: str
    target: str
    bind: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table that the plug-in fills, by its logical name, with the columns that it writes.

    `once` says that its rows are made once per run, by `of_bank`; those of the others are made
    by `of_household`. `primary_id` is the table's name with `id` behind it, unless told.
    `entity_set` is only for files, which have no environment to ask.
    """

    name: str
    columns: tuple[str, ...]
    links: tuple[Link, ...] = ()
    once: bool = False
    primary_id: str | None = None
    entity_set: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A row to be made. `links` name what it points at: a customer, a holding, another row."""

    table: str
    values: Mapping[str, Value]
    links: Mapping[str, Linkable] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """A row that seedkit makes, or that the environment has: what a link may point at."""

    table: str
    id: str


Linkable = Known | Row


@dataclass(frozen=True, slots=True)
class Branch(Known):
    """A branch of the bank."""

    name: str
    city: str


@dataclass(frozen=True, slots=True)
class Bank:
    """The bank. `rows` are those that the plug-in's own `of_bank` gave."""

    name: str
    country: str
    currency: str
    as_of: date
    branches: tuple[Branch, ...]
    currencies: Mapping[str, Known]
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Customer(Known):
    """A person whom the bank knows; closed lists are words such as `married`."""

    first_name: str
    last_name: str
    sex: str
    birth: date
    marital: str
    employment: str
    occupation: str
    income: Decimal
    email: str
    mobile: str
    since: date | None

    @property
    def name(self) -> str:
        """Return first and last name."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Holding(Known):
    """A contract. `kind` is account, saving, loan, investment or credit_line.

    What is owed is above zero, as the bank counts it; an overdrawn account is below.
    """

    kind: str
    name: str
    code: str
    currency: str
    balance: Decimal
    opened: date
    owner: Customer | None


@dataclass(frozen=True, slots=True)
class Card(Known):
    """A card, with the holding on which it stands and whose it is."""

    kind: str
    network: str
    number: str
    status: str
    expires: date
    holding: Holding | None
    holder: Customer | None


@dataclass(frozen=True, slots=True)
class LifeEvent(Known):
    """Something that happened, or is planned, in a customer's life."""

    kind: str
    date: date
    title: str
    planned: bool
    customer: Customer | None


@dataclass(frozen=True, slots=True)
class Household:
    """People who live together, and what they have with the bank.

    `number` counts from 0 over the whole run. Parts that the profile skips are empty.
    """

    number: int
    kind: str
    street: str
    city: str
    state: str
    postcode: str
    branch: Branch | None
    customers: tuple[Customer, ...]
    holdings: tuple[Holding, ...]
    cards: tuple[Card, ...]
    events: tuple[LifeEvent, ...]
    bank: Bank


class Chance:
    """The stream of one household, of its own per (random seed, household, generator).

    So the rows of a household never depend on how many others there are, nor on the order in
    which they are made. Take all chance from here; a module such as `random` would make other
    rows at every resume.
    """

    __slots__ = ("_stream",)

    def __init__(self, stream: np.random.Generator) -> None:
        self._stream = stream

    def share(self, share: float) -> bool:
        """Return true in a share (0 to 1) of cases."""
        return bool(draw.coin(self._stream, share, 1)[0])

    def between(self, low: int, high: int) -> int:
        """Return a whole number between two, both included."""
        return int(draw.between(self._stream, low, high, 1)[0])

    def choose(self, values: Sequence[Choice]) -> Choice:
        """Return one of several values, all equally likely."""
        return values[int(draw.below(self._stream, len(values), 1)[0])]

    def weighted(self, weights: Mapping[Choice, float]) -> Choice:
        """Return one of several values, each as often as its weight says."""
        values = tuple(weights)
        return values[int(draw.pick(self._stream, tuple(weights.values()), 1)[0])]


def chance_of(name: str, random_seed: int = 1) -> Chance:
    """Return a stream for a test of a generator: the same name gives the same draws."""
    return Chance(stream(random_seed, 0, f"test {name}"))


class Generator(Protocol):
    """A plug-in: what it is called, what it takes, what it fills, and the rows themselves.

    Rows are a pure function of what is handed over. `version` is part of a run's plan: raise it
    whenever the same options would give other rows, so that no run is resumed with mixed rows.
    """

    @property
    def name(self) -> str:
        """Return the name by which profiles call it; the entry point has the same."""

    @property
    def version(self) -> str:
        """Return the version of what it makes."""

    @property
    def options(self) -> type[BaseModel]:
        """Return the model of its options, each with a default."""

    @property
    def tables(self) -> tuple[Table, ...]:
        """Return the tables that it fills."""

    def of_bank(self, bank: Bank, options: Any, chance: Chance) -> Iterable[Row]:
        """Return the rows that are made once per run."""

    def of_household(self, household: Household, options: Any, chance: Chance) -> Iterable[Row]:
        """Return a household's rows; a row stands before those that point at it."""
