"""Which tables, columns and parts a profile may name, and what is wrong with other names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seedkit.records.tables import HEADER_TABLE, KEY_COLUMN, LINKS, TABLE, TABLE_OF_PART

# Parts by the names that profiles have for them, where they are more than one or called otherwise.
_BUNDLES: Mapping[str, tuple[str, ...]] = {
    "life_events": ("events",),
    "groups": ("groups", "group_members", "group_holdings"),
    "instruments": ("direct_debits", "standing_orders", "overdrafts"),
}
PARTS: Mapping[str, tuple[str, ...]] = {
    **{part: (table.name,) for part, table in TABLE_OF_PART.items() if table.name != HEADER_TABLE},
    **{name: tuple(TABLE_OF_PART[part].name for part in parts) for name, parts in _BUNDLES.items()},
}
# Parts that other rows must have, and the keys by which a profile has none of them.
_NONE_BY_KEYS: Mapping[str, str] = {
    "cards": "cards: {debit: 0, credit: 0}",
    "loans": "banking: {loans: 0}",
    "savings": "banking: {savings: 0}",
    "investments": "banking: {investments: 0}",
    "positions": "banking: {investments: 0}",
    "credit_lines": "banking: {credit_lines: 0}",
    "direct_debits": "instruments: {direct_debits: 0}",
    "standing_orders": "instruments: {standing_orders: 0}",
    "overdrafts": "instruments: {overdrafts: 0}",
}
# How to have no rows of a table, where leaving it out is not the way.
INSTEAD: Mapping[str, str] = {
    TABLE_OF_PART[part].name: f"To have none write: {keys}" for part, keys in _NONE_BY_KEYS.items()
}
SEEDED = tuple(name for name in TABLE if name != HEADER_TABLE)

# Why nobody else may write a column.
_MARKS = "carries the run's mark, by which purge finds the row"
_STATES = "is set by the platform when the row changes its state"
_OWNERS = "belongs to the rows' owners; name them with `owners`"
_PLATFORM = "is the platform's own"
_FORBIDDEN: Mapping[str, str] = {
    "importsequencenumber": _MARKS,
    KEY_COLUMN: _MARKS,
    "statecode": _STATES,
    "statuscode": _STATES,
    "ownerid": _OWNERS,
    "owningteam": _OWNERS,
    "owninguser": _OWNERS,
    "owningbusinessunit": _OWNERS,
    "overriddencreatedon": "says when the row was made; see life_events.backdated",
    "createdon": _PLATFORM,
    "createdby": _PLATFORM,
    "modifiedon": _PLATFORM,
    "modifiedby": _PLATFORM,
    "versionnumber": _PLATFORM,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a key of a profile, and what would be right."""

    key: str
    problem: str
    suggestion: str | None = None

    @property
    def place(self) -> str:
        """Return the key as a column or table: `contact.jobtitle`."""
        return self.key.removeprefix("columns.")

    def __str__(self) -> str:
        tail = f" {self.suggestion}" if self.suggestion else ""
        return f"{self.place} {self.problem}{tail}"


Links = Iterable[tuple[str, str, str]]


def why_not(table: str, column: str, links: Links = LINKS) -> str | None:
    """Return why a column can't be given values; None when it can."""
    if column in (f"{table}id", "activityid"):
        return _MARKS
    if any((table, column) == link[:2] for link in links):
        return "ties the rows of the bank together"
    return _FORBIDDEN.get(column)


def why_not_skip(table: str, column: str) -> str | None:
    """Return why a column can't be left out; None when it can."""
    is_mark = column == f"{table}id" or _FORBIDDEN.get(column) == _MARKS
    return _MARKS if is_mark else None


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return the question whether a near name was meant; None when none is near.

    A name with a publisher's prefix is compared with those of the same publisher only.
    """
    prefix, own, _ = name.partition("_")
    alike = [other for other in known if not own or other.startswith(f"{prefix}_")]
    near = difflib.get_close_matches(name, alike, n=1, cutoff=0.6)
    return f"Did you mean {near[0]}?" if near else None
