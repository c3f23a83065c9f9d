"""A served environment that moves to another port stays the same environment."""

from __future__ import annotations

from pathlib import Path

from seedkit.emulator import dump
from tests.kill.test_kill import RUN, Client


def test_a_run_is_found_at_the_new_address(tmp_path: Path) -> None:
    client = Client(tmp_path)
    with client.server():
        before = dump(client.database)
        client.run(*client.seed_words)
    client.move()
    with client.server():
        client.run("purge", RUN, "--yes", "--environment", client.url)
    assert dump(client.database) == before


def test_another_environment_at_the_same_address_is_refused(tmp_path: Path) -> None:
    client = Client(tmp_path)
    with client.server():
        client.run(*client.seed_words)
    rows = dump(client.database)
    seeded, client.database = client.database, tmp_path / "other.sqlite3"
    with client.server():
        process = client.start("purge", RUN, "--yes")
        _, errors = process.communicate()
    assert process.returncode == 5
    assert "was seeded into" in errors
    assert dump(seeded) == rows
