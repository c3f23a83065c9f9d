from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from seedkit import emulator
from seedkit.emulator import create_app, dump, environment_id
from seedkit.errors import UsageError
from seedkit.testing import MEMORY, RunningEnvironment, local_environment
from tests.emulator.conftest import NOW, Local


@pytest.fixture(params=["file", "memory", "served file", "served memory"])
def running(request: Any, tmp_path: Path) -> Iterator[RunningEnvironment]:
    database = MEMORY if "memory" in request.param else tmp_path / "bank.db"
    with local_environment(
        database, served="served" in request.param, clock=lambda: NOW
    ) as environment:
        yield environment


def test_a_restore_gives_back_exactly_what_was_there(running: RunningEnvironment) -> None:
    first = running.client.post("contacts", json={"lastname": "O"}).headers["OData-EntityId"]
    running.snapshot("one")
    kept = running.dump()
    assert running.client.delete(first).status_code == 204
    running.client.post("accounts", json={"name": "Mill"})
    changed = running.dump()
    assert changed != kept
    running.snapshot("two")
    running.restore("one")
    assert running.dump() == kept
    assert running.client.get(first).json()["lastname"] == "O"
    running.restore("two")
    assert running.dump() == changed


def test_a_reset_starts_afresh(running: RunningEnvironment) -> None:
    fresh = running.dump()
    running.client.post("contacts", json={"lastname": "O"})
    running.reset()
    assert running.dump() == fresh


def test_an_unknown_snapshot_is_named_with_those_that_are_there(
    running: RunningEnvironment,
) -> None:
    running.snapshot("one")
    before = running.dump()
    with pytest.raises(ValueError, match="There is no snapshot named two; there are: one"):
        running.restore("two")
    assert running.dump() == before


@pytest.mark.parametrize("name", ["../up", ".hidden", "a b", "a" * 65, "", "a/b"])
def test_names_that_could_leave_the_folder_are_refused(local: Any, name: str) -> None:
    with pytest.raises(UsageError, match="can't name a snapshot"):
        emulator.snapshots(local.database).make_of_file(name)
    assert not list(local.database.parent.rglob("*.snapshots"))


def test_snapshots_are_listed_replaced_and_deleted(local: Any) -> None:
    kept = emulator.snapshots(local.database)
    assert kept.names() == []
    kept.make_of_file("b")
    kept.make_of_file("a")
    local.create("contacts", lastname="O")
    kept.make_of_file("a")
    assert kept.names() == ["a", "b"]
    local.app.state.close()
    kept.restore_file("a")
    assert len(dump(local.database)["contact"]) == 1
    kept.delete("a")
    assert kept.names() == ["b"]
    with pytest.raises(UsageError):
        kept.delete("a")


def test_a_snapshot_keeps_the_environments_id(local: Any, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    emulator.snapshot(local.database, copy)
    assert environment_id(copy) == environment_id(local.database) is not None
    local.create("contacts", lastname="O")
    local.app.state.close()
    emulator.restore(local.database, copy)
    assert dump(local.database) == dump(copy)
    assert environment_id(local.database) == environment_id(copy)


def test_a_restored_environment_counts_on_from_the_snapshot(local: Any, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    emulator.snapshot(local.database, copy)
    first = local.create("contacts", lastname="O")
    local.app.state.close()
    emulator.restore(local.database, copy)
    assert Local(local.database).create("contacts", lastname="O") == first


def test_only_an_environment_can_be_copied(local: Any, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not a database")
    before = dump(local.database)
    local.app.state.close()
    with pytest.raises(UsageError, match="is not a local environment"):
        emulator.restore(local.database, other)
    with pytest.raises(UsageError, match="is not a local environment"):
        emulator.snapshot(other, tmp_path / "copy.db")
    assert dump(local.database) == before
    assert not (tmp_path / "copy.db").exists()


def test_a_copy_made_while_rows_are_written_holds_whole_requests(
    local: Any, tmp_path: Path
) -> None:
    ended = threading.Event()

    def write() -> None:
        rows = [{"msfsi_name": "B"}] * 20
        while not ended.is_set():
            assert local.bulk("msfsi_banks", "CreateMultiple", "msfsi_bank", rows).is_success

    writer = threading.Thread(target=write)
    writer.start()
    try:
        counts = []
        for number in range(6):
            copy = tmp_path / f"{number}.db"
            emulator.snapshot(local.database, copy)
            counts.append(len(dump(copy)["msfsi_bank"]))
    finally:
        ended.set()
        writer.join()
    assert all(count % 20 == 0 for count in counts)
    assert counts == sorted(counts)


def test_an_environment_in_memory_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with local_environment() as running:
        running.client.post("contacts", json={"lastname": "O"})
        running.snapshot()
        assert len(running.dump()["contact"]) == 1
    assert list(tmp_path.iterdir()) == []
    with local_environment() as running:
        assert running.dump()["contact"] == []


def test_a_reset_is_refused_while_another_process_works(local: Any) -> None:
    other = create_app(local.database, clock=lambda: NOW)
    contact = local.create("contacts", lastname="O")
    answer = local.send("POST", "http://localhost/emulator/reset")
    assert answer.status_code == 409
    assert "stop it first" in answer.json()["error"]["message"]
    assert local.get(f"contacts({contact})")["lastname"] == "O"
    other.state.close()
