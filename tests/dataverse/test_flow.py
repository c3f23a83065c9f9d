"""Pace, window and pause against a service in virtual time."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace

import pytest

from seedkit.dataverse.pace import MAX_IN_FLIGHT, WITHOUT_ADVICE, Pace
from seedkit.dataverse.window import Window, WindowLimits
from seedkit.errors import ServiceError
from tests.dataverse.service import BASE, PER_ROW, Service, client, pump
from tests.virtual import run_virtual

SHRUNK = WindowLimits(requests=200, execution=40.0, seconds=10.0)


def played(service: Service, rows: int = 100, seconds: float = 60.0, **options: object) -> int:
    async def work() -> int:
        async with service as transport:
            api = client(transport, service.limits, **options)  # type: ignore[arg-type]
            return await pump(api, rows, seconds)

    return run_virtual(work())


def rate(wide: int, rows: int, service: Service | None = None) -> float:
    """Return rows per second of so many requests in flight, none of them waiting."""
    base, each = (service.base, service.per_row) if service else (BASE, PER_ROW)
    return wide * rows / (base + each * rows)


def greedy(limits: WindowLimits, rows: int, seconds: float, wide: int = MAX_IN_FLIGHT) -> int:
    """Return how many rows fit when every limit is known and used to the last request."""
    took = BASE + PER_ROW * rows
    counted: deque[float] = deque()  # when each request stops counting
    running: deque[float] = deque()
    now, done = 0.0, 0
    most = min(limits.requests, int(limits.execution / took))
    while now < seconds:
        while running and running[0] <= now:
            running.popleft()
        while counted and counted[0] <= now:
            counted.popleft()
        while len(running) < wide and len(counted) < most:
            running.append(now + took)
            counted.append(now + took + limits.seconds)
            done += now + took <= seconds
        now = min([running[0]] if len(running) >= wide else [counted[0]])
    return done * rows


@pytest.mark.parametrize("rows", [10, 100])
def test_the_advice_is_filled_from_the_beginning(rows: int) -> None:
    service = Service(hint="52")
    limits = WindowLimits(10**9, 1e9)
    service.limits = limits
    assert played(service, rows, 10) >= 0.97 * rate(MAX_IN_FLIGHT, rows) * 10
    assert service.most == MAX_IN_FLIGHT
    assert service.refused == 0


@pytest.mark.parametrize("hint", ["4", "12"])
def test_no_more_than_advised(hint: str) -> None:
    service = Service(hint=hint)
    sent = played(service, 100, 15)
    assert service.most == int(hint)
    assert sent >= 0.97 * rate(int(hint), 100) * 15


@pytest.mark.parametrize("hint", [None, "0", "many"])
def test_without_advice_the_pace_grows_while_nothing_queues(hint: str | None) -> None:
    service = Service(hint=hint, limits=WindowLimits(10**9, 1e9))
    sent = played(service, 100, 20)
    assert service.most == MAX_IN_FLIGHT
    assert sent >= 0.8 * rate(MAX_IN_FLIGHT, 100) * 20


def test_a_hint_that_promises_too_much_is_found_out() -> None:
    """The service works on twelve at once and queues the rest."""
    service = Service(hint="500", workers=12, limits=WindowLimits(10**9, 1e9))
    wide = []

    async def work() -> int:
        async with service as transport:
            api = client(transport, service.limits)
            task = asyncio.create_task(pump(api, 100, 20))
            await asyncio.sleep(10)
            wide.append(api.flow.pace.limit)
            return await task

    assert run_virtual(work()) >= 0.93 * rate(12, 100) * 20
    assert 12 <= wide[0] <= 18


def test_a_service_that_becomes_slower_is_not_taken_for_one_that_queues() -> None:
    service = Service(hint="20", limits=WindowLimits(10**9, 1e9))

    async def work() -> int:
        async with service as transport:
            api = client(transport, service.limits)
            task = asyncio.create_task(pump(api, 100, 30))
            await asyncio.sleep(5)
            service.base, service.per_row = 2 * BASE, 2 * PER_ROW
            await asyncio.sleep(20)
            assert api.flow.pace.limit >= 18
            return await task

    run_virtual(work())


def test_a_service_whose_times_vary_is_not_taken_for_one_that_queues() -> None:
    service = Service(hint="20", limits=WindowLimits(10**9, 1e9), spread=0.4)
    sent = played(service, 100, 20)
    assert sent >= 0.85 * rate(20, 100) * 20 / service.mean


def test_a_narrow_service_is_met_by_shrinking() -> None:
    service = Service(hint="52", width=12, limits=WindowLimits(10**9, 1e9))
    sent = played(service, 100, 60)
    assert sent >= 0.8 * rate(12, 100) * 60
    assert service.refused <= 60


def test_a_service_that_counts_longer_than_its_answers_costs_one_step_back() -> None:
    service = Service(hint="52", width=50, limits=WindowLimits(10**9, 1e9))
    sent = played(service, 100, 60)
    assert service.most == 50
    assert service.refused <= 8
    assert sent >= 0.9 * rate(50, 100) * 60


def test_advice_that_changes_is_followed() -> None:
    pace = Pace()
    assert pace.limit == WITHOUT_ADVICE
    seen = []
    for hint in ("20", "4", "30", "500", "x", "0"):
        pace.advise(hint)
        seen.append(pace.limit)
    assert seen == [20, 4, 30, MAX_IN_FLIGHT, MAX_IN_FLIGHT, MAX_IN_FLIGHT]
    assert Pace(6).limit == 6
    assert Pace(500).ceiling == MAX_IN_FLIGHT


@pytest.mark.parametrize("tells", [False, True])
@pytest.mark.parametrize("rows", [10, 100, 400])
def test_the_window_is_filled_without_a_refusal(rows: int, tells: bool) -> None:
    # Of 400 rows only 79 requests fit into the smallest window, hardly more than leave at once.
    limits = SHRUNK if rows < 400 else WindowLimits(600, 120.0, 30.0)
    service = Service(limits=limits, tells=tells)
    sent = played(service, rows, 6 * limits.seconds)
    assert service.refused == 0
    assert sent >= 0.93 * greedy(limits, rows, 6 * limits.seconds)


def test_the_time_on_the_network_is_not_taken_for_execution() -> None:
    service = Service(limits=SHRUNK, network=0.3)
    assert played(service, 400, 60) >= 0.9 * greedy(SHRUNK, 400, 60)
    assert service.refused == 0


@pytest.mark.parametrize("part", [0.25, 4.0])
def test_the_service_s_word_goes_before_the_account(part: float) -> None:
    """It has other limits than documented: other users of the account, or several servers."""
    true = replace(SHRUNK, requests=int(SHRUNK.requests * part), execution=SHRUNK.execution * part)
    service = Service(limits=true, tells=True)

    async def work() -> int:
        async with service as transport:
            return await pump(client(transport, SHRUNK), 100, 60)

    assert run_virtual(work()) >= 0.7 * greedy(true, 100, 60)
    assert service.refused == 0


def test_a_window_that_is_smaller_and_says_nothing_is_waited_for() -> None:
    service = Service(limits=replace(SHRUNK, requests=60))

    async def work() -> int:
        async with service as transport:
            return await pump(client(transport, SHRUNK), 100, 60)

    assert run_virtual(work()) >= 0.6 * greedy(service.limits or SHRUNK, 100, 60)


def test_nothing_is_sent_before_a_pause_ends_and_it_is_told_once() -> None:
    service = Service(hint="20", limits=replace(SHRUNK, requests=100))
    told: list[float] = []

    async def work() -> None:
        async with service as transport:
            api = client(transport, WindowLimits(10**9, 1e9))
            api.flow.pause.told = told.append
            await pump(api, 100, 35)
            assert api.flow.pause.count == len(told)

    run_virtual(work())
    assert told
    assert len(told) <= 8
    for moment, wait in service.refusals:
        early = [at for at in service.arrivals if moment < at < moment + wait]
        assert early == []


def test_a_window_counts_from_sending_until_one_window_after_the_answer() -> None:
    window = Window(WindowLimits(requests=100, execution=100.0, seconds=10.0))
    for _ in range(98):
        assert window.wait(0.0) == 0.0
        window.begin()
    assert window.wait(0.0) > 0.0
    for _ in range(98):
        window.end(4.0, 0.0, 0.1)
    assert window.wait(13.9) > 0.0
    assert window.wait(14.02) == 0.0


def test_patience_with_throttling_ends() -> None:
    service = Service(limits=replace(SHRUNK, requests=0))

    async def work() -> None:
        async with service as transport:
            with pytest.raises(ServiceError, match="429"):
                await client(transport).get("WhoAmI")

    run_virtual(work())
    assert service.refused == 6
