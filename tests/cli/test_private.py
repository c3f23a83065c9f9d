"""What a run leaves on this machine is its owner's alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seedkit.private import make_private_file
from tests.cli.conftest import CommandLine


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    file = tmp_path / "there" / "ledger"
    make_private_file(file)
    file.write_text("kept", encoding="utf-8")
    make_private_file(file)
    assert file.read_text(encoding="utf-8") == "kept"


@pytest.mark.skipif(os.name == "nt", reason="there the rights of the user's folder do it")
def test_ledger_locks_and_receipts_are_their_owners_alone(seedkit: CommandLine) -> None:
    seedkit.home.mkdir(mode=0o755)
    seedkit("seed", "--profile", "quick", "--households", "1", "--run-id", "one-1")
    seedkit("purge", "one-1", "--yes")
    found = [path for path in seedkit.home.rglob("*") if "local.sqlite3" not in path.name]
    names = {path.name for path in found}
    assert names >= {"ledger.sqlite3", "one-1.lock", "one-1-purge.html", "one-1-purge.jsonl"}
    assert [path.name for path in found if path.stat().st_mode & 0o077] == []
