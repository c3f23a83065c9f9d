"""Checksums of rows that are not ours, before and after a purge: they must be equal.

Every row of every table that the run touches, and of every table with a lookup to one of these, is
read as the API shows it, and hashed. That takes about 150 bytes of memory for each row of others.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from seedkit.dataverse.answers import UNREADABLE
from seedkit.dataverse.client import WebApi
from seedkit.dataverse.metadata import LiveTable, look_up_tables
from seedkit.errors import ServiceError
from seedkit.purge.companions import OTHER_HALVES, goes_along

_BYTES = 8  # of a row's hash


@dataclass(frozen=True, slots=True)
class Own:
    """What a print leaves out: rows of ours by table, and others' that a person allowed to go.

    `makers` are the accounts that made the run: what the platform made under it, it made for them.
    """

    rows: Mapping[str, Collection[str]]
    makers: Collection[str] = ()
    allowed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proof:
    """What comparing has shown: rows compared by table, rows that differ, tables not readable.

    A `new` row is somebody's work meanwhile; a purge makes none.
    """

    rows: Mapping[str, int]
    changed: tuple[tuple[str, str], ...]
    gone: tuple[tuple[str, str], ...]
    new: tuple[tuple[str, str], ...]
    unproved: Mapping[str, str]

    @property
    def holds(self) -> bool:
        """Tell whether every row that was there is there as it was."""
        return not self.changed and not self.gone


@dataclass(slots=True)
class Print:
    """The hashes of rows that are not ours, by table and id, and why tables can't be read."""

    rows: dict[str, dict[str, bytes]] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)

    def compare(self, after: Print) -> Proof:
        """Return what has become of the rows since."""
        unproved = self.unread | after.unread
        both = sorted(self.rows.keys() & after.rows.keys() - unproved.keys())
        differing = [
            (table, id, self.rows[table].get(id), after.rows[table].get(id))
            for table in both
            for id in sorted(self.rows[table].keys() | after.rows[table].keys())
            if self.rows[table].get(id) != after.rows[table].get(id)
        ]
        return Proof(
            rows={table: len(self.rows[table]) for table in both},
            changed=tuple((table, id) for table, id, old, now in differing if old and now),
            gone=tuple((table, id) for table, id, old, now in differing if old and not now),
            new=tuple((table, id) for table, id, old, now in differing if now and not old),
            unproved=unproved,
        )


async def hanging_tables(api: WebApi, live: Mapping[str, LiveTable]) -> dict[str, LiveTable]:
    """Return the tables of a run, and all that have a lookup to one of these."""
    children = {one.child for table in live.values() for one in table.children}
    found = await look_up_tables(api, sorted(children - live.keys()))
    return {**live, **{name: table for name, table in found.items() if table is not None}}


async def take_print(api: WebApi, tables: Mapping[str, LiveTable], own: Own) -> Print:
    """Read and hash all rows that are not ours, nor made by the platform under ours."""
    taken = Print()
    await asyncio.gather(*(_take(api, table, own, taken) for table in tables.values()))
    return taken


async def _take(api: WebApi, table: LiveTable, own: Own, taken: Print) -> None:
    hashes: dict[str, bytes] = {}
    halves: set[str | None] = set()
    ours = own.rows.get(table.name, ())
    try:
        async for page in api.pages(table.entity_set, {}):
            for row in page:
                if row[table.primary_id] in ours:
                    halves.update(row.get(f"_{column}_value") for column in OTHER_HALVES)
                elif not _is_made_under_ours(table, row, own):
                    hashes[row[table.primary_id]] = _hash(row)
    except (ServiceError, KeyError) as error:
        if isinstance(error, ServiceError) and error.status not in UNREADABLE:
            raise
        taken.unread[table.name] = error.reason if isinstance(error, ServiceError) else str(error)
        return
    left_out = halves | own.allowed
    taken.rows[table.name] = {id: hash for id, hash in hashes.items() if id not in left_out}


def _is_made_under_ours(table: LiveTable, row: Mapping[str, Any], own: Own) -> bool:
    return any(
        goes_along(table.name, link.parent, row, own.makers)
        and row.get(f"_{link.column}_value") in own.rows[link.parent]
        for link in table.lookups
        if link.parent in own.rows
    )


def _hash(row: Mapping[str, Any]) -> bytes:
    content = orjson.dumps(row, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(content, digest_size=_BYTES).digest()
