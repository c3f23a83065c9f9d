"""How the rows of an environment hang together, and what deleting some of them does.

Worked out from the rows themselves and the schema; nothing here asks the code under test.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from seedkit.schema import Delete, Relationship, load_catalogue
from tests.purge.stories.ground import Index, Row, Rows, indexed

ACTIVITY_KEY = "activityid"
PARTY, GENERAL = "activityparty", "activitypointer"
SHARE = "principalobjectaccess"
EMPTIED = ("versionnumber", "modifiedon", "modifiedby")  # change with a lookup that is emptied


def is_activity(table: str) -> bool:
    """Tell whether a table holds one kind of activity."""
    return load_catalogue()[table].primary_id == ACTIVITY_KEY and table not in (GENERAL, PARTY)


@dataclass(frozen=True)
class World:
    """All rows of an environment at one moment; `unknown` is what undocumented deletes do here."""

    rows: Rows
    unknown: Delete

    @cached_property
    def index(self) -> Index:
        return indexed(self.rows)

    @cached_property
    def below(self) -> Mapping[Row, list[tuple[Relationship, Row]]]:
        """Return what points at each row, with the relationship by which it does."""
        found: dict[Row, list[tuple[Relationship, Row]]] = defaultdict(list)
        for child in self.index:
            for one, parent in self.lookups(child):
                found[parent].append((one, child))
        return found

    @cached_property
    def parties(self) -> Mapping[str, list[Row]]:
        """Return who takes part in each activity."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row, values in self.index.items():
            if row[0] == PARTY:
                found[str(values[ACTIVITY_KEY])].append(row)
        return found

    @cached_property
    def shares(self) -> Mapping[object, list[Row]]:
        """Return the shares of each row."""
        found: dict[object, list[Row]] = defaultdict(list)
        for row, values in self.index.items():
            if row[0] == SHARE:
                found[values["objectid"]].append(row)
        return found

    @cached_property
    def activities(self) -> Mapping[object, list[Row]]:
        """Return the activities by their ids."""
        found: dict[object, list[Row]] = defaultdict(list)
        for row in self.index:
            if is_activity(row[0]):
                found[row[1]].append(row)
        return found

    def lookups(self, child: Row) -> Iterator[tuple[Relationship, Row]]:
        """Return what a row points at."""
        values = self.index[child]
        for one in load_catalogue()[child[0]].relationships:
            target = values.get(one.column)
            kind = values.get(f"{one.column}@table", one.parent)
            if target is not None and kind == one.parent and (one.parent, target) in self.index:
                yield one, (one.parent, str(target))

    def needs(self, row: Row) -> list[Row]:
        """Return what a row points at, and what those who take part in it point at.

        What stands for an activity in the table of all needs the activity.
        """
        parts = [row, *(self.parties[row[1]] if is_activity(row[0]) else ())]
        own = self.activities[row[1]] if row[0] == GENERAL else []
        return own + [up for part in parts for _, up in self.lookups(part)]

    def behaviour(self, one: Relationship) -> Delete:
        """Return what deleting the parent does here."""
        return self.unknown if one.on_delete is Delete.UNKNOWN else one.on_delete

    def taken_with(self, roots: Iterable[Row]) -> set[Row]:
        """Return everything that deleting these rows takes along, themselves included."""
        return self._closure(roots, lambda one: self.behaviour(one) is Delete.CASCADE)

    def touched_by(self, roots: Iterable[Row]) -> set[Row]:
        """Return what deleting these rows takes along at worst, and what would forbid it."""
        taken = self._closure(roots, lambda one: one.on_delete in (Delete.CASCADE, Delete.UNKNOWN))
        forbidding = {
            child
            for row in taken
            for one, child in self.below.get(row, ())
            if one.on_delete is Delete.RESTRICT
        }
        return taken | forbidding

    def _closure(self, roots: Iterable[Row], takes: Callable[[Relationship], bool]) -> set[Row]:
        found: set[Row] = set()
        pending = [row for row in roots if row in self.index]
        while pending:
            row = pending.pop()
            if row not in found:
                found.add(row)
                pending += self._companions(row, found)
                pending += [child for one, child in self.below.get(row, ()) if takes(one)]
        return found

    def _companions(self, row: Row, going: set[Row]) -> list[Row]:
        """Return what the platform lets go along without a lookup's saying so."""
        return self.shares[row[1]] + self._parts(row, going)

    def _parts(self, row: Row, going: set[Row]) -> list[Row]:
        values = self.index[row]
        if row[0] == "connection" and values.get("relatedconnectionid"):
            return [("connection", str(values["relatedconnectionid"]))]
        if row[0] == "knowledgearticle" and values.get("rootarticleid"):
            root = (row[0], str(values["rootarticleid"]))
            versions = {child for one, child in self.below[root] if one.column == "rootarticleid"}
            return [root] if versions <= going else []
        if is_activity(row[0]):
            general = (GENERAL, row[1])
            return [*([general] if general in self.index else []), *self.parties[row[1]]]
        return []

    def without(self, gone: set[Row]) -> Rows:
        """Return what is there when rows are gone, with the lookups that this empties."""
        catalogue = load_catalogue()
        return {
            table: [
                self._emptied(row, values, gone)
                for values in found
                if (row := (table, str(values[catalogue[table].primary_id]))) not in gone
            ]
            for table, found in self.rows.items()
            if table in catalogue
        }

    def _emptied(self, row: Row, values: dict[str, object], gone: set[Row]) -> dict[str, object]:
        """Return a row without the lookups that deletes empty, and without what changes then."""
        if row[0] == PARTY:
            left = any(up in gone for one, up in self.lookups(row) if one.column == "partyid")
            return {**values, "ispartydeleted": True} if left else values
        lost = self._lost(row, gone)
        if not lost and not any(self._lost(parent, gone) for parent in self._shown_for(row)):
            return values
        emptied = dict.fromkeys(lost) | {f"{name}@table": None for name in lost}
        return {k: emptied.get(k, v) for k, v in values.items() if k not in EMPTIED}

    def _lost(self, child: Row, gone: set[Row]) -> list[str]:
        """Return the lookups of a row that deletes empty."""
        return [
            one.column
            for one, parent in self.lookups(child)
            if parent in gone and self.behaviour(one) is Delete.REMOVE_LINK
        ]

    def _shown_for(self, child: Row) -> list[Row]:
        """Return the customer whose own columns an address shows: it changes with them."""
        up = self.lookups(child)
        return [parent for _, parent in up] if child[0] == "customeraddress" else []
