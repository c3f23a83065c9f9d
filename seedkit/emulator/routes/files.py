"""File and image columns: upload in one go or in parts, download, deletion [documented]."""

from __future__ import annotations

import re
from urllib.parse import quote

from seedkit.emulator.errors import (
    ADDRESS,
    ARGUMENT,
    TOO_BIG,
    PlatformError,
    payload_error,
)
from seedkit.emulator.exchange import Answer, Request
from seedkit.emulator.routes.rows import no_method
from seedkit.emulator.session import Session
from seedkit.emulator.storage.blobs import Blobs, Place, Transfer
from seedkit.emulator.storage.layout import Layout
from seedkit.emulator.writing.files import (
    BLOCK,
    DEFAULT_TYPE,
    ONE_REQUEST,
    remove_file,
    save_file,
)
from seedkit.schema import Column

_ADDRESS_SAFE = "/(),='"
_NAME = "x-ms-file-name"
_EXPOSED = "Access-Control-Expose-Headers"
_PART = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})").fullmatch
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})").fullmatch


def answer_file(
    request: Request, session: Session, layout: Layout, row_id: str, column: str
) -> Answer:
    """Answer a write of a file or image column."""
    place = Place(layout.name, row_id, column)
    if request.method == "DELETE":
        remove_file(session, place)
        return Answer(204)
    if request.method != "PATCH":
        raise no_method(request)
    if "sessiontoken" in request.options:
        return _take_part(request, session, layout, place)
    if request.headers.get("x-ms-transfer-mode", "").lower() == "chunked":
        return _begin(request, session, layout, place)
    _check_type(request, layout)
    if len(request.body) >= ONE_REQUEST:
        raise PlatformError(TOO_BIG, "Attachment file size is too big.")
    save_file(session, place, _file_name(request, layout), DEFAULT_TYPE, request.body)
    return Answer(204)


def _begin(request: Request, session: Session, layout: Layout, place: Place) -> Answer:
    token = session.environment.new_id()
    name = _file_name(request, layout)
    Blobs(session.store.connection).begin(Transfer(token, place, name))
    address = f"{request.root}{quote(request.path, safe=_ADDRESS_SAFE)}?sessiontoken={token}"
    return Answer(
        200,
        headers={
            "Location": address,
            "Accept-Ranges": "bytes",
            "x-ms-chunk-size": str(BLOCK),
            _EXPOSED: "x-ms-chunk-size",
        },
    )


def _take_part(request: Request, session: Session, layout: Layout, place: Place) -> Answer:
    """Take the next part of a file; the last one stores it. Parts come in order [inferred]."""
    _check_type(request, layout)
    blobs = Blobs(session.store.connection)
    transfer = blobs.transfer(request.options["sessiontoken"])
    if transfer is None or transfer.place != place:
        raise PlatformError(ARGUMENT, "The session token is of no upload to this column.")
    match = _PART(request.headers.get("content-range", ""))
    if match is None:
        raise PlatformError(ARGUMENT, "The Content-Range of the part can't be read.")
    first, last, size = (int(text) for text in match.groups())
    parts = blobs.blocks(transfer.token)
    received = sum(map(len, parts.values()))
    if first != received or last - first + 1 != len(request.body) or last >= size:
        raise PlatformError(ARGUMENT, f"The part doesn't begin at {received}, or is not as long.")
    if last + 1 < size:
        blobs.add_block(transfer.token, f"{first:015d}", request.body)
        return Answer(206)
    data = b"".join((*parts.values(), request.body))
    blobs.end(transfer.token)
    save_file(session, place, transfer.name, DEFAULT_TYPE, data)
    return Answer(204)


def read_file(request: Request, session: Session, layout: Layout, place: Place) -> Answer:
    """Answer with a file or with a part of it; without a body when the column is empty."""
    column = layout.table.columns[place.column]
    file = Blobs(session.store.connection).get(place)
    if file is None or not _keeps(column, request.options.get("size")):
        return Answer(204)
    headers = {
        "Content-Type": DEFAULT_TYPE,
        "x-ms-file-size": str(len(file.data)),
        _NAME: quote(file.name),
        "mimetype": file.type,
        _EXPOSED: f"x-ms-file-size; {_NAME}; mimetype",
    }
    if "range" not in request.headers:
        return Answer(200, file.data, headers)
    match = _RANGE(request.headers["range"])
    first = int(match[1]) if match else 0
    last = int(match[2]) if match and match[2] else len(file.data) - 1
    if match is None or first > last or first >= len(file.data):
        raise PlatformError(ARGUMENT, f"The range '{request.headers['range']}' can't be served.")
    headers |= {
        "x-ms-chunk-size": str(BLOCK),
        _EXPOSED: f"x-ms-file-size; {_NAME}; x-ms-chunk-size; mimetype",
    }
    return Answer(206, file.data[first : last + 1], headers)


def _keeps(column: Column, size: str | None) -> bool:
    """Tell whether a column keeps its file in a size: not all images are kept in full [documented].

    Thumbnails aren't scaled here: the image as it was sent stands for them [inferred].
    """
    return column.type != "image" or size != "full" or column.full_image


def _check_type(request: Request, layout: Layout) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != DEFAULT_TYPE:
        raise payload_error(
            layout.entity_set, f"a file of the content type '{kind}' can't be read."
        )


def _file_name(request: Request, layout: Layout) -> str:
    """Return the name of the file; the header goes before the query option."""
    name = request.headers.get(_NAME) or request.options.get(_NAME)
    if not name:
        raise PlatformError(ADDRESS, f"The name of the file for {layout.name} is missing.")
    return name
