"""Progress bars on a terminal: one for all rows, one for each table that is being worked on."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.progress import (
    BarColumn,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.table import Column
from rich.text import Text

from seedkit.cli.counts import Counts, pause_line

MIDDLE, WIDE = 70, 100  # columns of a terminal from which on there is room for times, and for rates


class CountColumn(ProgressColumn):
    """Rows done, of how many."""

    def render(self, task: Task) -> Text:
        """Return both numbers, the second one when it is known."""
        total = "?" if task.total is None else f"{task.total:,.0f}"
        return Text(f"{task.completed:,.0f}/{total}", style="progress.download")


class RateColumn(ProgressColumn):
    """Rows per second."""

    def render(self, task: Task) -> Text:
        """Return the rate, empty until it is known."""
        return Text(f"{task.speed:,.0f} rows/s" if task.speed else "", style="progress.data.speed")


def make_bars(console: Console) -> Bars:
    """Return bars that vanish when the work is done; the summary takes their place.

    A line of a bar is never broken: a narrow terminal shows less.
    """
    columns: list[ProgressColumn] = [
        TextColumn("{task.description}", table_column=_whole()),
        BarColumn(),
        CountColumn(table_column=_whole()),
    ]
    if console.width >= WIDE:
        columns.append(RateColumn(table_column=_whole()))
    if console.width >= MIDDLE:
        columns.append(TimeRemainingColumn(table_column=_whole()))
    return Bars(*columns, console=console, transient=True)


def _whole() -> Column:
    return Column(no_wrap=True)


class BarProgress:
    """Draws what a load or a purge tells."""

    def __init__(self, make: Callable[[], Bars], verb: str) -> None:
        self._make = make
        self._begin(verb)

    def _begin(self, verb: str) -> None:
        self._verb = verb
        self._counts = Counts()
        self._bars = self._make()  # anew: bars that go on again move the cursor to where they were
        self._all = self._bars.add_task(verb, total=None)
        self._tasks: dict[str, TaskID] = {}

    def close(self) -> None:
        """Take the bars away."""
        self._bars.stop()

    def stage(self, verb: str) -> None:
        """Take the bars away, and draw others from the next expectation on."""
        self.close()
        self._begin(verb)

    def expect(self, table: str, rows: int) -> None:
        """Make a bar for the table when it has none; the first one brings the display up."""
        self._counts.announce(table, rows)
        if table not in self._tasks:
            self._tasks[table] = self._bars.add_task(f"  {table}", total=None, visible=False)
        self._bars.update(self._all, total=self._counts.total() or None)
        for name, task in self._tasks.items():
            self._bars.update(task, total=self._counts.total(name) or None)
        self._bars.start()

    def share(self, part: float) -> None:
        """Keep the part, for the estimate of the totals."""
        self._counts.part = part

    def paused(self, seconds: float) -> None:
        """Print one line above the bars."""
        self._bars.console.print(pause_line(self._verb, seconds))

    def done(self, table: str, rows: int) -> None:
        """Move the bars on; a table's bar shows only while it is under way."""
        self._counts.finished[table] += rows
        self._bars.advance(self._all, rows)
        done, total = self._counts.finished[table], self._counts.total(table)
        if table in self._tasks:
            self._bars.update(self._tasks[table], completed=done, visible=done != total)
