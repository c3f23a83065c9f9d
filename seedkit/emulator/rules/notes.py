"""Files in notes and attachments of emails: Base64 in a column of the row itself [documented]."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, Any

from seedkit.emulator.errors import ARGUMENT, TOO_BIG, PlatformError
from seedkit.emulator.rules.model import Change, Rows, Rules
from seedkit.emulator.storage.layout import target_column

if TYPE_CHECKING:
    from seedkit.emulator.session import Session
    from seedkit.emulator.storage.layout import Layout

NOTE = "annotation"
_REGARDING, _TYPE = "objectid", "objecttypecode"
_BODY = {NOTE: "documentbody", "activitymimeattachment": "body"}
_LIMIT = 5 * 2**20  # bytes, the default of an organization [documented]


def _creating(_session: Session, layout: Layout, rows: Rows) -> None:
    body = layout.position[_BODY[layout.name]]
    for row in rows:
        if row[body] is not None:
            _measure(layout, row, row[body])


def _changing(_session: Session, change: Change) -> None:
    if _BODY[change.layout.name] in change.sent:
        _measure(change.layout, change.new, change.after(_BODY[change.layout.name]))


def _name_types(_session: Session, layout: Layout, rows: Rows) -> None:
    """Name the table of the row that each note is about [expected]."""
    for row in rows:
        row[layout.position[_TYPE]] = row[layout.position[target_column(_REGARDING)]]


def _name_type(session: Session, change: Change) -> None:
    _name_types(session, change.layout, [change.new])


def _measure(layout: Layout, row: list[Any], body: str | None) -> None:
    """Fill in what follows from the file: its size, and that a note is a document [expected]."""
    size = None if body is None else _size(body)
    if size is not None and size > _LIMIT:
        raise PlatformError(TOO_BIG, "Attachment file size is too big.")
    row[layout.position["filesize"]] = size or 0
    if "isdocument" in layout.position:
        row[layout.position["isdocument"]] = int(body is not None)


def _size(body: str) -> int:
    try:
        return len(b64decode(body, validate=True))
    except ValueError:
        # The code is inferred.
        raise PlatformError(ARGUMENT, "The body of the file is not valid Base64.") from None


RULES = {name: Rules(creating=(_creating,), changing=(_changing,)) for name in _BODY}
RULES[NOTE] += Rules(creating=(_name_types,), changing=(_name_type,))
