"""How a load or a purge tells what it is doing; who watches decides what to show."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Who watches a load or a purge."""

    def stage(self, verb: str) -> None:
        """The work goes over to something else, such as «Reading», whose rows are counted anew.

        Until rows are expected nothing is shown: a person may be asked meanwhile.
        """

    def expect(self, table: str, rows: int) -> None:
        """Rows of a table are about to be worked on."""

    def done(self, table: str, rows: int) -> None:
        """Rows of a table are there, lost, or in a purge gone."""

    def share(self, part: float) -> None:
        """After the next `expect`s, this part (0 to 1) of all the work is announced.

        What is announced before the first call stands apart: its numbers are final.
        """

    def paused(self, seconds: float) -> None:
        """The environment asked for a pause; the work goes on by itself after it."""


class Unwatched:
    """Nobody watches."""

    def stage(self, verb: str) -> None:
        """Ignore."""

    def expect(self, table: str, rows: int) -> None:
        """Ignore."""

    def done(self, table: str, rows: int) -> None:
        """Ignore."""

    def share(self, part: float) -> None:
        """Ignore."""

    def paused(self, seconds: float) -> None:
        """Ignore."""


UNWATCHED = Unwatched()
