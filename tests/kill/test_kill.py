"""Killing the client in the middle: nothing is doubled, nothing is lost, nothing stays behind.

The server runs in its own process and holds one answer back; then the client is killed. Half of
the moments lie between the server's commit and the client's reading of the answer.
"""

from __future__ import annotations

import contextlib
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from seedkit.emulator import dump

RUN = "kill-0001"
HOUSEHOLDS = "6"
WRITES = 27  # write requests of such a seed: the header twice, 24 tables, the second pass
DELETES = 23  # batches of such a purge
MOMENTS = 20
PATIENCE = 60.0
WRITTEN_BY_THE_SERVICE = {"versionnumber", "modifiedon", "overriddencreatedon"}
Row = dict[str, object]
Rows = dict[str, list[Row]]


def moments(kind: str, highest: int) -> list[tuple[int, str]]:
    """Return 20 random moments, alternating before and after the commit."""
    draw = random.Random(kind)
    return [
        (draw.randint(1, highest), "after" if turn % 2 == 0 else "before")
        for turn in range(MOMENTS)
    ]


def sampled(kind: str, highest: int) -> list[object]:
    """Return all moments; the default suite runs the first two."""
    return [
        pytest.param(*moment, marks=() if turn < 2 else pytest.mark.soak)
        for turn, moment in enumerate(moments(kind, highest))
    ]


class Client:
    """The command line, as its own process, with a home and an environment."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.database = home / "server.sqlite3"
        self.flag = home / "held"
        self.move()

    def move(self) -> None:
        """Take another free port for the server."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self, *words: str) -> subprocess.Popen[str]:
        variables = os.environ | {"SEEDKIT_HOME": str(self.home), "SOURCE_DATE_EPOCH": "1782800000"}
        return subprocess.Popen(
            [sys.executable, "-m", "seedkit", "--quiet", *words],
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> None:
        process = self.start(*words)
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, errors

    @property
    def seed_words(self) -> list[str]:
        words = ["seed", "--profile", "retail", "--households", HOUSEHOLDS, "--run-id", RUN]
        return [*words, "--environment", self.url]

    def kill_when_held(self, *words: str) -> None:
        process = self.start(*words)
        deadline = time.monotonic() + PATIENCE
        while not self.flag.exists():
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < deadline, "the moment never came"
            time.sleep(0.01)
        process.kill()
        process.communicate()

    @contextlib.contextmanager
    def server(self, number: int = 0, moment: str = "before", text: str = "") -> Iterator[None]:
        words = [str(self.database), str(self.port), str(number), moment, str(self.flag), text]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.kill.server", *words], stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
            yield
        finally:
            process.kill()
            process.communicate()

    def rows(self) -> Rows:
        """Return what we sent: all rows without the columns that the service writes."""
        return {
            table: [sent(row) for row in rows]
            for table, rows in dump(self.database).items()
            if table != "annotation"
        }


def sent(row: Row) -> Row:
    """Return a row's columns that we sent; a creation day of ours is stored in `createdon`."""
    left_out = WRITTEN_BY_THE_SERVICE | (set() if row.get("overriddencreatedon") else {"createdon"})
    return {name: value for name, value in row.items() if name not in left_out}


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """An undisturbed run."""
    client = Client(tmp_path_factory.mktemp("seeded"))
    with client.server():
        client.run(*client.seed_words)
    return client


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """A fresh environment."""
    client = Client(tmp_path_factory.mktemp("empty"))
    with client.server():
        pass
    return dump(client.database)


@pytest.mark.parametrize(("number", "moment"), sampled("seed", WRITES))
def test_a_killed_seed_is_resumed_to_the_same_rows(
    tmp_path: Path, seeded: Client, number: int, moment: str
) -> None:
    client = Client(tmp_path)
    with client.server(number, moment):
        client.kill_when_held(*client.seed_words)
        client.run("resume", RUN)
    assert client.rows() == seeded.rows()


@pytest.mark.parametrize(("number", "moment"), sampled("seed without ledger", WRITES))
def test_another_machine_resumes_a_killed_seed(
    tmp_path: Path, seeded: Client, number: int, moment: str
) -> None:
    client = Client(tmp_path)
    with client.server(number, moment):
        client.kill_when_held(*client.seed_words)
        for file in client.home.glob("ledger*"):
            file.unlink()
        if number == 1 and moment == "before":  # not even the note was written
            client.run(*client.seed_words)
        else:
            client.run("resume", RUN, "--environment", client.url)
    assert client.rows() == seeded.rows()


@pytest.mark.parametrize(("number", "moment"), sampled("seed then purge", WRITES))
def test_a_killed_seed_is_purged_to_nothing(
    tmp_path: Path, empty: Rows, number: int, moment: str
) -> None:
    client = Client(tmp_path)
    with client.server(number, moment):
        client.kill_when_held(*client.seed_words)
        client.run("purge", RUN, "--yes")
    assert dump(client.database) == empty


@pytest.mark.parametrize(("number", "moment"), sampled("purge", DELETES))
def test_a_killed_purge_is_started_again(
    tmp_path: Path, empty: Rows, number: int, moment: str
) -> None:
    client = Client(tmp_path)
    with client.server():
        client.run(*client.seed_words)
    with client.server(number, moment):
        client.kill_when_held("purge", RUN, "--yes")
        client.run("purge", RUN, "--yes")
    assert dump(client.database) == empty
