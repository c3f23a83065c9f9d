"""Users and teams as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class User:
    """A user of an environment; `object_id` is the id in the directory, where there is one."""

    id: str
    object_id: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Principal:
    """Who can own rows: a row of `table`, the users or the teams."""

    table: str
    id: str
    name: str
