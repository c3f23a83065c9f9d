"""What every command shares: its workplace, and a person who reads and answers."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from seedkit.cli.lines import fold, width_of
from seedkit.errors import SafetyStopError, SeedkitError
from seedkit.workplace.place import Workplace

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod

PIPE_WIDTH = 160  # a file or pipe has no width of its own


@dataclass
class Shell(Workplace):
    """One invocation of the command line."""

    owns_process: ClassVar[bool] = True

    debug: bool = False
    quiet: bool = False
    no_color: bool = False
    json: bool = False
    # What `--json` prints of an error; a command that has done something by then says that, too.
    error_frame: Callable[[dict[str, Any]], Any] = dict

    @property
    def interactive(self) -> bool:
        """Tell whether a person can be asked."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def console(self, *, stderr: bool = False) -> Console:
        """Return a console on stdout or stderr."""
        from rich.console import Console

        stream = sys.stderr if stderr else sys.stdout
        width = None if stream.isatty() else PIPE_WIDTH
        return Console(
            stderr=stderr,
            no_color=self.no_color or None,
            highlight=False,
            markup=False,
            width=width,
        )

    def say(self, message: str) -> None:
        """Tell the person something; never part of the data."""
        if not self.quiet:
            _tell(message)

    def confirm(self, question: str, otherwise: str) -> None:
        """Ask on a terminal; SafetyStopError when the answer is not yes or nobody can be asked.

        `otherwise` is the command that needs no answer.
        """
        if self._answer(f"{question} [y/N]", otherwise).lower() not in {"y", "yes"}:
            raise SafetyStopError("Declined; nothing was changed.")

    def confirm_typed(self, question: str, word: str, otherwise: str) -> None:
        """Ask for a word to be typed, where yes is said too easily; errors as in `confirm`."""
        if self._answer(f"{question}\nType {word} to go ahead:", otherwise) != word:
            raise SafetyStopError("Declined; nothing was changed.")

    def _answer(self, prompt: str, otherwise: str) -> str:
        if not self.interactive:
            raise SafetyStopError(
                "Nobody can be asked here, so nothing was changed.", f"To go ahead: {otherwise}"
            )
        _tell(prompt, end=" ")
        with _plain_interrupts():
            try:
                return sys.stdin.readline().strip()
            except KeyboardInterrupt:
                _tell("")  # what comes next must not stand in the line of the question
                raise

    def print_json(self, document: object) -> None:
        """Print the one JSON document of the command."""
        import json

        print(json.dumps(document, indent=2, default=str), flush=True)

    def print_table(
        self, columns: Sequence[str], rows: Sequence[Sequence[object]], title: str | None = None
    ) -> None:
        """Print a table; whole numbers stand right-aligned with thousands marks."""
        from rich import box
        from rich.table import Table

        numeric = [
            bool(rows) and all(isinstance(row[index], int) for row in rows)
            for index in range(len(columns))
        ]
        table = Table(title=title, title_justify="left", box=box.SIMPLE)
        for index, name in enumerate(columns):
            justify: JustifyMethod = "right" if numeric[index] else "left"
            table.add_column(
                name,
                justify=justify,
                overflow="fold",
                no_wrap=index == 0,
                min_width=max(map(len, name.split()), default=None),  # no heading is broken
            )
        for row in rows:
            table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
        self.console().print(table)

    def fail(self, error: SeedkitError) -> None:
        """Print an error: one sentence, a blank line, a hint."""
        if self.json:
            self.print_json(self.error_frame(error_document(error)))
        hint = f"\n\n{error.hint}" if error.hint else ""
        _tell(f"Error: {error.message}{hint}")


def _tell(message: str, end: str = "\n") -> None:
    """Write to stderr, in lines that fit its terminal."""
    print(fold(message, width_of(sys.stderr)), end=end, file=sys.stderr, flush=True)


@contextmanager
def _plain_interrupts() -> Iterator[None]:
    """Let Ctrl-C end a question at once; asyncio would keep it until the next await."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def say_production(shell: Shell, name: str, command: str) -> None:
    """Tell that a command would stop before the first write; its dry run goes on."""
    shell.say(
        f"{name} looks like production: a {command} would stop there without "
        f'--allow-production "{name}".'
    )


def plural(count: int, word: str) -> str:
    """Return a count with its word: 1 row, 2 rows."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def error_document(error: SeedkitError) -> dict[str, Any]:
    """Return what `--json` prints when a command fails."""
    return {
        "error": {
            "kind": type(error).__name__.removesuffix("Error"),
            "message": error.message,
            "hint": error.hint,
            "exit_code": error.exit_code,
            **error.details(),
        }
    }
