"""What an answer must look like: plain values are literal, classes below say the rest.

A mapping stands for exactly its keys; `...` as a key allows others beside them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Is:
    """A value of a kind, or null where that is allowed."""

    what: str
    holds: Callable[[Any], bool]
    nullable: bool = False

    def or_null(self) -> Is:
        return Is(self.what, self.holds, True)


@dataclass(frozen=True)
class Rows:
    """A list of so many things of one shape."""

    count: int
    shape: Any


def matching(pattern: str) -> Is:
    found = re.compile(pattern, re.DOTALL)
    return Is(f"text like {pattern}", lambda v: isinstance(v, str) and bool(found.fullmatch(v)))


def ending(text: str) -> Is:
    return matching(f".*{re.escape(text)}")


def holding(text: str) -> Is:
    return matching(f".*{re.escape(text)}.*")


TEXT = Is("text", lambda v: isinstance(v, str))
NUMBER = Is("integer", lambda v: type(v) is int)
FLAG = Is("boolean", lambda v: type(v) is bool)
GUID = matching(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ETAG = matching(r'W/"\d+"')
MOMENT = matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
TEXTS = Is("list of texts", lambda v: isinstance(v, list) and all(type(x) is str for x in v))


def check(value: Any, shape: Any, where: str = "body") -> None:
    """Fail with the place where a value doesn't have a shape."""
    if isinstance(shape, Is):
        fits = (value is None and shape.nullable) or (value is not None and shape.holds(value))
        assert fits, f"{where}: {value!r} is no {shape.what}"
    elif isinstance(shape, Rows):
        assert isinstance(value, list), f"{where}: {value!r} is no list"
        assert len(value) == shape.count, f"{where}: {len(value)} rows, not {shape.count}"
        for index, item in enumerate(value):
            check(item, shape.shape, f"{where}[{index}]")
    elif isinstance(shape, Mapping):
        _check_object(value, shape, where)
    else:
        assert (type(value), value) == (type(shape), shape), where


def _check_object(value: Any, shape: Mapping[Any, Any], where: str) -> None:
    assert isinstance(value, dict), f"{where}: {value!r} is no object"
    named = {key: inner for key, inner in shape.items() if key is not ...}
    assert not named.keys() - value.keys(), f"{where} lacks {sorted(named.keys() - value.keys())}"
    if ... not in shape:
        assert not value.keys() - named.keys(), f"{where} has {sorted(value.keys() - named.keys())}"
    for key, inner in named.items():
        check(value[key], inner, f"{where}.{key}")


@dataclass(frozen=True)
class Part:
    """One answer inside a multipart answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    content_id: str | None


def multipart(answer: httpx.Response) -> list[Part | list[Part]]:
    """Return the parts of a batch's answer in order; a change set's answers are a list."""
    kind = answer.headers["Content-Type"]
    assert kind.startswith("multipart/mixed; boundary=batchresponse_"), kind
    return _split(answer.content, kind.partition("boundary=")[2])


def _split(body: bytes, boundary: str) -> list[Part | list[Part]]:
    mark = f"--{boundary}".encode()
    assert body.startswith(mark)
    assert body.rstrip().endswith(mark + b"--")
    return [_part(piece) for piece in body.split(mark)[1:-1]]


def _part(piece: bytes) -> Any:
    head, _, rest = piece.strip(b"\r\n").partition(b"\r\n\r\n")
    outer = _headers(head)
    kind = outer["content-type"]
    if kind.startswith("multipart/mixed"):
        boundary = kind.partition("boundary=")[2]
        assert boundary.startswith("changesetresponse_"), boundary
        return _split(rest, boundary)
    assert kind == "application/http"
    assert outer["content-transfer-encoding"] == "binary"
    head, _, body = (rest + b"\r\n\r\n").partition(b"\r\n\r\n")
    line, _, headers = head.partition(b"\r\n")
    version, status, _reason = line.decode().split(" ", 2)
    assert version == "HTTP/1.1"
    return Part(int(status), _headers(headers), body.strip(), outer.get("content-id"))


def _headers(head: bytes) -> dict[str, str]:
    lines = [line.partition(": ") for line in head.decode().split("\r\n") if line]
    return {name.lower(): value for name, _, value in lines}
