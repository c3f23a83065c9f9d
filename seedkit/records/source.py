"""The rows of a run, block after block: a pure function of profile, as-of date and stamp."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from importlib.metadata import version

from seedkit import __version__
from seedkit.population import make_bank, make_block
from seedkit.population.model import BLOCK_HOUSEHOLDS, Bank
from seedkit.profile.models import Profile
from seedkit.records import bank_records, block_records
from seedkit.records.batch import BANK_BLOCK, RecordBatch, RecordContext

MODEL = "2"  # raise it whenever the same plan would give other rows
# Libraries whose data or arithmetic decides rows.
LIBRARIES = ("faker", "numpy", "zipcodes")


def fingerprint() -> dict[str, str]:
    """Return the versions of everything that decides rows."""
    return {"seedkit": __version__, "model": MODEL} | {name: version(name) for name in LIBRARIES}


class RunSource:
    """Makes the rows of a run; the same block always gives the same rows."""

    def __init__(self, profile: Profile, as_of: date, context: RecordContext) -> None:
        self._profile = profile
        self._as_of = as_of
        self._context = context

    @cached_property
    def _bank(self) -> Bank:
        return make_bank(self._profile, self._as_of)

    @property
    def blocks(self) -> Sequence[int]:
        """Return the block numbers: the bank's own, then one per 256 households."""
        full, rest = divmod(self._profile.households, BLOCK_HOUSEHOLDS)
        return range(BANK_BLOCK, BANK_BLOCK + 1 + full + (rest > 0))

    def batches(self, block: int) -> list[RecordBatch]:
        """Return all rows of a block, one batch per table."""
        if block == BANK_BLOCK:
            return bank_records(self._bank, self._context)
        number = block - BANK_BLOCK - 1
        households = min(BLOCK_HOUSEHOLDS, self._profile.households - number * BLOCK_HOUSEHOLDS)
        whole = make_block(self._profile, self._as_of, self._bank, number)
        return block_records(whole.front(households), self._bank, self._context, self._as_of)
