"""What is done to a block's rows after they are made: further tables, columns, parts left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from graphlib import TopologicalSorter

from seedkit.custom.binding import Bindings, Columns
from seedkit.custom.made import Maker
from seedkit.custom.skipping import Omitted
from seedkit.custom.templates import names_in
from seedkit.custom.values import Rows, values_of
from seedkit.profile.columns import ColumnValue, Days, Reference, Text
from seedkit.records.batch import Lookup, RecordBatch
from seedkit.records.view import BankView, BlockView


@dataclass(frozen=True, slots=True)
class Finish:
    """Completes the rows of a block by what the customer adds and leaves out."""

    columns: Columns
    bindings: Bindings
    omitted: Omitted
    makers: tuple[Maker, ...]
    random_seed: int
    as_of: date

    def of_bank(self, view: BankView, batches: list[RecordBatch]) -> list[RecordBatch]:
        """Return the bank's own rows, completed."""
        made = [batch for maker in self.makers for batch in maker.of_bank(view)]
        return self._finished([*batches, *made], None)

    def of_block(self, view: BlockView, batches: list[RecordBatch]) -> list[RecordBatch]:
        """Return a block's rows, completed."""
        made = [batch for maker in self.makers for batch in maker.of_block(view)]
        return self._finished([*batches, *made], view)

    def _finished(
        self, batches: Sequence[RecordBatch], view: BlockView | None
    ) -> list[RecordBatch]:
        left_out = self.omitted.tables
        return [self._batch(item, view) for item in batches if item.table not in left_out]

    def _batch(self, batch: RecordBatch, view: BlockView | None) -> RecordBatch:
        table, left_out = batch.table, self.omitted
        columns = {
            name: cells for name, cells in batch.columns.items() if not left_out.of(table, name)
        }
        lookups = [
            lookup
            for lookup in batch.lookups
            if not left_out.has((table, lookup.column, lookup.target))
        ]
        rows = Rows(replace(batch, columns=columns), columns, self.random_seed, self.as_of, view)
        bound = self.bindings.get(table, {})
        for name, spec in in_order(self.columns.get(table, {})):
            found = values_of(name, spec, bound[name], rows)
            if isinstance(spec, Reference):
                lookups.append(Lookup(name, spec.lookup, found))
            else:
                columns[name] = found
        parties = [party for party in batch.parties if party.target not in left_out.tables]
        return replace(batch, columns=columns, lookups=tuple(lookups), parties=parties)


def in_order(specs: Mapping[str, ColumnValue]) -> list[tuple[str, ColumnValue]]:
    """Return columns so that each stands behind those that it is made of; CycleError."""
    needed = {
        name: [other for other in sources(spec) if other in specs] for name, spec in specs.items()
    }
    return [(name, specs[name]) for name in TopologicalSorter(needed).static_order()]


def sources(spec: ColumnValue) -> tuple[str, ...]:
    """Return the columns that a column's values are made of."""
    if isinstance(spec, Text):
        return names_in(spec.text)
    return (spec.after,) if isinstance(spec, Days) and spec.after is not None else ()
