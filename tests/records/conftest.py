from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from seedkit.marks import Stamp
from seedkit.records import (
    Bindings,
    RecordBatch,
    RecordContext,
    bank_records,
    block_records,
)
from tests.records.tiny import tiny_bank, tiny_block

AS_OF = date(2026, 6, 30)
CURRENCIES = {
    "USD": "aaaaaaaa-0000-0000-0000-000000000001",
    "EUR": "aaaaaaaa-0000-0000-0000-000000000002",
    "JPY": "aaaaaaaa-0000-0000-0000-000000000003",
}


@pytest.fixture(scope="session")
def context() -> RecordContext:
    stamp = Stamp(mark=-1_234_567_890, started=100_000)
    return RecordContext(stamp, "retail-7f3a", Bindings(CURRENCIES))


@pytest.fixture(scope="session")
def batches(context: RecordContext) -> dict[str, RecordBatch]:
    """All batches of the tiny bank and its one block, by table."""
    bank = tiny_bank()
    made = bank_records(bank, context) + block_records(tiny_block(), bank, context, AS_OF)
    return {batch.table: batch for batch in made}


@pytest.fixture(scope="session")
def rows(batches: dict[str, RecordBatch]) -> Callable[[str], list[dict[str, object]]]:
    """Return a table's rows, lookups as {column: id}."""

    def read(table: str) -> list[dict[str, object]]:
        made = batches[table].rows(
            lambda lookup: (f"{lookup.column}@{lookup.target}", lookup.target)
        )
        return [{name.partition("@")[0]: value for name, value in row.items()} for row in made]

    return read
