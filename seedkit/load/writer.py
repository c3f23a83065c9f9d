"""Writing a range of rows: one request when all goes well, splitting and settling when not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from seedkit.dataverse.client import STORAGE_FULL, TRANSIENT
from seedkit.errors import ConnectionFailedError, ServiceError
from seedkit.load.lost import LostRows
from seedkit.load.work import Work

DUPLICATE_ID = "0x80040237"
DUPLICATES = frozenset({DUPLICATE_ID, "0x80060892"})  # the second: an alternate key is taken
FORBIDDEN = 403  # a missing privilege: every other row would be refused as well
SETTLE_ATTEMPTS = 4
CRASH_ATTEMPTS = 2  # deadlocks and time-outs answer 500 and pass; a plug-in's crash does not
HOPELESS = 50  # so many refusals of a table, and not one row taken: it is not the rows
TAKEN = "the id is taken by a row that is not ours"


@dataclass(frozen=True, slots=True)
class Writer:
    """Does work on rows; returns when each row is done or recorded as lost."""

    lost: LostRows
    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    async def write(self, work: Work, *, check: bool) -> None:
        """Do the work; `check` asks first which rows are there already."""
        rows = self.lost.skip_descendants(work.step, work.batch, list(work.bodies))
        await self._settle(work, rows, check=check and work.checkable, attempt=0)

    async def _settle(self, work: Work, rows: Sequence[int], *, check: bool, attempt: int) -> None:
        if check:
            there = await work.existing(rows)
            rows = [row for row in rows if row not in there]
        if not rows:
            return
        try:
            refused = await work.send(rows)
        except ServiceError as error:
            await self._after_refusal(work, rows, error, check=check, attempt=attempt)
        except ConnectionFailedError as error:
            await self._after_silence(work, rows, error, attempt)
        else:
            self.taken[work.table.name] += len(rows) - len(refused)
            busy = [(row, cause) for row, cause in refused if _leaves_unknown(cause)]
            if busy:
                await self._after_silence(work, [row for row, _ in busy], busy[0][1], attempt)
            for row, cause in refused:
                if not _leaves_unknown(cause):
                    await self._after_refusal(work, [row], cause, check=check, attempt=attempt)

    async def _after_refusal(
        self, work: Work, rows: Sequence[int], error: ServiceError, *, check: bool, attempt: int
    ) -> None:
        """Ask, split, or record: a refusal speaks of all rows until one stands alone."""
        if _stops_the_run(error):
            raise error
        alone = len(rows) == 1
        crashed = error.status >= 500 and alone and attempt < CRASH_ATTEMPTS
        if _leaves_unknown(error) or crashed:
            await self._after_silence(work, rows, error, attempt)
        elif error.code in DUPLICATES and work.checkable and not check:
            await self._settle(work, rows, check=True, attempt=attempt)
        elif alone:
            await self._refuse(work, rows[0], error)
        else:
            middle = len(rows) // 2
            for half in (rows[:middle], rows[middle:]):
                await self._settle(work, half, check=check, attempt=attempt)

    async def _refuse(self, work: Work, row: int, error: ServiceError) -> None:
        """Record a row as lost, unless it is there: a request without an answer may end late."""
        if error.code in DUPLICATES and work.checkable and await work.existing([row]):
            return
        table = work.table.name
        self.refused[table] += 1
        if self.refused[table] >= HOPELESS and not self.taken[table]:
            raise error
        reason = TAKEN if error.code == DUPLICATE_ID else error.reason
        self.lost.refuse(work.step, work.batch, row, error.code, reason)

    async def _after_silence(
        self,
        work: Work,
        rows: Sequence[int],
        error: ServiceError | ConnectionFailedError,
        attempt: int,
    ) -> None:
        """Read what a request did whose answer never came, then do the rest."""
        if attempt == SETTLE_ATTEMPTS:
            raise error
        await work.api.sleep(work.api.retry.wait(attempt, None))
        await self._settle(work, rows, check=work.checkable, attempt=attempt + 1)


def _leaves_unknown(error: ServiceError) -> bool:
    """Tell whether an answer says nothing of what was done; below 400 it could not be read."""
    return error.status in TRANSIENT or error.status < 400


def _stops_the_run(error: ServiceError) -> bool:
    return error.status == FORBIDDEN or error.code == STORAGE_FULL or error.status == 429
