"""What a table's rules look like: hooks around create, update and delete."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout

Rows = Sequence[list[Any]]


@dataclass(frozen=True, slots=True)
class Change:
    """One row before and after an update; `sent` names the columns that the caller named."""

    layout: Layout
    old: list[Any]
    new: list[Any]
    sent: Set[str]

    def before(self, column: str) -> Any:
        """Return a column's value as it was."""
        return self.old[self.layout.position[column]]

    def after(self, column: str) -> Any:
        """Return a column's value as it will be."""
        return self.new[self.layout.position[column]]

    def put(self, column: str, value: Any) -> None:
        """Set a column of the row to be stored."""
        self.new[self.layout.position[column]] = value

    def sets(self, column: str) -> bool:
        """Tell whether the caller gives a column another value."""
        return column in self.sent and self.before(column) != self.after(column)


@dataclass(frozen=True, slots=True)
class Rules:
    """What happens around the writes of one table.

    `creating` and `changing` see complete rows before they are stored and may fill in or refuse;
    `created` and `changed` see stored rows. `deleting` refuses the delete that a caller asked for;
    `leaving` names rows (table and id) that go along with a row; `deleted` sees ids that are gone.
    """

    creating: tuple[Callable[[Session, Layout, Rows], None], ...] = ()
    created: tuple[Callable[[Session, Layout, Rows], None], ...] = ()
    changing: tuple[Callable[[Session, Change], None], ...] = ()
    changed: tuple[Callable[[Session, Change], None], ...] = ()
    deleting: tuple[Callable[[Session, Layout, str], None], ...] = ()
    leaving: tuple[Callable[[Session, Layout, str], Iterable[tuple[str, str]]], ...] = ()

    def __add__(self, other: Rules) -> Rules:
        """Return both sets of rules, these first."""
        return Rules(
            self.creating + other.creating,
            self.created + other.created,
            self.changing + other.changing,
            self.changed + other.changed,
            self.deleting + other.deleting,
            self.leaving + other.leaving,
        )


def new_values(layout: Layout, row: Sequence[Any], *columns: str) -> tuple[Any, ...]:
    """Return some columns of a row in the order of the layout's columns."""
    return tuple(row[layout.position[name]] for name in columns)
