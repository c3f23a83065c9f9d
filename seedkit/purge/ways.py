"""How rows can hang on a table's rows: by a lookup of their own, or by way of a row between.

A row between is one that the platform makes under ours and takes away with them: the resolution of
a case, an activity's row in the table of all. What people hang on such a row goes with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from seedkit.dataverse.metadata import NUMBER_COLUMN, LiveRelationship, LiveTable
from seedkit.purge.companions import (
    ABOUT,
    ACTIVITY_KEY,
    POINTER,
    POST,
    Circumstances,
    holds_rows,
    strangers_filter,
)
from seedkit.purge.findings import Harm


@dataclass(frozen=True, slots=True)
class Way:
    """One way on which rows of `child` hang on rows of a parent, and what a delete does to them.

    `link` is the child's own lookup, `between` that of the row between to the parent. `somebodys`
    selects the rows that are somebody's; the empty text stands for all.
    """

    child: LiveTable
    link: LiveRelationship
    harm: Harm
    somebodys: str
    between: LiveRelationship | None = None

    @property
    def through(self) -> str:
        """Return the table of the row between; the empty text when there is none."""
        if self.between is not None:
            return self.between.child
        return POINTER if self.by_pointer else ""

    @property
    def by_pointer(self) -> bool:
        """Tell whether the child hangs on an activity's row in the table of all."""
        return self.link.parent == POINTER and self.between is None

    @property
    def number(self) -> str:
        """Return the path to the number of the parent's row."""
        between = f"/{self.between.bind}" if self.between else ""
        return f"{self.link.bind}{between}/{NUMBER_COLUMN}"

    @property
    def parent(self) -> str:
        """Return the path to the id of the parent's row."""
        own = f"_{self.link.column}_value"
        return f"{self.link.bind}/_{self.between.column}_value" if self.between else own

    @property
    def query(self) -> dict[str, str]:
        """Return what to ask for of each row."""
        names = (self.child.primary_id, self.child.primary_name, f"_{self.link.column}_value")
        query = {"$select": ",".join(name for name in names if name)}
        if self.between is not None:
            query["$expand"] = f"{self.link.bind}($select=_{self.between.column}_value)"
        return query

    def parent_of(self, row: Mapping[str, Any]) -> str:
        """Return the id of the parent's row."""
        if self.between is not None:
            return str(row[self.link.bind][f"_{self.between.column}_value"])
        return str(row[f"_{self.link.column}_value"])


def ways_to(live: Mapping[str, LiveTable], parent: LiveTable, run: Circumstances) -> Iterator[Way]:
    """Return the ways on which rows that are somebody's can hang on rows of a table."""
    yield from _direct(live, parent, parent.name, run)
    yield from _between(live, parent, run)
    yield from through_the_table_of_all(live, parent, run)


def _between(live: Mapping[str, LiveTable], parent: LiveTable, run: Circumstances) -> Iterator[Way]:
    """Return the ways by rows that the platform makes under a table's rows."""
    for link in parent.children:
        between = live.get(link.child)
        if between is not None and link.takes_child and holds_rows(between.name):
            for way in _direct(live, between, between.name, run):
                if way.harm is not Harm.EMPTIED:
                    yield Way(way.child, way.link, way.harm, way.somebodys, link)


def through_the_table_of_all(
    live: Mapping[str, LiveTable], parent: LiveTable, run: Circumstances
) -> Iterator[Way]:
    """Return the ways by an activity's row in the table of all activities."""
    if parent.primary_id == ACTIVITY_KEY and POINTER in live:
        yield from _direct(live, live[POINTER], parent.name, run)


def tables_between(live: Mapping[str, LiveTable]) -> set[str]:
    """Return the tables of rows between, under the tables that are known."""
    apart = {POINTER for table in live.values() if table.primary_id == ACTIVITY_KEY}
    apart |= {POST for table in live.values() for link in table.children if link.child == ABOUT}
    return apart | {
        link.child
        for table in live.values()
        for link in table.children
        if link.takes_child and holds_rows(link.child)
    }


def tables_below(live: Mapping[str, LiveTable]) -> set[str]:
    """Return the tables whose rows may hang on rows between."""
    return {
        link.child
        for table in live.values()
        if table.name == POINTER or holds_rows(table.name)
        for link in table.children
        if link.takes_child or link.blocks
    }


def _direct(
    live: Mapping[str, LiveTable], table: LiveTable, parent: str, run: Circumstances
) -> Iterator[Way]:
    for link in table.children:
        child = live.get(link.child)
        harm, somebodys = harm_by(link, child), strangers_filter(link.child, parent, run)
        if child is not None and harm is not None and somebodys is not None:
            yield Way(child, link, harm, somebodys)


def harm_by(link: LiveRelationship, child: LiveTable | None) -> Harm | None:
    """Return what deleting the parent does to a child that is somebody's; None if no harm."""
    if child is None:
        return None
    if link.takes_child:
        return Harm.DELETED
    if link.blocks:
        return Harm.BLOCKS
    return Harm.EMPTIED if link.unlinks and child.needs(link.column) else None
