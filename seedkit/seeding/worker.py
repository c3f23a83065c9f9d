"""An event loop in a thread of its own, so that our work disturbs no loop of the host program."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future, wait
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")
# On Windows a wait without an end can't be interrupted by Ctrl-C.
_TURN_SECONDS = 0.2


class Worker:
    """Runs coroutines one after another for a program that may have a running loop itself."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.run(self._loop.shutdown_asyncgens())
        self.run(self._loop.shutdown_default_executor())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what comes of some work; an interruption cancels it and waits for its end."""
        outcome: Future[T] = Future()
        started: list[asyncio.Task[T]] = []

        def start() -> None:
            started.append(self._loop.create_task(work))
            started[0].add_done_callback(lambda task: _hand_over(task, outcome))

        self._loop.call_soon_threadsafe(start)
        try:
            _wait(outcome)
        except KeyboardInterrupt:
            self._loop.call_soon_threadsafe(lambda: started[0].cancel())
            _wait(outcome)
            raise
        return outcome.result()


def _hand_over(task: asyncio.Task[T], outcome: Future[T]) -> None:
    if task.cancelled():
        outcome.set_exception(asyncio.CancelledError())
    elif error := task.exception():
        outcome.set_exception(error)
    else:
        outcome.set_result(task.result())


def _wait(outcome: Future[T]) -> None:
    while not outcome.done():
        wait([outcome], timeout=_TURN_SECONDS)
