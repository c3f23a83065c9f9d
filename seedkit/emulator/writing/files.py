"""Putting files into file and image columns and taking them out.

Sizes, codes and companion columns are documented; that a table without a maximum of its own has
the default one is expected.
"""

from __future__ import annotations

from datetime import UTC, datetime

from seedkit.emulator.errors import BAD_IMAGE, TOO_BIG, PlatformError, missing_row
from seedkit.emulator.session import Session
from seedkit.emulator.storage.blobs import ATTACHMENTS, Blobs, File, Place
from seedkit.emulator.storage.layout import USUAL_KB, VERSION, Layout, is_polymorphic, target_column
from seedkit.schema import Column

DEFAULT_TYPE = "application/octet-stream"
ONE_REQUEST = 128 * 2**20  # bytes, a file that is sent in one go is smaller [documented]
BLOCK = 4 * 2**20  # bytes, the recommended part of a file [documented]

_IMAGES = (b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_OWNER = "objectid"
_TICKS_BEFORE = datetime(1, 1, 1, tzinfo=UTC)


def save_file(session: Session, place: Place, name: str, kind: str, data: bytes) -> str:
    """Store a file in place of the one that was there; return its id."""
    layout = session.environment.layouts[place.table]
    column = layout.table.columns[place.column]
    _check(place, column, data)
    remove_file(session, place)
    file = File(session.environment.new_id(), name, kind or DEFAULT_TYPE, data)
    Blobs(session.store.connection).put(place, file)
    _attach(session, place, file)
    _touch(session, layout, place, column, file)
    return file.id


def remove_file(session: Session, place: Place) -> None:
    """Empty a file or image column; 404 when the row isn't there."""
    layout = session.environment.layouts[place.table]
    if session.store.missing(layout, [place.row_id]):
        raise missing_row(layout.name, place.row_id)
    blobs = Blobs(session.store.connection)
    file = blobs.get(place)
    if file is None:
        return
    blobs.drop(place)
    attachments = session.environment.layouts.get(ATTACHMENTS)
    if attachments is not None:
        session.store.connection.execute(
            f'DELETE FROM "{ATTACHMENTS}" WHERE "{attachments.primary_id}" = ?', (file.id,)
        )
    _touch(session, layout, place, layout.table.columns[place.column], None)


def _check(place: Place, column: Column, data: bytes) -> None:
    limit = int(column.max or USUAL_KB[column.type]) * 1024
    if column.type == "file":
        if len(data) > limit:
            raise PlatformError(TOO_BIG, "Attachment file size is too big.")
        return
    if len(data) > limit:
        reason = (
            f"File size is too big. MaxSize: {limit // 2**20} MB, "
            f"Uploaded filesize: {len(data) // 2**20} MB."
        )
    elif not data.startswith(_IMAGES):
        reason = (
            f"Update image properties failed for objectid: {place.row_id}, "
            f"logicalName: {place.table}, attribute: {place.column}"
        )
    else:
        return
    raise PlatformError(BAD_IMAGE, f"Error occured when processing image. Reason: {reason}")


def _attach(session: Session, place: Place, file: File) -> None:
    """Add the row that describes the file, where the table's rows can have such rows."""
    layout = session.environment.layouts.get(ATTACHMENTS)
    if layout is None or place.table not in (layout.table.columns[_OWNER].targets or {}):
        return
    values = {
        layout.primary_id: file.id,
        "createdon": session.now,
        "filename": file.name,
        "mimetype": file.type,
        "filesizeinbytes": len(file.data),
        "regardingfieldname": place.column,
        "objecttypecode": place.table,
        _OWNER: place.row_id,
        VERSION: session.store.take_versions(1),
    }
    if is_polymorphic(layout.table.columns[_OWNER]):
        values[target_column(_OWNER)] = place.table
    session.store.insert(layout, [[values.get(name) for name in layout.columns]])


def _touch(
    session: Session, layout: Layout, place: Place, column: Column, file: File | None
) -> None:
    """Set the columns that go with the file; the row counts as changed."""
    values: dict[str, object] = {}
    if column.type == "file":
        values[column.name] = None if file is None else file.id
        values[f"{column.name}_name"] = None if file is None else file.name
    else:
        ticks = _ticks(session.now)
        values[f"{column.name}id"] = None if file is None else file.id
        values[f"{column.name}_timestamp"] = None if file is None else ticks
        values[f"{column.name}_url"] = (
            None
            if file is None
            else f"/Image/download.aspx?Entity={layout.name}&Attribute={column.name}"
            f"&Id={file.id}&Timestamp={ticks}"
        )
    values |= {"modifiedon": session.now, "modifiedby": session.caller}
    values[VERSION] = session.store.take_versions(1)
    known = {name: value for name, value in values.items() if name in layout.position}
    session.store.update(layout, place.row_id, known)


def _ticks(moment: str) -> int:
    """Return a time as .NET counts it: tenths of microseconds since the year 1."""
    passed = datetime.fromisoformat(moment) - _TICKS_BEFORE
    return (passed.days * 86_400 + passed.seconds) * 10**7
