"""Numbers that the platform gives to new rows: cases, knowledge articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seedkit.emulator.rules.model import Rows

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout

_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_FIRST = 1000
_SUFFIX_LENGTH = 6


def give_numbers(session: Session, layout: Layout, rows: Rows, column: str, form: str) -> None:
    """Number rows whose maker gave none: a count and a suffix, prefix-01000-X1Y2Z3 [expected].

    The real suffix is random; here it follows from the count, so that nothing is left to chance.
    """
    index = layout.position[column]
    missing = [row for row in rows if row[index] is None]
    if not missing:
        return
    first = session.store.take_numbers(layout.name, len(missing))
    for offset, row in enumerate(missing):
        number = first + offset
        row[index] = form.format(_FIRST + number - 1, _suffix(number))


def _suffix(number: int) -> str:
    # Multiplying by an odd prime spreads neighbours over the whole range of suffixes.
    value = number * 1_000_003
    letters = []
    for _place in range(_SUFFIX_LENGTH):
        value, digit = divmod(value, len(_LETTERS))
        letters.append(_LETTERS[digit])
    return "".join(letters)
