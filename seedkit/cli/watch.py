"""Showing progress: bars on a terminal, plain lines otherwise, nothing with `--quiet`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from seedkit.cli.counts import Counts, pause_line
from seedkit.progress import Progress, Unwatched

if TYPE_CHECKING:
    from seedkit.cli.shell import Shell

LINE_SECONDS = 5.0


@contextmanager
def watch(shell: Shell, verb: str) -> Iterator[Progress]:
    """Show the progress of what is done inside; `verb` says what it is, such as «Seeding»."""
    if shell.quiet:
        yield Unwatched()
    elif sys.stderr.isatty():
        from seedkit.cli.bars import BarProgress, make_bars

        bars = BarProgress(lambda: make_bars(shell.console(stderr=True)), verb)
        try:
            yield bars
        finally:
            bars.close()
    else:
        yield _LineProgress(verb)


class _LineProgress:
    """A plain line every few seconds."""

    def __init__(self, verb: str) -> None:
        self.stage(verb)
        self._last = time.monotonic()

    def stage(self, verb: str) -> None:
        self._verb = verb
        self._counts = Counts()

    def expect(self, table: str, rows: int) -> None:
        self._counts.announce(table, rows)

    def share(self, part: float) -> None:
        self._counts.part = part

    def paused(self, seconds: float) -> None:
        print(pause_line(self._verb, seconds), file=sys.stderr, flush=True)

    def done(self, table: str, rows: int) -> None:
        self._counts.finished[table] += rows
        if time.monotonic() - self._last >= LINE_SECONDS:
            self._last = time.monotonic()
            done, total = self._counts.finished.total(), self._counts.total()
            of = f" of about {total:,} rows ({100 * done // total}%)" if total else " rows"
            print(f"{self._verb}: {done:,}{of}", file=sys.stderr, flush=True)
