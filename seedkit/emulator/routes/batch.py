"""`$batch`: many operations in one request, change sets within it all or nothing."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote
from uuid import uuid5

from seedkit.emulator.addresses import below_root
from seedkit.emulator.errors import (
    ADDRESS,
    ARGUMENT,
    PAYLOAD,
    TOO_LONG_ADDRESS,
    PlatformError,
    unknown_reference,
)
from seedkit.emulator.exchange import Answer, Request, error_answer, parse_options
from seedkit.emulator.storage.store import IDS

if TYPE_CHECKING:
    from seedkit.emulator.service import Service

OPERATION_LIMIT = 1000  # [documented]
ADDRESS_LIMIT = 65_536  # characters, [documented]

_BOUNDARY = re.compile(r';\s*boundary\s*=\s*(?:"([^"]{1,70})"|([^;\s"]{1,70}))', re.IGNORECASE)
_AFTER_MARK = re.compile(rb"(--)?[ \t]*(?=\r\n|\Z)").match
_REFERENCE = re.compile(r"\$[^/($]+").match
_MULTIPART = "multipart/mixed"
_HTTP = "application/http"
_VERSION = "HTTP/1.1"
_GONE_ON = "odata.continue-on-error"
_BREAK = b"\r\n"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a multipart body: its own headers, lower-case, and what follows them."""

    headers: Mapping[str, str]
    content: bytes
    media_type: str


class _BatchStoppedError(Exception):
    """The first error ends the batch; `status` becomes the batch's own."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def run_batch(service: Service, request: Request) -> Answer:
    """Run a batch in order and return the answers in order."""
    parts = list(_parts(request.body, _boundary(request.headers.get("content-type", ""))))
    if not parts:
        # A multipart body has at least one part; what the platform says of none is inferred.
        raise PlatformError(PAYLOAD, "The batch holds no operation.")
    _check_size(parts)
    goes_on = _GONE_ON in request.preferences
    name = str(uuid5(IDS, request.body.decode("latin-1")))
    boundary = f"batchresponse_{name}"
    pieces: list[bytes] = []
    status = 200
    try:
        for number, part in enumerate(parts):
            _run_part(service, request, part, goes_on, f"{name}_{number}", pieces)
    except _BatchStoppedError as stopped:
        status = stopped.status
    body = _multipart(boundary, pieces)
    return Answer(status, body, {"Content-Type": f"multipart/mixed; boundary={boundary}"})


def _run_part(
    service: Service, request: Request, part: Part, goes_on: bool, name: str, pieces: list[bytes]
) -> None:
    if part.media_type == _MULTIPART:
        answer = _run_change_set(service, request, part, name, pieces)
    else:
        answer = _run_single(service, request, part)
        pieces.append(_piece(answer, part.headers.get("content-id")))
    if answer is not None and answer.status >= 400 and not goes_on:
        raise _BatchStoppedError(answer.status)


def _run_single(service: Service, request: Request, part: Part) -> Answer:
    operation = request
    try:
        operation = _operation(request, part)
        if operation.path.startswith("$") and operation.path != "$metadata":
            name = operation.path.partition("/")[0]
            raise PlatformError(ADDRESS, f"'{name}' can be used inside a change set only.")
        return service.finish(operation, service.run(operation, service.session(operation)))
    except PlatformError as error:
        return service.finish(operation, error_answer(error, operation))


def _run_change_set(
    service: Service, request: Request, part: Part, name: str, pieces: list[bytes]
) -> Answer | None:
    """Run a change set; one error part stands in its place when it fails.

    Each part names its own caller; the rows that `$n` stands for are shared.
    """
    inner: list[bytes] = []
    references: dict[str, tuple[str, str]] = {}
    taken: set[str] = set()
    operation = request
    try:
        with service.transaction():
            for item in _parts(part.content, _boundary(part.headers["content-type"])):
                content_id = _content_id(item, taken)
                taken.add(content_id)
                operation = _change(service, request, item, references)
                session = service.session(operation)
                session.references = references
                answer = service.finish(operation, service.run(operation, session))
                if answer.row is not None:
                    references[f"${content_id}"] = answer.row
                inner.append(_piece(answer, content_id))
    except PlatformError as error:
        refused = service.finish(operation, error_answer(error, operation))
        pieces.append(_piece(refused, None))
        return refused
    boundary = f"changesetresponse_{name}"
    head = f"Content-Type: multipart/mixed; boundary={boundary}\r\n\r\n".encode()
    pieces.append(head + _multipart(boundary, inner))
    return None


def _change(
    service: Service, request: Request, item: Part, references: Mapping[str, tuple[str, str]]
) -> Request:
    if item.media_type == _MULTIPART:
        raise PlatformError(PAYLOAD, "A change set can't hold another change set.")
    operation = _operation(request, item)
    if operation.method in ("GET", "HEAD"):
        raise PlatformError(ADDRESS, "A change set can't hold GET requests.")
    if not operation.path.startswith("$"):
        return operation
    return replace(operation, path=_resolved(service, operation.path, references))


def _content_id(part: Part, taken: Container[str]) -> str:
    content_id = part.headers.get("content-id")
    if not content_id:
        raise PlatformError(ADDRESS, "Each part of a change set needs a Content-ID.")
    if content_id in taken:
        raise PlatformError(ADDRESS, f"The Content-ID '{content_id}' is used more than once.")
    return content_id


def _parts(body: bytes, boundary: str) -> Iterator[Part]:
    """Yield the parts of a multipart body; what stands before and after them is ignored.

    Lines must end with CR LF: that the platform refuses a bare LF is expected, not documented.
    """
    marks = _boundaries(body, b"--" + boundary.encode())
    _before, begin, ends = next(marks, (0, 0, None))
    if ends is None:
        raise PlatformError(PAYLOAD, f"The boundary '{boundary}' does not occur in the body.")
    while not ends:
        end, after, ends = next(marks, (0, 0, None))
        if ends is None:
            raise PlatformError(PAYLOAD, "The batch doesn't end with its boundary.")
        head, blank, content = body[begin:end].partition(_BREAK * 2)
        if not blank:
            raise PlatformError(PAYLOAD, "A part of the batch has no blank line after its headers.")
        headers = _headers(head)
        yield Part(headers, content, _media_type(headers.get("content-type", "")))
        begin = after


def _boundaries(body: bytes, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield where boundaries begin, with the line break before them, and end; is it the last?

    A plain search for the mark: one regular expression for all was measured to take four times
    as long, for it has to try at every letter.
    """
    at = body.find(mark)
    while at >= 0:
        rest = _AFTER_MARK(body, at + len(mark))
        if rest is not None and (at == 0 or body[at - 2 : at] == _BREAK):
            yield max(at - 2, 0), rest.end(), rest[1] is not None
        at = body.find(mark, at + 1)


@lru_cache(maxsize=64)  # most parts of a batch have the same: a tenth of a delete's time
def _headers(head: bytes) -> Mapping[str, str]:
    found = {}
    for line in head.decode("latin-1").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            found[name.strip().lower()] = value.strip()
    return found


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _boundary(content_type: str) -> str:
    match = _BOUNDARY.search(content_type)
    if match is None or _media_type(content_type) != _MULTIPART:
        raise PlatformError(PAYLOAD, "The content type names no boundary.")
    return match[1] or match[2]


def _operation(request: Request, part: Part) -> Request:
    """Return the request that a part holds; an address may still start with `$n`."""
    _check_part(part)
    line, _, rest = part.content.lstrip(_BREAK).partition(_BREAK)
    head, _, body = (_BREAK + rest).partition(_BREAK * 2)
    words = line.decode(errors="replace").split(" ")
    if len(words) < 3 or words[-1] != _VERSION:  # the one that OData's batch reader takes
        raise PlatformError(PAYLOAD, "A part of the batch has no request line.")
    address = " ".join(words[1:-1])
    if len(address) > ADDRESS_LIMIT:
        raise PlatformError(TOO_LONG_ADDRESS, "The address in a part of the batch is too long.")
    path, _, query = address.partition("?")
    if path.startswith("$batch"):
        raise PlatformError(ADDRESS, "A batch can't hold another batch.")
    if not path.startswith("$"):
        path = _below_root(request, path)
    return replace(
        request,
        method=words[0].upper(),
        path=unquote(path),
        options=parse_options(query),
        headers=_headers(head),
        body=body,
    )


def _below_root(request: Request, path: str) -> str:
    """Return an address below the service root, from any of the forms that clients write."""
    path = below_root(path, request.host)
    if path == "$batch":
        raise PlatformError(ADDRESS, "A batch can't hold another batch.")
    if path.startswith("$") and not path.startswith("$metadata"):
        raise PlatformError(ADDRESS, f"A reference such as '{path}' stands alone.")
    return path


def _check_part(part: Part) -> None:
    """Refuse a part that doesn't say it is a request, as OData's batch reader does [expected]."""
    if part.media_type != _HTTP:
        raise PlatformError(PAYLOAD, f"A part of the batch must have the content type '{_HTTP}'.")
    if part.headers.get("content-transfer-encoding", "").lower() != "binary":
        raise PlatformError(PAYLOAD, "A part of the batch must have the transfer encoding binary.")


def _resolved(service: Service, path: str, references: Mapping[str, tuple[str, str]]) -> str:
    match = _REFERENCE(path)
    name = path if match is None else match[0]
    if name not in references:
        raise unknown_reference(name)
    table, row_id = references[name]
    return f"{service.entity_set(table)}({row_id}){path[len(name) :]}"


def _check_size(parts: list[Part]) -> None:
    count = 0
    for part in parts:
        if part.media_type == _MULTIPART:
            count += sum(1 for _ in _parts(part.content, _boundary(part.headers["content-type"])))
        else:
            count += 1
    if count > OPERATION_LIMIT:
        raise PlatformError(
            ARGUMENT, f"The batch holds {count} operations; {OPERATION_LIMIT} are allowed."
        )


def _piece(answer: Answer, content_id: str | None) -> bytes:
    """Return one answer as a part of the multipart body."""
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    if content_id is not None:
        lines.append(f"Content-ID: {content_id}")
    lines += ["", f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
    for name, value in answer.headers.items():
        lines.append(f"{name}: {value}")
        if name == "OData-EntityId":
            lines.append(f"Location: {value}")
    return "\r\n".join([*lines, "", ""]).encode() + answer.body


def _multipart(boundary: str, pieces: list[bytes]) -> bytes:
    mark = f"--{boundary}".encode()
    body = b"".join(mark + _BREAK + piece + _BREAK for piece in pieces)
    return body + mark + b"--" + _BREAK
