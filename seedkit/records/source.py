"""The rows of a run, block after block: a pure function of profile, as-of date and stamp."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from importlib.metadata import version
from typing import Protocol

from seedkit import __version__
from seedkit.population import make_bank, make_block
from seedkit.population.model import BLOCK_HOUSEHOLDS, Bank, Block
from seedkit.population.notable import SHOWCASE_BLOCK
from seedkit.population.showcase import make_showcase_block
from seedkit.profile.models import Profile
from seedkit.records import records_of_bank, records_of_block
from seedkit.records.batch import BANK_BLOCK, RecordBatch, RecordContext
from seedkit.records.view import BankView, BlockView, bank_view, block_view

MODEL = "3"  # raise it whenever the same plan would give other rows
SHOWCASE_ROWS = BANK_BLOCK + 1 + SHOWCASE_BLOCK  # the block number in their ids
# Libraries whose data or arithmetic decides rows.
MODEL_KEY = "model"  # in a fingerprint, beside the names of packages
LIBRARIES = ("faker", "markdown-it-py", "numpy", "zipcodes")


def fingerprint() -> dict[str, str]:
    """Return the versions of everything that decides rows."""
    return {"seedkit": __version__, MODEL_KEY: MODEL} | {name: version(name) for name in LIBRARIES}


class Finish(Protocol):
    """What customers add to a block's rows, and leave out of them, after they are made."""

    def of_bank(self, view: BankView, batches: list[RecordBatch]) -> list[RecordBatch]:
        """Return the bank's own rows, completed."""

    def of_block(self, view: BlockView, batches: list[RecordBatch]) -> list[RecordBatch]:
        """Return a block's rows, completed."""


class RunSource:
    """Makes the rows of a run; the same block always gives the same rows."""

    def __init__(
        self, profile: Profile, as_of: date, context: RecordContext, finish: Finish | None = None
    ) -> None:
        self._profile = profile
        self._as_of = as_of
        self._context = context
        self._finish = finish

    @cached_property
    def _bank(self) -> Bank:
        return make_bank(self._profile, self._as_of)

    @property
    def blocks(self) -> Sequence[int]:
        """Return the block numbers: the bank's own, the showcases', one per 256 households."""
        own = [BANK_BLOCK, *[SHOWCASE_ROWS] * self._profile.showcase]
        ordinary = -(-self._profile.households // BLOCK_HOUSEHOLDS)
        return [*own, *range(BANK_BLOCK + 1, BANK_BLOCK + 1 + ordinary)]

    def batches(self, block: int) -> list[RecordBatch]:
        """Return all rows of a block, one batch per table."""
        if block == BANK_BLOCK:
            return self._bank_batches()
        view = self.view(block)
        batches = records_of_block(view)
        return batches if self._finish is None else self._finish.of_block(view, batches)

    def _bank_batches(self) -> list[RecordBatch]:
        view = bank_view(self._bank, self._context)
        batches = records_of_bank(view)
        return batches if self._finish is None else self._finish.of_bank(view, batches)

    def view(self, block: int) -> BlockView:
        """Return a block of households with the ids of all that becomes a row."""
        return block_view(self._front(block), self._bank, self._context, self._as_of)

    def _front(self, block: int) -> Block:
        if block == SHOWCASE_ROWS:
            return make_showcase_block(self._profile, self._as_of, self._bank)
        number = block - BANK_BLOCK - 1
        households = min(BLOCK_HOUSEHOLDS, self._profile.households - number * BLOCK_HOUSEHOLDS)
        whole = make_block(self._profile, self._as_of, self._bank, number)
        return whole.front(households)
