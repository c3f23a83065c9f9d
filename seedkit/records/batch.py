"""The shape of records: all rows of one table in one block, as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from seedkit.marks import Stamp
from seedkit.records.ownership import Ownership

PARTY_TABLE, PARTY_COLUMN = "activityparty", "partyid"
PART = "participationtypemask"
STATE, STATUS = "statecode", "statuscode"
RESOLUTION = "incidentresolution"  # the row that tells how a case was resolved
BANK_BLOCK = 0  # rows made once per run; block n of the population has number n + 1


@dataclass(frozen=True, slots=True)
class Lookup:
    """A lookup column of a batch: which rows of `target` its rows point at (None: nowhere)."""

    column: str
    target: str
    ids: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Party:
    """Who takes part in each activity of a batch as what: `ids` of `target` (None: nobody).

    `part` is the option value of its participation, such as 1 for the sender.
    """

    part: int
    target: str
    ids: Sequence[str | None]


@dataclass(frozen=True, slots=True)
class Resolutions:
    """How cases of a batch were resolved: rows that the platform makes when it closes them.

    `ids` are what they should be called (None: the row is not resolved); the platform may give
    others.
    """

    ids: Sequence[str | None]
    columns: Mapping[str, Sequence[object]]


@dataclass(frozen=True, slots=True)
class States:
    """What rows become when they are there and all that hangs on them (None: as they were made).

    `states` and `statuses` are option values. Rows with a resolution are closed by it, all others
    by writing their state.
    """

    states: Sequence[int | None]
    statuses: Sequence[int | None]
    resolutions: Resolutions | None = None


@dataclass(frozen=True, slots=True)
class Bindings:
    """What records need to know about the environment.

    Currency ids by ISO code; ids of articles' languages by locale id, such as "1033".
    """

    currencies: Mapping[str, str]
    languages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordContext:
    """What all records of a run share.

    `backdate` asks for rows to be created on the day when the bank wrote them; the environment
    must grant the privilege to override the creation day.
    """

    stamp: Stamp
    run_id: str
    bindings: Bindings
    backdate: bool = True
    ownership: Ownership = field(default_factory=Ownership)


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """All rows of one table in one block.

    `columns` maps logical names to values as JSON carries them (None: not sent); ids and marks
    are among them. `lookups` may name a column several times, once per target table. `parties`
    are written with the rows, `states` when everything is there.
    """

    table: str
    block: int
    ids: Sequence[str]
    columns: dict[str, Sequence[object]]
    lookups: Sequence[Lookup]
    parties: Sequence[Party] = ()
    states: States | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def parents(self) -> frozenset[str]:
        """Return the ids of rows that others of the same table point at."""
        own = (lookup.ids for lookup in self.lookups if lookup.target == self.table)
        return frozenset(id for ids in own for id in ids if id is not None)

    @property
    def party_set(self) -> str:
        """Return under which name an activity's parties stand in its body."""
        return f"{self.table}_activity_parties"

    def ended(self) -> RecordBatch:
        """Return the rows with the states that they end in, as nobody can make them."""
        if self.states is None:
            return self
        kept = self.columns.get(STATUS, [None] * len(self))
        statuses = [
            was if state is None else status
            for was, state, status in zip(
                kept, self.states.states, self.states.statuses, strict=True
            )
        ]
        last = {STATE: self.states.states, STATUS: statuses}
        return replace(self, columns=self.columns | last, states=None)

    def closings(self) -> Iterator[RecordBatch]:
        """Return the rows that the platform makes when it closes cases, as far as we know them."""
        how = self.states and self.states.resolutions
        if not how:
            return
        rows = [row for row, id in enumerate(how.ids) if id is not None]
        ids = [str(how.ids[row]) for row in rows]
        columns = {name: [values[row] for row in rows] for name, values in how.columns.items()}
        case = Lookup(f"{self.table}id", self.table, [self.ids[row] for row in rows])
        if rows:
            yield RecordBatch(RESOLUTION, self.block, ids, {"activityid": ids, **columns}, [case])

    def rows(
        self,
        bind: Callable[[Lookup], tuple[str, str]],
        *,
        leave_out: frozenset[str] = frozenset(),
        first: int = 0,
        count: int | None = None,
    ) -> list[dict[str, object]]:
        """Return rows as the Web API takes them, without empty values.

        `bind` gives the property name and the address prefix of a lookup, such as
        ("msfsi_Bank@odata.bind", "/msfsi_banks"); lookups in `leave_out` are not written.
        """
        window = slice(first, None if count is None else first + count)
        cells = {
            name: values[window] for name, values in self.columns.items() if name not in leave_out
        }
        for lookup in self.lookups:
            if lookup.column not in leave_out:
                name, prefix = bind(lookup)
                pointing = [None if id is None else f"{prefix}({id})" for id in lookup.ids[window]]
                cells[name] = _either(cells[name], pointing) if name in cells else pointing
        if self.parties:
            cells[self.party_set] = self._parties(bind, window)
        return _rows(cells)

    def _parties(
        self, bind: Callable[[Lookup], tuple[str, str]], window: slice
    ) -> Sequence[list[dict[str, object]] | None]:
        """Return the parties of each row, as they stand in its body; None for nobody."""
        columns = [
            [None if id is None else {name: f"{prefix}({id})", PART: party.part} for id in ids]
            for party in self.parties
            for name, prefix in [bind(Lookup(PARTY_COLUMN, party.target, party.ids))]
            for ids in [party.ids[window]]
        ]
        found = ([one for one in row if one is not None] for row in zip(*columns, strict=True))
        return [row or None for row in found]


def _either(some: Sequence[object], others: Sequence[object]) -> Sequence[object]:
    """Return what either of two columns holds: a lookup may have one name for all its targets."""
    return [other if one is None else one for one, other in zip(some, others, strict=True)]


def _rows(cells: dict[str, Sequence[object]]) -> list[dict[str, object]]:
    """Turn columns into rows without empty values.

    Names stand in the order of the columns, whichever of them are empty in these rows: the same
    row has the same bytes in every slice.
    """
    names = tuple(cells)
    rows = [dict(zip(names, row, strict=True)) for row in zip(*cells.values(), strict=True)]
    for name, values in cells.items():
        if None in values:
            for row, value in zip(rows, values, strict=True):
                if value is None:
                    del row[name]
    return rows
