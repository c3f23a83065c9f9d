"""Reading rows beside the writer: a long query keeps nobody waiting.

Each reader has a connection of its own that can't write, and sees the file as it was when its
request began. Everything else, and whatever a reader can't answer, goes to the one writer.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from seedkit.emulator.exchange import Answer, Request
from seedkit.emulator.service import Service
from seedkit.emulator.storage.store import Store

READERS = 4


@dataclass(frozen=True, slots=True)
class _Reader:
    store: Store
    service: Service


class Readers:
    """A pool of readers; `start` opens one more."""

    def __init__(self, start: Callable[[], tuple[Store, Service]]) -> None:
        self._start = start
        self._pool = ThreadPoolExecutor(READERS, thread_name_prefix="seedkit-reader")
        self._changed = threading.Condition()
        self._idle: list[_Reader] = []
        self._busy = 0
        self._is_open = True

    async def answer(self, writer: Service, request: Request) -> Answer | None:
        """Answer a read of rows; None when the writer must do it."""
        entity_set = request.path.partition("(")[0].partition("/")[0]
        rows_only = entity_set in writer.environment.by_entity_set
        if request.method != "GET" or not rows_only or writer.engine.active:
            return None
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._answer, request)

    def _answer(self, request: Request) -> Answer | None:
        with self._changed:
            if not self._is_open:
                return None
            self._busy += 1
            reader = self._idle.pop() if self._idle else None
        try:
            reader = reader or self._new()
            return _whole(reader, request)
        finally:
            with self._changed:
                self._busy -= 1
                if reader is not None:
                    self._idle.append(reader)
                self._changed.notify_all()

    def _new(self) -> _Reader:
        store, service = self._start()
        store.connection.execute("PRAGMA query_only = ON").fetchall()
        return _Reader(store, service)

    def close(self) -> None:
        """Wait for the reads under way and let go of the file; all reads go to the writer."""
        with self._changed:
            self._is_open = False
            self._changed.wait_for(lambda: self._busy == 0)
            while self._idle:
                self._idle.pop().store.close()

    def open(self) -> None:
        """Read again, on new connections."""
        with self._changed:
            self._is_open = True


def _whole(reader: _Reader, request: Request) -> Answer | None:
    """Answer a request from one state of the file; None when it fails, as a write does."""
    connection = reader.store.connection
    connection.execute("BEGIN")
    try:
        answer = reader.service.answer(request)
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return None if answer.status >= 500 else answer
