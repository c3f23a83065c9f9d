"""From a plug-in's rows to records: ids, marks, columns and lookups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

import numpy as np

from seedkit.custom.plugins import Plugin
from seedkit.custom.seen import bank_seen, households_seen
from seedkit.dataverse.metadata import NUMBER_COLUMN
from seedkit.errors import GeneratorError, SeedkitError
from seedkit.generators import Bank, Chance, Linkable, Row, Table, Value
from seedkit.marks import Stamp
from seedkit.population.streams import BANK_BLOCK as BANK_STREAM
from seedkit.population.streams import stream
from seedkit.records.batch import BANK_BLOCK, Lookup, RecordBatch, RecordContext
from seedkit.records.ownership import OWNER_COLUMN
from seedkit.records.view import BankView, BlockView


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the rows of one plug-in; `numbers` are its tables' numbers in ids."""

    plugin: Plugin
    numbers: Mapping[str, int]
    random_seed: int
    as_of: date
    context: RecordContext
    left_out: Collection[str]

    def of_bank(self, view: BankView) -> list[RecordBatch]:
        """Return the rows that are made once."""
        rows = self._bank_rows(self._bank(view))
        return self._batches(BANK_BLOCK, rows, [0] * len(rows), {})

    def of_block(self, view: BlockView) -> list[RecordBatch]:
        """Return the rows of a block's households."""
        bank = self._bank(view.bank)
        once = self._bank_rows(bank)
        rows, households = self._household_rows(view, replace(bank, rows=tuple(once)))
        managers = self.context.ownership.of_households(view.block.number)
        owners = managers[np.array(households, dtype=np.int64)].tolist()
        return self._batches(view.block.number + 1, rows, owners, self._ids(BANK_BLOCK, once))

    def _bank(self, view: BankView) -> Bank:
        return bank_seen(view, self.as_of, self.context.bindings, self.left_out)

    def _bank_rows(self, bank: Bank) -> list[Row]:
        chance = self._chance(BANK_STREAM, "bank")
        make, options = self.plugin.generator.of_bank, self.plugin.options
        return self._made(lambda: make(bank, options, chance), "the bank", once=True)

    def _household_rows(self, view: BlockView, bank: Bank) -> tuple[list[Row], list[int]]:
        """Return rows, and the number in the block of the household to which each belongs."""
        make, options = self.plugin.generator.of_household, self.plugin.options
        rows: list[Row] = []
        places: list[int] = []
        for place, household in enumerate(households_seen(view, bank, self.left_out)):
            chance = self._chance(view.block.number, f"household {place}")
            call = partial(make, household, options, chance)
            rows += self._made(call, f"household {household.number}", once=False)
            places += [place] * (len(rows) - len(places))
        return rows, places

    def _chance(self, block: int, what: str) -> Chance:
        return Chance(stream(self.random_seed, block, f"generator {self.plugin.name} {what}"))

    def _made(self, make: Callable[[], Iterable[Row]], where: str, *, once: bool) -> list[Row]:
        """Return a plug-in's rows; GeneratorError when it fails, whatever its reason."""
        try:
            return list(self._checked(make(), once=once))
        except SeedkitError:
            raise
        except Exception as error:  # somebody else's code
            raise GeneratorError(
                f"The generator {self.plugin.name} failed at {where}: {error!r}.",
                f"Seed without it: --set 'skip=[{self.plugin.name}]'",
            ) from error

    def _checked(self, rows: Iterable[Row], *, once: bool) -> Iterator[Row]:
        """Return rows; GeneratorError when one is not as its table was declared."""
        tables = {table.name: table for table in self.plugin.tables}
        for row in rows:
            reason = _fault_of(row, tables.get(row.table), once=once)
            if reason is not None:
                raise GeneratorError(
                    f"The generator {self.plugin.name} made a row of {row.table} that {reason}.",
                    "Its author declares tables, columns and links in `tables`.",
                )
            yield row

    def _ids(self, block: int, rows: Iterable[Row]) -> dict[Row, str]:
        """Return the id of each row: its place among those of its table in the block."""
        by_table: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_table[row.table].append(row)
        stamp: Stamp = self.context.stamp
        ids: dict[Row, str] = {}
        for table, found in by_table.items():
            if len(set(found)) < len(found):
                raise GeneratorError(
                    f"The generator {self.plugin.name} gave a row of {table} twice."
                )
            ids |= zip(found, stamp.ids(self.numbers[table], block, len(found)), strict=True)
        return ids

    def _batches(
        self, block: int, rows: list[Row], owners: list[int], others: Mapping[Row, str]
    ) -> list[RecordBatch]:
        """Return the rows by table; `owners` says which of the run's owners each belongs to."""
        ids = self._ids(block, rows)
        known, owner_of = {**others, **ids}, dict(zip(rows, owners, strict=True))
        found = []
        for table in self.plugin.tables:
            own = [row for row in rows if row.table == table.name]
            if own:
                owned = self.context.ownership.columns(
                    table.name, np.array([owner_of[row] for row in own], dtype=np.int64)
                )
                batch = self._batch(table, block, own, known)
                given = [Lookup(OWNER_COLUMN, kind, cells) for kind, cells in owned.items()]
                found.append(replace(batch, lookups=(*batch.lookups, *given)))
        return found

    def _batch(
        self, table: Table, block: int, rows: list[Row], ids: Mapping[Row, str]
    ) -> RecordBatch:
        own = [ids[row] for row in rows]
        head: dict[str, Sequence[object]] = {
            table.primary_id or f"{table.name}id": own,
            NUMBER_COLUMN: [self.context.stamp.mark] * len(rows),
        }
        columns = {name: [_sent(row.values.get(name)) for row in rows] for name in table.columns}
        lookups = tuple(
            Lookup(
                link.column,
                link.target,
                [_id_of(row.links.get(link.column), link.target, ids) for row in rows],
            )
            for link in table.links
        )
        return RecordBatch(table.name, block, own, {**head, **columns}, lookups)


def _fault_of(row: Row, table: Table | None, *, once: bool) -> str | None:
    """Return what is wrong with a row; None when it is as declared."""
    if table is None:
        return "it does not declare"
    if table.once != once:
        return "belongs to the bank" if table.once else "belongs to a household"
    for column in row.values:
        if column not in table.columns:
            return f"has the column {column}, which it does not declare"
    for column, thing in row.links.items():
        if (column, thing.table) not in {(link.column, link.target) for link in table.links}:
            return f"points at {thing.table} by {column}, which it does not declare"
    return None


def _id_of(thing: Linkable | None, target: str, known: Mapping[Row, str]) -> str | None:
    if thing is None or thing.table != target:
        return None
    if not isinstance(thing, Row):
        return thing.id
    if thing not in known:
        raise GeneratorError(
            f"A row points at a row of {target} that was not given before it.",
            "Give a row before those that point at it, in the same household.",
        )
    return known[thing]


def _sent(value: Value) -> object:
    """Return a value as JSON carries it."""
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value
