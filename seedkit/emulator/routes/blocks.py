"""Messages that move files in blocks; names, parameters and answers are documented."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

from seedkit.emulator.addresses import is_guid
from seedkit.emulator.errors import (
    ARGUMENT,
    MISSING_ROW,
    PlatformError,
    missing_row,
    payload_error,
)
from seedkit.emulator.exchange import Answer, json_answer
from seedkit.emulator.operations import Call, Kind, Operation
from seedkit.emulator.routes.functions import response_context
from seedkit.emulator.storage.blobs import Blobs, File, Place, Transfer
from seedkit.emulator.storage.layout import FILE_TYPES
from seedkit.emulator.writing.files import BLOCK, remove_file, save_file

_ID_LENGTH = 64  # bytes of a block's id before it is encoded
_TYPE = "Microsoft.Dynamics.CRM."


def begin_upload(call: Call) -> Answer:
    """Answer InitializeFileBlocksUpload: the token of a new upload."""
    transfer = _begin(call, _text(call, "FileName"))
    return _response(call, "InitializeFileBlocksUpload", FileContinuationToken=transfer.token)


def take_block(call: Call) -> Answer:
    """Answer UploadBlock."""
    transfer = _transfer(call)
    data = _decoded(call, "BlockData")
    if len(data) > BLOCK or len(_decoded(call, "BlockId")) > _ID_LENGTH:
        raise PlatformError(ARGUMENT, "The block or its id is too long.")
    blobs = Blobs(call.session.store.connection)
    blobs.add_block(transfer.token, _text(call, "BlockId"), data)
    return Answer(204)


def commit_upload(call: Call) -> Answer:
    """Answer CommitFileBlocksUpload: the blocks become the file in the order of the list."""
    transfer, wanted = _transfer(call), call.parameters["BlockList"]
    blobs = Blobs(call.session.store.connection)
    blocks = blobs.blocks(transfer.token)
    known = isinstance(wanted, list) and all(
        isinstance(item, str) and item in blocks for item in wanted
    )
    if not known:
        raise PlatformError(ARGUMENT, "The list names a block that was not uploaded.")
    data = b"".join(blocks[item] for item in wanted)
    blobs.end(transfer.token)
    name, kind = _text(call, "FileName"), _text(call, "MimeType")
    file_id = save_file(call.session, transfer.place, name, kind, data)
    return _response(call, "CommitFileBlocksUpload", FileId=file_id, FileSizeInBytes=len(data))


def begin_download(call: Call) -> Answer:
    """Answer InitializeFileBlocksDownload: size and name of a file, and a token for its blocks."""
    place = _place(call)
    file = _file(call, place)
    column = call.session.environment.layouts[place.table].table.columns[place.column]
    if column.type == "image" and not column.full_image:
        raise PlatformError(
            MISSING_ROW,
            f"No FileAttachment records found for imagedescriptorId: {file.id} for image "
            f"attribute: {place.column} of {place.table} record with id {place.row_id}.",
        )
    transfer = _begin(call, file.name)
    return _response(
        call,
        "InitializeFileBlocksDownload",
        FileSizeInBytes=len(file.data),
        FileName=file.name,
        FileContinuationToken=transfer.token,
        IsChunkingSupported=True,
    )


def give_block(call: Call) -> Answer:
    """Answer DownloadBlock."""
    file = _file(call, _transfer(call).place)
    first, length = call.parameters["Offset"], call.parameters["BlockLength"]
    if type(first) is not int or type(length) is not int or first < 0 or length < 1:
        raise PlatformError(ARGUMENT, "Offset and BlockLength must be whole numbers.")
    data = b64encode(file.data[first : first + length]).decode()
    return _response(call, "DownloadBlock", Data=data)


def delete_file(call: Call) -> Answer:
    """Answer DeleteFile."""
    file_id = _text(call, "FileId").lower()
    place = Blobs(call.session.store.connection).place_of(file_id)
    if place is None:
        raise missing_row("fileattachment", file_id)
    remove_file(call.session, place)
    return Answer(204)


def _begin(call: Call, name: str) -> Transfer:
    transfer = Transfer(call.session.environment.new_id(), _place(call), name)
    Blobs(call.session.store.connection).begin(transfer)
    return transfer


def _place(call: Call) -> Place:
    """Return the column that `Target` and `FileAttributeName` name; the row must be there."""
    target, column = call.parameters["Target"], _text(call, "FileAttributeName")
    kind = target.get("@odata.type") if isinstance(target, dict) else None
    table = kind.removeprefix("#").removeprefix(_TYPE) if isinstance(kind, str) else ""
    layout = call.session.environment.layouts.get(table)
    if layout is None:
        raise payload_error(table, "'Target' must be a row with its '@odata.type'.")
    row_id = target.get(layout.primary_id)
    if not isinstance(row_id, str) or not is_guid(row_id):
        raise payload_error(layout.entity_set, f"'Target' must have '{layout.primary_id}'.")
    found = layout.table.columns.get(column)
    if found is None or found.type not in FILE_TYPES:
        raise PlatformError(ARGUMENT, f"'{column}' is no file or image column of {table}.")
    if call.session.store.missing(layout, [row_id.lower()]):
        raise missing_row(table, row_id.lower())
    return Place(table, row_id.lower(), column)


def _transfer(call: Call) -> Transfer:
    token = _text(call, "FileContinuationToken")
    found = Blobs(call.session.store.connection).transfer(token)
    if found is None:
        raise PlatformError(ARGUMENT, "The file continuation token is of no transfer.")
    return found


def _file(call: Call, place: Place) -> File:
    file = Blobs(call.session.store.connection).get(place)
    if file is None:
        raise PlatformError(MISSING_ROW, f"No file is in '{place.column}' of {place.row_id}.")
    return file


def _text(call: Call, name: str) -> str:
    value = call.parameters[name]
    if not isinstance(value, str) or not value:
        raise PlatformError(ARGUMENT, f"'{name}' must be a text.")
    return value


def _decoded(call: Call, name: str) -> bytes:
    try:
        return b64decode(_text(call, name), validate=True)
    except ValueError:
        raise PlatformError(ARGUMENT, f"'{name}' must be Base64.") from None


def _response(call: Call, message: str, **members: Any) -> Answer:
    return json_answer({"@odata.context": response_context(call.request, message), **members})


def _action(name: str, run: Any, *parameters: str) -> Operation:
    names = frozenset(parameters)
    return Operation(name, Kind.ACTION, run, "documented", takes=names, needs=names)


_TOKEN = "FileContinuationToken"
OPERATIONS = (
    _action("InitializeFileBlocksUpload", begin_upload, "Target", "FileName", "FileAttributeName"),
    _action("UploadBlock", take_block, "BlockId", "BlockData", _TOKEN),
    _action("CommitFileBlocksUpload", commit_upload, "FileName", "MimeType", "BlockList", _TOKEN),
    _action("InitializeFileBlocksDownload", begin_download, "Target", "FileAttributeName"),
    _action("DownloadBlock", give_block, "Offset", "BlockLength", _TOKEN),
    _action("DeleteFile", delete_file, "FileId"),
)
