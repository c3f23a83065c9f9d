"""A server whose every request takes 25 ms and 1.2 ms per row, 52 at once: nothing but time.

python -m tests.benchmarks.fixed open
python -m tests.benchmarks.fixed window
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque

BASE, PER_ROW, WIDE = 0.025, 0.0012, 52
# What a window allows, shrunk 30 times: requests, seconds of execution, seconds.
REQUESTS, EXECUTION, WINDOW = 200, 40.0, 10.0
ROW = b'"lastname"'
_NO_LIMIT = 10**12


class Limits:
    """Counts as the service does: answered requests of a sliding window, and those underway."""

    def __init__(self, kept: bool) -> None:
        self.requests = REQUESTS if kept else _NO_LIMIT
        self.execution = EXECUTION if kept else float(_NO_LIMIT)
        self.running = 0
        self.busy = 0.0
        self.done: deque[tuple[float, float]] = deque()

    def refuses(self, now: float) -> bool:
        """Tell whether one more request is too many."""
        while self.done and self.done[0][0] <= now - WINDOW:
            self.busy -= self.done.popleft()[1]
        many = len(self.done) + self.running >= self.requests
        return many or self.busy >= self.execution or self.running >= WIDE


class Connection(asyncio.Protocol):
    """One client's connection; requests come one after another."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        _, named, length = head.lower().partition(b"content-length:")
        if len(rest) < (int(length.split(b"\r\n")[0]) if named else 0):
            return
        self._buffer = b""
        self._begin(rest.count(ROW))

    def _begin(self, rows: int) -> None:
        loop = asyncio.get_running_loop()
        if self._limits.refuses(loop.time()):
            self._answer(b'{"error":{"code":"0x80072322","message":"too many"}}', b"429 Too Many")
            return
        self._limits.running += 1
        took = BASE + PER_ROW * rows
        loop.call_later(took, self._end, took)

    def _end(self, took: float) -> None:
        self._limits.running -= 1
        self._limits.busy += took
        self._limits.done.append((asyncio.get_running_loop().time(), took))
        self._answer(b"{}", b"200 OK")

    def _answer(self, body: bytes, status: bytes) -> None:
        assert isinstance(self._transport, asyncio.Transport)
        self._transport.write(
            b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nx-ms-dop-hint: %d\r\n"
            b"Retry-After: 1\r\nContent-Length: %d\r\n\r\n%b" % (status, WIDE, len(body), body)
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
