"""The fixture `seedkit_seeded` in suites of their own; `examples/pytest` has it on this machine."""

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
    return seedkit_seeded("quick", households=1)

def test_where_it_is(bank, seedkit_seeded):
    print("at", bank.url, len(bank.customers), seedkit_seeded("quick", households=1).run)
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


def test_the_command_line_says_where_and_the_guard_holds(
    tmp_path: Path, there: RunningEnvironment
) -> None:
    there.change_settings(environment_type="Production")
    before = there.dump()
    printed = run_suite(tmp_path, SUITE, "--seedkit-environment", there.origin)
    assert "looks like production" in printed
    assert "1 error" in printed
    assert there.dump() == before


def test_the_configuration_says_where_and_what_stops_the_purge_is_told(
    tmp_path: Path, there: RunningEnvironment
) -> None:
    there.change_settings(environment_type="Production")
    lines = [
        "[pytest]",
        f"seedkit_environment = {there.origin}",
        "seedkit_allow_production = Local environment",
    ]
    (tmp_path / "pytest.ini").write_text("\n".join(lines), encoding="utf-8")
    printed = run_suite(tmp_path, SUITE + LEAVES_A_NOTE)
    assert f"at {there.origin} " in printed
    assert "2 passed" in printed
    assert "1 error" in printed
    # Both banks are purged but the one on which a row of somebody else hangs.
    (run,) = known(tmp_path)
    assert "'Mine' hangs on contact" in printed
    assert f"seedkit purge {run}" in printed
    assert len(there.dump()["msfsi_bank"]) == 1
