"""A service that takes everything and keeps nothing: it reads what is sent, counts, takes time."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from seedkit.dataverse.client import API_PATH
from seedkit.dataverse.flow import HINT
from seedkit.estimate.storage import stored_bytes
from seedkit.load.states import CASES, CLOSE

# Assumed, for nobody tells: what the service needs for a request, and for each row beside that.
SECONDS_PER_REQUEST = 0.05
SECONDS_PER_ROW = 0.01
SHOWN = 3  # rows of each kind that are kept to be looked at

_TARGET = b'{"@odata.type":"'  # begins each row of a bulk message; no text in JSON can hold it
_PART = re.compile(rb"^(POST|PATCH) " + re.escape(API_PATH).encode() + rb"([^ ]+) ", re.MULTILINE)
_ROW = re.compile(rb"^\{.*\}\r?$", re.MULTILINE)
_DONE = (
    b"--done\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    b"HTTP/1.1 204 No Content\r\n\r\n\r\n"
)


@dataclass
class Sent:
    """What was sent to one table by one message."""

    table: str
    message: str
    requests: int = 0
    rows: int = 0
    first: list[dict[str, Any]] = field(default_factory=list)
    sample: list[int] = field(default_factory=list)  # stored bytes of the rows of one request

    @property
    def bytes(self) -> int:
        """Return how much the rows would take in the database."""
        return self.rows * sum(self.sample) // max(1, len(self.sample))


@dataclass
class CountingService(httpx.AsyncBaseTransport):
    """Answers what a load asks for; ValueError at a request that a load does not make.

    `tables` are names by entity set, `hint` is the number of requests that it advises, `in_flight`
    the most that were there at once.
    """

    tables: Mapping[str, str]
    hint: int | None
    sent: dict[tuple[str, str], Sent] = field(default_factory=dict)
    in_flight: int = 0
    others: Counter[str] = field(default_factory=Counter)
    _running: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Count a request, and answer it when its time is over."""
        rows, answer = self._answer(request.method, request.url.path, request.content)
        self._running += 1
        self.in_flight = max(self.in_flight, self._running)
        await asyncio.sleep(SECONDS_PER_REQUEST + SECONDS_PER_ROW * rows)
        self._running -= 1
        if self.hint is not None:
            answer.headers[HINT] = str(self.hint)
        return answer

    def _answer(self, method: str, path: str, content: bytes) -> tuple[int, httpx.Response]:
        where = path.removeprefix(API_PATH)
        entity_set, _, message = where.partition("/Microsoft.Dynamics.CRM.")
        if message:
            return self._bulk(entity_set, message, content)
        if where == "$batch":
            return self._batch(content)
        self.others[method] += 1
        if method == "GET" and where.endswith(")"):  # the header note, for its version and times
            times = dict.fromkeys(("createdon", "modifiedon"), "")
            return 0, httpx.Response(200, json={"versionnumber": 1, **times})
        if method == "POST" and "(" not in where:
            self._count(where, "POST", 1, [orjson.loads(content)])
            return 1, httpx.Response(204)
        if method == "PATCH" and where.endswith(")"):
            return 1, httpx.Response(204)
        raise ValueError(f"{method} {where} is no request of a load")

    def _bulk(self, entity_set: str, message: str, content: bytes) -> tuple[int, httpx.Response]:
        rows = content.count(_TARGET)
        if self._is_new(entity_set, message):
            self._count(entity_set, message, rows, orjson.loads(content)["Targets"])
        else:
            self._count(entity_set, message, rows)
        return rows, httpx.Response(200, json={"Ids": [""] * rows})

    def _batch(self, content: bytes) -> tuple[int, httpx.Response]:
        parts = _PART.findall(content)
        kinds = Counter(self._kind(method, address.decode()) for method, address in parts)
        for number, ((entity_set, message), rows) in enumerate(kinds.items()):
            bodies = None
            if self._is_new(entity_set, message):
                bodies = [orjson.loads(body) for body in _ROW.findall(content)]
            self._count(entity_set, message, rows, bodies, requests=int(number == 0))
        kind = {"Content-Type": "multipart/mixed; boundary=done"}
        return len(parts), httpx.Response(
            200, headers=kind, content=_DONE * len(parts) + b"--done--\r\n"
        )

    def _kind(self, method: bytes, address: str) -> tuple[str, str]:
        """Return entity set and message of one operation; an action closes rows of a set."""
        if address == CLOSE:
            return CASES, f"$batch {CLOSE}"
        return address.partition("(")[0], "$batch" if method == b"POST" else "$batch PATCH"

    def _is_new(self, entity_set: str, message: str) -> bool:
        return (entity_set, message) not in self.sent

    def _count(
        self,
        entity_set: str,
        message: str,
        rows: int,
        bodies: list[dict[str, Any]] | None = None,
        *,
        requests: int = 1,
    ) -> None:
        new = Sent(self.tables[entity_set], message)
        sent = self.sent.setdefault((entity_set, message), new)
        sent.requests += requests
        sent.rows += rows
        if bodies is not None:
            sent.first = bodies[:SHOWN]
            sent.sample = [stored_bytes(body) for body in bodies]
