"""The last requests: what was asked, how it ended, how long it took.

No header and no body is kept, and nothing in an address that looks like a secret.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT = 1_000  # requests
HIDDEN = "***"
_EMPTY = frozenset({204, 304})  # whole with their head: no body follows

_TOKEN = re.compile(r"eyJ[\w-]{8,}(?:\.[\w-]+)*")  # how every JSON web token begins
_SECRET = re.compile(
    r"(?i)((?:^|[?&;])[^=&;]*(?:token|secret|password|passwd|pwd|api[-_]?key|sig|code)=)[^&;]*"
)
_PAGING = "$skiptoken="


@dataclass(frozen=True, slots=True)
class Entry:
    """One request; `milliseconds` until its last byte could be sent, `sent` in bytes.

    `status` is 0 when it was broken off without an answer.
    """

    method: str
    address: str
    status: int
    milliseconds: float
    sent: int

    def __str__(self) -> str:
        return (
            f"{self.method} {self.address} {self.status} {self.milliseconds:.1f} ms {self.sent} B"
        )


class RequestLog:
    """Keeps the last requests; `listener` is told each of them."""

    def __init__(self, listener: Callable[[Entry], None] | None = None) -> None:
        self.entries: deque[Entry] = deque(maxlen=KEPT)
        self.listener = listener

    def add(self, entry: Entry) -> None:
        """Note one answered request."""
        self.entries.append(entry)
        if self.listener is not None:
            self.listener(entry)


class RequestLogger:
    """The layer of the application that fills the log."""

    def __init__(self, app: ASGIApp, log: RequestLog) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on and note how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        under_way = _UnderWay(scope, send, self._log)
        try:
            await self._app(scope, receive, under_way.send)
        finally:
            under_way.end()


class _UnderWay:
    """A request while it is answered."""

    def __init__(self, scope: Scope, send: Send, log: RequestLog) -> None:
        self._scope = scope
        self._send = send
        self._log = log
        self._start = perf_counter()
        self._status = 0
        self._sent = 0
        self._ended = False

    async def send(self, message: Message) -> None:
        """Count what is sent; who has the whole answer finds it in the log."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            if self._status in _EMPTY:
                self.end()
        else:
            self._sent += len(message.get("body", b""))
            if not message.get("more_body", False):
                self.end()
        await self._send(message)

    def end(self) -> None:
        """Note the request, once."""
        if not self._ended:
            self._ended = True
            took = (perf_counter() - self._start) * 1000
            address = address_of(self._scope)
            self._log.add(Entry(self._scope["method"], address, self._status, took, self._sent))


def address_of(scope: Scope) -> str:
    """Return path and query of a request, without values that look like secrets."""
    path = str(scope["path"]).encode("unicode_escape").decode("ascii")
    query = scope["query_string"].decode("latin-1")
    return _TOKEN.sub(HIDDEN, path + (f"?{_hide(query)}" if query else ""))


def _hide(query: str) -> str:
    parts = query.split("&")
    return "&".join(
        part if part.lower().startswith(_PAGING) else _SECRET.sub(rf"\1{HIDDEN}", part)
        for part in parts
    )
