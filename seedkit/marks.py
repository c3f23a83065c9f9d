"""The two marks of a row: the run's number and an id that carries it.

An id of ours is a UUID of version 8 that a person can read:

    c3a1f09b-5eed-8007-9d2c-0a1b2c000005
    │        │    │    │    └ 20 bits start of the run, 12 bits block, 16 bits row
    │        │    │    └ variant, 14 bits checksum over all the rest
    │        │    └ version, 12 bits table number
    │        └ says «sample data»
    └ the run's mark, as `importsequencenumber` holds it

SQL Server sorts ids by their last twelve digits first, so the rows of a run lie together and in
order, and those of a later run behind them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from seedkit.errors import UsageError

SIGN = "5eed"
MARK_BITS = 30
HIGHEST_MARK = -(1 << 30)
BLOCK_BITS = 12
ROW_BITS = 16
START_BITS = 20
MAX_BLOCK = (1 << BLOCK_BITS) - 1
MAX_ROWS = 1 << ROW_BITS
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_TICK = timedelta(minutes=15)  # 20 bits of quarter hours reach to 2049; then only the order suffers
_CHECK_MASK = (1 << 14) - 1
_VARIANT = 0x8000


def mark_text(mark: int) -> str:
    """Return a mark as it stands in ids: the first eight digits."""
    return f"{mark & 0xFFFFFFFF:08x}"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What all ids of a run share: its mark and the quarter hour in which it began."""

    mark: int
    started: int

    @property
    def day(self) -> date:
        """Return the day on which the run began."""
        return (_EPOCH + self.started * _TICK).date()

    def ids(self, table_number: int, block: int, count: int, first: int = 0) -> list[str]:
        """Return the ids of rows `first` to `first + count - 1` of a table in a block."""
        if block > MAX_BLOCK or first + count > MAX_ROWS:
            raise UsageError(
                f"A run holds at most {MAX_BLOCK:,} blocks and {MAX_ROWS:,} rows per table and "
                "block, and this one would hold more.",
                "Ask for fewer households.",
            )
        high = mark_text(self.mark)
        salt = _salt(high, table_number)
        start = ((self.started << BLOCK_BITS | block) << ROW_BITS) + first
        form = f"{high}-{SIGN}-8{table_number:03x}-%04x-%012x"
        return [
            form % (_VARIANT | _check(salt, counter), counter)
            for counter in range(start, start + count)
        ]


@dataclass(frozen=True, slots=True)
class RowMark:
    """What an id of ours says about its row."""

    mark: int
    table_number: int
    started: int
    block: int
    row: int


def read_id(value: str) -> RowMark | None:
    """Return what an id says, or None when it is not one that seedkit makes."""
    groups = value.lower().split("-")
    if [len(group) for group in groups] != [8, 4, 4, 4, 12] or groups[1] != SIGN:
        return None
    try:
        high, table, check, counter = (int(groups[index], 16) for index in (0, 2, 3, 4))
    except ValueError:
        return None
    number = table & 0xFFF
    if table >> 12 != 8 or check != _VARIANT | _check(_salt(groups[0], number), counter):
        return None
    return RowMark(
        mark=high - (1 << 32),
        table_number=number,
        started=counter >> (BLOCK_BITS + ROW_BITS),
        block=counter >> ROW_BITS & MAX_BLOCK,
        row=counter & (MAX_ROWS - 1),
    )


def mark_for(name: str, attempt: int = 0) -> int:
    """Return the mark that a name gives: 30 bits of its hash, at or below -2^30.

    `attempt` gives another one when a mark is found to be in use.
    """
    digest = hashlib.blake2b(f"{name}#{attempt}".encode(), digest_size=8).digest()
    return HIGHEST_MARK - (int.from_bytes(digest, "big") & ((1 << MARK_BITS) - 1))


def start_tick(moment: datetime) -> int:
    """Return the quarter hour of a moment, counted from 2020."""
    return int((moment - _EPOCH) // _TICK) & ((1 << START_BITS) - 1)


def _salt(high: str, table_number: int) -> int:
    return int(high, 16) * 0x9E3779B1 + table_number * 0x85EBCA6B


def _check(salt: int, counter: int) -> int:
    """Mix an id's other bits into 14: told apart from a chance match once in 16,384."""
    mixed = ((salt ^ counter) * 0xD1B54A32D192ED03) & 0xFFFFFFFFFFFFFFFF
    return (mixed >> 40 ^ mixed >> 20) & _CHECK_MASK
