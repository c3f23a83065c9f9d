"""What must be there after a purge, worked out from the rows themselves and the schema.

Nothing here asks the code under test. Words: `seeded` are the rows that the runs wrote and that
purge may take; a delete takes more along (`taken_with`); what goes along and is neither seeded nor
made by the platform under something seeded is a stranger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from seedkit.schema import Delete, Relationship, load_catalogue
from tests.purge.stories.ground import Rows

Row = tuple[str, str]
OWN_ADDRESSES = {"contact": 3, "account": 2}
MUST = ("required", "system")
HEADER_TABLE = "annotation"
ACTIVITIES = ("phonecall", "email", "appointment", "task", "letter")
EMPTIED = ("versionnumber", "modifiedon", "modifiedby")  # change with a lookup that is emptied


@dataclass(frozen=True)
class World:
    """All rows of an environment at one moment, and how they hang together."""

    rows: Rows
    unknown: Delete

    @cached_property
    def index(self) -> dict[Row, dict[str, object]]:
        catalogue = load_catalogue()
        return {
            (table, str(row[catalogue[table].primary_id])): row
            for table, found in self.rows.items()
            if table in catalogue
            for row in found
        }

    @cached_property
    def below(self) -> Mapping[Row, list[tuple[Relationship, Row]]]:
        """Return what points at each row, with the relationship by which it does."""
        found: dict[Row, list[tuple[Relationship, Row]]] = defaultdict(list)
        for child, row in self.index.items():
            for one, parent in self.lookups(child, row):
                found[parent].append((one, child))
        return found

    def lookups(self, child: Row, row: dict[str, object]) -> Iterator[tuple[Relationship, Row]]:
        """Return what a row points at."""
        for one in load_catalogue()[child[0]].relationships:
            target = row.get(one.column)
            kind = row.get(f"{one.column}@table", one.parent)
            if target is not None and kind == one.parent and (one.parent, target) in self.index:
                yield one, (one.parent, str(target))

    def behaviour(self, one: Relationship) -> Delete:
        """Return what deleting the parent does here."""
        return self.unknown if one.on_delete is Delete.UNKNOWN else one.on_delete

    def taken_with(self, roots: Iterable[Row], *, at_worst: bool = False) -> set[Row]:
        """Return everything that deleting these rows takes along, themselves included.

        `at_worst` takes along what no source tells of as well, whatever happens here.
        """
        taking = {Delete.CASCADE, Delete.UNKNOWN} if at_worst else {Delete.CASCADE}
        found: set[Row] = set()
        pending = list(roots)
        while pending:
            row = pending.pop()
            if row in found or row not in self.index:
                continue
            found.add(row)
            pending += self._companions(row)
            pending += [
                child
                for one, child in self.below.get(row, ())
                if (one.on_delete if at_worst else self.behaviour(one)) in taking
            ]
        return found

    def _companions(self, row: Row) -> list[Row]:
        """Return what the platform lets go along without a lookup's saying so."""
        values = self.index[row]
        if row[0] == "connection" and values.get("relatedconnectionid"):
            return [("connection", str(values["relatedconnectionid"]))]
        if row[0] in ACTIVITIES:
            parties = [
                one
                for one, party in self.index.items()
                if one[0] == "activityparty" and party.get("activityid") == row[1]
            ]
            return [("activitypointer", row[1]), *parties]
        return []


@dataclass(frozen=True)
class Case:
    """A purge that is about to begin: the world, and which rows the run made that it may take."""

    world: World
    mine: frozenset[Row]
    header: Row

    @cached_property
    def strangers(self) -> set[Row]:
        """Return the rows of others that would go along at worst."""
        return self.strangers_of(self.mine)

    def strangers_of(self, rows: Iterable[Row]) -> set[Row]:
        """Return the rows of others that would go along with some of the run's."""
        taken = self.world.taken_with(rows, at_worst=True)
        return {row for row in taken if not self._goes_with_mine(row)}

    @cached_property
    def crippled(self) -> set[Row]:
        """Return the rows of others that would lose a lookup which they must have."""
        return {
            child
            for row in self.mine
            for one, child in self.world.below.get(row, ())
            if one.on_delete is Delete.REMOVE_LINK
            and load_catalogue()[one.child].columns[one.column].required in MUST
            and not self._goes_with_mine(child)
        }

    def _goes_with_mine(self, row: Row) -> bool:
        """Tell whether a row is the run's, or one that the platform made under such a row."""
        if row in self.mine:
            return True
        table, values = row[0], self.world.index[row]
        if table == "customeraddress":
            number = values.get("addressnumber")
            parent = str(values.get("parentid@table"))
            return isinstance(number, int) and number <= OWN_ADDRESSES.get(parent, 0)
        if table == "connection":
            return ("connection", str(values.get("relatedconnectionid"))) in self.mine
        if table == "activityparty":
            return any(
                up[1] == values.get("activityid") and self._goes_with_mine(up)
                for up in self.world.index
                if up[1] == values.get("activityid")
            )
        return False

    def kept(self, edited: Iterable[Row], *, keep_strangers: bool) -> set[Row]:
        """Return which of the run's rows stay: edited ones, and all that these or strangers need.

        What a row needs is whatever it points at. With any of them the header note stays.
        """
        seeds = set(edited) | ((self.strangers | self.crippled) if keep_strangers else set())
        found: set[Row] = set()
        pending = list(seeds)
        while pending:
            row = pending.pop()
            if row not in found:
                found.add(row)
                above = self.world.lookups(row, self.world.index[row])
                pending += [up for _, up in above if up in self.mine or up in self.strangers]
        kept = found & self.mine
        return kept | ({self.header} & self.mine if kept else set())

    def after(self, kept: set[Row]) -> Rows:
        """Return what is there when all but the kept rows are gone."""
        gone = self.world.taken_with(self.mine - kept)
        catalogue = load_catalogue()
        return {
            table: [
                self._emptied(table, row, gone)
                for row in found
                if (table, row.get(catalogue[table].primary_id)) not in gone
            ]
            for table, found in self.world.rows.items()
            if table in catalogue
        }

    def _emptied(self, table: str, row: dict[str, object], gone: set[Row]) -> dict[str, object]:
        """Return a row without the lookups that deletes empty."""
        child = (table, str(row[load_catalogue()[table].primary_id]))
        lost = self._lost(child, gone)
        if not lost and not any(self._lost(parent, gone) for parent in self._shown_for(child)):
            return row
        emptied = dict.fromkeys(lost) | {f"{name}@table": None for name in lost}
        return {k: emptied.get(k, v) for k, v in row.items() if k not in EMPTIED}

    def _lost(self, child: Row, gone: set[Row]) -> list[str]:
        """Return the lookups of a row that deletes empty."""
        return [
            one.column
            for one, parent in self.world.lookups(child, self.world.index[child])
            if parent in gone and self.world.behaviour(one) is Delete.REMOVE_LINK
        ]

    def _shown_for(self, child: Row) -> list[Row]:
        """Return the customer whose own columns an address shows: it changes with them."""
        up = self.world.lookups(child, self.world.index[child])
        return [parent for _, parent in up] if child[0] == "customeraddress" else []
