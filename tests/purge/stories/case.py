"""What a purge must do and say: whose rows are whose, what stays, what hangs on what goes.

It follows the rules of docs/purge.md, by the rows themselves; nothing here asks the code under
test. A stranger is a row that goes along, or forbids it, and that is neither the run's nor made by
the platform under one of the run's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from seedkit.schema import Delete, load_catalogue
from tests.purge.stories.ground import NUMBER, Row, Rows, Seeding
from tests.purge.stories.truth import ACTIVITY_KEY, GENERAL, PARTY, World

ADDRESS = "customeraddress"
OWN_ADDRESSES = {"contact": 3, "account": 2}
BETWEEN = (GENERAL, "incidentresolution")  # on which rows of others may hang
MUST = ("required", "system")
SLACK = timedelta(minutes=5)


@dataclass(frozen=True)
class Case:
    """A purge that is about to begin: what is there, what was seeded, and what is known of it."""

    world: World
    seeding: Seeding
    ledger: bool
    doubtful_too: bool

    @cached_property
    def mine(self) -> frozenset[Row]:
        """Return the run's rows that the purge may take."""
        doubtful = self.doubtful if self.doubtful_too else frozenset()
        return frozenset(row for row in self._candidates if self._is_ours(row)) | doubtful

    @cached_property
    def doubtful(self) -> frozenset[Row]:
        """Return the rows for which something speaks, and not enough."""
        return frozenset(row for row in self._candidates if not self._is_ours(row))

    @cached_property
    def _candidates(self) -> list[Row]:
        """Return the rows to which the number leads, or the ledger."""
        tables = {table.name for table in self.seeding.plan.tables}
        return [
            row
            for row in self.world.index
            if row[0] in tables
            and (self._is_numbered(row) or (self.ledger and row in self.seeding.rows))
        ]

    def _is_numbered(self, row: Row) -> bool:
        plan = self.seeding.plan
        return plan.table(row[0]).numbered and self.world.index[row].get(NUMBER) == plan.mark

    def _is_ours(self, row: Row) -> bool:
        """Tell whether two marks speak for a row, and neither its maker nor its time against it."""
        values, plan = self.world.index[row], self.seeding.plan
        fits = row in self.seeding.rows
        marks = (self._is_numbered(row), fits, fits and self.ledger).count(True)
        if marks < 2 or (plan.table(row[0]).numbered and not self._is_numbered(row)):
            return False
        made = datetime.fromisoformat(str(values.get("overriddencreatedon") or values["createdon"]))
        began, ended = self.seeding.began - SLACK, self.seeding.ended + SLACK
        return values["createdby"] in plan.makers and began <= made <= ended

    @cached_property
    def edited(self) -> frozenset[Row]:
        """Return which of the run's rows are not as they were when it was complete."""
        header, makers = self.seeding.header, self.seeding.plan.makers
        return frozenset(
            row
            for row in self.mine - {header}
            if self.world.index[row]["modifiedby"] not in makers
            or self._version(row) != self.seeding.rows.get(row, {}).get("versionnumber")
        )

    def _version(self, row: Row) -> object:
        return self.world.index[row]["versionnumber"]

    @cached_property
    def strangers(self) -> set[Row]:
        """Return the rows of others that would go along at worst, or forbid it."""
        return self.strangers_of(self.mine)

    def strangers_of(self, rows: Iterable[Row]) -> set[Row]:
        """Return the rows of others that go along with some of the run's, or forbid it."""
        return {row for row in self.world.touched_by(rows) if not self._goes_with_mine(row)}

    def told(self, strangers: set[Row]) -> set[Row]:
        """Return which strangers are listed: not what is a part of another one."""
        return {row for row in strangers if not self._is_part_of(row, strangers)}

    def _is_part_of(self, row: Row, others: set[Row]) -> bool:
        if row[0] == ADDRESS:
            return self._parent_of(row) in others and self._has_own_number(row)
        return row[0] in (PARTY, *BETWEEN)

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
        values = self.world.index[row]
        match row[0]:
            case "principalobjectaccess":
                return True
            case "customeraddress":
                return self._is_own_address(row)
            case "connection":
                return ("connection", str(values["relatedconnectionid"])) in self.mine
            case "activitypointer" | "activityparty":
                return any(map(self._goes_with_mine, self.world.activities[values[ACTIVITY_KEY]]))
            case "incidentresolution":
                return ("incident", str(values["incidentid"])) in self.mine
            case "knowledgearticle":
                return bool(values["isrootarticle"])
        return row in self.seeding.made_with

    def _is_own_address(self, row: Row) -> bool:
        """Tell whether an address lies in a customer's columns since the run made the customer.

        Of a doubtful customer nobody knows when that was, and what the run's maker adds until the
        run's last second looks the same.
        """
        values = self.world.index[row]
        made = datetime.fromisoformat(str(values["createdon"]))
        by_us = values["createdby"] in self.seeding.plan.makers
        known = made <= self.seeding.ended and (by_us or row in self.seeding.made_with)
        known = known or self._parent_of(row) in self.doubtful
        return known and self._parent_of(row) in self.mine and self._has_own_number(row)

    def _parent_of(self, address: Row) -> Row:
        values = self.world.index[address]
        return str(values["parentid@table"]), str(values["parentid"])

    def _has_own_number(self, address: Row) -> bool:
        number = self.world.index[address]["addressnumber"]
        most = OWN_ADDRESSES.get(self._parent_of(address)[0], 0)
        return isinstance(number, int) and number <= most

    def kept(self, *, keep_edited: bool, keep_strangers: bool) -> set[Row]:
        """Return which of the run's rows stay: edited ones, and all that these or strangers need.

        What a row needs is whatever it points at. With any of them the header note stays.
        """
        pending = list(self.edited) if keep_edited else []
        pending += (self.strangers | self.crippled) if keep_strangers else ()
        found: set[Row] = set()
        while pending:
            row = pending.pop()
            if row not in found:
                found.add(row)
                pending += [up for up in self.world.needs(row) if self._is_needed(up)]
        kept = found & self.mine
        return kept | ({self.seeding.header} & self.mine if kept else set())

    def _is_needed(self, row: Row) -> bool:
        """Tell whether a row would go, and what it needs in turn stays with it."""
        return row in self.mine or row in self.strangers or row[0] in BETWEEN

    def after(self, kept: set[Row], *, with_strangers: bool) -> Rows:
        """Return what is there when all but the kept rows are gone.

        With strangers those have been deleted that a delete takes along at worst.
        """
        going = self.mine - kept
        if with_strangers:
            going |= self.strangers_of(going)
        return self.world.without(self.world.taken_with(going))
