"""Reads beside the writer: nobody waits, nothing half written is seen, nothing old is shown."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from seedkit.testing import RunningEnvironment, local_environment
from tests.emulator.conftest import NOW

ROWS = 20


@pytest.fixture
def served(tmp_path: Path) -> Iterator[RunningEnvironment]:
    with local_environment(tmp_path / "a.db", served=True, clock=lambda: NOW) as running:
        yield running


def names(running: RunningEnvironment) -> list[str]:
    answer = running.client.get("msfsi_banks?$select=msfsi_name")
    return [row["msfsi_name"] for row in answer.json()["value"]]


def add(client: httpx.Client, name: str) -> None:
    kind = "Microsoft.Dynamics.CRM.msfsi_bank"
    rows = [{"@odata.type": kind, "msfsi_name": name}] * ROWS
    path = "msfsi_banks/Microsoft.Dynamics.CRM.CreateMultiple"
    assert client.post(path, json={"Targets": rows}).status_code == 200


def test_a_read_sees_every_write_that_was_answered(served: RunningEnvironment) -> None:
    for number in range(20):
        add(served.client, f"B{number}")
        assert len(names(served)) == ROWS * (number + 1)


def test_a_long_read_keeps_nobody_waiting(served: RunningEnvironment) -> None:
    """A reader that never ends takes one thread; writes, reads and other requests go on."""
    host = served.app.state.host
    names(served)
    assert host.readers is not None
    reader = host.readers._idle[-1]
    is_held, release = threading.Event(), threading.Event()

    def hold() -> int:
        is_held.set()
        release.wait(20)
        return 0

    reader.store.connection.set_progress_handler(hold, 1)
    slow = threading.Thread(target=lambda: httpx.get(served.base_url + "contacts", trust_env=False))
    slow.start()
    try:
        assert is_held.wait(20)
        add(served.client, "B")
        assert len(names(served)) == ROWS
        assert served.client.get("WhoAmI").status_code == 200
        assert slow.is_alive()  # all of them were answered before it
    finally:
        release.set()
        slow.join(20)
        reader.store.connection.set_progress_handler(None, 0)


def test_no_reader_sees_half_a_write(served: RunningEnvironment) -> None:
    ended = threading.Event()

    def write() -> None:
        with httpx.Client(base_url=served.base_url, trust_env=False) as client:
            for number in range(30):
                add(client, f"B{number}")
        ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    counts = [len(names(served))]
    while not ended.is_set():
        counts.append(len(names(served)))
    writer.join()
    assert all(count % ROWS == 0 for count in counts)
    assert counts == sorted(counts)


def test_readers_follow_restores_resets_and_settings(served: RunningEnvironment) -> None:
    add(served.client, "A")
    served.snapshot()
    add(served.client, "B")
    assert len(names(served)) == 2 * ROWS
    served.restore()
    assert set(names(served)) == {"A"}
    served.change_settings(hidden_tables=["msfsi_bank"])
    assert served.client.get("msfsi_banks").status_code == 404
    served.change_settings(hidden_tables=[])
    served.reset()
    assert names(served) == []


def test_a_restore_waits_for_reads_under_way(served: RunningEnvironment) -> None:
    add(served.client, "A")
    served.snapshot()
    ended = threading.Event()
    statuses = set()

    def read() -> None:
        with httpx.Client(base_url=served.base_url, trust_env=False) as client:
            while not ended.is_set():
                statuses.add(client.get("msfsi_banks").status_code)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(5):
            served.restore()
    finally:
        ended.set()
        for thread in threads:
            thread.join()
    assert statuses == {200}


def test_a_refusal_is_the_same_as_the_writers(served: RunningEnvironment, tmp_path: Path) -> None:
    with local_environment(tmp_path / "b.db", clock=lambda: NOW) as alone:
        for path in (
            "contacts?$filter=nothing eq 1",
            "contacts(00000000-0000-0000-0000-000000000001)",
        ):
            one, other = served.client.get(path), alone.client.get(path)
            assert one.status_code == other.status_code >= 400
            assert one.json() == other.json()
