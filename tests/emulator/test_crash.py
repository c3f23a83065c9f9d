"""Killing the server in the middle of writing: what was answered is there, nothing is half there.

Each write carries a label of its own and a fixed number of rows. The moments differ by how many
writes had been answered before the kill.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from seedkit.emulator import create_app, dump, environment_id
from tests.emulator.conftest import NOW
from tests.emulator.test_serving import start

ROWS = 15  # per write
WRITERS = 4
PATIENCE = 30.0


class Crowd:
    """Clients that write and read until the server is gone."""

    def __init__(self, url: str, enough: int) -> None:
        self.root = f"{url}/api/data/v9.2/"
        self.answered: list[str] = []
        self.sent: list[str] = []
        self.unexpected: list[str] = []
        self.is_enough = threading.Event()
        self._enough = enough

    def write(self, name: str, send: Callable[[httpx.Client, str], httpx.Response]) -> None:
        with httpx.Client(base_url=self.root, trust_env=False, timeout=PATIENCE) as client:
            for number in range(100_000):
                label = f"{name}-{number}"
                self.sent.append(label)
                try:
                    answer = send(client, label)
                except httpx.TransportError:
                    return
                if answer.status_code != 200:
                    self.unexpected.append(answer.text)
                self.answered.append(label)
                if len(self.answered) >= self._enough:
                    self.is_enough.set()

    def read(self) -> None:
        with httpx.Client(base_url=self.root, trust_env=False, timeout=PATIENCE) as client:
            while True:
                try:
                    answer = client.get("msfsi_banks?$select=msfsi_name&$count=true")
                except httpx.TransportError:
                    return
                if answer.status_code != 200 or answer.json()["@odata.count"] % ROWS:
                    self.unexpected.append(f"a reader saw half a write: {answer.text[:200]}")


def in_bulk(client: httpx.Client, label: str) -> httpx.Response:
    kind = "Microsoft.Dynamics.CRM.msfsi_bank"
    rows = [{"@odata.type": kind, "msfsi_name": label}] * ROWS
    path = "msfsi_banks/Microsoft.Dynamics.CRM.CreateMultiple"
    return client.post(path, json={"Targets": rows})


def in_a_change_set(client: httpx.Client, label: str) -> httpx.Response:
    parts = "".join(
        "--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
        f"Content-ID: {number}\r\n\r\nPOST msfsi_banks HTTP/1.1\r\n"
        f"Content-Type: application/json\r\n\r\n{json.dumps({'msfsi_name': label})}\r\n"
        for number in range(1, ROWS + 1)
    )
    body = f"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n{parts}--c--\r\n--b--\r\n"
    return client.post(
        "$batch", content=body, headers={"Content-Type": "multipart/mixed; boundary=b"}
    )


@pytest.mark.parametrize(
    "enough",
    [1, 40, *(pytest.param(7 * n, marks=pytest.mark.soak) for n in range(1, 19))],
)
def test_a_killed_server_loses_nothing_and_leaves_nothing_half_done(
    tmp_path: Path, fresh_file: Path, enough: int
) -> None:
    database = tmp_path / "a.db"
    database.write_bytes(fresh_file.read_bytes())
    crowd = kill_amid(database, enough)

    assert crowd.unexpected == []
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    create_app(database, clock=lambda: NOW).state.close()
    assert environment_id(database) == environment_id(fresh_file)
    rows = dump(database)["msfsi_bank"]
    found = Counter(row["msfsi_name"] for row in rows)
    assert set(found.values()) <= {ROWS}
    assert set(crowd.answered) <= set(found) <= set(crowd.sent)
    assert len({row["versionnumber"] for row in rows}) == len(rows)


def kill_amid(database: Path, enough: int) -> Crowd:
    """Let clients work until enough writes were answered, then kill the server."""
    process, (url,) = start(database)
    crowd = Crowd(url, enough)
    sends = (in_bulk, in_a_change_set)
    threads = [
        threading.Thread(target=crowd.write, args=(f"w{turn}", sends[turn % 2]), daemon=True)
        for turn in range(WRITERS)
    ]
    threads.append(threading.Thread(target=crowd.read, daemon=True))
    with process:
        for thread in threads:
            thread.start()
        try:
            assert crowd.is_enough.wait(PATIENCE)
        finally:
            process.kill()
    for thread in threads:
        thread.join(PATIENCE)
    return crowd


def test_a_file_left_by_a_killed_server_is_served_again(tmp_path: Path, fresh_file: Path) -> None:
    database = tmp_path / "a.db"
    database.write_bytes(fresh_file.read_bytes())
    kill_amid(database, 3)
    process, (url,) = start(database)
    with process:
        try:
            count = httpx.get(f"{url}/api/data/v9.2/msfsi_banks/$count", trust_env=False)
            assert int(count.text.lstrip("\ufeff")) >= 3 * ROWS
        finally:
            process.terminate()


PARTWAY = """
import os, sys
from pathlib import Path
from datetime import UTC, datetime
from seedkit.emulator import create_app
app = create_app(Path(sys.argv[1]), clock=lambda: datetime(2026, 7, 1, tzinfo=UTC))
connection = app.state.host.connection
connection.execute("PRAGMA cache_size = 1").fetchall()  # so that it reaches the disk
connection.execute("BEGIN IMMEDIATE")
connection.execute("DELETE FROM systemuser")
connection.execute(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) "
    "INSERT INTO environment SELECT 'junk ' || i, i FROM n"
)
os._exit(9)
"""


def test_a_transaction_that_was_under_way_is_undone(tmp_path: Path, fresh_file: Path) -> None:
    database = tmp_path / "a.db"
    database.write_bytes(fresh_file.read_bytes())
    ended = subprocess.run([sys.executable, "-c", PARTWAY, str(database)])
    assert ended.returncode == 9
    assert database.with_name("a.db-wal").stat().st_size > 1_000_000
    create_app(database, clock=lambda: NOW).state.close()
    assert dump(database) == dump(fresh_file)
