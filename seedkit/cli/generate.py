"""`generate`: the rows of a run as files."""

from __future__ import annotations

import csv
import hashlib
import io
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from datetime import time as day_time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from seedkit.cli.sources import Resolved, Wish, make_source, resolve
from seedkit.errors import UnknownNameError, UsageError
from seedkit.marks import Stamp, mark_for, start_tick
from seedkit.records.batch import Lookup, RecordBatch
from seedkit.schema import load_catalogue

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell

# Keys that only say how much is made; the rest decides the bank and so the ids in the files.
AMOUNT_KEYS = ("households", "description")


def generate(shell: Shell, wish: Wish, out: Path, format: str) -> int:
    """Write one file per table; return the exit code."""
    if format not in WRITERS:
        raise UnknownNameError("format", format, WRITERS, "Use --format jsonl or --format csv")
    resolved = resolve(wish)
    _claim(out)
    began = time.monotonic()
    rows = write_files(resolved, out, format)
    total = rows.total()
    if shell.json:
        shell.print_json({"out": str(out), "format": format, "rows": dict(rows)})
    else:
        shell.print_table(["table", "rows"], [*rows.items(), ("total", total)])
    seconds = time.monotonic() - began
    shell.say(f"{total:,} rows in {seconds:.1f} s ({total / max(seconds, 1e-9):,.0f} rows/s)")
    return 0


def write_files(resolved: Resolved, out: Path, format: str) -> Counter[str]:
    """Write the rows of a profile, block after block; return how many of each table."""
    # Without an environment a currency has no id; this address names it by its code instead.
    currencies = CurrencyByCode()
    source = make_source(
        resolved.profile, resolved.as_of, file_stamp(resolved), resolved.name, currencies
    )
    rows: Counter[str] = Counter()
    files: dict[str, BinaryIO] = {}
    try:
        for block in source.blocks:
            for batch in source.batches(block):
                if batch.table not in files:
                    files[batch.table] = (out / f"{batch.table}.{format}").open("wb")
                WRITERS[format](files[batch.table], batch, rows[batch.table] == 0)
                rows[batch.table] += len(batch)
    finally:
        for file in files.values():
            file.close()
    return rows


def file_stamp(resolved: Resolved) -> Stamp:
    """Return the stamp of files: from the plan itself, so that the same plan gives the same ids.

    The number of households is left out, so that a larger bank begins with the smaller one.
    """
    import orjson

    profile = resolved.profile.model_dump(mode="json", exclude=set(AMOUNT_KEYS))
    canonical = orjson.dumps([profile, resolved.as_of], option=orjson.OPT_SORT_KEYS)
    midnight = datetime.combine(resolved.as_of, day_time(), UTC)
    return Stamp(mark_for(hashlib.sha256(canonical).hexdigest()), start_tick(midnight))


class CurrencyByCode(Mapping[str, str]):
    """Currency addresses by ISO code instead of by an environment's ids; knows every code."""

    def __getitem__(self, code: str) -> str:
        return f"isocurrencycode='{code}'"

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _claim(out: Path) -> None:
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


def _bind(batch: RecordBatch) -> Callable[[Lookup], tuple[str, str]]:
    """Return bind names from the shipped schema, since there is no environment to ask."""
    catalogue = load_catalogue()

    def bind(lookup: Lookup) -> tuple[str, str]:
        targets = catalogue[batch.table].column(lookup.column).targets or {}
        name = targets[lookup.target].bind
        return f"{name}@odata.bind", f"/{catalogue[lookup.target].entity_set}"

    return bind


def _write_jsonl(file: BinaryIO, batch: RecordBatch, first: bool) -> None:  # noqa: ARG001
    import orjson

    for row in batch.rows(_bind(batch)):
        file.write(orjson.dumps(row))
        file.write(b"\n")


def _write_csv(file: BinaryIO, batch: RecordBatch, first: bool) -> None:
    bind = _bind(batch)
    names = [*batch.columns, *dict.fromkeys(bind(lookup)[0] for lookup in batch.lookups)]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, lineterminator="\r\n")
    if first:
        writer.writeheader()
    for row in batch.rows(bind):
        writer.writerow({name: _cell(value) for name, value in row.items()})
    file.write(text.getvalue().encode())


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


WRITERS: dict[str, Callable[[BinaryIO, RecordBatch, bool], None]] = {
    "jsonl": _write_jsonl,
    "csv": _write_csv,
}
