"""An event loop in whose world nothing takes time but what is waited for, and that is skipped."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class _Leaping(selectors.DefaultSelector):
    """Instead of waiting, lets so much time pass."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        events = super().select(0)
        if not events and timeout:
            self.now += timeout
        return events


class SimulatedLoop(asyncio.SelectorEventLoop):
    """Runs hours in moments. What others do in threads is done at once, in no time."""

    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        """Return the seconds that have passed in this world."""
        return self._leaping.now

    def run_in_executor(
        self, _: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Call a function now."""
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future


def run_simulated(work: Coroutine[Any, Any, T]) -> tuple[T, float]:
    """Run some work; return what comes of it, and how many seconds it would have taken."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        result = runner.run(work)
        return result, runner.get_loop().time()
