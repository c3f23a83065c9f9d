"""Numbers of columns with a format of their own: a count, letters and the time of creation.

The placeholders and the first number are documented; how times are written is expected.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from seedkit.emulator.errors import ARGUMENT, PlatformError, shown, unsupported
from seedkit.emulator.rules.model import Rows

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout

_FIRST = 1000
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_PLACE = re.compile(r"\{(SEQNUM|RANDSTRING|DATETIMEUTC):([^{}]+)\}")
_TIMES = {"yyyy": "%Y", "yy": "%y", "MM": "%m", "dd": "%d", "HH": "%H", "mm": "%M", "ss": "%S"}
_TIME = re.compile(r"([A-Za-z%])\1*")


def read_format(sent: Any) -> str | None:
    """Return a format that a client sent, None for an empty one; 400 for what can't be read."""
    if not sent:
        return None
    if not isinstance(sent, str) or set("{}") & set(_PLACE.sub("", sent)):
        raise PlatformError(ARGUMENT, f"AutoNumberFormat {shown(sent)} is invalid.")
    for kind, size in _PLACE.findall(sent):
        if kind == "DATETIMEUTC":
            if any(part[0] not in _TIMES for part in _TIME.finditer(size)):
                raise unsupported(f"the time format '{size}' in AutoNumberFormat")
        elif not size.isdecimal() or (kind == "RANDSTRING" and not 1 <= int(size) <= 6):
            raise PlatformError(ARGUMENT, f"AutoNumberFormat {shown(sent)} is invalid.")
    return sent


def number_rows(session: Session, layout: Layout, formats: Mapping[int, str], rows: Rows) -> None:
    """Number rows whose maker gave no value; `formats` holds them by position.

    What is random on the platform follows from the count here, so nothing is left to chance.
    """
    for index, form in formats.items():
        missing = [row for row in rows if row[index] is None]
        if not missing:
            continue
        series = f"{layout.name}.{layout.columns[index]}"
        first = session.store.take_numbers(series, len(missing))
        for number, row in enumerate(missing, first + _FIRST - 1):
            row[index] = _PLACE.sub(_writer(series, number, session.now), form)


def _writer(series: str, number: int, now: str) -> Callable[[re.Match[str]], str]:
    def write(match: re.Match[str]) -> str:
        kind, size = match.groups()
        if kind == "SEQNUM":
            return str(number).zfill(int(size))
        if kind == "DATETIMEUTC":
            pattern = _TIME.sub(lambda part: _TIMES[part[0]], size)
            return datetime.fromisoformat(now).strftime(pattern)
        digest = hashlib.sha256(f"{series} {number} {match.start()}".encode()).digest()
        return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[: int(size)])

    return write
