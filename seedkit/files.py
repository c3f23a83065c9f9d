"""The rows of a run as files, one per table: the same plan gives the same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import BinaryIO

import orjson

from seedkit.assembly import CurrencyByCode, Resolved, make_source
from seedkit.custom import Custom, read_custom
from seedkit.errors import UsageError
from seedkit.manifest import Customer, customers_of
from seedkit.marks import Stamp, mark_for, start_tick
from seedkit.progress import Progress
from seedkit.records.batch import BANK_BLOCK, PARTY_COLUMN, PARTY_TABLE, Lookup, RecordBatch
from seedkit.records.source import RunSource
from seedkit.schema import load_catalogue

Bind = Callable[[Lookup], tuple[str, str]]
CHUNK = 1000  # rows in memory as dictionaries at a time
# Keys that say how much is made and for whom; the rest decides the bank and so the ids in files.
OTHER_KEYS = ("households", "description", "owners", "columns", "skip", "generators")


def write_files(resolved: Resolved, out: Path, format: str, progress: Progress) -> Counter[str]:
    """Write the rows of a profile, block after block; return how many of each table."""
    source = _source(resolved)
    names = Names(read_custom(resolved.profile))
    rows: Counter[str] = Counter()
    files: dict[str, BinaryIO] = {}
    try:
        for done, block in enumerate(source.blocks):
            if block != BANK_BLOCK:
                progress.share(done / (len(source.blocks) - 1))
            for batch in _shown(source.batches(block)):
                progress.expect(batch.table, len(batch))
                if batch.table not in files:
                    files[batch.table] = (out / f"{batch.table}.{format}").open("wb")
                WRITERS[format](files[batch.table], batch, names.of(batch), rows[batch.table] == 0)
                rows[batch.table] += len(batch)
                progress.done(batch.table, len(batch))
    finally:
        for file in files.values():
            file.close()
    return rows


def _shown(batches: Iterable[RecordBatch]) -> Iterator[RecordBatch]:
    """Return batches with the states that rows end in, and the rows that closing them makes."""
    for batch in batches:
        if batch.states is None:
            yield batch
        else:
            yield batch.ended()
            yield from batch.closings()


def file_customers(resolved: Resolved) -> Iterator[Customer]:
    """Return the customers whose rows are written to files, with what they have."""
    custom = read_custom(resolved.profile)
    names = Names(custom)
    sets = {table: names.set_of(table) for table, _ in custom.tables}
    return customers_of(_source(resolved), sets)


def _source(resolved: Resolved) -> RunSource:
    # Without an environment a currency has no id; this address names it by its code instead.
    currencies = CurrencyByCode()
    return make_source(
        resolved.profile, resolved.as_of, file_stamp(resolved), resolved.name, currencies
    )


def file_stamp(resolved: Resolved) -> Stamp:
    """Return the stamp of files: from the plan itself, so that the same plan gives the same ids.

    The number of households is left out, so that a larger bank begins with the smaller one.
    """
    profile = resolved.profile.model_dump(mode="json", exclude=set(OTHER_KEYS))
    canonical = orjson.dumps([profile, resolved.as_of], option=orjson.OPT_SORT_KEYS)
    midnight = datetime.combine(resolved.as_of, time(), UTC)
    return Stamp(mark_for(hashlib.sha256(canonical).hexdigest()), start_tick(midnight))


def claim_folder(out: Path) -> None:
    """Make the folder; UsageError when it can't be made or holds something already."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        taken = any(out.iterdir())
    except OSError as error:
        raise UsageError(
            f"The folder {out} can't be used ({error.strerror}).", "Choose another with --out"
        ) from None
    if taken:
        raise UsageError(f"The folder {out} is not empty.", "Choose a new one with --out")


@dataclass(frozen=True, slots=True)
class Names:
    """Bind names and entity sets without an environment to ask.

    The shipped schema tells them, or a plug-in; of others the most likely name is taken.
    """

    custom: Custom

    def of(self, batch: RecordBatch) -> Bind:
        """Return what gives property name and address of a batch's lookups."""

        def bind(lookup: Lookup) -> tuple[str, str]:
            name = self._bind(batch.table, lookup.column, lookup.target)
            return f"{name}@odata.bind", f"/{self.set_of(lookup.target)}"

        return bind

    def _bind(self, table: str, column: str, target: str) -> str:
        catalogue = load_catalogue()
        table = PARTY_TABLE if column == PARTY_COLUMN else table
        columns = catalogue[table].columns if table in catalogue else {}
        targets = columns[column].targets if column in columns else None
        if targets:
            return targets[target].bind
        return self.custom.binds.get((table, column, target), column)

    def set_of(self, table: str) -> str:
        """Return a table's entity set."""
        catalogue = load_catalogue()
        if table in catalogue:
            return catalogue[table].entity_set
        likely = f"{table[:-1]}ies" if table.endswith("y") else f"{table}s"
        return self.custom.sets.get(table, likely)


def _write_jsonl(file: BinaryIO, batch: RecordBatch, bind: Bind, first: bool) -> None:  # noqa: ARG001
    line = orjson.OPT_APPEND_NEWLINE
    for start in range(0, len(batch), CHUNK):
        rows = batch.rows(bind, first=start, count=CHUNK)
        file.write(b"".join([orjson.dumps(row, option=line) for row in rows]))


def _write_csv(file: BinaryIO, batch: RecordBatch, bind: Bind, first: bool) -> None:
    names = [*batch.columns, *dict.fromkeys(bind(lookup)[0] for lookup in batch.lookups)]
    names += [batch.party_set] if batch.parties else []
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, lineterminator="\r\n")
    if first:
        writer.writeheader()
    for row in batch.rows(bind):
        writer.writerow({name: _cell(value) for name, value in row.items()})
    file.write(text.getvalue().encode())


def _cell(value: object) -> object:
    if isinstance(value, list):
        return orjson.dumps(value).decode()
    return str(value).lower() if isinstance(value, bool) else value


WRITERS: dict[str, Callable[[BinaryIO, RecordBatch, Bind, bool], None]] = {
    "jsonl": _write_jsonl,
    "csv": _write_csv,
}
