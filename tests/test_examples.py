"""Each example works as it stands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from seedkit.cli.app import run
from tests.house.commands import fault_of, in_shell
from tests.house.reference import ROOT

EXAMPLES = ROOT / "examples"
PROFILE = str(EXAMPLES / "profile" / "coast.yaml")
WORKFLOW = EXAMPLES / "ci" / "seeded-tests.yml"
PATIENCE = 60.0


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SEEDKIT_HOME", str(tmp_path))
    return tmp_path


def test_every_example_is_in_the_list() -> None:
    listed = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    folders = [path.name for path in EXAMPLES.iterdir() if path.is_dir()]
    assert [name for name in folders if f"[{name}]({name}/" not in listed] == []


@pytest.mark.usefixtures("home")
def test_the_profile_seeds(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["profiles", "check", PROFILE]) == 0
    assert run(["seed", "--profile", PROFILE, "--households", "2"]) == 0
    assert run(["purge", "--profile", "coast", "--yes"]) == 0
    assert "is gone" in capsys.readouterr().err


def test_the_tests_pass(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "examples/pytest", "-q", "-p", "no:cacheprovider"]
    result = subprocess.run(
        [*command, "--basetemp", str(tmp_path / "base")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    assert result.stdout.startswith("...")  # one dot per test that passed


def test_the_reader_of_the_web_api(home: Path) -> None:
    assert run(["--quiet", "seed", "--profile", "demo", "--households", "2"]) == 0
    serve = [sys.executable, "-m", "seedkit", "emulator", "serve", "--port", "0"]
    with subprocess.Popen(
        serve, stderr=subprocess.PIPE, text=True, env=os.environ.copy()
    ) as server:
        try:
            assert server.stderr is not None
            address = server.stderr.readline().split()[3]
            script = [sys.executable, str(EXAMPLES / "web_api" / "list_customers.py"), address]
            found = subprocess.run(
                script, capture_output=True, text=True, check=True, timeout=PATIENCE
            )
        finally:
            server.terminate()
    lines = found.stdout.splitlines()
    assert lines == sorted(lines)
    assert all(", " in line for line in lines)
    assert any("Accounts" in line for line in lines)


def test_the_workflow_has_only_commands_that_exist() -> None:
    workflow: Any = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    steps = workflow["jobs"]["test"]["steps"]
    commands = [line for step in steps for line in in_shell(step.get("run", ""))]
    assert [line.split()[1] for line in commands] == ["emulator", "runs", "seed", "purge"]
    assert {line: fault_of(line) for line in commands if fault_of(line)} == {}


def test_the_workflow_purges_whatever_happened() -> None:
    workflow: Any = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    last = workflow["jobs"]["test"]["steps"][-1]
    assert "always()" in last["if"]
    assert "seedkit purge" in last["run"]
