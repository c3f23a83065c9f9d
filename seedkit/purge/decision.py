"""Deciding what goes and what stays, from what was found and what was asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from seedkit.load.header import NOTE_TABLE, note_id
from seedkit.purge.findings import Harm, Stranger, Survey
from seedkit.purge.keeping import Ids, Keeper
from seedkit.purge.rows import Rows
from seedkit.purge.survey import Look


class Strangers(Enum):
    """What to do when rows of others hang on ours."""

    STOP = "stop"
    KEEP = "keep"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Decision:
    """Which rows go and which stay, by table.

    `harmed` are the strangers that would be deleted with what goes, or forbid it; `deleting` those
    that a person allowed to delete, each before what it hangs on.
    """

    going: Mapping[str, Rows]
    kept: Mapping[str, Rows]
    harmed: tuple[Stranger, ...]
    deleting: tuple[Stranger, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Return how many rows of each table go."""
        return {name: len(rows) for name, rows in self.going.items() if len(rows)}

    @property
    def kept_counts(self) -> dict[str, int]:
        """Return how many of our rows of each table stay."""
        return {name: len(rows) for name, rows in self.kept.items() if len(rows)}


async def decide(look: Look, found: Survey, strangers: Strangers, *, keep_edited: bool) -> Decision:
    """Return what goes and what stays; nothing is changed."""
    staying = await _staying(look, found, strangers, keep_edited=keep_edited)
    kept = {name: _rows(look, name, staying.get(name, ())) for name in found.tables}
    header = note_id(look.plan)
    # The header note, where it is there, tells of what is kept.
    if any(map(len, kept.values())) and header in found.tables[NOTE_TABLE].ours:
        kept[NOTE_TABLE] |= _rows(look, NOTE_TABLE, [header])
    going = {name: one.ours - kept[name] for name, one in found.tables.items()}
    harmed = harmed_by(going, found.strangers)
    deleting = harmed if strangers is Strangers.DELETE else ()
    return Decision(going, kept, harmed, tuple(reversed(deleting)))


async def _staying(
    look: Look, found: Survey, strangers: Strangers, *, keep_edited: bool
) -> Mapping[str, Iterable[str]]:
    """Return which of our rows stay: edited ones, and what they and strangers need."""
    own: Ids = defaultdict(set)
    if keep_edited:
        for name, one in found.tables.items():
            own[name] |= set(one.edited)
    seeds = {name: set(ids) for name, ids in own.items() if ids}
    if strangers is Strangers.KEEP:
        for stranger in (*found.strangers, *found.crippled):
            seeds.setdefault(stranger.table, set()).add(stranger.id)
            if stranger.through:  # no lookup of the stranger's leads to our row
                own[stranger.parent].add(stranger.parent_id)
                seeds.setdefault(stranger.parent, set()).add(stranger.parent_id)
    if not seeds:
        return {}
    going: dict[str, tuple[Rows | frozenset[str], ...]] = {
        name: (one.ours, _of(name, found.strangers)) for name, one in found.tables.items()
    }
    others = {one.table for one in found.strangers} - found.tables.keys()
    going |= {name: (_of(name, found.strangers),) for name in others}
    needed = await Keeper(look.api, look.live, going).needed_by(seeds)
    for name, ids in needed.items():
        own.setdefault(name, set()).update(ids)
    return {
        name: {id for id in ids if id in found.tables[name].ours}
        for name, ids in own.items()
        if name in found.tables
    }


def _of(table: str, strangers: Iterable[Stranger]) -> frozenset[str]:
    return frozenset(one.id for one in strangers if one.table == table)


def _rows(look: Look, table: str, ids: Iterable[str]) -> Rows:
    return Rows.of(look.plan.stamp, look.plan.table(table).number, ids)


def harmed_by(going: Mapping[str, Rows], strangers: Iterable[Stranger]) -> tuple[Stranger, ...]:
    """Return the strangers that what goes would take along, or that forbid it, parents first."""
    harmed: dict[tuple[str, str], Stranger] = {}
    for one in strangers:
        below_ours = one.parent in going and one.parent_id in going[one.parent]
        below_theirs = harmed.get((one.parent, one.parent_id))
        if below_ours or (below_theirs and below_theirs.harm is Harm.DELETED):
            harmed.setdefault((one.table, one.id), one)
    return tuple(harmed.values())


def newcomers(decision: Decision, found: Iterable[Stranger]) -> list[Stranger]:
    """Return which strangers of a new search are in the way, and nobody agreed to delete."""
    allowed = {(one.table, one.id) for one in decision.deleting}
    return [one for one in in_the_way(decision, found) if (one.table, one.id) not in allowed]


def in_the_way(decision: Decision, found: Iterable[Stranger]) -> list[Stranger]:
    """Return which strangers of a new search what goes would harm by more than an empty lookup."""
    return [one for one in harmed_by(decision.going, found) if one.harm is not Harm.EMPTIED]
