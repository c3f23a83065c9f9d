"""`$batch`: many operations in one request, each with its own answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import orjson

from seedkit.dataverse.client import API_PATH, parse_error, seconds_of
from seedkit.dataverse.flow import RETRY_AFTER, asked_pause
from seedkit.dataverse.manner import Manner
from seedkit.errors import ServiceError

if TYPE_CHECKING:
    from seedkit.dataverse.client import WebApi

_BOUNDARY = "batch_seedkit"
_STATUS = re.compile(rb"^HTTP/1\.1 (\d{3})", re.MULTILINE)
_DONE = b"204"
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_RETRY_AFTER = re.compile(rb"^%s:\s*(\d+)" % RETRY_AFTER.encode(), re.MULTILINE | re.IGNORECASE)
_PART_BOUNDARY = re.compile(r'boundary="?([^";,\s]+)"?', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of a batch: method, path below the service root, JSON body.

    `must_exist` keeps a PATCH from making a row that is not there.
    """

    method: str
    path: str
    body: object = None
    must_exist: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one operation; `pause` is how many seconds it asks all requests to wait."""

    status: int
    code: str
    message: str
    pause: float | None = None

    @property
    def ok(self) -> bool:
        """Tell whether the operation was done."""
        return self.status < 400


Took = Callable[[float], None]


def _ignore(_seconds: float) -> None:
    """Do nothing with a time."""


async def send_batch(
    api: WebApi, operations: Sequence[Operation], *, repeatable: bool = False, took: Took = _ignore
) -> list[Outcome]:
    """Send operations in one request, go on after errors, return their outcomes in order.

    `took` hears how many seconds the answer took.
    """
    headers = {
        "Content-Type": f'multipart/mixed; boundary="{_BOUNDARY}"',
        "Prefer": "odata.continue-on-error",
    }
    response = await api.send(
        "POST",
        "$batch",
        _encode(operations, api.manner),
        headers,
        repeatable=repeatable,
        rows=len(operations),
    )
    # Answers often come together. Read one by one, each makes room for the next request first.
    async with api.turn:
        outcomes = _decode(response, len(operations))
    if len(outcomes) != len(operations):
        raise ServiceError(
            response.status_code,
            "",
            f"a batch of {len(operations)} operations got {len(outcomes)} answers",
        )
    took(seconds_of(response))
    _hold_back(api, outcomes)
    return outcomes


def _hold_back(api: WebApi, outcomes: Sequence[Outcome]) -> None:
    """Hold all requests back when an operation was told to wait.

    The standard gives each answer headers of its own; Microsoft's pages tell of none [expected].
    """
    asking = [(outcome.pause, outcome.code) for outcome in outcomes if outcome.pause is not None]
    if asking:
        seconds, code = max(asking)
        api.flow.throttle(code, seconds)


def _encode(operations: Sequence[Operation], manner: Manner) -> bytes:
    headers = {method: _own(method, manner) for method in {one.method for one in operations}}
    parts = [_encode_part(operation, headers[operation.method]) for operation in operations]
    return b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode()


def _own(method: str, manner: Manner) -> str:
    return "".join(f"{name}: {text}\r\n" for name, text in manner.headers(method).items())


def _encode_part(operation: Operation, own: str) -> bytes:
    body = b"" if operation.body is None else orjson.dumps(operation.body)
    # Write parts without an inner Content-Length were seen to be refused; so it is always sent.
    head = (
        f"--{_BOUNDARY}\r\n"
        "Content-Type: application/http\r\n"
        "Content-Transfer-Encoding: binary\r\n\r\n"
        f"{operation.method} {API_PATH}{operation.path} HTTP/1.1\r\n"
        f"Accept: application/json\r\n{own}"
        f"{'If-Match: *' + chr(13) + chr(10) if operation.must_exist else ''}"
        "Content-Type: application/json; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n"


def _decode(response: httpx.Response, count: int) -> list[Outcome]:
    content = response.content
    if _STATUS.findall(content) == [_DONE] * count:
        return [Outcome(int(_DONE), "", "")] * count  # the usual case, and nothing more to read
    found = _PART_BOUNDARY.search(response.headers.get("Content-Type", ""))
    if found is None:
        return []
    # A boundary counts at the start of a line only: a message may quote one.
    marker = re.compile(rb"^--" + re.escape(found.group(1).encode()), re.MULTILINE)
    outcomes = (_decode_part(part) for part in marker.split(content))
    return [outcome for outcome in outcomes if outcome is not None]


def _decode_part(part: bytes) -> Outcome | None:
    status = _STATUS.search(part)
    if status is None:
        return None
    head, *rest = _HEAD_END.split(part[status.end() :], maxsplit=1)
    code, message = parse_error(b"".join(rest))
    given = _RETRY_AFTER.search(head)
    number = int(status.group(1))
    return Outcome(number, code, message, asked_pause(number, given[1].decode() if given else ""))
