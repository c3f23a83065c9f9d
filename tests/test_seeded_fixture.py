"""The fixture `seedkit_seeded`, in a suite of its own: where it seeds, and that it purges."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from seedkit.ledger import Ledger
from seedkit.testing import RunningEnvironment, local_environment

SUITE = """
import pytest

@pytest.fixture(scope="module")
def bank(seedkit_seeded):
    return seedkit_seeded("demo", households=1)

def test_where_it_is(bank, seedkit_seeded):
    print("at", bank.url, len(bank.customers), seedkit_seeded("demo", households=1).run)
    assert bank.http.get(bank.customer().row.path).status_code == 200
"""
LEAVES_A_NOTE = """
def test_leave(bank):
    note = {"subject": "Mine", "objectid_contact@odata.bind": f"/{bank.customer().row.path}"}
    bank.http.post("annotations", json=note)
"""


def run_suite(folder: Path, text: str, *words: str) -> str:
    """Run a suite with the plugin in another process; return what it prints."""
    (folder / "conftest.py").write_text('pytest_plugins = ["seedkit.testing"]\n', encoding="utf-8")
    (folder / "test_it.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", *words]
    done = subprocess.run(
        [*command, "--basetemp", str(folder / "base")],
        cwd=folder,
        env={**os.environ, "SEEDKIT_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def known(folder: Path) -> list[str]:
    return [entry.plan.run_id for entry in Ledger.open(folder / "home" / "ledger.sqlite3").runs()]


@pytest.fixture
def there() -> Iterator[RunningEnvironment]:
    with local_environment(served=True) as there:
        yield there


def test_it_seeds_an_environment_of_the_sessions_own(tmp_path: Path) -> None:
    printed = run_suite(tmp_path, SUITE)
    assert "at http://localhost " in printed
    assert "1 passed" in printed
    assert not (tmp_path / "home").exists()


def test_the_command_line_and_the_configuration_say_where(
    tmp_path: Path, there: RunningEnvironment
) -> None:
    before = there.dump()
    named = run_suite(tmp_path, SUITE, "--seedkit-environment", there.origin)
    assert f"at {there.origin} " in named
    assert there.dump() == before
    assert known(tmp_path) == []
    text = f"[pytest]\nseedkit_environment = {there.origin}\n"
    (tmp_path / "pytest.ini").write_text(text, encoding="utf-8")
    assert f"at {there.origin} " in run_suite(tmp_path, SUITE)
    assert "at http://localhost " in run_suite(tmp_path, SUITE, "--seedkit-environment", "local")


def test_production_needs_its_name(tmp_path: Path, there: RunningEnvironment) -> None:
    there.change_settings(environment_type="Production")
    where = ("--seedkit-environment", there.origin)
    assert "looks like production" in run_suite(tmp_path, SUITE, *where)
    allowed = ("--seedkit-allow-production", "Local environment")
    assert "1 passed" in run_suite(tmp_path, SUITE, *where, *allowed)


def test_what_stops_the_purge_is_told_with_the_way_on(
    tmp_path: Path, there: RunningEnvironment
) -> None:
    where = ("--seedkit-environment", there.origin)
    printed = run_suite(tmp_path, SUITE + LEAVES_A_NOTE, *where)
    assert "2 passed" in printed
    assert "1 error" in printed
    (run,) = known(tmp_path)
    assert "'Mine' hangs on contact" in printed
    assert f"seedkit purge {run}" in printed
