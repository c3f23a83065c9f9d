from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from seedkit.emulator import create_app, dump, reset
from seedkit.errors import TargetError
from tests.emulator.conftest import NOW, Local


def test_new_environments_are_equal(fresh_file: Path, tmp_path: Path) -> None:
    create_app(tmp_path / "b.db", clock=lambda: datetime(2030, 1, 1, tzinfo=UTC)).state.close()
    assert dump(tmp_path / "b.db") == dump(fresh_file)


def test_the_same_requests_give_the_same_rows(fresh_file: Path, tmp_path: Path) -> None:
    dumps = []
    for name in ("a.db", "b.db"):
        local = Local(tmp_path / name)
        local.create("contacts", lastname="O")
        local.create("contacts", lastname="P")
        dumps.append(dump(local.database))
        local.app.state.close()
    assert dumps[0] == dumps[1]
    assert dumps[0] != dump(fresh_file)
    assert len({row["contactid"] for row in dumps[0]["contact"]}) == 2


def test_ids_may_be_made_outside(tmp_path: Path) -> None:
    local = Local(tmp_path / "a.db", new_id=lambda: UUID(int=7))
    assert local.create("contacts", lastname="O") == str(UUID(int=7))
    local.app.state.close()


def test_rows_outlive_the_application(local: Any) -> None:
    contact = local.create("contacts", lastname="O")
    local.app.state.close()
    again = Local(local.database)
    assert again.get(f"contacts({contact})")["lastname"] == "O"
    again.app.state.close()


def test_dump_shows_stored_columns_ordered_by_id(local: Any, ids: Any) -> None:
    account = local.create("accounts", name="Mill")
    bind = {"parentcustomerid_account__bind": f"/accounts({account})"}
    for number in (2, 1):
        local.create("contacts", contactid=ids(number), **bind)
    rows = dump(local.database)["contact"]
    assert [row["contactid"] for row in rows] == [ids(1), ids(2)]
    assert rows[0]["parentcustomerid"] == account
    assert rows[0]["parentcustomerid@table"] == "account"


def test_reset_starts_afresh(local: Any, fresh_file: Path) -> None:
    local.create("contacts", lastname="O")
    local.app.state.close()
    reset(local.database)
    assert list(local.database.parent.glob("local.db*")) == []
    create_app(local.database, clock=lambda: NOW).state.close()
    assert dump(local.database) == dump(fresh_file)
    reset(local.database.with_name("never-there.db"))


def test_a_file_of_another_version_is_refused(local: Any) -> None:
    local.app.state.close()
    with sqlite3.connect(local.database) as connection:
        connection.execute("UPDATE environment SET value = 'older' WHERE name = 'tables'")
    connection.close()
    with pytest.raises(TargetError, match="another version") as caught:
        create_app(local.database, clock=lambda: NOW)
    assert "reset" in str(caught.value.hint)


def test_two_applications_share_a_file(local: Any) -> None:
    other = Local(local.database)
    first = local.create("contacts", lastname="O")
    second = other.create("contacts", lastname="P")
    assert {row["contactid"] for row in local.rows("contacts")} == {first, second}
    versions = [row["versionnumber"] for row in local.rows("contacts")]
    assert len(set(versions)) == 2
    other.app.state.close()


def test_writers_wait_for_each_other(local: Any) -> None:
    other = Local(local.database)

    def load(environment: Local) -> None:
        for _ in range(20):
            rows = [{"msfsi_name": "B"}] * 5
            answer = environment.bulk("msfsi_banks", "CreateMultiple", "msfsi_bank", rows)
            assert answer.status_code == 200, answer.text

    threads = [threading.Thread(target=load, args=(item,)) for item in (local, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.app.state.close()
    rows = dump(local.database)["msfsi_bank"]
    assert len(rows) == len({row["versionnumber"] for row in rows}) == 200


def test_a_full_disk_is_said_clearly_and_leaves_whole_requests(
    fresh_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "full.db"
    path.write_bytes(fresh_file.read_bytes())
    with sqlite3.connect(path) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.close()
    local = Local(path, page_limit=pages + 40)
    rows = [{"msfsi_name": "B", "msfsi_city": "C" * 80}] * 50
    statuses = []
    for _ in range(60):
        answer = local.bulk("msfsi_banks", "CreateMultiple", "msfsi_bank", rows)
        statuses.append(answer.status_code)
        if answer.status_code != 200:
            break

    assert statuses[-1] == 503
    assert answer.json()["error"]["code"] == "0x80072325"
    assert "full" in answer.json()["error"]["message"]
    assert len(dump(path)["msfsi_bank"]) == 50 * statuses.count(200)
    assert local.get("WhoAmI")["UserId"]
    local.app.state.close()


@pytest.mark.parametrize(
    "content", [b"this is no database" * 500, b"SQLite format 3\x00" + b"x" * 5000]
)
def test_a_damaged_file_is_said_clearly(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.db"
    path.write_bytes(content)
    local = Local(path)
    for method, target in (("GET", "contacts"), ("POST", "contacts")):
        status, code, message = local.refused(method, target, None)
        assert (status, code) == (503, "0x80044150")
        assert "database" in message
    assert path.read_bytes() == content


def test_a_damaged_file_is_tried_again(tmp_path: Path, fresh_file: Path) -> None:
    path = tmp_path / "damaged.db"
    path.write_bytes(b"this is no database" * 500)
    local = Local(path)
    assert local.send("GET", "WhoAmI").status_code == 503
    path.write_bytes(fresh_file.read_bytes())
    assert local.send("GET", "WhoAmI").status_code == 200
    local.app.state.close()


SERVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from seedkit.emulator import serve
serve(Path(sys.argv[1]), port=0, clock=lambda: datetime(2026, 7, 1, tzinfo=UTC),
      on_ready=lambda address: print(address, flush=True))
"""


def test_serving_on_a_free_loopback_port(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVER, str(tmp_path / "served.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        try:
            assert address.startswith("http://127.0.0.1:")
            answer = httpx.get(f"{address}/api/data/v9.2/WhoAmI", trust_env=False)
            assert answer.json()["UserId"]
        finally:
            process.terminate()


def test_importing_the_package_is_cheap() -> None:
    heavy = "{'starlette', 'uvicorn', 'odata_query', 'sly', 'sqlite3'} & set(sys.modules)"
    command = [sys.executable, "-c", f"import sys, seedkit.emulator; print({heavy})"]
    assert subprocess.check_output(command, text=True).strip() == "set()"


def test_a_commit_of_another_connection_is_noticed(local: Any) -> None:
    store = local.app.state.host.service().environment.store
    other = Local(local.database)
    before = store.changes()
    assert store.changes() == before
    other.create("contacts", lastname="O")
    after = store.changes()
    assert after != before
    local.create("contacts", lastname="P")
    assert store.changes() != after
    other.app.state.close()
