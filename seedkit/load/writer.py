"""Writing a range of rows: one request when all goes well, splitting and settling when not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from seedkit.dataverse.answers import (
    STORAGE_FULL,
    asks_for_less,
    is_deadlock,
    leaves_unknown,
    stops_the_run,
    took_too_long,
)
from seedkit.dataverse.sizes import Sizes, starting_rows
from seedkit.errors import ConnectionFailedError, ServiceError
from seedkit.ledger import Step
from seedkit.load.lost import LostRows
from seedkit.load.work import Work, message_of
from seedkit.plan import TablePlan
from seedkit.plan.rights import explained

DUPLICATE_ID = "0x80040237"
# It may be done already: the id is taken, an alternate key is, the case is resolved.
DUPLICATES = frozenset({DUPLICATE_ID, "0x80060892", "0x800404cf"})
SETTLE_ATTEMPTS = 4
DEADLOCK_ATTEMPTS = 4  # the loser of a deadlock was undone, and mostly wins the next time
CRASH_ATTEMPTS = 2  # time-outs answer 500 and pass; a plug-in's crash does not
HOPELESS = 50  # so many refusals of a table, and not one row taken: it is not the rows
TAKEN = "the id is taken by a row that is not ours"


@dataclass(frozen=True, slots=True)
class Writer:
    """Does work on rows; returns when each row is done or recorded as lost."""

    lost: LostRows
    sizes: Sizes = field(default_factory=Sizes)
    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    async def write(self, work: Work, *, check: bool) -> None:
        """Do the work; `check` asks first which rows are there already."""
        rows = self.lost.skip_descendants(work.step, work.batch, list(work.bodies))
        await self._settle(work, rows, check=check and work.checkable, attempt=0)

    async def _send(self, work: Work, rows: Sequence[int]) -> list[tuple[int, ServiceError]]:
        key, start = _size_of(work)
        return await work.send(rows, lambda took: self.sizes.took(key, start, len(rows), took))

    async def _settle(self, work: Work, rows: Sequence[int], *, check: bool, attempt: int) -> None:
        if check:
            there = await work.existing(rows)
            rows = [row for row in rows if row not in there]
        most = self.sizes.rows(*_size_of(work))
        if len(rows) > most:
            for first in range(0, len(rows), most):
                part = rows[first : first + most]
                await self._settle(work, part, check=False, attempt=attempt)
            return
        if not rows:
            return
        try:
            refused = await self._send(work, rows)
        except ServiceError as error:
            await self._after_refusal(work, rows, error, check=check, attempt=attempt)
        except ConnectionFailedError as error:
            await self._after_silence(work, rows, error, attempt)
        else:
            self.taken[work.table.name] += len(rows) - len(refused)
            busy = [(row, cause) for row, cause in refused if _passes(cause, attempt)]
            if busy:
                await self._after_silence(work, [row for row, _ in busy], busy[0][1], attempt)
            for row, cause in refused:
                if not _passes(cause, attempt):
                    await self._after_refusal(work, [row], cause, check=check, attempt=attempt)

    async def _after_refusal(
        self, work: Work, rows: Sequence[int], error: ServiceError, *, check: bool, attempt: int
    ) -> None:
        """Ask, split, or record: a refusal speaks of all rows until one stands alone."""
        if stops_the_run(error):
            raise explained(work.plan, error)
        if asks_for_less(error) and len(rows) > 1:
            self.sizes.shrink(*_size_of(work), len(rows))
        alone = len(rows) == 1
        crashed = error.status >= 500 and alone and attempt < CRASH_ATTEMPTS
        if _passes(error, attempt) or crashed:
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
        if took_too_long(error) and len(rows) > 1:
            self.sizes.shrink(*_size_of(work), len(rows))
        await work.api.sleep(work.api.retry.wait(attempt, None))
        await self._settle(work, rows, check=work.checkable, attempt=attempt + 1)


def _passes(error: ServiceError, attempt: int) -> bool:
    """Tell whether rows are worth asking about and sending again as they are."""
    if error.code == STORAGE_FULL:
        return False
    return leaves_unknown(error) or (is_deadlock(error) and attempt < DEADLOCK_ATTEMPTS)


def _size_of(work: Work) -> tuple[str, int]:
    """Return under which key the size of a request is kept, and where it begins."""
    return size_key(work.table, work.step)


def size_key(table: TablePlan, step: Step) -> tuple[str, int]:
    """Return under which key the size of a table's requests is kept, and where it begins."""
    message = message_of(table, step)
    work = "states" if step.changes_states else message
    return f"{table.name} {work}", starting_rows(table.name, message)
