"""Marks and ids: readable, checkable, in order, within bounds."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedkit.errors import UsageError
from seedkit.marks import (
    HIGHEST_MARK,
    MAX_BLOCK,
    MAX_ROWS,
    START_BITS,
    RowMark,
    Stamp,
    mark_for,
    read_id,
    start_tick,
)

MARKS = st.text(min_size=1, max_size=20).map(mark_for)
STARTS = st.integers(0, (1 << START_BITS) - 1)
NUMBERS = st.integers(1, 4095)
BLOCKS = st.integers(0, MAX_BLOCK)
ROWS = st.integers(0, MAX_ROWS - 1)
NOW = datetime(2026, 6, 30, 9, 30, tzinfo=UTC)


def id_of(mark: int, started: int, number: int, block: int, row: int) -> str:
    (found,) = Stamp(mark, started).ids(number, block, 1, first=row)
    return found


@given(MARKS, STARTS, NUMBERS, BLOCKS, ROWS)
def test_an_id_reads_back(mark: int, started: int, number: int, block: int, row: int) -> None:
    value = id_of(mark, started, number, block, row)
    expected = RowMark(mark=mark, table_number=number, started=started, block=block, row=row)
    assert read_id(value) == expected
    assert read_id(value.upper()) == expected


@given(MARKS, STARTS, NUMBERS, BLOCKS, ROWS)
def test_an_id_is_a_proper_uuid(mark: int, started: int, number: int, block: int, row: int) -> None:
    value = id_of(mark, started, number, block, row)
    parsed = uuid.UUID(value)
    assert str(parsed) == value
    assert parsed.version == 8
    assert parsed.variant == uuid.RFC_4122
    assert value[9:13] == "5eed"
    assert int(value[:8], 16) - (1 << 32) == mark


@given(st.uuids())
def test_chance_does_not_make_our_ids(value: uuid.UUID) -> None:
    signed = str(value)[:9] + "5eed" + str(value)[13:]
    assert read_id(str(value)) is None or str(value)[9:13] == "5eed"
    if signed[14] != "8" or signed[19] not in "89ab":
        assert read_id(signed) is None


def test_the_checksum_refuses_nearly_all_changes_of_one_bit() -> None:
    passed = 0
    originals = Stamp(mark_for("one bit"), start_tick(NOW)).ids(7, 3, 50)
    for value in originals:
        bits = uuid.UUID(value).int
        passed += sum(read_id(str(uuid.UUID(int=bits ^ (1 << n)))) is not None for n in range(128))
    assert passed <= 2  # of 6,400; by chance one in 16,384 passes


def test_the_checksum_refuses_nearly_all_made_up_ids() -> None:
    draw = random.Random(1)  # ids in our shape, the rest by chance
    shaped = [
        f"{draw.getrandbits(32):08x}-5eed-8{draw.getrandbits(12):03x}-"
        f"{0x8000 | draw.getrandbits(14):04x}-{draw.getrandbits(48):012x}"
        for _ in range(20_000)
    ]
    assert sum(read_id(value) is not None for value in shaped) <= 8


@pytest.mark.parametrize(
    "value",
    [
        "",
        "5eed",
        "not-5eed-an-id-x",
        "c3a1f09b5eed80079d2c0a1b2c000005",
        "zzzzzzzz-5eed-8007-9d2c-0a1b2c000005",
        "c3a1f09b-5eed-4007-9d2c-0a1b2c000005",
        "c3a1f09b-5eed-8007-1d2c-0a1b2c000005",
    ],
)
def test_other_texts_are_not_ids_of_ours(value: str) -> None:
    assert read_id(value) is None


@given(st.lists(st.tuples(STARTS, BLOCKS, ROWS), unique=True, max_size=20), MARKS, NUMBERS)
def test_the_last_group_sorts_by_start_then_block_then_row(
    places: list[tuple[int, int, int]], mark: int, number: int
) -> None:
    groups = [id_of(mark, start, number, block, row)[-12:] for start, block, row in sorted(places)]
    assert groups == sorted(groups)
    assert len(set(groups)) == len(groups)


def test_ids_of_a_block_can_be_asked_for_in_pieces() -> None:
    stamp = Stamp(mark_for("pieces"), 9)
    assert stamp.ids(5, 2, 4) + stamp.ids(5, 2, 6, first=4) == stamp.ids(5, 2, 10)


def test_ids_end_at_the_bounds() -> None:
    stamp = Stamp(mark_for("bounds"), 9)
    last = stamp.ids(5, MAX_BLOCK, 1, first=MAX_ROWS - 1)[0]
    assert read_id(last) == RowMark(stamp.mark, 5, 9, MAX_BLOCK, MAX_ROWS - 1)
    with pytest.raises(UsageError, match=f"{MAX_BLOCK:,} blocks and {MAX_ROWS:,} rows"):
        stamp.ids(5, MAX_BLOCK + 1, 1)
    with pytest.raises(UsageError):
        stamp.ids(5, 0, 2, first=MAX_ROWS - 1)


@given(st.text(max_size=20), st.integers(0, 20))
def test_a_mark_keeps_clear_of_imports_and_fits_the_column(name: str, attempt: int) -> None:
    mark = mark_for(name, attempt)
    assert -(1 << 31) <= mark <= HIGHEST_MARK
    assert mark == mark_for(name, attempt)


def test_another_attempt_gives_another_mark() -> None:
    assert len({mark_for("retail-7f3a", attempt) for attempt in range(20)}) == 20


def test_a_start_counts_quarter_hours_and_grows() -> None:
    assert start_tick(datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert start_tick(NOW + timedelta(minutes=15)) == start_tick(NOW) + 1
    assert start_tick(NOW + timedelta(minutes=14)) == start_tick(NOW)
