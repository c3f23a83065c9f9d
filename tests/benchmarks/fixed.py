"""A server whose every request takes 25 ms and 1.2 ms per row, 52 at once: nothing but time.

It answers as a Dataverse would that takes everything: ids for a bulk message, one part for each of
a batch. `GET /benchmark` tells how many requests and rows there were, and what they took.

python -m tests.benchmarks.fixed open
python -m tests.benchmarks.fixed window
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import deque

BASE, PER_ROW, WIDE = 0.025, 0.0012, 52
# What a window allows, shrunk 30 times: requests, seconds of execution, seconds.
REQUESTS, EXECUTION, WINDOW = 200, 40.0, 10.0
ROW = b'"@odata.type"'  # once in each row of a bulk message
PART = b" HTTP/1.1\r\n"  # once in each part of a batch
ID = "8427187f-5eed-8005-8f8c-3afd90000000"
TOTALS = b"/benchmark"
_NO_LIMIT = 10**12
_END = b"\r\n\r\n"
_DONE = b"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n\r\n"


class Limits:
    """Counts as the service does: answered requests of a sliding window, and those underway."""

    def __init__(self, kept: bool) -> None:
        self.requests = REQUESTS if kept else _NO_LIMIT
        self.execution = EXECUTION if kept else float(_NO_LIMIT)
        self.running = 0
        self.busy = 0.0
        self.done: deque[tuple[float, float]] = deque()
        self.totals = {"requests": 0, "rows": 0, "seconds": 0.0}

    def refuses(self, now: float) -> bool:
        """Tell whether one more request is too many."""
        while self.done and self.done[0][0] <= now - WINDOW:
            self.busy -= self.done.popleft()[1]
        many = len(self.done) + self.running >= self.requests
        return many or self.busy >= self.execution or self.running >= WIDE

    def count(self, now: float, rows: int, took: float) -> None:
        """Take note of a request that is answered."""
        self.running -= 1
        self.busy += took
        self.done.append((now, took))
        self.totals["requests"] += 1
        self.totals["rows"] += rows
        self.totals["seconds"] += took


class Connection(asyncio.Protocol):
    """One client's connection; requests come one after another."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._head = b""
        self._body = bytearray()
        self._length = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._body += data
        if not self._head:
            end = self._body.find(_END)
            if end < 0:
                return
            self._head = bytes(self._body[: end + 2])
            del self._body[: end + len(_END)]
            _, named, length = self._head.lower().partition(b"content-length:")
            self._length = int(length.split(b"\r\n")[0]) if named else 0
        if len(self._body) >= self._length:
            head, body = self._head, bytes(self._body)
            self._head = b""
            self._body.clear()
            method, path, _ = head.split(b" ", 2)
            self._begin(method, path, body)

    def _begin(self, method: bytes, path: bytes, body: bytes) -> None:
        loop = asyncio.get_running_loop()
        if path == TOTALS:
            self._answer(json.dumps(self._limits.totals).encode())
            return
        if self._limits.refuses(loop.time()):
            self._answer(b'{"error":{"code":"0x80072322","message":"too many"}}', b"429 Too Many")
            return
        self._limits.running += 1
        batch = path.endswith(b"$batch")
        rows = body.count(PART if batch else ROW) + (method == b"DELETE")
        took = BASE + PER_ROW * rows
        loop.call_later(took, self._end, path, rows, took)

    def _end(self, path: bytes, rows: int, took: float) -> None:
        self._limits.count(asyncio.get_running_loop().time(), rows, took)
        if path.endswith(b"$batch"):
            self._answer(_DONE * rows + b"--b--\r\n", kind=b"multipart/mixed; boundary=b")
        elif b"EntityDefinitions" in path:
            found = {"LogicalName": "contact", "EntitySetName": "contacts", "MetadataId": ID}
            self._answer(json.dumps({**found, "value": [found]}).encode())
        elif rows:
            self._answer(json.dumps({"Ids": [ID] * rows}).encode())
        else:
            self._answer(b'{"versionnumber":1}')

    def _answer(
        self, body: bytes, status: bytes = b"200 OK", kind: bytes = b"application/json"
    ) -> None:
        self._transport.write(
            b"HTTP/1.1 %b\r\nContent-Type: %b\r\nx-ms-dop-hint: %d\r\nRetry-After: 1\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (status, kind, WIDE, len(body), body)
        )


async def main(kind: str) -> None:
    """Serve until terminated; the port is printed once requests are taken."""
    limits = Limits(kind == "window")
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(limits), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
