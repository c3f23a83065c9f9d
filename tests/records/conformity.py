"""Does a batch fit the schema catalogue? Answers with everything that doesn't."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seedkit.marks import read_id
from seedkit.records import TABLES, Lookup, RecordBatch
from seedkit.schema import load_catalogue
from seedkit.schema.catalogue import Column

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT12:00:00Z")
BARE_DATE = re.compile(r"\d{4}-\d\d-\d\d")
PYTHON_TYPE = {
    "string": str,
    "memo": str,
    "integer": int,
    "picklist": int,
    "status": int,
    "boolean": bool,
    "decimal": float,
    "double": float,
    "money": float,
    "datetime": str,
    "dateonly": str,
    "uniqueidentifier": str,
}
NUMBERS = {table.name: table.number for table in TABLES}
FILLED_BY_PLATFORM = {"ownerid", "statecode"}


def problems(batch: RecordBatch) -> list[str]:
    """Return what is wrong with a batch, one line per kind of fault and column."""
    return [f"{batch.table}: {text}" for text in _problems(batch)]


def _problems(batch: RecordBatch) -> Iterator[str]:
    table = load_catalogue()[batch.table]
    yield from _id_problems(batch, table.primary_id)
    for name, values in batch.columns.items():
        column = table.columns.get(name)
        if column is None:
            yield f"no column {name}"
        elif not column.creatable or column.computed or column.is_lookup:
            yield f"{name} can't be sent as a value"
        else:
            yield from _column_problems(column, list(values))
    yield from _lookup_problems(batch)
    sent = set(batch.columns) | {lookup.column for lookup in batch.lookups}
    for name, column in table.columns.items():
        if column.required in ("required", "system") and name not in sent | FILLED_BY_PLATFORM:
            yield f"{name} is required and missing"


def _id_problems(batch: RecordBatch, primary_id: str) -> Iterator[str]:
    if list(batch.columns.get(primary_id, [])) != list(batch.ids):
        yield f"{primary_id} doesn't hold the ids"
    for row, value in enumerate(batch.ids):
        mark = read_id(value)
        if mark is None or (mark.table_number, mark.block, mark.row) != (
            NUMBERS[batch.table],
            batch.block,
            row,
        ):
            yield f"id of row {row} is {value}"


def _column_problems(column: Column, values: list[object]) -> Iterator[str]:
    present = [value for value in values if value is not None]
    if column.required in ("required", "system") and len(present) < len(values):
        yield f"{column.name} is required and empty in {len(values) - len(present)} rows"
    wrong = {type(value) for value in present} - {PYTHON_TYPE[column.type]}
    if wrong:
        yield f"{column.name} is {column.type} and holds {wrong}"
        return
    bad = [value for value in present if not _fits(column, value)]
    if bad:
        yield f"{column.name} can't hold {bad[:3]}"


def _fits(column: Column, value: object) -> bool:
    if isinstance(value, str):
        if column.type == "datetime":
            return TIMESTAMP.fullmatch(value) is not None
        if column.type == "dateonly":
            return BARE_DATE.fullmatch(value) is not None
        units = len(value.encode("utf-16-le")) // 2  # as the platform counts
        return 0 < units <= (column.max_length or 36)
    if column.options is not None and column.type == "picklist":
        return value in column.options
    if isinstance(value, float):
        assert column.precision is not None
        if round(value, min(column.precision, 2)) != value:
            return False
    low = column.min if column.min is not None else float("-inf")
    high = column.max if column.max is not None else float("inf")
    assert isinstance(value, int | float)
    return low <= value <= high


def _lookup_problems(batch: RecordBatch) -> Iterator[str]:
    table = load_catalogue()[batch.table]
    found: dict[str, list[Lookup]] = {}
    for lookup in batch.lookups:
        found.setdefault(lookup.column, []).append(lookup)
        column = table.columns.get(lookup.column)
        if column is None or column.targets is None or not column.creatable:
            yield f"{lookup.column} is no lookup that can be sent"
        elif lookup.target not in column.targets:
            yield f"{lookup.column} can't point at {lookup.target}"
        if len(lookup.ids) != len(batch):
            yield f"{lookup.column} has {len(lookup.ids)} ids for {len(batch)} rows"
    for name, lookups in found.items():
        targets = zip(*(lookup.ids for lookup in lookups), strict=True)
        filled = [sum(id is not None for id in ids) for ids in targets]
        if max(filled) > 1:
            yield f"{name} points at two rows at once"
        if table.columns[name].required != "none" and min(filled) < 1:
            yield f"{name} is required and points nowhere"
