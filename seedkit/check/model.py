"""What a check asks for, what it finds, and what its probes share."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import LiveTable, look_up_tables
from seedkit.plan import PlanRequest

Found = TypeVar("Found")


class State(StrEnum):
    """How a finding stands, worst first.

    `missing`: not there, and the seed can't work without it. `refused`: there, but not for us or
    not now. `unknown`: could not be found out. `note`: works, and is worth knowing.
    """

    MISSING = "missing"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    NOTE = "note"
    OK = "ok"


STOPPING = frozenset({State.MISSING, State.REFUSED})


class Area(StrEnum):
    """What a finding is about."""

    ENVIRONMENT = "environment"
    SOLUTIONS = "solutions"
    TABLES = "tables"
    PRIVILEGES = "privileges"
    LIMITS = "limits"
    LOGIC = "custom logic"
    STORAGE = "storage"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check: what was looked at, how it stands, and what to do about it."""

    area: Area
    subject: str
    state: State
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Uses:
    """What a seed with a profile would use.

    `request` is what its plan would be made from; `choices` the values that rows may have, by
    table and column.
    """

    request: PlanRequest
    choices: Mapping[str, Mapping[str, frozenset[int]]]

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables that rows are made for."""
        return tuple(name for name, _ in self.request.tables)

    def columns(self, table: str) -> Sequence[str]:
        """Return the columns that rows of a table have, without those that the profile adds.

        Those are compared with the environment where they are bound to it.
        """
        added = self.request.profile["columns"].get(table, ())
        return [name for name in self.request.columns.get(table, ()) if name not in added]

    @property
    def named(self) -> tuple[str, ...]:
        """Return the names of all tables: those of rows, and those that they only point at."""
        return (*self.tables, *sorted(self.request.foreign))


@dataclass(frozen=True, slots=True)
class Place:
    """How a person signs in to the environment and names it, with the profile, on a command line.

    `options` are the words after `seedkit check`, which `seed` takes as well; `rows_per_request`
    is the configured ceiling, None without one.
    """

    sign_in: str
    options: tuple[str, ...]
    rows_per_request: int | None = None

    @property
    def check(self) -> str:
        """Return the command line that asks the same again."""
        return _line("seedkit", "check", *self.options)

    def seed(self, *more: str) -> str:
        """Return the command line of the seed that is asked about, with more options."""
        return _line("seedkit", "seed", *self.options, *more)


def _line(*words: str) -> str:
    """Return words as any shell takes them, that of Windows as well."""
    return " ".join(f'"{word}"' if " " in word else word for word in words)


@dataclass
class Look:
    """One look at an environment: all probes ask through it, and nothing is asked twice.

    `api` asks as the seed would write, perhaps in another user's name; `own` in our own, as a purge
    would look (None: that is the same).
    """

    api: WebApi
    uses: Uses
    place: Place
    now: datetime
    own: WebApi | None = None
    _asked: dict[str, asyncio.Future[Any]] = field(default_factory=dict)

    async def once(self, name: str, ask: Callable[[], Awaitable[Found]]) -> Found:
        """Return what `ask` finds, from the first call on."""
        if name not in self._asked:
            self._asked[name] = asyncio.ensure_future(ask())
        found: Found = await self._asked[name]
        return found

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """Read JSON, once per address."""
        return await self.once(f"{path}?{query}", lambda: self.api.get(path, query))

    async def rows(self, path: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """Read a whole collection, once."""
        return await self.once(f"all {path}?{query}", lambda: self.api.all(path, query))

    async def tables(self) -> Mapping[str, LiveTable | None]:
        """Return the tables that a seed names, None for those that the environment lacks."""
        return await self.once("tables", lambda: look_up_tables(self.api, self.uses.named))

    async def present(self) -> list[LiveTable]:
        """Return those tables that rows are made for and that are there."""
        live = await self.tables()
        return [found for name in self.uses.tables if (found := live[name]) is not None]


Ask = Callable[[Look], Awaitable[Sequence[Finding]]]


@dataclass(frozen=True, slots=True)
class Probe:
    """One question to an environment; `needed` ones stop a seed when they can't be asked."""

    area: Area
    subject: str
    ask: Ask
    needed: bool = False


def several(names: Sequence[str], most: int = 6) -> str:
    """Return names with commas, the rest of a long list as a number."""
    rest = len(names) - most
    shown = ", ".join(names[:most] if rest > 1 else names)
    return f"{shown} and {rest} more" if rest > 1 else shown
